"""What would happen to a call: read and decided exactly as the webhook does it, with no side effect."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from app.answering.answer_call import called_line, caller_of, decide_safely, earlier_calls, not_rung_for
from app.answering.report import CallReport
from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.calls import CallerTooLong, CallFault
from app.base.problems.requests import YearOutOfRange
from app.base.text import display_text
from app.event_log.stored_decision import StoredDecision, as_stored
from app.switchboard import Switchboard
from filters.attestation import Attestation
from routing.call import IncomingCall
from routing.fake_queue import NOTHING_HELD, HeldSoFar
from routing.inquiry import Decision
from routing.plan import RoutingPlan

_YEARS: Final = range(2000, 2101)


Held = Callable[[str, str | None, datetime], HeldSoFar]
"""What the fake queue has held at a moment in its month: on a line, of a number."""


Earlier = Callable[[str, datetime], tuple[float, ...]]
"""How many seconds before a moment a number called."""


def _no_earlier_calls(number: str, at: datetime) -> tuple[float, ...]:
    return ()


def _nothing_held(line: str, number: str | None, at: datetime) -> HeldSoFar:
    return NOTHING_HELD


def explain_call(
    plan: RoutingPlan, caller: str, to: str, at: str | None, attestation: str, now: datetime,
    held: Held = _nothing_held, locked_pins: frozenset[str] = frozenset(), caller_name: str = "",
    earlier: Earlier = _no_earlier_calls,
) -> StoredDecision:  # fmt: skip
    """The decision, as it would be stored, for a call from ``caller`` to the line ``to``, both as a provider would send
    them, and ``caller_name`` too.

    ``at`` is RFC 3339; without a zone it is the wall clock of the called line, and None is ``now`` (aware). A call from
    one of our own lines is taken for the first one within its minute. ``held`` is what its caps go by; ``locked_pins`` are
    those of VIPs that are not asked for, ``earlier`` tells when the number called before. Raises :class:`Unprocessable`.
    """
    return as_stored(asked(plan, caller, to, at, attestation, now, held, locked_pins, caller_name, earlier).decision)


class Asked(NamedTuple):
    """A call that might come, the moment at which it would (UTC), and what would be decided."""

    call: IncomingCall
    at: datetime
    decision: Decision


def asked(
    plan: RoutingPlan, caller: str, to: str, at: str | None, attestation: str, now: datetime,
    held: Held = _nothing_held, locked_pins: frozenset[str] = frozenset(), caller_name: str = "",
    earlier: Earlier = _no_earlier_calls,
) -> Asked:  # fmt: skip
    """The same before it is written down. Raises as :func:`explain_call`."""
    for field, text in (("from", caller), ("to", to)):
        if len(text) > limits.CALLER:
            raise Unprocessable(CallerTooLong(limits.CALLER), field=field)
    called = called_line(plan, to)
    report = _as_if_sent(caller, to, _attestation(attestation))
    moment = _moment(at, plan, called, now)
    caller_id = caller_of(plan, report, called, moment)
    hops = 1 if caller_id.number in plan.lines else 0
    not_rung = not_rung_for(plan, caller_id, "", called)
    call = IncomingCall(
        report.call_id, called, caller_id, report.attestation, hops, not_rung=not_rung,
        held_so_far=held(called, caller_id.number, moment), locked_pins=locked_pins, caller_name=display_text(caller_name),
        earlier_calls=earlier(caller_id.number, moment) if caller_id.number and plan.rules.counted_seconds else (),
    )  # fmt: skip
    return Asked(call, moment, decide_safely(call, plan, moment))


def earlier_calls_of(board: Switchboard, plan: RoutingPlan) -> Earlier:
    """When numbers have called the company, as this worker knows."""

    def earlier(number: str, at: datetime) -> tuple[float, ...]:
        return earlier_calls(board, plan, number, "", at)

    return earlier


def _as_if_sent(caller: str, to: str, attestation: Attestation) -> CallReport:
    return CallReport("", "", "explain", "", "ringing", caller, to, attestation=attestation)


def _attestation(text: str) -> Attestation:
    try:
        return Attestation(text)
    except ValueError:
        raise Unprocessable(CallFault.UNKNOWN_ATTESTATION, field="attestation") from None


def _moment(at: str | None, plan: RoutingPlan, called: str, now: datetime) -> datetime:
    if at is None:
        return now
    try:
        moment = datetime.fromisoformat(at.strip())
    except ValueError:
        raise Unprocessable(CallFault.TIME_UNREADABLE, field="at") from None
    if moment.year not in _YEARS:
        raise Unprocessable(YearOutOfRange(_YEARS[0], _YEARS[-1]), field="at")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=_zone(plan, called))
    return moment.astimezone(UTC)


def _zone(plan: RoutingPlan, called: str) -> ZoneInfo:
    line = plan.lines.get(called) or next(iter(plan.lines.values()), None)
    return line.zone if line else ZoneInfo("UTC")
