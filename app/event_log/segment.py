"""One file of the journal: a line for each fact, each with its checksum, so that a torn line is seen and left out.

What many facts end with is written once for all of them, or rather twice, since nothing but a line's own damage may cost it:
a line that begins with a tab gives an ending its number, and the number after a tab at the end of a line stands for it.
"""

import zlib
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
import orjson

from app.event_log.records import CallFact, Ending, FactKind

_LINE: Final = msgspec.json.Decoder(tuple[str, str, str, FactKind, datetime, msgspec.Raw])


def as_line(fact: CallFact) -> bytes:
    """The fact as ``CRC-32 of the rest, a space, JSON, newline``."""
    return _with_checksum(b"%b,%b]" % (_what_it_is(fact), fact.payload_json))


def as_short_line(fact: CallFact) -> bytes:
    """The same, with the number of its ending in its place; JSON holds no tab."""
    if fact.ending is None or isinstance(fact.told, dict):
        return as_line(fact)
    return _with_checksum(b"%b,%b\t%d" % (_what_it_is(fact), fact.told, fact.ending.number))


def ending_line(ending: Ending) -> bytes:
    """An ending as ``CRC-32 of the rest, a space, tab, number, tab, JSON, newline``."""
    return _with_checksum(b"\t%d\t%b" % (ending.number, ending.json))


def read_segment(path: Path, start: int = 0, end: int | None = None) -> tuple[list[CallFact], int]:
    """The facts in a segment, or in a part of it, and the number of lines that were torn or damaged."""
    with path.open("rb") as file:
        file.seek(start)
        lines = file.read() if end is None else file.read(end - start)
    written = [line for line in lines.rstrip(b"\0").split(b"\n") if line]
    sound = [body for line in written if (body := _checked(line)) is not None]
    endings = dict(body[1:].split(b"\t", 1) for body in sound if body.startswith(b"\t"))
    told = [body for body in sound if not body.startswith(b"\t")]
    facts = [fact for body in told if (fact := _fact_in(body, endings)) is not None]
    return facts, len(written) - len(sound) + len(told) - len(facts)


def segments_in(folder: Path) -> list[Path]:
    """The segments of a worker's folder, oldest first."""
    return sorted(folder.glob("*.segment"))


def drop_segment(path: Path) -> None:
    """Remove a segment whose facts are stored."""
    path.unlink(missing_ok=True)


def set_aside_path(journal: Path) -> Path:
    """Where the workers of a host keep what the database finds impossible; ``journal`` is the folder of their folders."""
    return journal / "set-aside"


def set_aside(path: Path, fact: CallFact) -> None:
    """Keep a fact that the database finds impossible, in the form of a segment, for somebody to look at."""
    with path.open("ab") as file:
        file.write(as_line(fact))


def take_out_of_set_aside(path: Path, tenant_id: str, call_ids: Collection[str], marks: Collection[str]) -> int:
    """Remove what was set aside of these calls of a company, and what tells of one of ``marks``. Returns how many facts
    that were."""
    try:
        facts, _damaged = read_segment(path)
    except FileNotFoundError:
        return 0
    texts = [mark.encode() for mark in marks]

    def goes(one: CallFact) -> bool:
        is_marked = any(text in one.payload_json for text in texts)
        return one.tenant_id == tenant_id and (one.call_id in call_ids or is_marked)

    kept = [one for one in facts if not goes(one)]
    if len(kept) < len(facts):
        unfinished = path.with_name(f"{path.name}.part")
        unfinished.write_bytes(b"".join(map(as_line, kept)))
        unfinished.replace(path)
    return len(facts) - len(kept)


def count_facts(path: Path) -> int:
    """How many facts were set aside there; one a line."""
    with path.open("rb") as file:
        return sum(1 for _line in file)


def remove_folder(folder: Path) -> None:
    """Remove an empty worker's folder; the caller holds its lock."""
    (folder / "lock").unlink()
    folder.rmdir()


def _what_it_is(fact: CallFact) -> bytes:
    """The beginning of a line's JSON: all but the payload."""
    return orjson.dumps([fact.event_id, fact.tenant_id, fact.call_id, fact.kind, fact.at])[:-1]


def _with_checksum(body: bytes) -> bytes:
    return b"%08x %b\n" % (zlib.crc32(body), body)


def _checked(line: bytes) -> bytes | None:
    checksum, _, body = line.partition(b" ")
    try:
        return body if int(checksum, 16) == zlib.crc32(body) else None
    except ValueError:
        return None


def _fact_in(body: bytes, endings: Mapping[bytes, bytes]) -> CallFact | None:
    told, _, number = body.partition(b"\t")
    try:
        whole = _LINE.decode(told + endings[number] + b"]" if number else told)
    except (msgspec.DecodeError, KeyError):
        return None
    event_id, tenant_id, call_id, kind, at, payload = whole
    # Not read any further: the database takes it as JSON too.
    return CallFact(event_id, tenant_id, call_id, kind, at, bytes(payload))
