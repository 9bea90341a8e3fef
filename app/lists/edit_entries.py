"""Add, change and take off entries of the VIP list and the blacklist. Pages, the API and imports all come through here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from app.base.errors import Unprocessable
from app.base.problems.entries import EntryFault
from app.base.problems.numbers import PatternNotRead
from app.base.problems.reach import EntryWarning
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, save, take_turn
from app.lists.conflicts import refuse_conflicts
from app.lists.reach import warnings_about
from app.plan.rows import Row
from filters.entries import Treatment
from filters.number import NumberUnreadable, read_number
from filters.pattern import Pattern, PatternKind, PatternUnreadable, read_pattern
from models import BlacklistEntry, Company, LineRecord, VipEntry
from models.list_name import ListName

_LATEST_EXPIRY: Final = timedelta(days=100 * 365)


@dataclass(frozen=True, slots=True)
class EntryForm:
    """An entry as typed. ``lines`` are line ids or numbers; national forms are read with the country of the first of
    them, else with ``country``, else with the company's. ``expires_at`` is aware."""

    number: str
    match: PatternKind = PatternKind.EXACT
    to: str | None = None
    label: str = ""
    reason: str = ""
    expires_at: datetime | None = None
    lines: list[str] = field(default_factory=list)
    treatment: Treatment | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class SavedEntry:
    """The entry's row, and what the person who saved it ought to know about its reach."""

    row: Row
    warnings: list[EntryWarning]


async def add_entry(edit: Edit, name: ListName, form: EntryForm, now: datetime) -> SavedEntry:
    """Put an entry on a list; ``now`` (UTC) is what an expiry is measured by.

    Raises :class:`Unprocessable` naming the field, or a :class:`Conflict` that says with which entry
    and whose.
    """
    await take_turn(edit)
    return await _save(edit, name, form, now, None)


async def judge_entry(edit: Edit, name: ListName, form: EntryForm, now: datetime) -> tuple[Pattern, list[EntryWarning]]:
    """What :func:`add_entry` would make of ``form``: the pattern, and what it covers by the way. Nothing is saved and
    nobody waits, so it holds for this moment only. Raises as :func:`add_entry`."""
    company = await edit.session.get_one(Company, edit.tenant_id)
    pattern, _ = await _read(edit, form, company)
    await refuse_conflicts(edit, name, pattern, company, now, None)
    return pattern, await warnings_about(edit, name, pattern, company)


async def change_entry(
    edit: Edit, name: ListName, entry_id: str, changes: Mapping[str, Any], now: datetime
) -> SavedEntry:
    """Give the fields of :class:`EntryForm` in ``changes`` new values; everything is checked as for a new entry, but an
    expiry that is not touched may have passed. Raises as :func:`add_entry`, and :class:`NotFound`."""
    await take_turn(edit)
    record = await find_or_404(edit, name.model, entry_id)
    treatment = getattr(record, "treatment", None)
    as_it_is: Row = {
        "number": record.number, "match": PatternKind(record.match), "to": record.to, "label": record.label,
        "reason": record.reason, "expires_at": record.expires_at, "lines": record.lines,
        "treatment": Treatment(treatment) if treatment else None,
    }  # fmt: skip
    if "match" in changes and changes["match"] is not PatternKind.RANGE:
        as_it_is["to"] = None
    return await _save(edit, name, EntryForm(**(as_it_is | dict(changes))), now, record)


async def delete_entry(edit: Edit, name: ListName, entry_id: str) -> None:
    """Take an entry off its list. Raises :class:`NotFound`."""
    await take_turn(edit)
    await edit.record_deleted(await find_or_404(edit, name.model, entry_id))


async def _save(
    edit: Edit, name: ListName, form: EntryForm, now: datetime, record: VipEntry | BlacklistEntry | None
) -> SavedEntry:
    company = await edit.session.get_one(Company, edit.tenant_id)
    pattern, lines = await _read(edit, form, company)
    if form.expires_at is not None and (record is None or form.expires_at != record.expires_at):
        _check_expiry(form.expires_at, now)
    await refuse_conflicts(edit, name, pattern, company, now, record.id if record else None)
    fields: Row = {
        "match": pattern.kind.value, "number": pattern.number, "to": pattern.to, "label": form.label.strip(),
        "reason": form.reason.strip(), "expires_at": form.expires_at, "lines": [line.id for line in lines],
    }  # fmt: skip
    if name is ListName.BLACKLIST:
        fields["treatment"] = form.treatment.value if form.treatment else None
    if record is None:
        fields["created_by"] = edit.actor
    row = await save(edit, name.model, fields, record)
    return SavedEntry(row, await warnings_about(edit, name, pattern, company))


async def _read(edit: Edit, form: EntryForm, company: Company) -> tuple[Pattern, list[LineRecord]]:
    lines = await _lines(edit, form.lines, form.country or company.country)
    country = lines[0].country if lines else form.country or company.country
    try:
        return read_pattern(form.match, form.number, form.to, country), lines
    except PatternUnreadable as error:
        raise Unprocessable(PatternNotRead(error), field=error.field) from error


async def _lines(edit: Edit, texts: list[str], country: str) -> list[LineRecord]:
    if not texts:
        return []
    all_lines = (await edit.session.scalars(select(LineRecord).where(LineRecord.tenant_id == edit.tenant_id))).all()
    by_name = {line.id: line for line in all_lines} | {line.number: line for line in all_lines}
    chosen: dict[str, LineRecord] = {}
    for text in texts:
        line = by_name.get(text) or by_name.get(_number_or_nothing(text, country))
        if line is None:
            raise Unprocessable(EntryFault.UNKNOWN_LINE, field="lines")
        chosen[line.id] = line
    return list(chosen.values())


def _number_or_nothing(text: str, country: str) -> str:
    try:
        return read_number(text, country)
    except NumberUnreadable:
        return ""


def _check_expiry(expires_at: datetime, now: datetime) -> None:
    if expires_at.tzinfo is None:
        raise Unprocessable(EntryFault.EXPIRY_WITHOUT_ZONE, field="expires_at")
    if expires_at <= now:
        raise Unprocessable(EntryFault.EXPIRY_IN_THE_PAST, field="expires_at")
    if expires_at > now + _LATEST_EXPIRY:
        raise Unprocessable(EntryFault.EXPIRY_TOO_FAR_AWAY, field="expires_at")


__all__ = ["EntryForm", "ListName", "SavedEntry", "add_entry", "change_entry", "delete_entry"]
