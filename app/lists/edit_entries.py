"""Add, change and take off entries of the VIP list and the blacklist. Pages, the API and imports all come through here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.entries import EntryFault
from app.base.problems.numbers import PatternNotRead
from app.base.problems.reach import EntryWarning
from app.base.text import refuse_unstorable
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, save, take_turn
from app.edits.named_lines import named_lines
from app.lists.conflicts import refuse_conflicts
from app.lists.entry import FORMS, PATTERN_FIELDS, BlacklistIn, EntryIn, entry_form
from app.lists.reach import warnings_about
from app.lists.vip_pins import NewPin, keep_pin, pin_of
from app.plan.rows import Row
from filters.list_entry import Treatment
from filters.number import E164, NumberFault, is_blockable_code
from filters.pattern import Pattern, PatternKind, PatternUnreadable, read_pattern
from models import BlacklistEntry, CallRecord, Company, LineRecord, UserAccount, VipEntry
from models.list_name import ListName


@dataclass(frozen=True, slots=True)
class SavedEntry:
    """The entry's row, and what the person who saved it ought to know about its reach."""

    row: Row
    warnings: list[EntryWarning]
    has_pin: bool = False


async def add_entry(
    edit: Edit, name: ListName, form: EntryIn, now: datetime, digits: str | None = None, pin: NewPin | None = None
) -> SavedEntry:
    """Put an entry on a list; ``now`` (UTC) is what an expiry is measured by. ``digits`` are those of a caller who showed no
    number, and are taken as they are. ``pin`` is a VIP's.

    Raises :class:`Unprocessable` naming the field, or a :class:`Conflict` that says with which entry
    and whose.
    """
    await take_turn(edit)
    return await _with_pin(edit, name, await _save(edit, name, form, now, None, digits), pin)


async def judge_entry(edit: Edit, name: ListName, form: EntryIn, now: datetime) -> tuple[Pattern, list[EntryWarning]]:
    """What :func:`add_entry` would make of ``form``: the pattern, and what it covers by the way. Nothing is saved and
    nobody waits, so it holds for this moment only. Raises as :func:`add_entry`."""
    company = await edit.session.get_one(Company, edit.tenant_id)
    pattern, _ = await _read(edit, name, form, company)
    await refuse_conflicts(edit, name, pattern, company, now, None, is_exception=_is_exception(form))
    return pattern, await _warnings(edit, name, form, pattern, company)


async def change_entry(
    edit: Edit, name: ListName, entry_id: str, changes: Mapping[str, object], now: datetime, pin: NewPin | None = None
) -> SavedEntry:
    """Give the fields of :class:`app.lists.entry.EntryIn` in ``changes`` new values, and a ``pin``, if any is given;
    everything is checked as for a new entry, but an expiry that is not touched may have passed. Raises as
    :func:`add_entry`, and :class:`NotFound`."""
    await take_turn(edit)
    record = await find_or_404(edit, name.model, entry_id)
    as_it_is: Row = {key: getattr(record, key) for key in FORMS[name].model_fields if hasattr(record, key)}
    if "match" in changes and changes["match"] is not PatternKind.RANGE:
        as_it_is["to"] = None
    saved = await _save(edit, name, entry_form(name, **(as_it_is | dict(changes))), now, record)
    return await _with_pin(edit, name, saved, pin)


async def delete_entry(edit: Edit, name: ListName, entry_id: str) -> None:
    """Take an entry off its list, with its PIN. Raises :class:`NotFound`."""
    await take_turn(edit)
    record = await find_or_404(edit, name.model, entry_id)
    if name is ListName.VIP:
        await keep_pin(edit, entry_id, NewPin(None))
    await edit.record_deleted(record)


async def _with_pin(edit: Edit, name: ListName, saved: SavedEntry, pin: NewPin | None) -> SavedEntry:
    if name is not ListName.VIP:
        return saved
    if pin is not None:
        await keep_pin(edit, saved.row["id"], pin)
    return replace(saved, has_pin=await pin_of(edit, saved.row["id"]) is not None)


async def _save(
    edit: Edit, name: ListName, form: EntryIn, now: datetime, record: VipEntry | BlacklistEntry | None,
    digits: str | None = None,
) -> SavedEntry:  # fmt: skip
    company = await edit.session.get_one(Company, edit.tenant_id)
    if record is not None and (form.number, form.match) == (record.number, PatternKind.EXACT):
        digits = None if E164.fullmatch(record.number) else record.number  # listed from a call, and left as it is
    pattern, lines = await _read(edit, name, form, company, digits)
    if form.expires_at is not None and (record is None or form.expires_at != record.expires_at):
        _check_expiry(form.expires_at, now)
    await _check_review(edit, form, now, record)
    await refuse_conflicts(
        edit, name, pattern, company, now, record.id if record else None, is_exception=_is_exception(form)
    )
    typed = form.model_dump(exclude={*PATTERN_FIELDS, "pin"}).items()
    fields: Row = {
        "match": pattern.kind.value, "number": pattern.number, "to": pattern.to, "lines": [line.id for line in lines],
        **{key: value.strip() if isinstance(value, str) else value for key, value in typed},
    }  # fmt: skip
    if record is None:
        fields["created_by"] = edit.actor
    row = await save(edit, name.model, fields, record)
    return SavedEntry(row, await _warnings(edit, name, form, pattern, company))


async def _warnings(
    edit: Edit, name: ListName, form: EntryIn, pattern: Pattern, company: Company
) -> list[EntryWarning]:
    """An exception keeps nobody out, so nobody need be warned of it."""
    return [] if _is_exception(form) else await warnings_about(edit, name, pattern, company)


def _is_exception(form: EntryIn) -> bool:
    return isinstance(form, BlacklistIn) and form.treatment is Treatment.ALLOW


async def _read(
    edit: Edit, name: ListName, form: EntryIn, company: Company, digits: str | None = None
) -> tuple[Pattern, list[LineRecord]]:
    lines = await named_lines(edit, form.lines, form.country or company.country)
    country = form.country or (lines[0].country if lines else company.country)
    if digits is not None:
        return Pattern(PatternKind.EXACT, digits), lines
    try:
        return read_pattern(form.match, form.number, form.to, country), lines
    except PatternUnreadable as error:
        if (
            name is ListName.BLACKLIST
            and form.match is PatternKind.EXACT
            and error.fault is NumberFault.SHORT_CODE
            and is_blockable_code(error.text, error.country)
        ):
            return Pattern(PatternKind.EXACT, error.text), lines
        raise Unprocessable(PatternNotRead.of(error), field=error.field) from error


async def _check_review(edit: Edit, form: EntryIn, now: datetime, record: VipEntry | BlacklistEntry | None) -> None:
    """An owner and a call must be there when they are named; one that has gone since may stay."""
    if form.review_at is not None and form.review_at > now + limits.EXPIRY:
        raise Unprocessable(EntryFault.REVIEW_TOO_FAR_AWAY, field="review_at")
    form.owner, form.evidence_call_id = (
        (form.owner or "").strip() or None,
        (form.evidence_call_id or "").strip() or None,
    )
    refuse_unstorable(form.owner, "owner")
    refuse_unstorable(form.evidence_call_id, "evidence_call_id")
    if form.owner and (record is None or form.owner != record.owner):
        person = select(UserAccount.email).where(
            UserAccount.tenant_id == edit.tenant_id, func.lower(UserAccount.email) == form.owner.lower()
        )
        form.owner = await edit.session.scalar(person)
        if form.owner is None:
            raise Unprocessable(EntryFault.OWNER_UNKNOWN, field="owner")
    if form.evidence_call_id and (record is None or form.evidence_call_id != record.evidence_call_id):
        key = {"tenant_id": edit.tenant_id, "call_id": form.evidence_call_id}
        if await edit.session.get(CallRecord, key) is None:
            raise Unprocessable(EntryFault.EVIDENCE_UNKNOWN, field="evidence_call_id")


def _check_expiry(expires_at: datetime, now: datetime) -> None:
    if expires_at.tzinfo is None:
        raise Unprocessable(EntryFault.EXPIRY_WITHOUT_ZONE, field="expires_at")
    if expires_at <= now:
        raise Unprocessable(EntryFault.EXPIRY_IN_THE_PAST, field="expires_at")
    if expires_at > now + limits.EXPIRY:
        raise Unprocessable(EntryFault.EXPIRY_TOO_FAR_AWAY, field="expires_at")
