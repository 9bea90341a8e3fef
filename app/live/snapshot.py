"""What goes on at this moment in a company, put together once for the page, the wall and the API.

Who waits where, and who is rung, is known in memory; names, states and the day's figures come from the table of calls, in a
fixed number of questions however many calls there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.calls.call_outcome import operator_name
from app.calls.missed_calls import hidden, missed
from app.calls.operator_now import OperatorNow, operators_now
from app.company.queue_waiting import Class, class_of
from app.event_log.open_calls import OpenCall
from app.event_log.read_decision import decision_of
from app.event_log.records import BOOTH
from app.event_log.stored_decision import StoredDecision
from app.fake_queue.cost import Tariff, tariff_of
from app.fake_queue.held_calls import Held, MonthHeld, held_by_month, held_now
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.reports.call_report import SERVICE_LEVEL_SECONDS, By, Figures, Period, call_report, total
from app.switchboard import Switchboard
from app.words.actor_words import person
from models import Callback, CallRecord
from models.callback import CallbackReason, CallbackState
from routing.actions import Connect, Menu
from routing.call_queue import in_order
from routing.lifecycle import CallState
from routing.presence import PresenceState
from routing.reasons import OF_VIPS

_STILL_OPEN: Final = timedelta(hours=5)
_MOST_CALLS: Final = 2000
_MISSED_SHOWN: Final = 10
_CALLBACKS_SHOWN: Final = 20
_DECISIONS_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A running call. ``caller`` is a name, or what identifies the caller. ``state`` is ``waiting``, ``ringing``, ``menu``
    or ``answered``, ``since`` when that began; ``offered_to`` are the operators (ids) whose telephones ring for it."""

    call_id: str
    caller: str
    address: str
    is_vip: bool
    line: str
    state: str
    since: datetime
    queue_id: str | None = None
    of_class: Class = "ordinary"
    offered_to: tuple[str, ...] = ()
    operator_id: str | None = None


@dataclass(frozen=True, slots=True)
class LiveQueue:
    """A queue: how many wait, since when the first of them, how many operators of it are free, and its figures of today."""

    queue_id: str
    name: str
    waiting: int
    longest_since: datetime | None
    free: int
    today: Figures


@dataclass(frozen=True, slots=True)
class MissedVip:
    """A VIP who was missed today."""

    call_id: str
    caller: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenCallback:
    """A caller who is still to be called: by when, and whether that is over. ``owner`` is a name; empty: nobody yet."""

    callback_id: str
    caller: str
    is_vip: bool
    due_at: datetime
    is_late: bool
    owner: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A call that was decided lately."""

    call_id: str
    caller: str
    at: datetime
    decision: StoredDecision


@dataclass(frozen=True, slots=True)
class LiveNow:
    """The snapshot. ``waiting`` are in the order in which they are served, queue by queue; ``running`` are the others."""

    at: datetime
    queues: tuple[LiveQueue, ...]
    waiting: tuple[LiveCall, ...]
    running: tuple[LiveCall, ...]
    operators: tuple[OperatorNow, ...]
    held: tuple[Held, ...]
    tariff: Tariff
    month: MonthHeld
    today: Figures
    missed_vips: tuple[MissedVip, ...]
    callbacks: tuple[OpenCallback, ...]
    decided: tuple[Decided, ...]

    @property
    def free(self) -> int:
        """How many operators could be rung now."""
        return sum(_is_free(one) for one in self.operators)

    @property
    def talking(self) -> int:
        """How many calls somebody has taken."""
        return sum(call.state == CallState.ANSWERED.value for call in self.running)

    @property
    def longest_since(self) -> datetime | None:
        """Since when whoever waits longest waits."""
        return min((call.since for call in self.waiting), default=None)


async def live_now(board: Switchboard, session: AsyncSession, tenant: TenantRows) -> LiveNow:
    """The company's snapshot."""
    now, zone, tariff = board.clock(), zone_of_company(tenant), await tariff_of(session, tenant)
    operators = tuple(operators_now(tenant.plan, board.open_calls, now)) if tenant.plan else ()
    waiting, running = await _calls(board, session, tenant, now)
    day = now.astimezone(zone).date()
    period = Period.of_days(day, day, zone)
    groups = await call_report(session, tenant.tenant_id, By.QUEUE, period, zone)
    held = await held_now(session, tenant.tenant_id, tariff, now)
    (month,) = await held_by_month(session, tenant, tariff, now, months=1)
    figures = {group.key: group.figures for group in groups}
    return LiveNow(
        now, _queues(tenant, waiting, operators, figures), waiting, running, operators, tuple(held), tariff, month,
        total(groups), await _missed_vips(session, tenant, period.begin),
        await _callbacks(session, tenant, now), await _decided(session, tenant, now),
    )  # fmt: skip


async def _calls(
    board: Switchboard, session: AsyncSession, tenant: TenantRows, now: datetime
) -> tuple[tuple[LiveCall, ...], tuple[LiveCall, ...]]:
    calls = CallRecord
    query = (
        select(
            calls.call_id, calls.caller_address, calls.caller_name, calls.client_id, calls.line_number, calls.state,
            calls.reason_code, calls.action, calls.started_at, calls.answered_at, calls.answered_by,
            calls.decision["matches"][0]["label"].as_string().label("listed"),
        )
        .where(
            calls.tenant_id == tenant.tenant_id, calls.state != CallState.ENDED.value, not_(hidden()),
            calls.provider != BOOTH, calls.started_at > now - _STILL_OPEN,
        )
        .order_by(calls.started_at)
        .limit(_MOST_CALLS)
    )  # fmt: skip
    waiting, running = {}, []
    for row in await session.execute(query):
        known = board.open_calls.of_call(tenant.tenant_id, row.call_id)
        is_vip = row.reason_code in OF_VIPS
        name = _client(tenant, row.client_id) or (row.listed if is_vip else "") or row.caller_name or row.caller_address
        place = known.queue.place if known is not None and known.queue is not None else None
        offers: tuple[str, ...] = ()
        if row.state == CallState.ANSWERED or (known is not None and known.answered_by is not None):
            by = row.answered_by or (known.answered_by if known else None)
            since = row.answered_at or row.started_at
            state, of_class, queue_id = "answered", class_of(0), None
        elif place is not None and known is not None and known.queue is not None:
            by, since, queue_id, of_class = None, place.since, place.queue_id, class_of(place.priority)
            offers = tuple(sorted(known.queue.offers))
            state = "ringing" if offers else "waiting"
        else:
            by, since, queue_id, of_class = None, row.started_at, None, class_of(0)
            state = {Menu.name: "menu", Connect.name: "ringing"}.get(row.action, "waiting")
        call = LiveCall(
            row.call_id, name, row.caller_address, is_vip, row.line_number, state, since, queue_id, of_class, offers, by
        )
        if queue_id is not None:
            waiting[row.call_id] = call
        else:
            running.append(call)
    return _as_served(board, tenant, waiting, now), tuple(running)


def _as_served(
    board: Switchboard, tenant: TenantRows, waiting: dict[str, LiveCall], now: datetime
) -> tuple[LiveCall, ...]:
    """Queue by queue, and in each as they are served."""
    by_queue: dict[str, list[OpenCall]] = {}
    for one in board.open_calls.served(tenant.tenant_id):
        if one.call_id in waiting and one.queue is not None and one.queue.place is not None:
            by_queue.setdefault(one.queue.place.queue_id, []).append(one)
    names = {row["id"]: row["name"] for row in tenant.rows["queue"].values()}
    served: list[LiveCall] = []
    for queue_id in sorted(by_queue, key=lambda one: (names.get(one, ""), one)):
        places = [
            one.queue.place for one in by_queue[queue_id] if one.queue is not None and one.queue.place is not None
        ]
        served += [waiting[place.call_id] for place in in_order(places, now)]
    return tuple(served)


def _queues(
    tenant: TenantRows, waiting: Iterable[LiveCall], operators: Iterable[OperatorNow], figures: dict[str, Figures]
) -> tuple[LiveQueue, ...]:
    plan = tenant.plan
    if plan is None:
        return ()
    since: dict[str, list[datetime]] = {}
    for call in waiting:
        since.setdefault(call.queue_id or "", []).append(call.since)
    free = [plan.operators[one.operator_id] for one in operators if _is_free(one)]
    in_their_order = sorted(plan.queues.values(), key=lambda one: (one.name, one.id))
    return tuple(
        LiveQueue(
            queue.id, queue.name, len(since.get(queue.id, ())), min(since.get(queue.id, ()), default=None),
            sum(queue.id in one.queue_ids for one in free), figures.get(queue.id, Figures()),
        )
        for queue in in_their_order
    )  # fmt: skip


def _is_free(operator: OperatorNow) -> bool:
    return operator.state is PresenceState.AVAILABLE and operator.busy_with is None


async def _missed_vips(session: AsyncSession, tenant: TenantRows, since: datetime) -> tuple[MissedVip, ...]:
    query = (
        select(CallRecord)
        .where(
            CallRecord.tenant_id == tenant.tenant_id, CallRecord.started_at >= since, missed(),
            CallRecord.reason_code.in_(OF_VIPS), CallRecord.provider != BOOTH,
        )
        .order_by(CallRecord.started_at.desc())
        .limit(_MISSED_SHOWN)
    )  # fmt: skip
    return tuple(
        MissedVip(call.call_id, _caller(call, tenant), call.started_at) for call in await session.scalars(query)
    )


async def _callbacks(session: AsyncSession, tenant: TenantRows, now: datetime) -> tuple[OpenCallback, ...]:
    """The open call-backs, VIPs first and then by when they are due."""
    found = await session.scalars(
        select(Callback)
        .where(Callback.tenant_id == tenant.tenant_id, Callback.state == CallbackState.OPEN.value)
        .order_by(Callback.reason != CallbackReason.MISSED_VIP.value, Callback.due_at, Callback.id)
        .limit(_CALLBACKS_SHOWN)
    )
    return tuple(
        OpenCallback(
            one.id, _client(tenant, one.client_id) or one.number, one.reason == CallbackReason.MISSED_VIP, one.due_at,
            one.due_at < now, operator_name(one.owner_id, tenant) or (person(one.taken_by) if one.taken_by else ""),
        )
        for one in found
    )  # fmt: skip


async def _decided(session: AsyncSession, tenant: TenantRows, now: datetime) -> tuple[Decided, ...]:
    query = (
        select(CallRecord)
        .where(
            CallRecord.tenant_id == tenant.tenant_id, CallRecord.provider != BOOTH, CallRecord.started_at <= now,
        )
        .order_by(CallRecord.started_at.desc())
        .limit(_DECISIONS_SHOWN)
    )  # fmt: skip
    return tuple(
        Decided(call.call_id, _caller(call, tenant), call.started_at, decision_of(call))
        for call in await session.scalars(query)
    )


def _caller(call: CallRecord, tenant: TenantRows) -> str:
    decision = decision_of(call)
    listed = next((one.label for one in decision.matches if one.deciding and one.label), "")
    return _client(tenant, call.client_id) or listed or call.caller_name or call.caller_address


def _client(tenant: TenantRows, client_id: str | None) -> str:
    row = tenant.rows["client"].get(client_id or "")
    return str(row["name"]) if row else ""


LATE_AFTER: Final = SERVICE_LEVEL_SECONDS
"""Whoever waits longer is late, in seconds."""
