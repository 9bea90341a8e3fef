"""Decides the stored calls of some days by two plans, in a process of its own:
``python -m app.rehearsals.decide_again TENANT REHEARSAL SINCE UNTIL``, with the database and the data folder in the
environment and the company's rows and the changes on standard input.

Every call is decided at its own moment, with the facts that were stored: the caller as sent, name, attestation, who has
forwarded it, and the calls of the number before. Operators count as present, for whoever is at work today says nothing
about last month; nor does a line that is closed by hand; and no cap of the fake queue is reached.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TextIO, assert_never

import asyncpg
import msgspec
import orjson

from app.answering.answer_call import called_line, identity_of, not_rung_for
from app.answering.strangers import Strangers
from app.base.connect import connect
from app.calls.asked_again import as_sent
from app.event_log.recent_calls import RecentCalls
from app.event_log.records import BOOTH
from app.event_log.stored_decision import as_stored
from app.plan.change import Change
from app.plan.plan_file import read_piece
from app.plan.subscribed_files import take_subscribed
from app.plan.tenant_rows import TenantRows
from app.subscriptions import arcep
from filters.attestation import Attestation
from filters.subscribed_numbers import SubscribedNumbers, packed_numbers
from models import SubscriptionRecord
from models.subscription import SubscriptionSource
from routing.actions import Action, Connect, FakeQueue, Menu, Message, Queue, Reject, RingOut, Voicemail
from routing.call import IncomingCall
from routing.findings import Found
from routing.inquiry import Decision
from routing.plan import RoutingPlan
from routing.presence import Presence

_NICENESS: Final = 10
DIFFERENCES_KEPT: Final = 5000
"""More are counted, and not told one by one."""
_AT_ONCE: Final = 500
_OURS: Final = "ours"
_TELL_SECONDS: Final = 0.5

_OF_DAYS: Final = "tenant_id = $1 AND provider <> $2 AND started_at >= $3 AND started_at < $4"
_CALLS: Final = f"""
    SELECT call_id, caller_kind, caller_number, caller_name, caller_address, attestation, forwarded_from, line_number,
        started_at, decision #>> '{{caller,plain}}' IS DISTINCT FROM 'false' AS plain,
        reason_code = '{Found.NOT_RECORDED.value}' OR decision #>> '{{trace,0}}' IS NOT DISTINCT FROM
            '{Found.NOT_RECORDED.value}' AS not_recorded
    FROM call WHERE {_OF_DAYS} ORDER BY started_at, call_id
"""  # noqa: S608  names of ours
_EARLIER: Final = f"SELECT caller_number, call_id, started_at FROM call WHERE {_OF_DAYS} AND caller_number IS NOT NULL"  # noqa: S608
_COUNT: Final = f"SELECT count(*) FROM call WHERE {_OF_DAYS}"  # noqa: S608
_TELL: Final = """
    UPDATE rehearsal SET calls = $3, "of" = $4, different = $5, not_recorded = $6, state = $7, heard_at = now()
    WHERE tenant_id = $1 AND id = $2
"""
_KEEP: Final = """
    INSERT INTO rehearsal_difference (tenant_id, rehearsal_id, place, call_id, before, after)
    SELECT $1, $2, * FROM unnest($3::int[], $4::text[], $5::jsonb[], $6::jsonb[])
"""


@dataclass(slots=True)
class Plan:
    """One of the two plans, and what it makes of strangers."""

    plan: RoutingPlan
    strangers: Strangers = field(default_factory=Strangers)

    def decide(self, row: asyncpg.Record, recent: RecentCalls) -> Decision:
        """What becomes of a stored call at its own moment."""
        at = row["started_at"]
        return self.strangers.decide(call_as_it_was(self.plan, row, recent), self.plan, at)


def call_as_it_was(plan: RoutingPlan, row: asyncpg.Record, recent: RecentCalls) -> IncomingCall:
    """The facts of a stored call."""
    called, number = called_line(plan, row["line_number"]), row["caller_number"]
    sent = as_sent(row["caller_kind"], number or "", row["caller_address"], plain=row["plain"])
    caller = identity_of(plan, sent, called)
    within, at = plan.rules.counted_seconds, row["started_at"]
    counted = bool(within) and number is not None
    return IncomingCall(
        row["call_id"], called, caller, Attestation(row["attestation"]), 1 if caller.number in plan.lines else 0,
        not_rung=not_rung_for(plan, caller, row["forwarded_from"], called), caller_name=row["caller_name"],
        earlier_calls=recent.ages(plan.tenant_id, number, row["call_id"], at, within) if counted else (),
    )  # fmt: skip


def goes_elsewhere(before: Decision, after: Decision) -> bool:
    """Whether a call would come to somebody or something else, in another turn, or for another reason. What is said to the
    caller may differ, and for how long somebody is rung or held."""
    return before.reason.code is not after.reason.code or _where(before.action) != _where(after.action)


def _where(action: Action) -> tuple[object, ...]:
    match action:
        case Connect():
            rung = ([leg.operator_id for leg in legs] for legs in (action.legs, action.urgent))
            return action.name, *rung, action.queue_id, action.priority, action.at_desk
        case Queue():
            return action.name, action.queue_id, action.priority, action.pin is not None
        case Menu():
            return action.name, action.menu_id, action.priority
        case Reject():
            return action.name, action.reason
        case FakeQueue() | RingOut() | Message() | Voicemail():
            return (action.name,)
        case _:
            assert_never(action)


def read_plans(lines: Iterable[str], data_dir: Path, now: datetime) -> tuple[Plan, Plan]:
    """The plan as it is and as it would be, from what the worker tells."""
    as_is: dict[str, TenantRows] = {}
    as_would_be: dict[str, TenantRows] = {}
    changes: list[Change] = []
    for line in lines:
        piece = orjson.loads(line)
        if (told := piece.get("change")) is not None:
            changes.append(Change(told["version"], "", told["subject"], told["row_id"], told["row"]))
        else:
            read_piece(data_dir, piece, as_is)
            read_piece(data_dir, piece, as_would_be)
    (before,), (after,) = as_is.values(), as_would_be.values()
    for tenant in (before, after):
        tenant.index_lists()
    take_subscribed(data_dir, (before, after))
    after.apply(changes, {})
    for tenant in (before, after):
        _take_what_needs_no_fetching(tenant)
    return _plan(before, now), _plan(after, now)


def _take_what_needs_no_fetching(tenant: TenantRows) -> None:
    """The prefixes of the numbering plan count from the first call on: they come with the service."""
    rows = tenant.rows[SubscriptionRecord.__tablename__]
    for row in [*rows.values()]:
        if row["source"] == SubscriptionSource.ARCEP and not row["generation"]:
            rows[row["id"]] = row | {"generation": _OURS}
            tenant.subscribed[row["id"]] = _OURS, SubscribedNumbers(packed_numbers((), arcep.PREFIXES))


def _plan(tenant: TenantRows, now: datetime) -> Plan:
    tenant.rebuild(0, now)
    if tenant.plan is None:
        raise LookupError("the company has gone")
    present = {one: replace(operator, presence=Presence()) for one, operator in tenant.plan.operators.items()}
    lines = {one: replace(line, by_hand=None) for one, line in tenant.plan.lines.items()}
    return Plan(replace(tenant.plan, operators=present, lines=lines))


@dataclass(slots=True)
class _Difference:
    call_id: str
    before: bytes
    after: bytes


@dataclass(slots=True)
class _Progress:
    connection: asyncpg.Connection
    tenant_id: str
    rehearsal_id: str
    of: int
    calls: int = 0
    different: int = 0
    not_recorded: int = 0
    kept: int = 0
    waiting: list[_Difference] = field(default_factory=list)
    told_at: float = 0.0

    def note(self, difference: _Difference) -> None:
        self.different += 1
        if self.kept + len(self.waiting) < DIFFERENCES_KEPT:
            self.waiting.append(difference)

    async def tell(self, state: str = "running") -> None:
        if self.waiting:
            places = [*range(self.kept, self.kept + len(self.waiting))]
            columns = zip(
                *((one.call_id, one.before.decode(), one.after.decode()) for one in self.waiting), strict=True
            )
            await self.connection.execute(_KEEP, self.tenant_id, self.rehearsal_id, places, *map(list, columns))
            self.kept += len(self.waiting)
            self.waiting.clear()
        figures = self.calls, self.of, self.different, self.not_recorded
        await self.connection.execute(_TELL, self.tenant_id, self.rehearsal_id, *figures, state)
        self.told_at = time.monotonic()

    async def tell_now_and_then(self) -> None:
        if len(self.waiting) >= _AT_ONCE or time.monotonic() - self.told_at > _TELL_SECONDS:
            await self.tell()


async def decide_again(
    dsn: str, data_dir: Path, tenant_id: str, rehearsal_id: str, since: datetime, until: datetime, told: TextIO
) -> None:
    """Decide all calls of the company from ``since`` until before ``until``, and write down which would have gone
    elsewhere."""
    before, after = read_plans(told, data_dir, until)
    reading = await connect(dsn, name="antichambre rehearsal", within=5, command_timeout=600)
    writing = await connect(dsn, name="antichambre rehearsal", within=5, command_timeout=60)
    try:
        async with reading.transaction(isolation="repeatable_read", readonly=True):
            days = tenant_id, BOOTH, since, until
            progress = _Progress(writing, tenant_id, rehearsal_id, await reading.fetchval(_COUNT, *days))
            await progress.tell()
            counted = max(before.plan.rules.counted_seconds, after.plan.rules.counted_seconds)
            recent = RecentCalls()
            async for row in _earlier(reading, tenant_id, since - timedelta(seconds=counted), since):
                recent.note(tenant_id, row["caller_number"], row["call_id"], row["started_at"])
            async for row in reading.cursor(_CALLS, *days, prefetch=_AT_ONCE):
                if counted and row["caller_number"] is not None:
                    recent.note(tenant_id, row["caller_number"], row["call_id"], row["started_at"])
                progress.calls += 1
                if row["not_recorded"]:
                    progress.not_recorded += 1
                else:
                    as_it_is, as_it_would_be = before.decide(row, recent), after.decide(row, recent)
                    if goes_elsewhere(as_it_is, as_it_would_be):
                        told_both = (msgspec.json.encode(as_stored(one)) for one in (as_it_is, as_it_would_be))
                        progress.note(_Difference(row["call_id"], *told_both))
                await progress.tell_now_and_then()
        await progress.tell("done")
    finally:
        reading.terminate()
        writing.terminate()


async def _earlier(
    connection: asyncpg.Connection, tenant_id: str, since: datetime, until: datetime
) -> AsyncIterator[asyncpg.Record]:
    if since < until:
        async for row in connection.cursor(_EARLIER, tenant_id, BOOTH, since, until, prefetch=_AT_ONCE):
            yield row


def main() -> None:
    """One rehearsal, named on the command line."""
    os.nice(_NICENESS)
    tenant_id, rehearsal_id, *days = sys.argv[1:]
    since, until = map(datetime.fromisoformat, days)
    data_dir = Path(os.environ["ANTICHAMBRE_DATA_DIR"])
    asyncio.run(decide_again(os.environ["DATABASE_URL"], data_dir, tenant_id, rehearsal_id, since, until, sys.stdin))


if __name__ == "__main__":
    main()
