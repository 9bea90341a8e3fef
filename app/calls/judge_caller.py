"""Judge the caller of a call: put the number on a list, take it off the blacklist, and take either back."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from app.base import limits
from app.base.errors import NotAllowed, NotFound, Unprocessable
from app.base.language import day_and_time
from app.base.language import gettext as _
from app.base.problems.calls import CallFault
from app.base.problems.requests import RequestFault
from app.edits.edit import Edit
from app.lists.edit_entries import SavedEntry, add_entry, delete_entry
from app.lists.entry import entry_form
from app.lists.restore_entry import restore_entry
from app.plan.clients_calling import clients_of
from app.plan.rows import Row, as_row
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of
from filters.caller_id import CallerKind
from filters.list_entry import Treatment
from filters.pattern import PatternKind
from filters.subscription import SubscriptionState
from models import BlacklistEntry, CallRecord, VipEntry
from models.list_name import ListName
from routing.reasons import ReasonCode


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is noted besides the number; None: what the call tells. ``more`` are further fields of
    :class:`app.lists.entry.EntryIn`."""

    label: str | None = None
    reason: str | None = None
    more: dict[str, object] = field(default_factory=dict)


async def list_caller(
    edit: Edit, name: ListName, call: CallRecord, tenant: TenantRows, judgement: Judgement, now: datetime
) -> SavedEntry:
    """Put the caller's very number on the list ``name``. The audit trail says from which call.

    Raises :class:`Unprocessable` for a caller without a number, and as
    :func:`app.lists.edit_entries.add_entry`.
    """
    digits = digits_of(call) if name is ListName.BLACKLIST else None
    number = digits or number_of(call)
    edit.occasion = occasion_of(call)
    label = judgement.label if judgement.label is not None else name_of(call, tenant)
    reason = judgement.reason if judgement.reason is not None else reason_from(call, tenant)
    exception = await blocked_exactly(edit, number) if name is ListName.BLACKLIST else None
    if exception is not None and exception.treatment == Treatment.ALLOW.value:
        await delete_entry(edit, name, exception.id)
    form = entry_form(
        name, number=number, label=label[: limits.NAME], reason=reason[: limits.TEXT],
        **({"evidence_call_id": call.call_id} | judgement.more),
    )  # fmt: skip
    return await add_entry(edit, name, form, now, digits)


async def unlist_caller(edit: Edit, name: ListName, call: CallRecord, entry_id: str, *, may_judge: bool) -> Row:
    """Take back :func:`list_caller`, from this call or another one: the entry of the caller's very number goes. Somebody who
    may not judge callers takes back only what they listed themselves. Returns the entry as it was. Raises
    :class:`NotFound`, and :class:`NotAllowed`."""
    entry = await exact_entry(edit, name, number_of(call))
    if entry is None or entry.id != entry_id:
        raise NotFound(RequestFault.NOT_FOUND)
    if entry.created_by != edit.actor and not may_judge:
        raise NotAllowed(CallFault.SOMEBODY_ELSE_LISTED)
    before = as_row(entry)
    edit.occasion = occasion_of(call)
    await delete_entry(edit, name, entry_id)
    return before


@dataclass(frozen=True, slots=True)
class LetThrough:
    """How a caller was let through: the entry of that very number taken off, as ``row`` was, or ``exception``: an exception
    added inside what blocks more than this number; then ``row`` is it, or the entry that was in its place."""

    row: Row
    exception: bool = False


async def allow_caller(edit: Edit, call: CallRecord, tenant: TenantRows, now: datetime) -> LetThrough:
    """Take the caller's very number off the blacklist; where something wider blocks it, make an exception of it. A client's
    standing stays. Raises :class:`NotFound` when nothing blocks the number, and as
    :func:`app.lists.edit_entries.add_entry`."""
    number = digits_of(call) or number_of(call)
    entry = await blocked_exactly(edit, number)
    edit.occasion = occasion_of(call)
    if entry is not None and entry.treatment == Treatment.ALLOW.value:
        raise NotFound(CallFault.NOT_ON_THE_BLACKLIST_ITSELF)
    of_others = any(
        one.state is SubscriptionState.ACTIVE and one.numbers.naming(number, now) is not None
        for one in tenant.lists.subscriptions
    )
    wider = [one for one in tenant.lists.blacklist.naming(number) if one.pattern.kind is not PatternKind.EXACT]
    row: Row | None = None
    if entry is not None:
        row = {"id": entry.id, "number": entry.number, "match": entry.match, "to": entry.to, "label": entry.label}
        await delete_entry(edit, ListName.BLACKLIST, entry.id)
        if not of_others and (not wider or wider[0].treatment is Treatment.ALLOW):
            return LetThrough(row)
    elif not wider and not of_others:
        raise NotFound(CallFault.NOT_ON_THE_BLACKLIST_ITSELF)
    form = entry_form(
        ListName.BLACKLIST, number=number, label=name_of(call, tenant)[: limits.NAME], treatment=Treatment.ALLOW,
        reason=reason_from(call, tenant), evidence_call_id=call.call_id,
    )  # fmt: skip
    exception = (await add_entry(edit, ListName.BLACKLIST, form, now)).row
    return LetThrough(row or exception, exception=True)


async def block_again(edit: Edit, call: CallRecord, entry_id: str, now: datetime) -> Row:
    """Take back :func:`allow_caller`. Raises as :func:`app.lists.restore_entry.restore_entry`."""
    edit.occasion = occasion_of(call)
    exception = await blocked_exactly(edit, digits_of(call) or number_of(call))
    if exception is not None and exception.treatment == Treatment.ALLOW.value and exception.created_by == edit.actor:
        await delete_entry(edit, ListName.BLACKLIST, exception.id)
        if exception.id == entry_id:
            return {"number": exception.number, "label": exception.label}
    row = await restore_entry(edit, ListName.BLACKLIST, entry_id, now)
    if row["number"] != (digits_of(call) or number_of(call)):
        raise NotFound(RequestFault.NOT_FOUND)
    return row


async def exact_entry(edit: Edit, name: ListName, number: str) -> VipEntry | BlacklistEntry | None:
    """The entry of that very number, or None."""
    model = name.model
    entry: VipEntry | BlacklistEntry | None = await edit.session.scalar(
        select(model).where(
            model.tenant_id == edit.tenant_id, model.match == PatternKind.EXACT.value, model.number == number
        )
    )
    return entry


async def blocked_exactly(edit: Edit, number: str) -> BlacklistEntry | None:
    """The blacklist's entry of that very number, also an exception; or None."""
    entry = await exact_entry(edit, ListName.BLACKLIST, number)
    return entry if isinstance(entry, BlacklistEntry) else None


def number_of(call: CallRecord) -> str:
    """The caller's number. Raises :class:`Unprocessable` when there was none."""
    if call.caller_number is None:
        raise Unprocessable(CallFault.NO_NUMBER_TO_LIST, field="number")
    return call.caller_number


def digits_of(call: CallRecord) -> str | None:
    """What a caller showed who has no number of any country, and can be blocked as that; None for all others."""
    if (
        call.caller_kind not in (CallerKind.SHORT_CODE, CallerKind.UNREADABLE)
        or call.reason_code == ReasonCode.PROTECTED
    ):
        return None
    return call.caller_address or None


def name_of(call: CallRecord, tenant: TenantRows) -> str:
    """Who it was: the client's name, else what the network called them."""
    clients = clients_of(call, tenant)
    return str(clients[0]["name"]) if len(clients) == 1 else call.caller_name


def reason_from(call: CallRecord, tenant: TenantRows) -> str:
    """Where the entry comes from, for whoever reads the list later."""
    return _("From the call of %(moment)s", moment=day_and_time(call.started_at, zone_of(call, tenant)))


def occasion_of(call: CallRecord) -> str:
    """How the audit trail names the call."""
    return f"from call {call.call_id}"
