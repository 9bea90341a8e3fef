"""One line of a file of clients: what it says, checked by itself."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.base import limits
from app.base.errors import Unprocessable
from app.base.language import LANGUAGES
from app.base.problems.clients import ClientFault, FieldNotRead, UnknownCategory, UnknownResponsible
from app.base.problems.edits import LanguageNotSpoken
from app.base.problems.files import CellTooLong, ControlCharacter, LineFault, OtherNumberOfCells
from app.base.problems.numbers import NumberNotRead
from app.base.search_text import folded
from app.base.text import storable_text
from app.clients.client import ClientKind
from app.clients.imports.columns import (
    ADDRESS,
    EMAIL,
    FIRST,
    ID,
    LAST,
    NAME,
    PART,
    SHARED,
    TAGS,
    address_of,
    is_of_google,
    label_places,
)
from app.clients.imports.fault import Fault
from app.clients.own_fields import OwnField, Value
from app.clients.several_values import read_several, split
from app.lists.files.card_rows import is_telephone
from app.lists.files.formula_guard import unguarded
from app.lists.files.headed_table import HeadedTable
from app.lists.files.table import BadLine, Row
from app.lists.import_options import OWN_FIELD
from filters.clients import Standing
from filters.number import NumberUnreadable, read_number

SHARED_MARK: Final = "shared"

_LONGEST: Final = {
    "name": limits.NAME, "company": limits.NAME, "category": limits.NAME, "about": limits.TEXT,
    "pinned_note": limits.PINNED_NOTE, "card_number": limits.CARD_NUMBER, "consent": limits.TEXT, TAGS: limits.TEXT,
    EMAIL: limits.TEXT * 3, ADDRESS: limits.ADDRESS * limits.ADDRESSES_OF_CLIENT + limits.TEXT, PART: limits.NAME,
    ID: limits.ROW_ID, FIRST: limits.NAME, LAST: limits.NAME,
}  # fmt: skip
_BROKEN: Final = re.compile("[\x00\ud800-\udfff]")
_BETWEEN_NUMBERS: Final = re.compile(r"\s*(?:;(?!\s*ext)|\||\n|:::)\s*|\s+(?=\+)", re.IGNORECASE)
_FEWEST_DIGITS: Final = 6
_PERHAPS_BETWEEN: Final = re.compile(r"\s*[,/&]\s*")
_MARK: Final = re.compile(r"[\s(\[]+(?:shared|partagée?|compartido|общий)[)\]]*$", re.IGNORECASE)
_STANDINGS: Final = {
    folded(word): standing
    for standing, words in {
        Standing.ORDINARY: "ordinary normal ordinaire normale обычный",
        Standing.VIP: "vip вип",
        Standing.BLACKLISTED: "blacklisted blacklist blocked listenoire bloque bloqueado listanegra "
        "черныйсписок заблокирован",
    }.items()
    for word in words.split()
}

_KINDS: Final = {
    folded(word): kind
    for kind, words in {
        ClientKind.PERSON: "person personne persona человек",
        ClientKind.COMPANY: "company organization organisation entreprise société empresa компания организация",
    }.items()
    for word in words.split()
}
_GOOGLES_OWN: Final = "* "
"""Prefix of the groups that Google itself adds, unlike those that people make."""


@dataclass(frozen=True, slots=True)
class ClientLine:
    """What line ``line`` of a file says; an empty text says nothing. ``numbers`` are E.164 and whether others use them too
    (None: it does not say); ``category_id`` is that of the category it names, ``fields`` has values of the company's own
    fields by id; days are as ISO 8601 writes them."""

    line: int
    numbers: dict[str, bool | None] = field(default_factory=dict)
    name: str = ""
    company: str = ""
    category: str = ""
    category_id: str | None = None
    standing: Standing | None = None
    language: str = ""
    about: str = ""
    pinned_note: str = ""
    id: str = ""
    kind: str = ""
    emails: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    card_number: str = ""
    responsible_operator_id: str = ""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, Value] = field(default_factory=dict)
    consent: str = ""
    consented_at: str = ""
    keep_until: str = ""

    @property
    def own(self) -> list[str]:
        """The numbers by which the client is known: those that it does not call shared."""
        return [number for number, shared in self.numbers.items() if not shared]


@dataclass(frozen=True, slots=True)
class BadClientLine:
    """A line that cannot be imported: which ``field`` is wrong and why; ``value`` is what stands there."""

    line: int
    field: str
    problem: Fault
    value: str = ""
    name: str = ""


class _Bad(Exception):
    def __init__(self, field: str, problem: Fault, value: str = "") -> None:
        super().__init__(problem)
        self.field, self.problem, self.value = field, problem, value


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is read: the ``country`` of national numbers (ISO 3166 alpha-2), and the company's categories, ids by
    name; its own fields by name; and its operators, ids by name and by address."""

    country: str
    categories: Mapping[str, str]
    fields: Mapping[str, OwnField] = field(default_factory=dict)
    operators: Mapping[str, str] = field(default_factory=dict)


def read_line(row: Row | BadLine, table: HeadedTable, place: Place) -> ClientLine | BadClientLine:
    """What a row of the table says."""
    if isinstance(row, BadLine):
        return BadClientLine(row.line, row.field, row.problem, row.value)
    line, cells = row
    try:
        return _read(line, cells, table, place)
    except _Bad as bad:
        named = dict(zip(table.fields, cells, strict=False)).get(NAME, "")
        return BadClientLine(line, bad.field, bad.problem, _storable(bad.value), _storable(unguarded(named)))


def _read(line: int, cells: list[str], table: HeadedTable, place: Place) -> ClientLine:
    if any(cell.strip() for cell in cells[len(table.fields) :]):
        raise _Bad("line", OtherNumberOfCells(len(cells), len(table.fields)))
    numbers: dict[str, bool | None] = {}
    said: dict[str, str] = {}
    own: dict[str, Value] = {}
    several: dict[str, list[str]] = {"emails": [], "addresses": [], TAGS: []}
    parts: dict[str, list[str]] = {}
    labels = label_places(table.names)
    for place_of_cell, (kind, cell) in enumerate(zip(table.fields, cells, strict=False)):
        text = unguarded(cell).replace("\r\n", "\n").strip()
        if kind is None or not text:
            continue
        if (broken := _BROKEN.search(text)) is not None:
            is_zero = broken[0] == "\0"
            raise _Bad(kind, ControlCharacter(0) if is_zero else LineFault.NOT_UTF_8, text[:60])
        if kind in {"number", SHARED}:
            label = labels.get(place_of_cell, len(cells))
            if label < len(cells) and not is_telephone(cells[label]):
                continue
            for number, shared in _numbers_in(text, place.country):
                numbers.setdefault(number, True if kind == SHARED else shared)
            continue
        header = table.names[place_of_cell] if place_of_cell < len(table.names) else ""
        longest = _LONGEST.get(kind, limits.NAME)
        if len(text) > longest:
            raise _Bad(kind, CellTooLong(longest, len(text)), text[:60])
        if kind == EMAIL:
            several["emails"] += split("emails", text)
        elif kind == ADDRESS:
            several["addresses"] += split("addresses", text)
        elif kind == TAGS:
            is_googles = is_of_google(header)
            several[TAGS] = [
                one for one in split(TAGS, text) if not (is_googles and one.strip().startswith(_GOOGLES_OWN))
            ]
        elif kind == PART:
            parts.setdefault(address_of(header), []).append(" ".join(text.split()))
        elif kind.startswith(OWN_FIELD):
            if (own_field := place.fields.get(kind.removeprefix(OWN_FIELD))) is not None:
                own[own_field.id] = _own_value(kind, own_field, text)
        else:
            said[kind] = text
    several["addresses"] += [", ".join(dict.fromkeys(one)) for one in parts.values()]
    name = said.get(NAME) or " ".join(said[part] for part in (FIRST, LAST) if part in said)
    if len(name) > limits.NAME:
        raise _Bad("name", CellTooLong(limits.NAME, len(name)), name[:60])
    category = said.get("category", "")
    return ClientLine(
        line, numbers, name, said.get("company", ""), category, _category(category, place.categories),
        _standing(said.get("standing", "")), _language(said.get("language", "")), said.get("about", ""),
        said.get("pinned_note", ""), said.get(ID, ""), _kind(said.get("kind", "")), _several("emails", several),
        _several("addresses", several), said.get("card_number", ""),
        _operator(said.get("responsible", ""), place.operators), _several(TAGS, several), own,
        said.get("consent", ""), _day("consented_at", said), _day("keep_until", said),
    )  # fmt: skip


def _several(name: str, given: Mapping[str, list[str]]) -> tuple[str, ...]:
    try:
        return tuple(read_several(name, given[name]))
    except Unprocessable as problem:
        raise _Bad(name, problem.cause, " ".join(given[name])[:60]) from problem


def _own_value(kind: str, own: OwnField, text: str) -> Value:
    try:
        return own.read(text)
    except (ValueError, OverflowError) as error:
        raise _Bad(kind, FieldNotRead(own.name, own.kind.value, own.choices), text[:60]) from error


def _kind(text: str) -> str:
    if not text:
        return ""
    if (kind := _KINDS.get(folded(text).strip())) is None:
        raise _Bad("kind", ClientFault.UNKNOWN_KIND, text[:60])
    return kind.value


def _operator(text: str, operators: Mapping[str, str]) -> str:
    if not text:
        return ""
    if (operator_id := operators.get(text)) is None:
        raise _Bad("responsible", UnknownResponsible(text[: limits.NAME]), text[:60])
    return operator_id


def _day(name: str, said: Mapping[str, str]) -> str:
    text = said.get(name, "")
    try:
        return date.fromisoformat(text[:10]).isoformat() if text else ""
    except ValueError as error:
        raise _Bad(name, ClientFault.DAY_UNREADABLE, text[:60]) from error


def _numbers_in(text: str, country: str) -> list[tuple[str, bool | None]]:
    """The numbers of a cell, in their order; ``+33155512345 shared`` marks one that others use too."""
    found: list[tuple[str, bool | None]] = []
    for piece in filter(None, _BETWEEN_NUMBERS.split(text[:5000])):
        mark = _MARK.search(piece)
        typed = unguarded(piece[: mark.start()] if mark else piece).strip()
        found += [(number, True if mark else None) for number in _read_numbers(typed, country)]
    return found


def _read_numbers(typed: str, country: str) -> list[str]:
    if len(typed) > limits.TYPED_NUMBER * 3:
        raise _Bad("number", CellTooLong(limits.TYPED_NUMBER, len(typed)), typed[:60])
    try:
        return [read_number(typed, country)]
    except NumberUnreadable as error:
        pieces = [one for one in _PERHAPS_BETWEEN.split(typed) if one]
        if len(pieces) > 1 and all(sum(digit.isdigit() for digit in one) >= _FEWEST_DIGITS for one in pieces):
            with suppress(NumberUnreadable):
                return [read_number(one, country) for one in pieces]
        raise _Bad("number", NumberNotRead.of(error), typed[:60]) from error


def _category(text: str, categories: Mapping[str, str]) -> str | None:
    if not text:
        return None
    if (exact := categories.get(text)) is not None:
        return exact
    alike = [category_id for name, category_id in categories.items() if folded(name).strip() == folded(text)]
    if len(alike) != 1:
        raise _Bad("category", UnknownCategory(text), text[:60])
    return alike[0]


def _standing(text: str) -> Standing | None:
    if not text:
        return None
    if (standing := _STANDINGS.get(re.sub(r"[\W_]", "", folded(text)))) is None:
        raise _Bad("standing", ClientFault.UNKNOWN_STANDING, text[:60])
    return standing


def _language(text: str) -> str:
    if not text:
        return ""
    plain = folded(text)
    for code, name in LANGUAGES.items():
        if plain == folded(name) or re.fullmatch(rf"{code}(?:[-_].*)?", plain):
            return code
    raise _Bad("language", LanguageNotSpoken(tuple(LANGUAGES)), text[:60])


def _storable(text: str) -> str:
    return storable_text(text)[: limits.NAME]
