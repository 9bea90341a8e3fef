"""Entries of the VIP list and the blacklist, and the index that finds every one that names a number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from filters.number import country_of
from filters.pattern import Pattern, PatternKind


class Treatment(StrEnum):
    """What a blacklisted caller gets. Reject and busy are the only ones that no provider bills."""

    FAKE_QUEUE = "fake_queue"
    RING_OUT = "ring_out"
    BUSY = "busy"
    REJECT = "reject"
    NOT_IN_SERVICE = "not_in_service"
    VOICEMAIL = "voicemail"


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One line of a list. ``lines`` limits it to some lines (ids; empty: all); ``expires_at`` is UTC."""

    id: str
    pattern: Pattern
    label: str = ""
    reason: str = ""
    expires_at: datetime | None = None
    lines: frozenset[str] = frozenset()
    treatment: Treatment | None = None

    def idle_because(self, line_id: str, now: datetime) -> str | None:
        """Why the entry does not count on this line at this moment (UTC); None when it does."""
        if self.expires_at is not None and self.expires_at <= now:
            return f"expired {self.expires_at:%Y-%m-%d %H:%M} UTC"
        if self.lines and line_id not in self.lines:
            return "limited to other lines"
        return None


@dataclass(frozen=True)
class EntryIndex:
    """Entries by what they name. Immutable: a change makes a new index that shares what did not change."""

    exact: Mapping[str, tuple[ListEntry, ...]] = field(default_factory=dict)
    prefixes: Mapping[str, tuple[ListEntry, ...]] = field(default_factory=dict)
    countries: Mapping[str, tuple[ListEntry, ...]] = field(default_factory=dict)
    ranges: tuple[ListEntry, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[ListEntry]) -> "EntryIndex":
        """Index ``entries``; several may name the same number."""
        shelves: dict[PatternKind, dict[str, tuple[ListEntry, ...]]] = {kind: {} for kind in PatternKind}
        for entry in entries:
            shelf = shelves[entry.pattern.kind]
            shelf[entry.pattern.number] = (*shelf.get(entry.pattern.number, ()), entry)
        return cls(
            shelves[PatternKind.EXACT],
            shelves[PatternKind.PREFIX],
            shelves[PatternKind.COUNTRY],
            tuple(entry for shelf in shelves[PatternKind.RANGE].values() for entry in shelf),
        )

    @cached_property
    def prefix_lengths(self) -> tuple[int, ...]:
        """The lengths that occur among the prefixes, longest first."""
        return tuple(sorted({len(prefix) for prefix in self.prefixes}, reverse=True))

    def naming(self, e164: str) -> list[ListEntry]:
        """Every entry that names ``e164``, the most specific first; equals by their id, so that every worker agrees on
        which of them decides."""
        found = list(self.exact.get(e164, ()))
        for length in self.prefix_lengths:
            if length <= len(e164):
                found += self.prefixes.get(e164[:length], ())
        found += [entry for entry in self.ranges if entry.pattern.covers(e164)]
        if self.countries and (country := country_of(e164)) is not None:
            found += self.countries.get(country, ())
        if len(found) > 1:
            found.sort(key=lambda entry: (-entry.pattern.specificity, entry.id))
        return found

    def with_entry(self, entry: ListEntry) -> "EntryIndex":
        """The index with ``entry`` added."""
        return self._changed(entry.pattern, add=entry, remove=None)

    def without_entry(self, entry: ListEntry) -> "EntryIndex":
        """The index without the entry of the same id and pattern."""
        return self._changed(entry.pattern, add=None, remove=entry.id)

    def _changed(self, pattern: Pattern, *, add: ListEntry | None, remove: str | None) -> "EntryIndex":
        def edited(entries: tuple[ListEntry, ...]) -> tuple[ListEntry, ...]:
            kept = tuple(entry for entry in entries if entry.id != remove)
            return (*kept, add) if add is not None else kept

        if pattern.kind is PatternKind.RANGE:
            return replace(self, ranges=edited(self.ranges))
        name = {PatternKind.EXACT: "exact", PatternKind.PREFIX: "prefixes", PatternKind.COUNTRY: "countries"}[
            pattern.kind
        ]
        shelf = dict(getattr(self, name))
        if left := edited(shelf.pop(pattern.number, ())):
            shelf[pattern.number] = left
        return EntryIndex(**{**self._shelves(), name: shelf}, ranges=self.ranges)

    def _shelves(self) -> dict[str, Mapping[str, tuple[ListEntry, ...]]]:
        return {"exact": self.exact, "prefixes": self.prefixes, "countries": self.countries}
