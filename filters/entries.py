"""The index of a list: it finds every entry that names a number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from filters.list_entry import ListEntry, Treatment
from filters.number import country_of
from filters.number_index import NumberIndex
from filters.pattern import PatternKind
from filters.range_shelf import RangeShelf

Shelf = Mapping[str, tuple[ListEntry, ...]]


@dataclass(frozen=True)
class EntryIndex:
    """Entries by what they name. Immutable: a change makes a new index that shares what did not change.

    The exact entries of a long list are in ``base``, which all workers of a host share; ``exact`` holds those that came
    later, and ``superseded`` the ids of those in ``base`` that were changed or deleted since.
    """

    exact: Shelf = field(default_factory=dict)
    prefixes: Shelf = field(default_factory=dict)
    countries: Shelf = field(default_factory=dict)
    ranges: tuple[ListEntry, ...] = ()
    base: NumberIndex | None = None
    superseded: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, entries: Iterable[ListEntry], base: NumberIndex | None = None, superseded: Iterable[str] = ()
    ) -> "EntryIndex":
        """Index ``entries``, on top of ``base``; several may name the same number."""
        return cls(base=base, superseded=frozenset(superseded)).with_changes((None, entry) for entry in entries)

    @cached_property
    def prefix_lengths(self) -> tuple[int, ...]:
        """The lengths that occur among the prefixes, longest first."""
        return tuple(sorted({len(prefix) for prefix in self.prefixes}, reverse=True))

    @cached_property
    def range_shelf(self) -> RangeShelf:
        """The ranges, sorted."""
        return RangeShelf(self.ranges)

    def naming(self, e164: str) -> list[ListEntry]:
        """Every entry that names ``e164``, the most specific first; equals by their id, so that every worker agrees on
        which of them decides."""
        found = [*exact] if (exact := self.exact.get(e164)) else []
        if self.base is not None and (in_base := self.base.naming(e164)):
            found += [entry for entry in in_base if entry.id not in self.superseded]
        for length in self.prefix_lengths:
            if length <= len(e164):
                found += self.prefixes.get(e164[:length], ())
        if self.ranges:
            found += self.range_shelf.naming(e164)
        if self.countries and (country := country_of(e164)) is not None:
            found += self.countries.get(country, ())
        if len(found) > 1:
            found.sort(key=lambda entry: (-entry.pattern.specificity, entry.id))
        return found

    def naming_digits(self, digits: str) -> list[ListEntry]:
        """The entries of exactly these digits, which are no number: no prefix, range or country names them."""
        return sorted(self.exact.get(digits, ()), key=lambda entry: entry.id)

    def with_changes(
        self, changes: Iterable[tuple[ListEntry | None, ListEntry | None]], superseded: Iterable[str] = ()
    ) -> "EntryIndex":
        """The index after many changes at once: of each, the entry as it was, if it is in this index outside of ``base``,
        and as it is now, if it still is. ``superseded`` are ids that count in ``base`` no longer."""
        shelves: dict[PatternKind, dict[str, tuple[ListEntry, ...]]] = {}
        for before, after in changes:
            for entry in (before, after):
                if entry is not None and entry.pattern.kind not in shelves:
                    shelves[entry.pattern.kind] = self._copied(entry.pattern.kind)
            if before is not None:
                shelf = shelves[before.pattern.kind]
                left = tuple(one for one in shelf.pop(before.pattern.number, ()) if one.id != before.id)
                if left:
                    shelf[before.pattern.number] = left
            if after is not None:
                shelf = shelves[after.pattern.kind]
                shelf[after.pattern.number] = (*shelf.get(after.pattern.number, ()), after)
        ranges = shelves.get(PatternKind.RANGE)
        return EntryIndex(
            exact=shelves.get(PatternKind.EXACT, self.exact),
            prefixes=shelves.get(PatternKind.PREFIX, self.prefixes),
            countries=shelves.get(PatternKind.COUNTRY, self.countries),
            ranges=tuple(one for shelf in ranges.values() for one in shelf) if ranges is not None else self.ranges,
            base=self.base,
            superseded=self.superseded.union(superseded),
        )

    def _copied(self, kind: PatternKind) -> dict[str, tuple[ListEntry, ...]]:
        match kind:
            case PatternKind.EXACT:
                return dict(self.exact)
            case PatternKind.PREFIX:
                return dict(self.prefixes)
            case PatternKind.COUNTRY:
                return dict(self.countries)
            case PatternKind.RANGE:
                by_first: dict[str, tuple[ListEntry, ...]] = {}
                for entry in self.ranges:
                    by_first[entry.pattern.number] = (*by_first.get(entry.pattern.number, ()), entry)
                return by_first


__all__ = ["EntryIndex", "ListEntry", "Treatment"]
