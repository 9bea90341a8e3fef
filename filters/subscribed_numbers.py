"""The numbers of a list that somebody else keeps, in one buffer: whoever maps it from a file shares it, and a million of
them are found by bisection.

Layout, little-endian, so that every host can read what any of them wrote: a header; the keys of the exact numbers (8 bytes
each, ascending, :func:`filters.number_index.key_of`); then the prefixes and ranges as JSON.
"""

import json
import struct
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from typing import Final

from filters.entries import EntryIndex
from filters.list_entry import ListEntry
from filters.number_index import LONGEST_E164, key_of
from filters.pattern import Pattern, PatternKind

_MAGIC: Final = b"ACothers"
_FORMAT: Final = 1
_HEADER: Final = struct.Struct("<8sIIQI4x")
FEWEST_DIGITS: Final = 4
"""The digits, with the calling code, that a prefix or a range of somebody else's list must fix: a slip there, or malice,
must not shut a whole country out here."""


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
        if (magic, form) != (_MAGIC, _FORMAT) or len(body) != count * 8 + wide_bytes or zlib.crc32(body) != checksum:
            raise SubscribedNumbersDamaged("not a whole list of this format")
        self._keys: memoryview | array[int] = body[: count * 8].cast("Q")
        if sys.byteorder == "big":
            swapped = array("Q", self._keys)
            swapped.byteswap()
            self._keys = swapped
        self.patterns = tuple(
            Pattern(PatternKind(kind), number, to) for kind, number, to in json.loads(bytes(body[count * 8 :]))
        )
        self._wide = EntryIndex.of(ListEntry(str(place), one) for place, one in enumerate(self.patterns))

    def __len__(self) -> int:
        return len(self._keys) + len(self.patterns)

    @property
    def keys(self) -> Iterable[int]:
        """The exact numbers as :func:`filters.number_index.key_of` has them, ascending."""
        return self._keys

    def naming(self, e164: str) -> Pattern | None:
        """The most specific of its patterns that names the number."""
        if len(e164) > LONGEST_E164:
            return None
        key, keys = key_of(e164), self._keys
        at = bisect_left(keys, key)
        if at < len(keys) and keys[at] == key:
            return Pattern(PatternKind.EXACT, e164)
        if not self.patterns:
            return None
        return next((entry.pattern for entry in self._wide.naming(e164)), None)


def is_narrow_enough(pattern: Pattern) -> bool:
    """Whether somebody else's list may have such a pattern."""
    return pattern.kind is not PatternKind.COUNTRY and pattern.specificity >= FEWEST_DIGITS


def packed_numbers(keys: Iterable[int], patterns: Iterable[Pattern]) -> bytes:
    """The buffer of :class:`SubscribedNumbers`. What comes twice is there once."""
    exact = array("Q", sorted(set(keys)))
    if sys.byteorder == "big":
        exact.byteswap()
    wide = json.dumps([list(one) for one in sorted(set(patterns), key=str)], separators=(",", ":")).encode()
    body = exact.tobytes() + wide
    return _HEADER.pack(_MAGIC, _FORMAT, zlib.crc32(body), len(exact), len(wide)) + body


NO_NUMBERS: Final = SubscribedNumbers(packed_numbers((), ()))
