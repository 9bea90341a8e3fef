"""``/fake-queue``: who is held, since when, what it has cost this month, and its caps; and letting callers go."""

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, Field

from app.auth.require import Board, Who
from app.auth.rights import RELEASES
from app.auth.tenant import tenant_of
from app.company.company import treatments_of
from app.fake_queue.cost import Rate, tariff_of
from app.fake_queue.held_calls import MonthHeld, held_by_month, held_now
from app.fake_queue.let_go import hang_up_all_held
from app.plan.rows import Row
from app.web.resource import resource
from filters.list_entry import Treatment

router = resource("fake-queue", "Who is held, what it costs, and letting callers go.", read=RELEASES, write=RELEASES)

Cost = float | None
_COST = "In `currency`; null while no rate has been entered."


class HeldOut(BaseModel):
    """A caller in the fake queue."""

    call_id: str = Field(examples=["CA0123456789abcdef0123456789abcdef"])
    caller: str = Field(alias="from", description="What identifies the caller.", examples=["+33639980002"])
    line: str = Field(description="The called number.", examples=["+33199001000"])
    entry_id: str = Field(
        description="The entry of the blacklist that decided; the id of a client, or of a rule, that did."
    )
    since: datetime
    seconds: int
    attempts: int = Field(description="Blacklisted calls of this number in the last 30 days, with this one.")
    cost: Cost = Field(description=_COST)


class MonthOut(BaseModel):
    """A calendar month by the company's clock."""

    month: str = Field(examples=["2026-07"])
    calls: int
    seconds: int
    cost: Cost = Field(
        description="At the rates that were in force when the calls began; null while no rate has been entered, and for a "
        "month in which the currency was changed."
    )
    currency: str = Field(description="Of the month's costs.", examples=["EUR"])
    saved_by_refusing: Cost = Field(
        description="What refusing the same calls would have saved: refusing is not billed."
    )


class CapsOut(BaseModel):
    """The limits, null for none; they are set in `treatments` of `/company`."""

    call_seconds: int
    at_once: int
    number_minutes: int | None
    line_minutes: int | None
    month_minutes: int | None


class RateOut(BaseModel):
    """What an answered minute costs: of the company, or of a line that has its own."""

    line: str | None = Field(description="The line's number; null for the company's rate.")
    per_minute: float | None
    increment_seconds: int


class FakeQueueOut(BaseModel):
    """The fake queue now."""

    now: list[HeldOut]
    month: MonthOut
    months: list[MonthOut] = Field(description="This month and those before in which callers were held, up to a year.")
    caps: CapsOut
    ladder: list[Treatment] = Field(description="What is given instead when a limit is reached, in this order.")
    currency: str = Field(examples=["EUR"])
    rates: list[RateOut]


class HungUpOut(BaseModel):
    """The calls that end: at once, or at their next round (at latest after half a minute) where the provider cannot be
    told."""

    call_ids: list[str]


@router.get("")
async def get_fake_queue(board: Board, who: Who) -> FakeQueueOut:
    """Who is held now, what it costs, and the limits."""
    tenant, now = await tenant_of(board, who), board.clock()
    async with board.sessions() as session:
        tariff = await tariff_of(session, tenant)
        held = await held_now(session, who.tenant_id, tariff, now)
        months = [_month(one) for one in await held_by_month(session, tenant, tariff, now)]
    chosen = treatments_of(tenant.rows["company"][tenant.tenant_id])
    rates = [(None, tariff.company), *sorted(tariff.lines.items())]
    return FakeQueueOut(
        now=[
            HeldOut.model_validate(
                {
                    "call_id": one.call_id, "from": one.caller, "line": one.line, "entry_id": one.entry_id,
                    "since": one.since, "seconds": one.seconds, "attempts": one.attempts, "cost": _number(one.cost),
                }
            )
            for one in held
        ],
        month=months[0], months=months, caps=_caps(chosen), ladder=chosen["ladder"], currency=tariff.currency,
        rates=[_rate(line, rate) for line, rate in rates if line is None or rate != tariff.company],
    )  # fmt: skip


@router.post("/hang-up")
async def hang_up_fake_queue(board: Board, who: Who) -> HungUpOut:
    """End every call in the fake queue."""
    return HungUpOut(call_ids=await hang_up_all_held(board, who))


def _month(one: MonthHeld) -> MonthOut:
    cost = _number(one.cost)
    return MonthOut(
        month=one.month, calls=one.calls, seconds=one.seconds, cost=cost, currency=one.currency, saved_by_refusing=cost
    )


def _caps(chosen: Row) -> CapsOut:
    return CapsOut(
        call_seconds=chosen["fake_queue_cap_seconds"], at_once=chosen["fake_queue_at_once"],
        number_minutes=chosen["fake_queue_number_minutes"], line_minutes=chosen["fake_queue_line_minutes"],
        month_minutes=chosen["fake_queue_month_minutes"],
    )  # fmt: skip


def _rate(line: str | None, rate: Rate) -> RateOut:
    return RateOut(line=line, per_minute=_number(rate.per_minute), increment_seconds=rate.increment)


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
