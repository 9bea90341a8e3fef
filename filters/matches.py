"""The evidence for or against a caller: one :class:`Match` for every entry that names the number."""

from enum import StrEnum
from typing import NamedTuple

from filters.entries import ListEntry, Treatment


class MatchSource(StrEnum):
    """Where a match comes from."""

    VIP = "vip"
    BLACKLIST = "blacklist"
    CLIENT = "client"


class Match(NamedTuple):
    """An entry (or a client's standing) that names the caller's number.

    ``idle_because`` tells why it does not count here and now: expired, limited to other lines, a shared number.
    """

    source: MatchSource
    entry_id: str
    names: str
    specificity: int
    label: str = ""
    reason: str = ""
    idle_because: str | None = None
    treatment: Treatment | None = None

    @property
    def counts(self) -> bool:
        """Whether the match has a say in this call."""
        return self.idle_because is None

    def __str__(self) -> str:
        label = f" “{self.label}”" if self.label else ""
        idle = f", {self.idle_because}" if self.idle_because else ""
        return f"{self.names}{label}{idle}"


def match_of(source: MatchSource, entry: ListEntry, idle_because: str | None) -> Match:
    """The match that ``entry`` makes."""
    return Match(
        source, entry.id, str(entry.pattern), entry.pattern.specificity, entry.label, entry.reason, idle_because,
        entry.treatment,
    )  # fmt: skip
