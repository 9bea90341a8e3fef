"""Millions of exact list entries in one buffer, found by bisection: whoever maps the buffer from a file shares it.

Layout, in the byte order of the machine that wrote it: a header; the keys (8 bytes each, ascending); for each key 12 bytes
of id and 4 bytes that say where its details are; the details, each a length (2 bytes) and JSON, padded to 4 bytes.
Entries that came from one import have the same details, and share them.
"""

import json
import re
import struct
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import BinaryIO, Final

from filters.list_entry import ListEntry, Treatment
from filters.number import E164, are_e164
from filters.pattern import Pattern, PatternKind

FORMAT: Final = 1
ENTRY_BYTES: Final = 24
_MAGIC: Final = b"ACnumber"
_BYTE_ORDER: Final = 0x01020304
_HEADER: Final = struct.Struct("=8sIIQQqq16sI")
_CHECKED_HEADER: Final = struct.Struct(f"={_HEADER.size}sI")
HEADER_BYTES: Final = (_CHECKED_HEADER.size + 7) // 8 * 8
_REST: Final = struct.Struct("=12sI")
_LENGTH: Final = struct.Struct("=H")
_CHUNK: Final = 1 << 16
_AT_ONCE: Final = 5_000
_INTERNED: Final = 1 << 16
_DECODED: Final = 4096
_FENCE_STEP: Final = 64
LONGEST_E164: Final = len("+") + 15

_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_OWN_ID: Final = re.compile(r"[01][0-9a-hjkmnp-tv-z]{19}", re.ASCII)
"""An id as :func:`models.base.new_id` makes them: 46 bits of milliseconds (until the year 4199), 50 of randomness."""
_OWN_IDS: Final = re.compile(rf"{_OWN_ID.pattern}(?:\n{_OWN_ID.pattern})*", re.ASCII)
_TO_BASE_32: Final = str.maketrans(_CROCKFORD, "0123456789abcdefghijklmnopqrstuv")
_PAIRS: Final = tuple(one + other for one in _CROCKFORD for other in _CROCKFORD)
_OTHER_ID: Final = b"\xff" * 12

Details = tuple[str, str, datetime | None, tuple[str, ...], str | None]
"""Label, reason, expiry (UTC), ids of lines, treatment."""
_Decoded = tuple[str, str, datetime | None, frozenset[str], Treatment | None, str | None]
"""The same as an entry has them, and the id if it is none of ours."""


class IndexFault(StrEnum):
    """What is wrong with a buffer that should hold a number index."""

    SHORTER_THAN_ITS_HEADER = "shorter_than_its_header"
    NOT_AN_INDEX = "not_an_index"
    OTHER_BYTE_ORDER = "other_byte_order"
    OTHER_FORMAT = "other_format"
    HEADER_DAMAGED = "header_damaged"
    WRONG_LENGTH = "wrong_length"
    CONTENT_DAMAGED = "content_damaged"


class NumberIndexDamaged(ValueError):
    """The buffer is no whole number index of this format. ``found`` and ``expected`` are the two formats of OTHER_FORMAT, or
    the lengths in bytes of WRONG_LENGTH."""

    def __init__(self, fault: IndexFault, found: int = 0, expected: int = 0) -> None:
        super().__init__(f"{fault} ({found}, not {expected})" if expected else fault.value)
        self.fault = fault
        self.found = found
        self.expected = expected


class EntryFault(StrEnum):
    """What keeps an entry out of a number index."""

    NOT_E164 = "not_e164"
    OUT_OF_ORDER = "out_of_order"
    DETAILS_TOO_LONG = "details_too_long"
    TOO_MANY_DETAILS = "too_many_details"


class EntryUnwritable(ValueError):
    """The entry cannot be written into a number index."""

    def __init__(self, fault: EntryFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class StandsFor:
    """What an index was made of: the ``version`` of the plan, when that version was made (``made_at``, microseconds since
    1970, 0 for the very first) and 16 bytes that identify the ``database``."""

    version: int
    made_at: int
    database: bytes


@dataclass(frozen=True, slots=True)
class IndexHeader:
    """The first :data:`HEADER_BYTES` of an index."""

    stands_for: StandsFor
    count: int
    details_bytes: int
    checksum: int

    @property
    def total_bytes(self) -> int:
        """The length of the whole index."""
        return HEADER_BYTES + self.count * ENTRY_BYTES + self.details_bytes


def key_of(e164: str) -> int:
    """An E.164 number as 64 bits: its length in the highest byte, so that a leading zero could never be lost, and its
    value. Raises ValueError for anything that is no number."""
    return len(e164) << 56 | int(e164)


def read_header(first_bytes: bytes | memoryview) -> IndexHeader:
    """What the index says about itself. Raises :class:`NumberIndexDamaged`."""
    if len(first_bytes) < HEADER_BYTES:
        raise NumberIndexDamaged(IndexFault.SHORTER_THAN_ITS_HEADER)
    header, checksum = _CHECKED_HEADER.unpack_from(first_bytes)
    magic, form, order, count, details_bytes, version, made_at, database, body = _HEADER.unpack(header)
    if magic != _MAGIC:
        raise NumberIndexDamaged(IndexFault.NOT_AN_INDEX)
    if order != _BYTE_ORDER:
        raise NumberIndexDamaged(IndexFault.OTHER_BYTE_ORDER)
    if form != FORMAT:
        raise NumberIndexDamaged(IndexFault.OTHER_FORMAT, form, FORMAT)
    if checksum != zlib.crc32(header):
        raise NumberIndexDamaged(IndexFault.HEADER_DAMAGED)
    return IndexHeader(StandsFor(version, made_at, database), count, details_bytes, body)


def is_indexed(kind: PatternKind | str, number: str) -> bool:
    """Whether an entry goes into an index: an exact one of an E.164 number. Digits that are none have no key."""
    return kind == PatternKind.EXACT and E164.fullmatch(number) is not None


class NumberIndex:
    """The entries in ``buffer``, which must stay as it is. Several may name one number."""

    def __init__(self, buffer: bytes | memoryview) -> None:
        """Read all of ``buffer`` once and compare the checksum. Raises :class:`NumberIndexDamaged`."""
        view = memoryview(buffer).cast("B").toreadonly()
        header = read_header(view)
        if len(view) != header.total_bytes:
            raise NumberIndexDamaged(IndexFault.WRONG_LENGTH, len(view), header.total_bytes)
        checksum = 0
        for start in range(HEADER_BYTES, len(view), _CHUNK):
            checksum = zlib.crc32(view[start : start + _CHUNK], checksum)
        if checksum != header.checksum:
            raise NumberIndexDamaged(IndexFault.CONTENT_DAMAGED)
        rest = HEADER_BYTES + header.count * 8
        details = rest + header.count * _REST.size
        self.stands_for = header.stands_for
        self._count = header.count
        self._keys = view[HEADER_BYTES:rest].cast("Q")
        # Every 64th key once more, close together: half of the steps of a bisection stay within the processor's cache.
        # In pieces, so that another thread gets its turn meanwhile.
        self._fence = array("Q")
        for start in range(0, header.count, _FENCE_STEP << 10):
            self._fence.extend(self._keys[start : start + (_FENCE_STEP << 10) : _FENCE_STEP])
        self._rest = view[rest:details]
        self._details = view[details:]
        self._decoded: dict[int, _Decoded] = {}

    def __len__(self) -> int:
        return self._count

    def naming(self, e164: str) -> list[ListEntry]:
        """The entries of exactly this number."""
        if len(e164) > LONGEST_E164:
            return []
        key, keys = len(e164) << 56 | int(e164), self._keys
        end = bisect_left(self._fence, key) * _FENCE_STEP
        begin = end - _FENCE_STEP if end else 0
        at = bisect_left(keys, key, begin, end if end < self._count else self._count)
        if at == self._count or keys[at] != key:
            return []
        found = []
        while at < self._count and keys[at] == key:
            found.append(self._entry(at, e164))
            at += 1
        return found

    def __iter__(self) -> Iterator[ListEntry]:
        """All entries, by number."""
        for at, key in enumerate(self._keys):
            yield self._entry(at, f"+{key & (1 << 56) - 1:0{(key >> 56) - 1}d}")

    def _entry(self, at: int, e164: str) -> ListEntry:
        packed, where = _REST.unpack_from(self._rest, at * _REST.size)
        if (details := self._decoded.get(where)) is None:
            details = self._read_details(where)
        label, reason, expires_at, lines, treatment, own_id = details
        pattern = Pattern(PatternKind.EXACT, e164)
        return ListEntry(own_id or _unpacked_id(packed), pattern, label, reason, expires_at, lines, treatment)

    def _read_details(self, where: int) -> _Decoded:
        start = where * 4 + _LENGTH.size
        (length,) = _LENGTH.unpack_from(self._details, where * 4)
        label, reason, expires_at, lines, treatment, own_id = json.loads(bytes(self._details[start : start + length]))
        expiry = datetime.fromisoformat(expires_at) if expires_at else None
        read = label, reason, expiry, frozenset(lines), Treatment(treatment) if treatment else None, own_id
        if len(self._decoded) >= _DECODED:
            self._decoded.clear()
        self._decoded[where] = read
        return read


class NumberIndexWriter:
    """Writes an index to ``out``; memory stays small however many there are.

    ``out``, ``rests`` and ``details`` are binary files opened for writing and reading, the last two for this writer's use
    only. The caller closes all three.
    """

    def __init__(self, out: BinaryIO, rests: BinaryIO, details: BinaryIO) -> None:
        self._out, self._rests, self._details = out, rests, details
        self._places: dict[Details, int] = {}
        self._details_bytes = self._last_key = self._count = self._checksum = 0
        out.write(bytes(HEADER_BYTES))

    def add_all(self, entries: Iterable[tuple[str, str, Details]]) -> None:
        """Add entries: number, id, details. Numbers come in the order of :func:`key_of`: the shorter first, equally long
        ones by their digits.

        Raises :class:`EntryUnwritable` for a number that is not E.164 or out of order and for details that are too long,
        and ValueError for a treatment that there is none of.
        """
        entries = iter(entries)
        while batch := list(islice(entries, _AT_ONCE)):
            self._add(batch)

    def _add(self, batch: list[tuple[str, str, Details]]) -> None:
        # Whole columns at once instead of entry by entry: there are millions.
        numbers = [number for number, _, _ in batch]
        if not are_e164(numbers):
            raise EntryUnwritable(EntryFault.NOT_E164)
        keys = [len(number) << 56 | int(number) for number in numbers]
        if keys[0] < self._last_key or keys != sorted(keys):
            raise EntryUnwritable(EntryFault.OUT_OF_ORDER)
        self._last_key = keys[-1]
        ids = "\n".join([entry_id for _, entry_id, _ in batch])
        if ids.count("\n") == len(batch) - 1 and _OWN_IDS.fullmatch(ids):
            packed = [int(one, 32).to_bytes(12) for one in ids.translate(_TO_BASE_32).split("\n")]
            places = self._places_of([details for _, _, details in batch])
            rests = list(map(_REST.pack, packed, places))
        else:
            rests = [self._rest(entry_id, details) for _, entry_id, details in batch]
        self._write(array("Q", keys).tobytes())
        self._rests.write(b"".join(rests))
        self._count += len(batch)

    def _rest(self, entry_id: str, details: Details) -> bytes:
        if not _OWN_ID.fullmatch(entry_id):
            return _REST.pack(_OTHER_ID, self._write_details(details, entry_id))
        (where,) = self._places_of([details])
        return _REST.pack(int(entry_id.translate(_TO_BASE_32), 32).to_bytes(12), where)

    def _places_of(self, details: list[Details]) -> list[int]:
        """Where each of them is; those that are not there yet are written."""
        places: dict[Details, int] = {}
        for one in dict.fromkeys(details):
            where = self._places.get(one)
            if where is None:
                where = self._places[one] = self._write_details(one, None)
            places[one] = where
        return [places[one] for one in details]

    def finish(self, stands_for: StandsFor) -> int:
        """Complete the index; return the number of entries."""
        for part in (self._rests, self._details):
            part.seek(0)
            while chunk := part.read(_CHUNK):
                self._write(chunk)
        header = _HEADER.pack(
            _MAGIC, FORMAT, _BYTE_ORDER, self._count, self._details_bytes, stands_for.version, stands_for.made_at,
            stands_for.database, self._checksum,
        )  # fmt: skip
        self._out.seek(0)
        self._out.write(_CHECKED_HEADER.pack(header, zlib.crc32(header)))
        self._out.flush()
        return self._count

    def _write_details(self, details: Details, own_id: str | None) -> int:
        label, reason, expires_at, lines, treatment = details
        Treatment(treatment or Treatment.REJECT)  # found out now, not by the caller
        expiry = expires_at.isoformat() if expires_at is not None else None
        body = json.dumps([label, reason, expiry, lines, treatment, own_id], separators=(",", ":")).encode()
        if len(body) > 0xFFFF:
            raise EntryUnwritable(EntryFault.DETAILS_TOO_LONG)
        where = self._details_bytes // 4
        if where > 0xFFFFFFFF:
            raise EntryUnwritable(EntryFault.TOO_MANY_DETAILS)
        written = _LENGTH.pack(len(body)) + body
        written += bytes(-len(written) % 4)
        self._details.write(written)
        self._details_bytes += len(written)
        if len(self._places) >= _INTERNED:
            self._places.clear()  # entries of one import are no neighbours, but there are few imports
        return where

    def _write(self, chunk: bytes | bytearray) -> None:
        self._checksum = zlib.crc32(chunk, self._checksum)
        self._out.write(chunk)


def _unpacked_id(packed: bytes) -> str:
    bits = int.from_bytes(packed)
    return "".join([_PAIRS[bits >> shift & 1023] for shift in range(90, -10, -10)])
