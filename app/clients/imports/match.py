"""What becomes of the lines of a file, given the clients there are. Pure: the same lines and clients give the same answer,
for a preview and for the import itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.base import limits
from app.base.problems.clients import (
    ClientFault,
    NumberUnderAnotherName,
    SeveralClients,
    TooManyNumbers,
    TooManyOfThese,
)
from app.base.problems.files import LineFault
from app.base.problems.import_lines import RowKind
from app.base.search_text import folded
from app.clients.client import LISTS, ClientKind
from app.clients.imports.fault import Fault
from app.clients.imports.line import SHARED_MARK, BadClientLine, ClientLine
from app.clients.several_values import MOST, joined
from app.lists.import_options import OWN_FIELD
from app.plan.rows import Row, whole_row
from filters.clients import Standing
from models import ClientCard

_NAMED_AT_MOST: Final = 5
_PLAIN: Final = (
    "name", "company", "language", "about", "pinned_note", "kind", "card_number", "responsible_operator_id", "consent",
    "consented_at", "keep_until",
)  # fmt: skip
_NULLED: Final = frozenset({"language", "responsible_operator_id", "consented_at", "keep_until"})
"""Those of :data:`_PLAIN` that are null, and no empty text, where there is nothing."""


@dataclass(slots=True)
class KnownClients:
    """The clients that a file may mean: their rows (:func:`app.plan.rows.as_row`) by id, the ids of those who have a number,
    and whether it is shared; ``nameless`` are the ids of those without any number, by name and company. ``categories``,
    ``fields`` (the company's own) and ``operators`` are names by id."""

    rows: Mapping[str, Row]
    categories: Mapping[str, str]
    by_number: dict[str, dict[str, bool]] = field(default_factory=dict)
    nameless: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    operators: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for client_id, row in self.rows.items():
            for one in row["numbers"]:
                self.by_number.setdefault(one["number"], {})[client_id] = one["shared"]
            if not row["numbers"]:
                self.nameless.setdefault((row["name"], row["company"]), []).append(client_id)


@dataclass(slots=True)
class Verdict:
    """What becomes of a line. ``values`` are the columns of the card as it will be and ``numbers`` its numbers, for a client
    who is added or changed; ``before`` and ``after`` are what changes, as texts. ``first`` is the line that is repeated;
    ``problem`` is what is wrong, also where that line calls the client otherwise."""

    line: int
    kind: RowKind
    said: ClientLine | None = None
    client_id: str | None = None
    values: Row = field(default_factory=dict)
    numbers: dict[str, bool] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    first: int | None = None
    field: str = ""
    value: str = ""
    name: str = ""
    problem: Fault | None = None

    def fail(self, where: str, problem: Fault) -> None:
        """It cannot be imported after all."""
        self.kind, self.field, self.problem = RowKind.ERROR, where, problem


def judge_lines(lines: Iterable[ClientLine | BadClientLine], known: KnownClients, *, may_judge: bool) -> list[Verdict]:
    """One verdict for each line, in their order. ``may_judge``: whether this person decides who is a VIP."""
    judge = _Judge(known, may_judge)
    return [
        Verdict(one.line, RowKind.ERROR, field=one.field, value=one.value, name=one.name, problem=one.problem)
        if isinstance(one, BadClientLine) else judge.verdict(one)
        for one in lines
    ]  # fmt: skip


class _Judge:
    def __init__(self, known: KnownClients, may_judge: bool) -> None:
        self._known, self._may_judge = known, may_judge
        self._lines_of: dict[str, list[ClientLine]] = {}
        self._line_of_client: dict[str, ClientLine] = {}

    def verdict(self, said: ClientLine) -> Verdict:
        if not said.numbers and not said.id:
            return _error(said, "number", LineFault.NUMBER_MISSING)
        if (first := self._repeated(said)) is not None:
            return _twice(said, first)
        found = self._clients_meant(said)
        if len(found) > 1:
            names = tuple(self._known.rows[one]["name"] for one in found[:_NAMED_AT_MOST])
            return _error(said, "number", SeveralClients(names))
        if found and (earlier := self._line_of_client.get(found[0])) is not None:
            return _twice(said, earlier)
        verdict = self._changed(said, found[0]) if found else self._added(said)
        if verdict.kind is not RowKind.ERROR:
            for key in _keys(said):
                self._lines_of.setdefault(key, []).append(said)
            if found:
                self._line_of_client[found[0]] = said
        return verdict

    def _repeated(self, said: ClientLine) -> ClientLine | None:
        """The earlier line that means the same client."""
        for key in _keys(said):
            for earlier in self._lines_of.get(key, ()):
                if not (said.id and earlier.id and said.id != earlier.id):
                    return earlier
        return None

    def _clients_meant(self, said: ClientLine) -> list[str]:
        if said.id in self._known.rows:
            return [said.id]
        if not said.numbers:
            return self._known.nameless.get((said.name, said.company), [])
        name = folded(said.name)
        if not said.own:
            sharing = {one for number in said.numbers for one in self._known.by_number.get(number, ())}
            return sorted(one for one in sharing if folded(self._known.rows[one]["name"]) == name)
        having = [(one, shared) for number in said.own for one, shared in self._known.by_number.get(number, {}).items()]
        found = {one for one, _shared in having}
        for narrower in (
            {one for one, shared in having if not shared},
            {one for one in found if name and folded(self._known.rows[one]["name"]) == name},
        ):
            if len(found) > 1 and narrower & found:
                found &= narrower
        return sorted(found)

    def _added(self, said: ClientLine) -> Verdict:
        values: Row = {
            "name": said.name or said.company, "company": said.company, "category_id": said.category_id,
            "standing": (said.standing or Standing.ORDINARY).value,
        }  # fmt: skip
        values |= {
            name: getattr(said, name) or (None if name in _NULLED else "") for name in _PLAIN if name not in values
        }
        values["kind"] = said.kind or (ClientKind.PERSON if said.name else ClientKind.COMPANY).value
        values |= {name: list(getattr(said, name)) for name in LISTS} | {"fields": dict(said.fields)}
        numbers = {number: bool(shared) for number, shared in said.numbers.items()}
        if not values["name"]:
            return _error(said, "name", ClientFault.NAME_MISSING)
        if len(numbers) > limits.NUMBERS_OF_CLIENT:
            return _error(said, "number", TooManyNumbers(limits.NUMBERS_OF_CLIENT))
        if values["standing"] != Standing.ORDINARY and not self._may_judge:
            return _error(said, "standing", ClientFault.STANDING_NEEDS_SUPERVISOR)
        after = {name: text for name, text in self._texts(values, numbers).items() if text}
        if values["standing"] == Standing.ORDINARY:
            del after["standing"]
        if values["kind"] == ClientKind.PERSON:
            del after["kind"]
        return Verdict(said.line, RowKind.ADD, said, values=values, numbers=numbers, after=after)

    def _changed(self, said: ClientLine, client_id: str) -> Verdict:
        row = whole_row(ClientCard.__tablename__, self._known.rows[client_id])
        values: Row = {name: row[name] for name in (*_PLAIN, "category_id", "standing")}
        values |= {name: text for name in _PLAIN if (text := getattr(said, name)) and text != _lines_alike(row[name])}
        if said.category_id is not None:
            values["category_id"] = said.category_id
        if said.standing is not None:
            values["standing"] = said.standing.value
        for name in LISTS:
            there = {one.casefold() for one in row[name]}
            values[name] = row[name] + [one for one in getattr(said, name) if one.casefold() not in there]
            if len(values[name]) > max(MOST[name], len(row[name])):
                return _error(said, name, TooManyOfThese(MOST[name]))
        values["fields"] = row["fields"] | dict(said.fields)
        old = {one["number"]: one["shared"] for one in row["numbers"]}
        new = old | {
            number: old.get(number, False) if shared is None else shared for number, shared in said.numbers.items()
        }
        if len(new) > max(limits.NUMBERS_OF_CLIENT, len(old)):
            return _error(said, "number", TooManyNumbers(limits.NUMBERS_OF_CLIENT))
        if not self._may_judge and values["standing"] != row["standing"]:
            return _error(said, "standing", ClientFault.STANDING_NEEDS_SUPERVISOR)
        if not self._may_judge and row["standing"] != Standing.ORDINARY and new != old:
            return _error(said, "number", ClientFault.NUMBERS_NEED_SUPERVISOR)
        was, becomes = self._texts(row, old), self._texts(values, new)
        changed = [name for name in becomes if was[name] != becomes[name]]
        if not changed:
            return Verdict(said.line, RowKind.SAME, said, client_id)
        return Verdict(
            said.line, RowKind.CHANGE, said, client_id, values, new, {name: was[name] for name in changed},
            {name: becomes[name] for name in changed},
        )  # fmt: skip

    def _texts(self, row: Row, numbers: Mapping[str, bool]) -> dict[str, str]:
        texts = {name: row[name] or "" for name in _PLAIN} | {name: joined(name, row[name]) for name in LISTS}
        texts["responsible_operator_id"] = self._known.operators.get(row["responsible_operator_id"] or "", "")
        texts |= {f"{OWN_FIELD}{name}": str(row["fields"].get(key, "")) for key, name in self._known.fields.items()}
        category = self._known.categories.get(row["category_id"] or "", "")
        return texts | {"category": category, "standing": row["standing"], "number": written_numbers(numbers)}


def _lines_alike(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")


def written_numbers(numbers: Mapping[str, bool]) -> str:
    """Numbers and whether they are shared, in one cell that is read back."""
    return "; ".join(f"{number} {SHARED_MARK}" if shared else number for number, shared in numbers.items())


def _keys(said: ClientLine) -> Sequence[str]:
    """By what two lines of a file mean the same client."""
    if said.own:
        return said.own
    if said.numbers:
        return [f"{number} {folded(said.name)}" for number in said.numbers]
    return [f"= {said.id}"]


def _twice(said: ClientLine, first: ClientLine) -> Verdict:
    one, other = (said.name, first.name) if said.name and first.name else (said.company, first.company)
    is_renamed = one and other and sorted(folded(one).split()) != sorted(folded(other).split())
    problem = NumberUnderAnotherName(first.line, other) if is_renamed and said.numbers else None
    return Verdict(said.line, RowKind.TWICE, said, first=first.line, problem=problem)


def _error(said: ClientLine, where: str, problem: Fault) -> Verdict:
    return Verdict(said.line, RowKind.ERROR, said, field=where, problem=problem)
