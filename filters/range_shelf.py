"""Range entries, sorted so that the ones which cover a number are found without looking at all of them."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable

from filters.list_entry import ListEntry


class RangeShelf:
    """Ranges of the same count of digits and about the same size stand together, by their first number. Of a shelf of
    sizes up to 2^k only those can cover a number that begin at most 2^k below it; at least half as large as that, few
    begin there without covering it, unless many overlap."""

    def __init__(self, entries: Iterable[ListEntry]) -> None:
        """Sort ``entries``, which are all ranges."""
        shelves: dict[tuple[int, int], list[tuple[int, str, ListEntry]]] = defaultdict(list)
        for entry in entries:
            first, last = int(entry.pattern.number), int(entry.pattern.to or entry.pattern.number)
            shelves[len(entry.pattern.number), (last - first).bit_length()].append((first, entry.id, entry))
        self._shelves: dict[int, list[tuple[int, list[int], list[ListEntry]]]] = defaultdict(list)
        for (length, bits), shelf in shelves.items():
            shelf.sort(key=lambda one: one[:2])
            self._shelves[length].append((1 << bits, [first for first, _, _ in shelf], [entry for *_, entry in shelf]))

    def naming(self, e164: str) -> list[ListEntry]:
        """The ranges that cover this number."""
        found: list[ListEntry] = []
        number = int(e164)
        for reach, firsts, entries in self._shelves.get(len(e164), ()):
            begin, end = bisect_left(firsts, number - reach + 1), bisect_right(firsts, number)
            found += [entry for entry in entries[begin:end] if entry.pattern.covers(e164)]
        return found
