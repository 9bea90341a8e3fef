"""Strangers to one line are received alike within a minute: the first of them is decided for all, and what their records
have in common is written once. Together this saves a third of the work of a call.

A stranger is nobody but a number, and the opening hours know no seconds. A question that asks more about callers (what the
network says of them) must be asked of everybody, and takes whom it concerns out of :func:`is_stranger`; one that asks more
about the call (how many there are of that number, who has forwarded it) takes it out of :func:`_is_usual`. What a company's
own rules ask of a caller, they say themselves (:meth:`routing.rules.Rules.single_out`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.event_log.records import Ending
from filters.caller import Caller, look_up
from filters.caller_id import CallerKind
from routing.call import IncomingCall
from routing.decision import decide
from routing.inquiry import Decision
from routing.plan import RoutingPlan
from routing.questions.number import MAX_CALLS_AT_ONCE

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Common:
    """What the records of strangers have in common: a part of "call", as JSON without braces, and how they end."""

    of_the_call: bytes
    ending: Ending


@dataclass(slots=True)
class _Alike:
    """How strangers to one line are received from ``begin`` until before ``end`` by ``plan``."""

    plan: RoutingPlan
    begin: datetime
    end: datetime
    line_id: str
    decision: Decision
    common: dict[tuple[object, ...], Common] = field(default_factory=dict)


@dataclass(slots=True)
class Strangers:
    """Of each line, by its number, the present minute."""

    _known: dict[str, _Alike] = field(default_factory=dict)

    def decide(self, call: IncomingCall, plan: RoutingPlan, now: datetime) -> Decision:
        """What :func:`routing.decision.decide` decides."""
        if not _is_usual(call, plan) or plan.rules.single_out(call):
            return decide(call, plan, now)
        known = self._known.get(call.to)
        if known is None or known.plan is not plan or not known.begin <= now < known.end:
            decision = decide(call, plan, now)
            if decision.line is not None and is_stranger(decision.caller, plan):
                begin = now.replace(second=0, microsecond=0)
                self._known[call.to] = _Alike(plan, begin, begin + _MINUTE, decision.line.id, decision)
            return decision
        caller = look_up(call.caller, plan.lists, known.line_id, now)
        if not is_stranger(caller, plan):
            return decide(call, plan, now, caller)
        action, reason, _, trace, revision, language, line = known.decision
        return Decision(action, reason, caller, trace, revision, language, line)

    def common(self, decision: Decision, what_else: tuple[object, ...], write: Callable[[], Common]) -> Common | None:
        """What the record of this stranger has in common with those of others for whom ``what_else`` is equal: written by
        ``write`` for the first of them. None for anybody who was decided alone."""
        known = self._known.get(decision.line.number) if decision.line is not None else None
        if known is None or known.decision.trace is not decision.trace:
            return None
        if (common := known.common.get(what_else)) is None:
            common = known.common[what_else] = write()
        return common


def _is_usual(call: IncomingCall, plan: RoutingPlan) -> bool:
    """Whether nothing but its caller tells this call from others."""
    return call.calls_at_once <= MAX_CALLS_AT_ONCE and call.not_rung == plan.beyond(call.to)


def is_stranger(caller: Caller, plan: RoutingPlan) -> bool:
    """Whether the caller is nobody but a number: no list, client or protection names it, and it is none of our own."""
    who = caller.caller_id
    number = who.number
    if who.kind is not CallerKind.NUMBER or not who.plain:  # their records have more to tell
        return False
    return not (number is None or caller.matches or caller.clients or number in plan.lines or number in plan.protected)
