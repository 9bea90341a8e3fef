"""The numbers of a list that somebody else keeps, in one buffer: whoever maps it from a file shares it, and a million of
them are found by bisection.

Layout, little-endian, so that every host can read what any of them wrote: a header; the keys of the exact numbers (8 bytes
each, ascending, :func:`filters.number_index.key_of`); in format 2 as many marks (8 bytes each), which say what is special
about a number; then the prefixes and ranges as JSON. Lists in which nothing ends and nothing is let through, most of them,
are written in format 1.
"""

import json
import struct
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple

from filters.entries import EntryIndex
from filters.list_entry import ListEntry, Treatment
from filters.number_index import LONGEST_E164, key_of
from filters.pattern import Pattern, PatternKind

_MAGIC: Final = b"ACothers"
_PLAIN: Final = 1
_MARKED: Final = 2
_HEADER: Final = struct.Struct("<8sIIQI4x")
FEWEST_DIGITS: Final = 4
"""The digits, with the calling code, that a prefix or a range of somebody else's list must fix: a slip there, or malice,
must not shut a whole country out here."""


class Mark(NamedTuple):
    """What a list says of one of its numbers. ``until`` is when it ends, in seconds since 1970, 0 for never; ``allow``: it
    is an exception inside something wider of the same list."""

    until: int = 0
    allow: bool = False

    @property
    def packed(self) -> int:
        """In one number, 0 for what most lists say."""
        return self.until << 1 | self.allow

    @classmethod
    def unpacked(cls, packed: int) -> "Mark":
        """The mark again."""
        return cls(packed >> 1, bool(packed & 1))

    def counts(self, now: datetime) -> bool:
        """Whether it has not ended by ``now``."""
        return not self.until or self.until > now.timestamp()


ORDINARY: Final = Mark()


class SubscribedNumbersDamaged(ValueError):
    """The buffer holds no whole list of this format."""


class SubscribedNumbers:
    """The numbers in ``buffer``, which must stay as it is."""

    def __init__(self, buffer: bytes | memoryview) -> None:
        """Read all of ``buffer`` once and compare the checksum. Raises :class:`SubscribedNumbersDamaged`."""
        view = memoryview(buffer).cast("B").toreadonly()
        if len(view) < _HEADER.size:
            raise SubscribedNumbersDamaged("shorter than its header")
        magic, form, checksum, count, wide_bytes = _HEADER.unpack_from(view)
        body = view[_HEADER.size :]
        each = {_PLAIN: 8, _MARKED: 16}.get(form)
        if magic != _MAGIC or each is None or len(body) != count * each + wide_bytes or zlib.crc32(body) != checksum:
            raise SubscribedNumbersDamaged("not a whole list of this format")
        self._keys = _in_host_order(body[: count * 8])
        self._marks = _in_host_order(body[count * 8 : count * 16]) if form == _MARKED else None
        self.patterns: list[Pattern] = []
        wide: list[ListEntry] = []
        for kind, number, to, *mark in json.loads(bytes(body[count * each :])):
            pattern, marked = Pattern(PatternKind(kind), number, to), Mark.unpacked(mark[0]) if mark else ORDINARY
            treatment = Treatment.ALLOW if marked.allow else None
            ends = datetime.fromtimestamp(marked.until, UTC) if marked.until else None
            wide.append(ListEntry(f"{len(wide):06}", pattern, expires_at=ends, treatment=treatment))
            self.patterns.append(pattern)
        self._wide = EntryIndex.of(wide)

    def __len__(self) -> int:
        return len(self._keys) + len(self.patterns)

    @property
    def keys(self) -> Iterable[int]:
        """The exact numbers as :func:`filters.number_index.key_of` has them, ascending."""
        return self._keys

    def naming(self, e164: str, now: datetime) -> Pattern | None:
        """The most specific of its patterns that names the number at ``now``; None where that is an exception."""
        if len(e164) > LONGEST_E164:
            return None
        key, keys = key_of(e164), self._keys
        at = bisect_left(keys, key)
        if at < len(keys) and keys[at] == key:
            mark = Mark.unpacked(self._marks[at]) if self._marks is not None else ORDINARY
            if mark.counts(now):
                return None if mark.allow else Pattern(PatternKind.EXACT, e164)
        if not self.patterns:
            return None
        found = next((one for one in self._wide.naming(e164) if one.idle_for("", now) is None), None)
        return found.pattern if found is not None and found.treatment is not Treatment.ALLOW else None


def _in_host_order(part: memoryview) -> "memoryview | array[int]":
    numbers = part.cast("Q")
    if sys.byteorder != "big":
        return numbers
    swapped = array("Q", numbers)
    swapped.byteswap()
    return swapped


def is_narrow_enough(pattern: Pattern) -> bool:
    """Whether somebody else's list may have such a pattern."""
    return pattern.kind is not PatternKind.COUNTRY and pattern.specificity >= FEWEST_DIGITS


def packed_numbers(
    keys: Iterable[int], patterns: Iterable[Pattern], marks: Mapping[int | Pattern, Mark] | None = None
) -> bytes:
    """The buffer of :class:`SubscribedNumbers`. What comes twice is there once; ``marks`` are of those keys and patterns of
    which there is something to say."""
    exact, marks = array("Q", sorted(set(keys))), marks or {}
    of_exact = array("Q", (marks.get(key, ORDINARY).packed for key in exact) if marks else ())
    for numbers in (exact, of_exact) if sys.byteorder == "big" else ():
        numbers.byteswap()
    # Of two that are equally specific the first decides: an exception, so that a doubt shuts nobody out.
    wide = sorted(set(patterns), key=lambda one: (not marks.get(one, ORDINARY).allow, str(one)))
    rows = [[*one, *((mark.packed,) if (mark := marks.get(one)) is not None else ())] for one in wide]
    text = json.dumps(rows, separators=(",", ":")).encode()
    body = exact.tobytes() + of_exact.tobytes() + text
    form = _MARKED if marks else _PLAIN
    return _HEADER.pack(_MAGIC, form, zlib.crc32(body), len(exact), len(text)) + body


NO_NUMBERS: Final = SubscribedNumbers(packed_numbers((), ()))
