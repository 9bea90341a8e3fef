"""Registered clients as the rules see them: who uses which number, and their standing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

_NO_TAGS: Final[frozenset[str]] = frozenset()


class Standing(StrEnum):
    """A person's own status; it covers every number that is theirs alone."""

    ORDINARY = "ordinary"
    VIP = "vip"
    BLACKLISTED = "blacklisted"


@dataclass(frozen=True, slots=True)
class Client:
    """A client card's part in routing. ``shared`` are those numbers that other people use too (switchboard, family);
    ``tags`` are as :func:`folded_tag` writes them; ``responsible_id`` is the operator who looks after the client."""

    id: str
    name: str
    numbers: frozenset[str]
    shared: frozenset[str] = frozenset()
    category_id: str | None = None
    standing: Standing = Standing.ORDINARY
    language: str | None = None
    tags: frozenset[str] = _NO_TAGS
    responsible_id: str | None = None


def folded_tag(text: str) -> str:
    """A tag as tags are compared: without case, and no more than one space."""
    return " ".join(text.casefold().split())


def tags_of(clients: Sequence[Client]) -> frozenset[str]:
    """The tags that everybody has who uses a number: a guess picks the wrong one."""
    if len(clients) == 1:
        return clients[0].tags
    return frozenset.intersection(*(one.tags for one in clients)) if clients else _NO_TAGS


@dataclass(frozen=True, slots=True)
class ClientIndex:
    """Clients by E.164 number; exact only, because a guess puts the wrong person on the card."""

    by_number: Mapping[str, tuple[Client, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, clients: Iterable[Client]) -> "ClientIndex":
        """Index ``clients`` by each of their numbers."""
        by_number: dict[str, tuple[Client, ...]] = {}
        for client in clients:
            for number in client.numbers:
                by_number[number] = _together(by_number.get(number, ()), client)
        return cls(by_number)

    def with_client(self, client: Client, before: Client | None = None) -> "ClientIndex":
        """The index with ``client`` in the place of ``before`` (the same client as it was)."""
        by_number = _without(dict(self.by_number), before)
        for number in client.numbers:
            by_number[number] = _together(by_number.get(number, ()), client)
        return replace(self, by_number=by_number)

    def without_client(self, client: Client) -> "ClientIndex":
        """The index without ``client``."""
        return replace(self, by_number=_without(dict(self.by_number), client))


def _together(clients: tuple[Client, ...], client: Client) -> tuple[Client, ...]:
    """In the order of ids, so that every worker sees the same one first."""
    return tuple(sorted((*clients, client), key=lambda one: one.id))


def _without(by_number: dict[str, tuple[Client, ...]], client: Client | None) -> dict[str, tuple[Client, ...]]:
    for number in client.numbers if client else ():
        if left := tuple(other for other in by_number.pop(number, ()) if client and other.id != client.id):
            by_number[number] = left
    return by_number
