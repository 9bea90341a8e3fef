"""Where somebody sends a running call: taken by an operator, transferred, or ended. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from filters.caller import look_up
from filters.caller_id import CallerId, CallerKind
from routing.dialling import may_be_rung
from routing.plan import RoutingPlan, Service

RING_OUTSIDE_SECONDS: Final = 30
"""How long an outside number is rung: three or four rings, and less than most mailboxes wait."""
_TEXT: Final = re.compile(r"([0-9a-z]{1,40}) (operator|queue|number|nowhere) ([0-9a-zA-Z+\-]{0,40})", re.ASCII)


class MoveTo(StrEnum):
    """What a call can be sent to; ``nowhere`` ends it."""

    OPERATOR = "operator"
    QUEUE = "queue"
    NUMBER = "number"
    NOWHERE = "nowhere"


class MoveFault(StrEnum):
    """Why a call is not sent there."""

    NOBODY_OF_THAT_ID = "nobody_of_that_id"
    NO_QUEUE_OF_THAT_ID = "no_queue_of_that_id"
    NOT_RUNG = "not_rung"
    BEYOND = "beyond"
    OWN_LINE = "own_line"
    BLACKLISTED = "blacklisted"
    NOBODY_SERVES = "nobody_serves"


_TOLD: Final = {MoveTo.OPERATOR: "operator_id", MoveTo.QUEUE: "queue_id", MoveTo.NUMBER: "number"}


@dataclass(frozen=True, slots=True)
class Move:
    """``id`` tells it from other moves of the same call; ``target`` is an operator's or a queue's id, or an E.164 number."""

    id: str
    to: MoveTo
    target: str = ""

    @property
    def told(self) -> dict[str, str]:
        """As the API takes and tells it."""
        return {} if self.to is MoveTo.NOWHERE else {_TOLD[self.to]: self.target}

    @property
    def text(self) -> str:
        """As it stands in steps and facts; :func:`read_move` is its inverse."""
        return f"{self.id} {self.to} {self.target}"


def read_move(text: str) -> Move | None:
    """The move that ``text`` stands for; None for any other text."""
    found = _TEXT.fullmatch(text)
    return Move(found[1], MoveTo(found[2]), found[3]) if found else None


def fault_of_move(move: Move, plan: RoutingPlan, line: str, now: datetime) -> MoveFault | None:
    """What is wrong with it now for a call to ``line``, whose provider rings not everybody: asked when somebody wants it,
    and again before anybody is rung."""
    beyond = plan.beyond(line)
    match move.to:
        case MoveTo.OPERATOR:
            operator = plan.operators.get(move.target)
            if operator is None:
                return MoveFault.NOBODY_OF_THAT_ID
            if move.target in beyond:
                return MoveFault.BEYOND
            return None if may_be_rung(operator.leg.address, plan.countries) else MoveFault.NOT_RUNG
        case MoveTo.QUEUE:
            if move.target not in plan.queues:
                return MoveFault.NO_QUEUE_OF_THAT_ID
            return None if plan.service_of(move.target, beyond) is Service.SERVED else MoveFault.NOBODY_SERVES
        case MoveTo.NUMBER:
            return fault_of_number(move.target, plan, now)
        case MoveTo.NOWHERE:
            return None


def fault_of_number(number: str, plan: RoutingPlan, now: datetime) -> MoveFault | None:
    """Why an outside number (E.164) is not rung: it is ours, the company has not chosen its country, it is of a kind that
    nobody rings, or it is blacklisted."""
    if number in plan.lines:
        return MoveFault.OWN_LINE
    if not number.startswith("+") or not may_be_rung(number, plan.countries):
        return MoveFault.NOT_RUNG
    if is_blacklisted(CallerId(CallerKind.NUMBER, number), plan, now):
        return MoveFault.BLACKLISTED
    return None


def is_blacklisted(caller: CallerId, plan: RoutingPlan, now: datetime) -> bool:
    """Whether somebody is on the blacklist for all lines."""
    return plan.blocks(look_up(caller, plan.lists, "", now))
