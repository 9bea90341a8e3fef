"""``/live``: one snapshot of what goes on, for programs."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from app.auth.require import Board, Who
from app.auth.rights import WATCHES
from app.auth.tenant import tenant_of
from app.company.queue_waiting import Class
from app.live.snapshot import LiveCall, LiveQueue, live_now
from app.reports.call_report import SERVICE_LEVEL_SECONDS
from app.web.resource import resource
from routing.presence import PresenceState

router = resource("live", "One snapshot of what goes on.", read=WATCHES, write=WATCHES)

State = Literal["waiting", "ringing", "menu", "answered"]


class QueueNow(BaseModel):
    """A queue now, and its service level of today."""

    id: str
    name: str
    waiting: int
    longest_wait_seconds: int
    free: int = Field(description="Operators of the queue who could be rung now.")
    service_level: float | None = Field(description="Of today; null while nobody wanted anybody.")


class RunningCall(BaseModel):
    """A running call that the blacklist does not hold."""

    call_id: str
    caller: str = Field(alias="from", description="What identifies the caller.")
    name: str = Field(description="A name, or what identifies the caller.")
    vip: bool
    line: str
    state: State
    since: datetime = Field(description="When the caller came to the queue, or the state began.")
    queue_id: str | None
    class_: Class = Field(alias="class")
    offered_to: list[str] = Field(description="The operators (ids) whose telephones ring for it out of a queue.")
    operator_id: str | None = Field(description="Who has taken it.")


class LiveOperator(BaseModel):
    """What an operator does."""

    id: str
    name: str
    presence: PresenceState
    reason: str
    until: datetime | None
    busy_with: str | None = Field(description="The call that they have taken, or that rings on their telephone.")
    talking: bool


class HeldNow(BaseModel):
    """A caller in the fake queue; `/fake-queue` tells more."""

    call_id: str
    caller: str = Field(alias="from")
    since: datetime
    cost: float | None


class TodayOut(BaseModel):
    """The day so far, by the company's clock."""

    calls: int
    answered: int
    abandoned: int
    missed_vips: int
    blocked: int
    service_level: float | None


class LiveOut(BaseModel):
    """The snapshot."""

    at: datetime
    service_level_seconds: int
    queues: list[QueueNow]
    operators: list[LiveOperator]
    calls: list[RunningCall] = Field(description="Those who wait first, as they are served.")
    fake_queue: list[HeldNow]
    today: TodayOut


@router.get("")
async def get_live(board: Board, who: Who) -> LiveOut:
    """Queues, operators, calls, the fake queue and the day so far, at one moment."""
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        now = await live_now(board, session, tenant)
    return LiveOut.model_validate(
        {
            "at": now.at, "service_level_seconds": SERVICE_LEVEL_SECONDS,
            "queues": [_queue(one, now.at) for one in now.queues],
            "operators": [
                {
                    "id": one.operator_id, "name": one.name, "presence": one.state, "reason": one.reason,
                    "until": one.until, "busy_with": one.busy_with.call_id if one.busy_with else None,
                    "talking": one.busy_with is not None and one.busy_with.talking,
                }
                for one in now.operators
            ],
            "calls": [_call(one) for one in (*now.waiting, *now.running)],
            "fake_queue": [
                {
                    "call_id": one.call_id, "from": one.caller, "since": one.since,
                    "cost": None if one.cost is None else float(one.cost),
                }
                for one in now.held
            ],
            "today": {
                "calls": now.today.calls, "answered": now.today.answered, "abandoned": now.today.abandoned,
                "missed_vips": now.today.missed_vips, "blocked": now.today.blocked,
                "service_level": now.today.service_level,
            },
        }
    )  # fmt: skip


def _queue(one: LiveQueue, now: datetime) -> dict[str, object]:
    waited = (now - one.longest_since).total_seconds() if one.longest_since else 0
    return {
        "id": one.queue_id, "name": one.name, "waiting": one.waiting, "longest_wait_seconds": max(int(waited), 0),
        "free": one.free, "service_level": one.today.service_level,
    }  # fmt: skip


def _call(one: LiveCall) -> dict[str, object]:
    return {
        "call_id": one.call_id, "from": one.address, "name": one.caller, "vip": one.is_vip, "line": one.line,
        "state": one.state, "since": one.since, "queue_id": one.queue_id, "class": one.of_class,
        "offered_to": list(one.offered_to), "operator_id": one.operator_id,
    }  # fmt: skip
