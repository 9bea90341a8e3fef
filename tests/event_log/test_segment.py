"""A segment gives back what was written, and from a damaged one everything that is not damaged."""

import random
import tempfile
from pathlib import Path

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from app.event_log.records import CallFact, FactKind
from app.event_log.segment import as_line, as_short_line, ending_line, read_segment, segments_in
from tests.event_log import facts

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FACTS = st.builds(
    CallFact, st.text(max_size=40), st.text(max_size=20), st.text(max_size=34), st.sampled_from(FactKind),
    st.datetimes(timezones=st.just(facts.BEGIN.tzinfo)), st.dictionaries(st.text(max_size=10), JSON, max_size=4),
)  # fmt: skip
TEN = [facts.incoming(facts.call_id(number), number, name="Zoë \u2028 \x00") for number in range(10)]


def written(folder: Path, data: bytes) -> Path:
    path = folder / "1.segment"
    path.write_bytes(data)
    return path


@settings(max_examples=50)
@given(st.lists(FACTS, max_size=5))
def test_what_is_written_is_read(tmp_path_factory: object, recorded: list[CallFact]) -> None:
    folder: Path = tmp_path_factory.mktemp("segment")  # type: ignore[attr-defined]
    assert read_segment(written(folder, b"".join(map(as_line, recorded)))) == (recorded, 0)


@given(FACTS)
def test_a_fact_is_one_line_whatever_is_in_it(recorded: CallFact) -> None:
    line = as_line(recorded)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert not set(line[:-1]) & set(range(32))


def test_a_segment_torn_at_any_byte_loses_only_the_line_that_was_being_written(tmp_path: Path) -> None:
    recorded = [facts.seen(facts.call_id(1), number) for number in range(4)]
    lines = [as_line(one) for one in recorded]
    data = b"".join(lines)
    for length in range(len(data) + 1):
        read, damaged = read_segment(written(tmp_path, data[:length]))
        whole = data[:length].count(b"\n")
        # A line that lacks nothing but its newline is whole.
        whole += data[:length] != b"" and data[: length + 1].endswith(b"\n") and not data[:length].endswith(b"\n")
        assert read == recorded[:whole]
        assert damaged == (0 if length == sum(map(len, lines[:whole])) or data[length : length + 1] == b"\n" else 1)


def test_flipped_bits_are_seen_and_the_lines_beside_them_are_read(tmp_path: Path) -> None:
    random_ = random.Random(7)
    data = b"".join(as_line(one) for one in TEN)
    for _ in range(1000):
        changed = bytearray(data)
        position, bit = random_.randrange(len(data)), random_.randrange(8)
        changed[position] ^= 1 << bit
        read, damaged = read_segment(written(tmp_path, bytes(changed)))
        hit = data[:position].count(b"\n")
        beside = [one for number, one in enumerate(TEN) if number not in (hit, hit + (data[position] == 10))]
        assert [one for one in read if one in beside] == beside
        assert all(one in TEN for one in read)
        assert damaged or len(read) == len(TEN)


def shortened(recorded: list[CallFact]) -> bytes:
    """What the journal writes: the endings in front and once more behind."""
    endings = {one.ending: ending_line(one.ending) for one in recorded if one.ending is not None}
    between = b"".join(map(as_short_line, recorded))
    return b"".join(endings.values()) + between + b"".join(endings.values())


@given(st.lists(st.text(max_size=20), min_size=1, max_size=3))
def test_what_ends_alike_is_read_as_if_each_had_been_written_whole(said: list[str]) -> None:
    endings = [facts.ending(one) for one in said]
    recorded = [
        *(facts.stranger(facts.call_id(number), number, endings[number % len(endings)]) for number in range(7)),
        facts.seen(facts.call_id(1), 1),
    ]
    with tempfile.TemporaryDirectory() as folder:
        short = read_segment(written(Path(folder), shortened(recorded)))
        whole = read_segment(written(Path(folder), b"".join(map(as_line, recorded))))
    assert short == whole == (recorded, 0)


def test_a_fact_whose_payload_was_looked_at_is_written_whole() -> None:
    recorded = facts.stranger(facts.call_id(1), 1, facts.ending())
    short, payload = as_short_line(recorded), recorded.payload
    assert as_short_line(recorded) == as_line(recorded) != short
    assert orjson.loads(recorded.payload_json) == payload


def test_a_fact_without_its_ending_counts_as_damaged(tmp_path: Path) -> None:
    recorded = facts.stranger(facts.call_id(1), 1, facts.ending())
    assert read_segment(written(tmp_path, as_short_line(recorded) + as_line(TEN[0]))) == ([TEN[0]], 1)


@settings(max_examples=100)
@given(st.binary(max_size=400))
def test_any_bytes_are_survived(tmp_path_factory: object, junk: bytes) -> None:
    folder: Path = tmp_path_factory.mktemp("segment")  # type: ignore[attr-defined]
    read, damaged = read_segment(written(folder, junk + b"\n" + as_line(TEN[0])))
    assert read == [TEN[0]]
    assert damaged == sum(bool(line) for line in junk.split(b"\n"))


def test_segments_are_read_oldest_first(tmp_path: Path) -> None:
    for name in ("0000000010.segment", "0000000002.segment", "lock", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in segments_in(tmp_path)] == ["0000000002.segment", "0000000010.segment"]
    assert segments_in(tmp_path / "gone") == []
