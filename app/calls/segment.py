"""One file of the journal: a line for each fact, each with its checksum, so that a torn line is seen and left out."""

import zlib
from datetime import datetime
from pathlib import Path

import orjson

from app.calls.records import CallFact, FactKind


def as_line(fact: CallFact) -> bytes:
    """The fact as ``CRC-32 of the rest, a space, JSON, newline``."""
    body = orjson.dumps(
        [fact.event_id, fact.tenant_id, fact.call_id, fact.kind, fact.at, orjson.Fragment(fact.payload_json)]
    )
    return b"%08x %s\n" % (zlib.crc32(body), body)


def read_segment(path: Path, start: int = 0, end: int | None = None) -> tuple[list[CallFact], int]:
    """The facts in a segment, or in a part of it, and the number of lines that were torn or damaged."""
    facts: list[CallFact] = []
    damaged = 0
    with path.open("rb") as file:
        file.seek(start)
        lines = file.read() if end is None else file.read(end - start)
    for line in lines.rstrip(b"\0").split(b"\n"):
        if not line:
            continue
        fact = _from_line(line)
        if fact is None:
            damaged += 1
        else:
            facts.append(fact)
    return facts, damaged


def segments_in(folder: Path) -> list[Path]:
    """The segments of a worker's folder, oldest first."""
    return sorted(folder.glob("*.segment"))


def drop_segment(path: Path) -> None:
    """Remove a segment whose facts are stored."""
    path.unlink(missing_ok=True)


def set_aside(path: Path, fact: CallFact) -> None:
    """Keep a fact that the database finds impossible, in the form of a segment, for somebody to look at."""
    with path.open("ab") as file:
        file.write(as_line(fact))


def remove_folder(folder: Path) -> None:
    """Remove an empty worker's folder; the caller holds its lock."""
    (folder / "lock").unlink()
    folder.rmdir()


def _from_line(line: bytes) -> CallFact | None:
    checksum, _, body = line.partition(b" ")
    try:
        if int(checksum, 16) != zlib.crc32(body):
            return None
        event_id, tenant_id, call_id, kind, at, payload = orjson.loads(body)
        return CallFact(event_id, tenant_id, call_id, FactKind(kind), datetime.fromisoformat(at), payload)
    except (ValueError, TypeError):
        return None
