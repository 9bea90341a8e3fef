"""Whom else a wide entry covers: no problem, but to be known by whoever saves it."""

from dataclasses import dataclass

from models.list_name import ListName


@dataclass(frozen=True, slots=True)
class CoversProtected:
    """The entry covers ``count`` protected numbers, ``named`` (E.164) among them; they stay reachable."""

    count: int
    named: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoversOthers:
    """An entry of the list ``name`` covers ``clients`` clients, and ``opposite`` numbers and clients that are on the other
    list or say so themselves; those decide before it."""

    name: ListName
    clients: int
    opposite: int


@dataclass(frozen=True, slots=True)
class CoversOwnCountry:
    """The entry covers every number of ``country`` (ISO 3166 alpha-2), which is the company's or has a line of it."""

    country: str


EntryWarning = CoversProtected | CoversOthers | CoversOwnCountry
