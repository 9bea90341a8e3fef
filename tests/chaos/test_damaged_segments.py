"""A power cut tears the journal, a disk flips bits: nothing but the lines that were hit is lost, and they are counted."""

import random
from pathlib import Path

import pytest

from app.event_log.journal import Journal
from app.event_log.segment import as_line, read_segment, segments_in
from tests.chaos.scale import scaled
from tests.event_log import facts
from tests.office import Office

pytestmark = pytest.mark.anyio


def recorded(count: int) -> list[bytes]:
    """The lines of so many facts."""
    return [as_line(facts.incoming(facts.call_id(number), number, name="Zoë \u2028")) for number in range(count)]


def test_a_segment_cut_at_any_byte_keeps_every_whole_line(tmp_path: Path) -> None:
    lines = [as_line(facts.seen(facts.call_id(1), number)) for number in range(scaled(10, 200))]
    data, path = b"".join(lines), tmp_path / "1.segment"
    ends = [sum(map(len, lines[: number + 1])) for number in range(len(lines))]
    for length in range(len(data) + 1):
        path.write_bytes(data[:length])
        read, damaged = read_segment(path)
        # A line that lacks only its newline is whole.
        whole = sum(end - 1 <= length for end in ends)
        assert len(read) == whole
        started = sum(end < length for end in ends) + 1 if length and length not in ends else whole
        assert damaged == max(0, started - whole)


def test_flipped_bits_cost_the_lines_that_they_hit_and_no_other(tmp_path: Path) -> None:
    chance, lines = random.Random(11), recorded(8)
    data, path = b"".join(lines), tmp_path / "1.segment"
    whole, _ = read_segment(_written(path, data))
    for _ in range(scaled(2_000, 100_000)):
        hit, changed = set(), bytearray(data)
        for _ in range(chance.choice((1, 1, 1, 3))):
            position = chance.randrange(len(data))
            changed[position] ^= 1 << chance.randrange(8)
            number = data[:position].count(b"\n")
            hit |= {number, number + 1} if data[position] == 10 else {number}
        read, damaged = read_segment(_written(path, bytes(changed)))
        ids = {one.event_id for one in read}
        assert all(one in whole for one in read), "a damaged line is never believed"
        assert {one.event_id for number, one in enumerate(whole) if number not in hit} <= ids
        assert damaged or len(read) == len(whole)


async def test_a_flipped_bit_in_what_many_records_share_costs_none_of_them(tmp_path: Path) -> None:
    chance, journal, ending = random.Random(13), Journal(tmp_path / "worker", 30.0, lambda: None), facts.ending()
    journal.open()
    for number in range(8):
        await journal.append(facts.stranger(facts.call_id(number), number, ending))
    await journal.close()
    (path,) = segments_in(tmp_path / "worker")
    data = path.read_bytes().rstrip(b"\0")
    whole, _ = read_segment(path)
    lost = set()
    for _ in range(scaled(2_000, 100_000)):
        position, changed = chance.randrange(len(data)), bytearray(data)
        changed[position] ^= 1 << chance.randrange(8)
        read, damaged = read_segment(_written(path, bytes(changed)))
        shared = data[data.rfind(b"\n", 0, position) + 1 :].partition(b" ")[2].startswith(b"\t")
        assert all(one in whole for one in read), "a damaged line is never believed"
        # The newline after a shared line hides the record behind it, as that of any line does.
        lost.add((shared and data[position] != 10, len(whole) - len(read)))
        assert damaged or len(read) == len(whole)
    assert {count for in_shared, count in lost if in_shared} == {0}
    assert {count for in_shared, count in lost if not in_shared} <= {0, 1, 2}


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


async def test_what_a_dead_worker_left_behind_is_stored_but_for_the_torn_line(office: Office, data_dir: Path) -> None:
    folder = data_dir / "journal" / "dead"
    folder.mkdir()
    tenant = office.company.tenant
    lines = [as_line(facts.incoming(facts.call_id(number), tenant=tenant)) for number in range(10)]
    (folder / "0000000001.segment").write_bytes(b"".join(lines)[:-20])
    await office.board.shipper._adopt_orphans()
    await office.settled()
    told = await office.board.feed.after(0, tenant)
    assert sum(one.fact.kind == "call.incoming" for one in told) == 9
    assert not folder.exists()
