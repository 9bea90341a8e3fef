"""What may not be on a list: what the other list or a client's standing says already, and, on the blacklist, numbers that
cannot be blocked. Every check reads the database, inside the edit's turn."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, or_, select

from app.base.errors import AlreadyListed, BlacklistIsListed, Conflict, ProtectedNumber, VipIsListed
from app.base.problems.entries import (
    CannotBeBlocked,
    ChosenByCompany,
    ClientSaysOtherwise,
    ListedEntry,
    OnTheOtherList,
    OnThisList,
    OperatorsNumber,
    OwnLine,
    Protection,
)
from app.edits.edit import Edit
from filters.list_entry import Treatment
from filters.pattern import Pattern, PatternKind
from models import BlacklistEntry, ClientCard, ClientNumber, Company, LineRecord, OperatorRecord, VipEntry
from models.list_name import ListName

Entry = VipEntry | BlacklistEntry


async def refuse_conflicts(
    edit: Edit, name: ListName, pattern: Pattern, company: Company, now: datetime, entry_id: str | None,
    *, is_exception: bool = False,
) -> None:  # fmt: skip
    """Raises :class:`Conflict` when ``pattern`` cannot be on the list ``name``; ``entry_id`` is the entry that
    is being changed. Lines are not looked at: an opposite entry for other lines is a conflict too, but one that has
    expired is none. An exception on the blacklist (``is_exception``) takes nothing from anybody, so it contradicts only a
    client who is blacklisted, whom it cannot let through."""
    await _refuse_twin(edit, name, pattern, entry_id)
    if is_exception:
        if pattern.kind is PatternKind.EXACT:
            await refuse_opposite_standing(edit, name.other, [pattern.number], "number")
        return
    if name is ListName.BLACKLIST and pattern.kind is PatternKind.EXACT:
        await refuse_protected(edit, company, [pattern.number], "number")
    for entry in await _opposite_entries(edit, name.other, pattern, now):
        raise opposite_entry(name.other, entry, "number")
    if pattern.kind is PatternKind.EXACT:
        await refuse_opposite_standing(edit, name, [pattern.number], "number")


async def refuse_protected(edit: Edit, company: Company, numbers: Iterable[str], field: str) -> None:
    """Raises :class:`ProtectedNumber` when one of ``numbers`` cannot be blocked."""
    protected = await protected_numbers(edit, company)
    for number in numbers:
        if why := protected.get(number):
            raise ProtectedNumber(CannotBeBlocked(number, why), field=field)


async def protected_numbers(edit: Edit, company: Company) -> dict[str, Protection]:
    """Every number that cannot be blocked, with the reason: chosen by the company, an operator's, a line's."""
    lines = await edit.session.execute(
        select(LineRecord.number, LineRecord.label).where(LineRecord.tenant_id == edit.tenant_id)
    )
    operators = await edit.session.execute(
        select(OperatorRecord.address, OperatorRecord.name).where(
            OperatorRecord.tenant_id == edit.tenant_id, OperatorRecord.address.startswith("+")
        )
    )
    protected: dict[str, Protection] = dict.fromkeys(company.protected, ChosenByCompany())
    protected |= {address: OperatorsNumber(name) for address, name in operators.all()}
    return protected | {number: OwnLine(label) for number, label in lines.all()}


async def refuse_opposite_standing(
    edit: Edit, name: ListName, numbers: list[str], field: str, client_id: str | None = None
) -> None:
    """Raises :class:`Conflict` when one of ``numbers`` is the very own number of a client whose standing says
    the opposite of the list ``name``; ``client_id`` is the client that is being saved."""
    query = (
        select(ClientNumber.number, ClientCard.id, ClientCard.name)
        .join(ClientCard, (ClientCard.tenant_id == ClientNumber.tenant_id) & (ClientCard.id == ClientNumber.client_id))
        .where(
            ClientNumber.tenant_id == edit.tenant_id,
            ClientNumber.number.in_(numbers),
            ClientNumber.shared.is_(False),
            ClientCard.standing == name.other.standing.value,
            ClientCard.id != (client_id or ""),
        )
    )
    for number, other_id, other_name in (await edit.session.execute(query.limit(1))).all():
        raise _error(name.other)(ClientSaysOtherwise(number, other_id, other_name, name.other), field=field)


async def refuse_opposite_numbers(edit: Edit, name: ListName, numbers: list[str], field: str, now: datetime) -> None:
    """Raises :class:`Conflict` when one of ``numbers`` stands, as that exact number, on the opposite of the
    list ``name``."""
    model = name.other.model
    for entry in await _entries(
        edit, name.other, model.match == "exact", model.number.in_(numbers), living(model, now)
    ):
        if getattr(entry, "treatment", None) == Treatment.ALLOW.value:
            continue
        raise opposite_entry(name.other, entry, field)


def opposite_entry(name: ListName, entry: Entry, field: str) -> Conflict:
    """The conflict with ``entry``, which stands on the list ``name``."""
    return _error(name)(OnTheOtherList(_listed(name, entry)), field=field)


def _listed(name: ListName, entry: Entry) -> ListedEntry:
    return ListedEntry(entry.id, name, Pattern(PatternKind(entry.match), entry.number, entry.to), entry.label)


def _error(name: ListName) -> type[Conflict]:
    return VipIsListed if name is ListName.VIP else BlacklistIsListed


async def _refuse_twin(edit: Edit, name: ListName, pattern: Pattern, entry_id: str | None) -> None:
    model = name.model
    same = (model.match == pattern.kind.value) & (model.number == pattern.number)
    not_this = model.id != (entry_id or "")
    for twin in await _entries(edit, name, same, model.to.is_not_distinct_from(pattern.to), not_this):
        expires = twin.expires_at.date() if twin.expires_at else None
        raise AlreadyListed(OnThisList(_listed(name, twin), expires), field="number")


async def _opposite_entries(edit: Edit, name: ListName, pattern: Pattern, now: datetime) -> list[Entry]:
    """The living entries of the list ``name`` that would decide equally well on a number which ``pattern`` covers too."""
    model = name.model
    same = (model.match == pattern.kind.value) & (model.number == pattern.number)
    candidates: list[ColumnElement[bool]] = [same & model.to.is_not_distinct_from(pattern.to)]
    if pattern.kind is PatternKind.RANGE:
        digits = 1 + pattern.specificity
        ends = {pattern.number[:digits], (pattern.to or pattern.number)[:digits]}
        candidates += [model.match == "range", (model.match == "prefix") & model.number.in_(ends)]
    elif pattern.kind is PatternKind.PREFIX:
        candidates.append((model.match == "range") & model.number.startswith(pattern.number[:2]))
    entries = await _entries(edit, name, or_(*candidates), living(model, now))
    return [
        entry
        for entry in entries
        if getattr(entry, "treatment", None) != Treatment.ALLOW.value
        and tie(pattern, Pattern(PatternKind(entry.match), entry.number, entry.to))
    ]


async def _entries(edit: Edit, name: ListName, *conditions: ColumnElement[bool]) -> list[Entry]:
    query = select(name.model).where(name.model.tenant_id == edit.tenant_id, *conditions)
    return cast(list[Entry], (await edit.session.scalars(query)).all())


def living(model: type[VipEntry] | type[BlacklistEntry], now: datetime) -> ColumnElement[bool]:
    """The condition that an entry has not expired."""
    return or_(model.expires_at.is_(None), model.expires_at > now)


def tie(one: Pattern, other: Pattern) -> bool:
    """Whether there are numbers on which two entries would decide equally well."""
    return one.specificity == other.specificity and (one == other or _overlap(one, other))


def _overlap(one: Pattern, other: Pattern) -> bool:
    if one.kind is PatternKind.RANGE and other.kind is PatternKind.RANGE:
        one_to, other_to = one.to or one.number, other.to or other.number
        return len(one.number) == len(other.number) and one.number <= other_to and other.number <= one_to
    if other.kind is PatternKind.RANGE and one.kind is PatternKind.PREFIX:
        return _overlap(other, one)
    if one.kind is PatternKind.RANGE and other.kind is PatternKind.PREFIX:
        digits = len(other.number)
        return one.number[:digits] <= other.number <= (one.to or one.number)[:digits]
    return False
