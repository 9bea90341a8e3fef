"""A row of a file read as an entry of a list, by the same limits as the API's."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from app.base import limits
from app.base.problems.files import (
    CellTooLong,
    ControlCharacter,
    LineFault,
    LineProblem,
    OtherNumberOfCells,
    UnknownTreatment,
)
from app.base.problems.numbers import NumberNotRead, PatternNotRead
from app.lists.files.columns import BETWEEN_NUMBERS, Columns
from app.lists.files.countries import country_named
from app.lists.files.formula_guard import unguarded
from app.lists.files.line_parts import PARTS, part_of_line
from app.lists.files.quick_numbers import read_quickly
from app.lists.files.table import BadLine, Row
from filters.entries import Treatment
from filters.number import LONG, NumberUnreadable, are_canonical, is_blockable_code, read_number
from filters.pattern import PatternKind, PatternUnreadable, read_pattern

_LONGEST: Final = {
    "number": limits.TYPED_NUMBER, "to": limits.TYPED_NUMBER, "label": limits.NAME, "reason": limits.TEXT,
    "owner": limits.EMAIL, "evidence_call_id": limits.ROW_ID,
}  # fmt: skip
_DESCRIBED: Final = frozenset({"number", "label", "reason"})
_NO_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BROKEN: Final = re.compile("[\udc80-\udcff]")
_KINDS: Final = {kind.value for kind in PatternKind}
_SIGNS_BETWEEN: Final = (";", "|", "\n", ":::", " +")
_OFF: Final = frozenset({"false", "no", "off", "0", "n", "disabled", "inactive", "non", "inactif", "inactivo", "нет"})
_OUTGOING: Final = frozenset({"outbound", "outgoing", "out"})
_INCOMING: Final = frozenset({"inbound", "incoming", "in", "both"})
_TREATMENTS: Final = {treatment.value for treatment in Treatment}


class EntryRow(NamedTuple):
    """An entry as it goes to the database: ``line`` of the file (a key of
    :mod:`app.lists.files.line_parts`), and columns of the list's table. ``expires_at`` is aware,
    ``lines`` are ids as JSON."""

    line: int
    match: str
    number: str
    to: str | None = None
    label: str = ""
    reason: str = ""
    expires_at: datetime | None = None
    lines: str = "[]"
    treatment: str | None = None
    review_at: datetime | None = None
    owner: str | None = None
    evidence_call_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingPlace:
    """What a file of a company is read by. ``lines`` has the id and the country of each line, by its id and its number.
    ``now`` is UTC. ``treatments``: whether the list has them. ``of_others``: somebody else keeps it, and only its exceptions
    are asked for; whatever else a treatment says there, in whatever words, is passed over."""

    country: str
    zone: ZoneInfo
    lines: Mapping[str, tuple[str, str]]
    now: datetime
    treatments: bool
    of_others: bool = False


class _Bad(Exception):
    def __init__(self, field: str, problem: LineProblem, value: str = "") -> None:
        super().__init__(problem)
        self.field, self.problem, self.value = field, problem, value


def read_entries(rows: Iterable[Row | BadLine], columns: Columns, place: ReadingPlace) -> Iterator[EntryRow | BadLine]:
    """One answer for each row, in the order of the file; one for each number of a row that has several."""
    bare = columns.width == 1
    at = columns.places["number"]
    for row in rows:
        if isinstance(row, BadLine):
            yield row
            continue
        number, cells = row
        try:
            if bare:
                text, comment = _without_comment(unguarded(cells[0]).strip())
                _check_text("reason", comment)
                yield EntryRow(number, "exact", _number(text, place.country), reason=comment)
            else:
                yield from _read(number, cells, columns, place)
        except _Bad as bad:
            yield BadLine(number, bad.field, bad.problem, bad.value or (cells[at] if at < len(cells) else ""))


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file, read: ``numbers`` are the lines that say nothing but an exact number (line, E.164), ``entries``
    those that say more, ``bad`` those that cannot be imported."""

    numbers: list[tuple[int, str]]
    entries: list[EntryRow]
    bad: list[BadLine]

    def __len__(self) -> int:
        return len(self.numbers) + len(self.entries) + len(self.bad)


def read_batches(
    rows: Iterable[Row | BadLine], columns: Columns, place: ReadingPlace, at_once: int
) -> Iterator[Batch]:  # fmt: skip
    """The same as :func:`read_entries` says, ``at_once`` rows a time. Where all of them are E.164 alone, as in most files of
    a million lines, they are looked at together and not one by one."""
    rows = iter(rows)
    while batch := list(islice(rows, at_once)):
        if columns.width == 1 and (numbers := _numbers_alone(batch)) is not None:
            yield Batch(numbers, [], [])
            continue
        read = list(read_entries(batch, columns, place))
        entries = [one for one in read if isinstance(one, EntryRow)]
        yield Batch([], entries, [one for one in read if isinstance(one, BadLine)])


def _numbers_alone(rows: list[Row | BadLine]) -> list[tuple[int, str]] | None:
    numbers = [(row[0], row[1][0]) for row in rows if isinstance(row, tuple)]
    return numbers if len(numbers) == len(rows) and are_canonical([text for _, text in numbers]) else None


def _read(number: int, cells: list[str], columns: Columns, place: ReadingPlace) -> Iterable[EntryRow | BadLine]:
    if len(cells) > columns.width and any(cell.strip() for cell in cells[columns.width :]):
        raise _Bad("line", OtherNumberOfCells(len(cells), columns.width))
    values = {
        field: unguarded(cells[at]).strip() for field, at in columns.places.items() if at < len(cells) and cells[at]
    }
    if not values.keys() <= _DESCRIBED:
        _check_it_counts(values)
        first, last = values.pop("first_name", ""), values.pop("last_name", "")
        if (first or last) and not values.get("label"):
            values["label"] = f"{first} {last}".strip()
    values["number"], comment = _without_comment(values.get("number", ""))
    if comment and not values.get("reason"):
        values["reason"] = comment
    for field in ("label", "reason", "owner", "evidence_call_id"):
        if text := values.get(field):
            _check_text(field, text)
    numbers = _numbers_of(values, cells, columns)
    if len(numbers) < 2:
        values["number"] = numbers[0] if numbers else ""
        return (_entry(number, values, place),)
    return _entries(number, numbers, values, place)


def _numbers_of(values: Mapping[str, str], cells: list[str], columns: Columns) -> list[str]:
    """The numbers of a row as they are typed, where these may be several: in one cell, or in several columns."""
    text = values["number"]
    if not columns.more and (text[1:].isdigit() or not any(sign in text for sign in _SIGNS_BETWEEN)):
        return [text]
    if values.get("match", "exact").lower() != "exact" or values.get("to"):
        return [text]
    typed = [text, *(unguarded(cells[at]).strip() for at in columns.more if at < len(cells))]
    found = dict.fromkeys(unguarded(one).strip() for cell in typed for one in BETWEEN_NUMBERS.split(cell))
    return [one for one in found if one]


def _entries(
    line: int, numbers: list[str], values: Mapping[str, str], place: ReadingPlace
) -> Iterator[EntryRow | BadLine]:  # fmt: skip
    """One for each different number, under a key of its own. One that cannot be read is no reason to leave the others
    out."""
    if len(numbers) > PARTS:
        raise _Bad("number", LineFault.TOO_MANY_NUMBERS, numbers[0][:60])
    taken: set[str] = set()
    for typed in numbers:
        key = part_of_line(line, len(taken))
        try:
            entry = _entry(key, {**values, "number": typed}, place)
        except _Bad as bad:
            taken.add(typed)
            yield BadLine(key, bad.field, bad.problem, bad.value or typed)
        else:
            if entry.number not in taken:
                taken.add(entry.number)
                yield entry


def _entry(number: int, values: dict[str, str], place: ReadingPlace) -> EntryRow:
    if values.keys() <= _DESCRIBED:  # as most rows of most files: nothing below has anything to say
        found = _number(values["number"], place.country)
        return EntryRow(number, "exact", found, None, values.get("label", ""), values.get("reason", ""))
    lines, country = _lines(values.get("lines", ""), place)
    if typed := values.get("country"):
        country = _country(typed)
    kind = values.get("match", "").lower() or "exact"
    if kind not in _KINDS:
        raise _Bad("match", LineFault.UNKNOWN_MATCH, kind)
    if kind == "exact" and not values.get("to"):
        as_exported = _digits_as_exported(values, country, place)
        name, to = as_exported or _number(values.get("number", ""), country), None
    else:
        name, to = _pattern(kind, values, country)
    expires_at = _expiry(values["expires_at"], place) if values.get("expires_at") else None
    label, reason = values.get("label", ""), values.get("reason", "")
    return EntryRow(
        number, kind, name, to, label, reason, expires_at, lines, _treatment(values, place),
        _review(values["review_at"], place) if values.get("review_at") else None, values.get("owner") or None,
        values.get("evidence_call_id") or None,
    )  # fmt: skip


def _check_it_counts(values: dict[str, str]) -> None:
    """Raise :class:`_Bad` for what is switched off in the exchange that a file comes from, or concerns calls that go out;
    some exchanges say ``inbound`` where others have the kind of match."""
    if values.pop("enabled", "").lower() in _OFF:
        raise _Bad("number", LineFault.SWITCHED_OFF)
    if values.get("match", "").lower() in _INCOMING | _OUTGOING:
        values.setdefault("direction", values.pop("match"))
    if values.pop("direction", "").lower() in _OUTGOING:
        raise _Bad("number", LineFault.OUTGOING_ONLY)


def _without_comment(text: str) -> tuple[str, str]:
    """A number and what somebody noted behind it: ``+33899000143 # robocall``."""
    if " #" not in text:
        return text, ""
    number, _mark, comment = text.partition(" #")
    return number.strip(), comment.strip("# \t")


def _country(text: str) -> str:
    if (country := country_named(text)) is None:
        raise _Bad("country", LineFault.UNKNOWN_COUNTRY, text[:60])
    return country


def _digits_as_exported(values: Mapping[str, str], country: str, place: ReadingPlace) -> str | None:
    """Blocked digits that are no number, as an export has them; elsewhere they are more likely a mistake."""
    text = values.get("number", "")
    if not (place.treatments and values.get("match")):
        return None
    return text if is_blockable_code(text, country) or LONG.fullmatch(text) else None


def _number(text: str, country: str) -> str:
    if not text:
        raise _Bad("number", LineFault.NUMBER_MISSING)
    if len(text) > _LONGEST["number"]:
        raise _Bad("number", CellTooLong(_LONGEST["number"], len(text)), text[:60])
    try:
        return read_quickly(text, country)
    except NumberUnreadable as error:
        raise _Bad("number", NumberNotRead.of(error), text) from error


def _pattern(kind: str, values: dict[str, str], country: str) -> tuple[str, str | None]:
    for field in ("number", "to"):
        if (length := len(values.get(field, ""))) > _LONGEST[field]:
            raise _Bad(field, CellTooLong(_LONGEST[field], length), values[field][:60])
    try:
        pattern = read_pattern(PatternKind(kind), values.get("number", ""), values.get("to") or None, country)
    except PatternUnreadable as error:
        raise _Bad(error.field, PatternNotRead.of(error), values.get(error.field, "")) from error
    return pattern.number, pattern.to


def _check_text(field: str, text: str) -> None:
    if len(text) > _LONGEST[field]:
        raise _Bad(field, CellTooLong(_LONGEST[field], len(text)), text[:60])
    if not text.isprintable() and (found := _NO_TEXT.search(text)) is not None:
        if _BROKEN.match(found[0]):
            raise _Bad(field, LineFault.NOT_UTF_8, text[:60])
        raise _Bad(field, ControlCharacter(ord(found[0])), text[:60])


def _lines(text: str, place: ReadingPlace) -> tuple[str, str]:
    """The ids of the lines as JSON, and the country that numbers of this row are read with."""
    if not text:
        return "[]", place.country
    chosen: dict[str, str] = {}
    for one in re.split(r"[\s,;|]+", text):
        found = place.lines.get(unguarded(one))
        if found is None:
            try:
                found = place.lines.get(read_number(unguarded(one), place.country))
            except NumberUnreadable:
                found = None
        if found is None:
            raise _Bad("lines", LineFault.UNKNOWN_LINE, text)
        chosen[found[0]] = found[1]
    return json.dumps(list(chosen)), next(iter(chosen.values()))


def _expiry(text: str, place: ReadingPlace) -> datetime:
    """RFC 3339; without a zone in the company's, and a day alone is meant to its end there."""
    try:
        if len(text) == len("2026-12-31"):
            day = date.fromisoformat(text) + timedelta(days=1)
            moment = datetime.combine(day, time(), place.zone)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=place.zone)
        beyond = moment > place.now + limits.EXPIRY
    except OverflowError:
        beyond, moment = True, place.now
    except ValueError:
        raise _Bad("expires_at", LineFault.EXPIRY_UNREADABLE, text[:60]) from None
    if beyond:
        raise _Bad("expires_at", LineFault.EXPIRY_TOO_FAR_AWAY, text[:60])
    return moment


def _review(text: str, place: ReadingPlace) -> datetime:
    """RFC 3339; without a zone in the company's, and a day alone from its beginning there."""
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=place.zone)
        beyond = moment > place.now + limits.EXPIRY
        moment.astimezone(UTC)  # what UTC has no name for cannot be stored
    except OverflowError:
        raise _Bad("review_at", LineFault.REVIEW_TOO_FAR_AWAY, text[:60]) from None
    except ValueError:
        raise _Bad("review_at", LineFault.REVIEW_UNREADABLE, text[:60]) from None
    if moment < limits.EARLIEST:
        raise _Bad("review_at", LineFault.REVIEW_UNREADABLE, text[:60])
    if beyond:
        raise _Bad("review_at", LineFault.REVIEW_TOO_FAR_AWAY, text[:60])
    return moment


def _treatment(values: dict[str, str], place: ReadingPlace) -> str | None:
    chosen = values.get("treatment", "").lower() or None
    if place.of_others:
        return chosen if chosen == Treatment.ALLOW else None
    if not place.treatments or chosen is None:
        return None
    if chosen not in _TREATMENTS:
        raise _Bad("treatment", UnknownTreatment(tuple(sorted(_TREATMENTS))), chosen[:60])
    return chosen
