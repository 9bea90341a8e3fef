"""The numbers of a list that came from somewhere: read as an import reads its file, and packed for the workers.

A long list is read in a process of its own, ``python -m app.subscriptions.read_list COUNTRY``, which takes the file from
standard input: reading a million lines must not take the turns of a process that answers calls.
"""

import asyncio
import codecs
import io
import json
import math
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from app.base import limits
from app.lists.files.decoded_file import FileUnreadable, decoded_file
from app.lists.files.row_entry import EntryRow, ReadingPlace, read_entries
from app.lists.files.table import read_table
from filters.list_entry import Treatment
from filters.number import E164
from filters.number_index import key_of
from filters.pattern import Pattern, PatternKind
from filters.subscribed_numbers import ORDINARY, Mark, is_narrow_enough, packed_numbers
from models.subscription import RenewalFault

_READ_HERE: Final = 256 * 1024
"""Bytes that are read in a thread of this process: some thousand lines."""
_SECONDS: Final = 300.0
_NICENESS: Final = 10
_PACKAGE_FOLDER: Final = Path(__file__).parent.parent.parent


class ListUnreadable(Exception):
    """The list cannot be taken as it is."""

    def __init__(self, fault: RenewalFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class ReadList:
    """``packed`` as :class:`filters.subscribed_numbers.SubscribedNumbers` has it, with ``entries`` numbers, prefixes and
    ranges that block. ``skipped`` lines name none, or too many."""

    packed: bytes
    entries: int
    skipped: int


async def read_list(content: bytes, charset: str, country: str, now: datetime) -> ReadList:
    """Read the file ``content``; national forms are those of ``country``, and what has ended ``now`` (UTC) is left out.
    Raises :class:`ListUnreadable`."""
    content = _as_utf_8(content, charset)
    if len(content) <= _READ_HERE:
        return await asyncio.to_thread(_read, content, country, now)
    environment = os.environ | {"PYTHONPATH": str(_PACKAGE_FOLDER)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.subscriptions.read_list", country, now.isoformat(), env=environment,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_SECONDS):
            packed, said = await process.communicate(content)
    except TimeoutError:
        raise ListUnreadable(RenewalFault.TOO_LARGE) from None
    finally:
        if process.returncode is None:
            process.kill()
    try:
        told = json.loads(said.decode("utf-8", "replace").strip().rpartition("\n")[2])
    except ValueError:
        raise ListUnreadable(RenewalFault.TOO_LARGE) from None  # it ran out of memory, and ended in the middle
    if "fault" in told:
        raise ListUnreadable(RenewalFault(told["fault"]))
    return ReadList(packed, int(told["entries"]), int(told["skipped"]))


def packed_list(
    keys: Iterable[int], patterns: Iterable[Pattern], skipped: int, marks: Mapping[int | Pattern, Mark] | None = None
) -> ReadList:
    """The list of these numbers, with the ``marks`` of some of them. Raises :class:`ListUnreadable` where there are too
    many."""
    exact, wide = set(keys), set(patterns)
    if len(exact) > limits.SUBSCRIBED_NUMBERS or len(wide) > limits.SUBSCRIBED_PATTERNS:
        raise ListUnreadable(RenewalFault.TOO_LARGE)
    exceptions = sum(mark.allow for mark in (marks or {}).values())
    return ReadList(packed_numbers(exact, wide, marks), len(exact) + len(wide) - exceptions, skipped)


def _as_utf_8(content: bytes, charset: str) -> bytes:
    """``content`` in UTF-8 where the server names another encoding; a file tells its own otherwise."""
    if not charset or charset in {"utf-8", "utf8", "us-ascii", "ascii"}:
        return content
    try:
        known = codecs.lookup(charset)
        text, _ = known.decode(content, "replace")
    except (LookupError, ValueError):
        return content
    return text.encode("utf-8", "replace") if isinstance(text, str) else content


def _read(content: bytes, country: str, now: datetime) -> ReadList:
    keys, patterns, skipped = set[int](), set[Pattern](), 0
    marks: dict[int | Pattern, Mark] = {}
    place = ReadingPlace(country, ZoneInfo("UTC"), {}, now, treatments=False, of_others=True)
    try:
        with decoded_file(io.BytesIO(content)) as file:
            table = read_table(file.lines)
            for row in read_entries(table.rows, table.columns, place):
                pattern = _pattern_of(row, now) if isinstance(row, EntryRow) else None
                if pattern is None or not isinstance(row, EntryRow):
                    skipped += 1
                    continue
                name: int | Pattern = pattern
                if pattern.kind is PatternKind.EXACT:
                    name = key_of(pattern.number)
                    if name in keys:
                        continue  # of several lines for one thing the first counts, as in an import
                    keys.add(name)
                elif pattern in patterns:
                    continue
                else:
                    patterns.add(pattern)
                if (mark := _mark_of(row)) != ORDINARY:
                    marks[name] = mark
                if len(keys) > limits.SUBSCRIBED_NUMBERS:
                    raise ListUnreadable(RenewalFault.TOO_LARGE)
    except FileUnreadable:
        raise ListUnreadable(RenewalFault.UNREADABLE) from None
    return packed_list(keys, patterns, skipped, marks)


def _pattern_of(row: EntryRow, now: datetime) -> Pattern | None:
    """What a line names; None for one that has ended, digits that are no number, and what is too wide to be blocked because
    somebody else says so."""
    if row.expires_at is not None and row.expires_at <= now:
        return None
    pattern = Pattern(PatternKind(row.match), row.number, row.to)
    if pattern.kind is PatternKind.EXACT:
        return pattern if E164.fullmatch(row.number) else None
    return pattern if row.treatment == Treatment.ALLOW or is_narrow_enough(pattern) else None


def _mark_of(row: EntryRow) -> Mark:
    until = math.ceil(row.expires_at.timestamp()) if row.expires_at is not None else 0
    return Mark(until, row.treatment == Treatment.ALLOW)


def main() -> None:
    """One list, from standard input."""
    os.nice(_NICENESS)
    country, now = sys.argv[1:]
    try:
        read = _read(sys.stdin.buffer.read(), country, datetime.fromisoformat(now))
    except ListUnreadable as error:
        sys.stderr.write(json.dumps({"fault": error.fault.value}))
        return
    sys.stdout.buffer.write(read.packed)
    sys.stdout.buffer.flush()
    sys.stderr.write(json.dumps({"entries": read.entries, "skipped": read.skipped}))


if __name__ == "__main__":
    main()
