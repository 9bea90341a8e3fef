"""What somebody who saves a wide entry ought to know: whom else it covers."""

import phonenumbers
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.base.problems.reach import CoversOthers, CoversOwnCountry, CoversProtected, EntryWarning
from app.edits.edit import Edit
from app.lists.conflicts import protected_numbers
from filters.pattern import Pattern, PatternKind
from models import ClientCard, ClientNumber, Company, LineRecord
from models.list_name import ListName

_NAMED_AT_MOST = 3


async def warnings_about(edit: Edit, name: ListName, pattern: Pattern, company: Company) -> list[EntryWarning]:
    """One for each group of numbers that a prefix, a range or a country covers by the way. An exact entry covers
    nobody else."""
    if pattern.kind is PatternKind.EXACT:
        return []
    warnings: list[EntryWarning] = []
    if name is ListName.BLACKLIST and await _is_own_country(edit, pattern, company):
        warnings.append(CoversOwnCountry(pattern.number))
    kept = sorted(number for number in await protected_numbers(edit, company) if pattern.covers(number))
    if kept and name is ListName.BLACKLIST:
        warnings.append(CoversProtected(len(kept), tuple(kept[:_NAMED_AT_MOST])))
    clients, of_them = await _clients(edit, name, pattern)
    opposite = of_them + await _opposite_entries(edit, name, pattern)
    if clients or opposite:
        warnings.append(CoversOthers(name, clients, opposite))
    return warnings


async def _is_own_country(edit: Edit, pattern: Pattern, company: Company) -> bool:
    """Whether it is the company's country, or that of a line. No prefix covers a whole one."""
    if pattern.kind is not PatternKind.COUNTRY:
        return False
    lines = await edit.session.scalars(select(LineRecord.country).where(LineRecord.tenant_id == edit.tenant_id))
    return pattern.number in {company.country, *lines}


async def _clients(edit: Edit, name: ListName, pattern: Pattern) -> tuple[int, int]:
    """How many clients are covered, and how many of those have the opposite standing."""
    query = (
        select(ClientNumber.number, ClientCard.id, ClientCard.standing)
        .join(ClientCard, (ClientCard.tenant_id == ClientNumber.tenant_id) & (ClientCard.id == ClientNumber.client_id))
        .where(ClientNumber.tenant_id == edit.tenant_id, covered(ClientNumber.number, pattern))
    )
    found = [row for row in (await edit.session.execute(query)).all() if pattern.covers(row.number)]
    opposite = {row.id for row in found if row.standing == name.other.standing.value}
    return len({row.id for row in found}), len(opposite)


async def _opposite_entries(edit: Edit, name: ListName, pattern: Pattern) -> int:
    """How many exact entries of the other list are covered."""
    model = name.other.model
    those = (model.tenant_id == edit.tenant_id, model.match == "exact", covered(model.number, pattern))
    if pattern.kind is PatternKind.COUNTRY and _shares_its_calling_code(pattern.number):
        numbers = await edit.session.scalars(select(model.number).where(*those))
        return sum(pattern.covers(number) for number in numbers.all())
    return await edit.session.scalar(select(func.count()).select_from(model).where(*those)) or 0


def covered(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], pattern: Pattern
) -> ColumnElement[bool]:
    """The numbers that ``pattern`` covers; for a country that shares its calling code, those of all of them."""
    match pattern.kind:
        case PatternKind.EXACT:
            exactly: ColumnElement[bool] = column == pattern.number
            return exactly
        case PatternKind.COUNTRY:
            return column.startswith(f"+{phonenumbers.country_code_for_region(pattern.number)}")
        case PatternKind.RANGE:
            same_length: ColumnElement[bool] = func.length(column) == len(pattern.number)
            ordered = column.collate("C")
            within: ColumnElement[bool] = same_length & (ordered >= pattern.number) & (ordered <= pattern.to)
            return within
        case _:
            return column.startswith(pattern.number)


def _shares_its_calling_code(country: str) -> bool:
    return len(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[phonenumbers.country_code_for_region(country)]) > 1
