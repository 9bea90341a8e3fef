"""Call-backs as they are shown: who it is, why, by when, and whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.base.language import gettext as _
from app.calls.call_notes import notes_of
from app.calls.call_outcome import operator_name
from app.calls.dossier import short_dossier
from app.calls.on_the_lists import standing_of_number
from app.calls.who_is_calling import WhoIsCalling, who_is_calling
from app.event_log.calls_back import CallingBack, CallsBack
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.words.actor_words import person
from app.words.number_words import grouped
from models import Callback, CallRecord
from models.callback import CLOSED_BY_A_CALL, CallbackReason, CallbackState

CLOSED_STAY: Final = 60
"""Seconds that a closed call-back stays on the list of whoever closed it, for the closing to be taken back."""


@dataclass(frozen=True, slots=True)
class CallbackRow:
    """``is_mine`` is whether whoever looks has it, ``can_take`` whether they may take it: nobody has it yet, or somebody
    else. ``owner`` is a name, empty while nobody has taken it. ``calling`` is who calls back at this moment, in words for
    whoever looks; empty while nobody does."""

    callback: Callback
    who: WhoIsCalling
    zone: ZoneInfo
    owner: str
    is_mine: bool
    is_late: bool
    is_blocked: bool
    calling: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.callback.state == CallbackState.OPEN

    @property
    def is_vip(self) -> bool:
        """Whether a VIP waits for it."""
        return self.callback.reason == CallbackReason.MISSED_VIP

    @property
    def why(self) -> str:
        """Why they are to be called."""
        match CallbackReason(self.callback.reason):
            case CallbackReason.PROMISED:
                return _("promised")
            case CallbackReason.QUEUE:
                return _("asked for it in the queue")
            case CallbackReason.MISSED:
                return _("missed")
            case CallbackReason.MISSED_VIP:
                return _("missed VIP")

    @property
    def closing(self) -> str:
        """How it was closed."""
        by = self.callback.closed_by or ""
        if by == CLOSED_BY_A_CALL:
            return _("done: they were on the phone")
        if self.callback.state == CallbackState.CANCELLED:
            return _("cancelled by %(person)s", person=person(by))
        return _("done by %(person)s", person=person(by))


def to_do(who: Principal, now_minus_stay: datetime) -> ColumnElement[bool]:
    """What is still to be done, and what ``who`` has closed a moment ago."""
    just_now = and_(Callback.closed_at > now_minus_stay, Callback.closed_by == who.actor)
    return or_(Callback.state == CallbackState.OPEN.value, just_now)


async def callback_rows(
    session: AsyncSession, who: Principal, tenant: TenantRows, calls_back: CallsBack, now: datetime,
    *conditions: ColumnElement[bool], at_most: int, newest_first: bool = False,
) -> list[CallbackRow]:  # fmt: skip
    """The call-backs that meet ``conditions``: VIPs first, then by when they are due; or those closed last."""
    order = (
        (Callback.closed_at.desc(),)
        if newest_first
        else ((Callback.reason != CallbackReason.MISSED_VIP.value), Callback.due_at, Callback.id)
    )
    found = await session.scalars(
        select(Callback).where(Callback.tenant_id == tenant.tenant_id, *conditions).order_by(*order).limit(at_most)
    )
    return await rows_of(session, list(found), who, tenant, calls_back, now)


async def rows_of(
    session: AsyncSession, callbacks: Sequence[Callback], who: Principal, tenant: TenantRows, calls_back: CallsBack,
    now: datetime,
) -> list[CallbackRow]:  # fmt: skip
    """As ``who`` sees them."""
    wanted = [one.call_id for one in callbacks if one.call_id]
    found = await session.scalars(
        select(CallRecord).where(CallRecord.tenant_id == tenant.tenant_id, CallRecord.call_id.in_(wanted))
    )
    calls = {call.call_id: call for call in found}
    notes = await notes_of(session, tenant.tenant_id, calls)
    rows = []
    for one in callbacks:
        call = calls.get(one.call_id or "")
        caller = (
            who_is_calling(short_dossier(call, tenant, notes.get(call.call_id)), tenant) if call else _of(one, tenant)
        )
        owner = operator_name(one.owner_id, tenant) or (person(one.taken_by) if one.taken_by else "")
        is_mine = one.taken_by == who.actor or (who.operator_id is not None and one.owner_id == who.operator_id)
        is_blocked = standing_of_number(one.number, one.line_id or "", tenant, now).is_blocked
        is_late = one.state == CallbackState.OPEN and one.due_at < now
        calling = _calling(calls_back.of_callback(tenant.tenant_id, one.id), who, tenant, now)
        rows.append(CallbackRow(one, caller, zone_of_company(tenant), owner, is_mine, is_late, is_blocked, calling))
    return rows


def _calling(ring: CallingBack | None, who: Principal, tenant: TenantRows, now: datetime) -> str:
    if ring is None or not ring.goes_on(now):
        return ""
    if ring.operator_id != who.operator_id:
        return _("%(person)s is calling", person=operator_name(ring.operator_id, tenant))
    return _("you are calling") if ring.picked_up else _("your telephone rings for this")


def _of(callback: Callback, tenant: TenantRows) -> WhoIsCalling:
    """Somebody who is to be called without having called."""
    client = tenant.rows["client"].get(callback.client_id or "")
    if client is None:
        return WhoIsCalling("new", _("NEW"), grouped(callback.number))
    return WhoIsCalling("client", _("CLIENT"), client["name"], client["company"])
