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
from filters.pattern import PatternKind
from models import BlacklistEntry, CallRecord, VipEntry
from models.list_name import ListName


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
    number = number_of(call)
    edit.occasion = occasion_of(call)
    label = judgement.label if judgement.label is not None else name_of(call, tenant)
    reason = judgement.reason if judgement.reason is not None else reason_from(call, tenant)
    form = entry_form(name, number=number, label=label[: limits.NAME], reason=reason[: limits.TEXT], **judgement.more)
    return await add_entry(edit, name, form, now)


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


async def allow_caller(edit: Edit, call: CallRecord) -> Row:
    """Take the caller's very number off the blacklist; returns the entry as it was. What a wider entry or a client's
    standing says stays. Raises :class:`NotFound`."""
    entry = await exact_entry(edit, ListName.BLACKLIST, number_of(call))
    if entry is None:
        raise NotFound(CallFault.NOT_ON_THE_BLACKLIST_ITSELF)
    edit.occasion = occasion_of(call)
    row = {"id": entry.id, "number": entry.number, "match": entry.match, "to": entry.to, "label": entry.label}
    await delete_entry(edit, ListName.BLACKLIST, entry.id)
    return row


async def block_again(edit: Edit, call: CallRecord, entry_id: str, now: datetime) -> Row:
    """Take back :func:`allow_caller`. Raises as :func:`app.lists.restore_entry.restore_entry`."""
    edit.occasion = occasion_of(call)
    row = await restore_entry(edit, ListName.BLACKLIST, entry_id, now)
    if row["number"] != number_of(call):
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


def number_of(call: CallRecord) -> str:
    """The caller's number. Raises :class:`Unprocessable` when there was none."""
    if call.caller_kind != CallerKind.NUMBER or call.caller_number is None:
        raise Unprocessable(CallFault.NO_NUMBER_TO_LIST, field="number")
    return call.caller_number


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
