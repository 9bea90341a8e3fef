"""Which calls are hidden, which were missed: once in Python for a call in hand, once in SQL for counting. The two say the
same; a test asks both about the same calls."""

from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, not_, or_

from models import CallRecord
from routing.actions import Connect, FakeQueue, Menu, Message, Queue, RingOut, Voicemail
from routing.lifecycle import CallState
from routing.reasons import ReasonCode

WANTED_SOMEBODY: Final = frozenset({Connect.name, Queue.name, Menu.name})
"""Actions that lead to a person, if the caller waits long enough."""
_MEETS_NOBODY: Final = frozenset({ReasonCode.NOBODY_SERVES.value, ReasonCode.VIP.value})
"""Reason codes of calls that were to reach somebody, also when the action is but a message."""
_TELLS_SO: Final = frozenset({Message.name, Voicemail.name})
"""Who gets one of these hears that nobody can answer; a message that was left is no answer yet."""
_LEADS_NOWHERE: Final = frozenset({FakeQueue.name, RingOut.name})


class Shown(StrEnum):
    """Where a call is shown: as a card, only as a line of the day, or to nobody but supervisors."""

    CARD = "card"
    LINE = "line"
    HIDDEN = "hidden"


def shown_as(call: CallRecord) -> Shown:
    """Blacklisted calls pop for nobody, whatever is done to them."""
    if call.reason_code == ReasonCode.BLACKLISTED or call.action in _LEADS_NOWHERE:
        return Shown.HIDDEN
    return Shown.CARD if call.action in WANTED_SOMEBODY else Shown.LINE


def hidden(calls: type[CallRecord] = CallRecord) -> ColumnElement[bool]:
    """The same as ``shown_as(call) is Shown.HIDDEN``."""
    return or_(calls.reason_code == ReasonCode.BLACKLISTED.value, calls.action.in_(_LEADS_NOWHERE))


def met_nobody(call: CallRecord) -> bool:
    """Whether the caller heard at once that nobody can answer."""
    return call.action in _TELLS_SO and call.reason_code in _MEETS_NOBODY


def was_missed(call: CallRecord) -> bool:
    """Whether the caller wanted somebody, and gave up or met nobody."""
    wanted = shown_as(call) is Shown.CARD or met_nobody(call)
    return call.state == CallState.ENDED and call.answered_at is None and wanted


def missed(calls: type[CallRecord] = CallRecord) -> ColumnElement[bool]:
    """The same as :func:`was_missed`."""
    return and_(
        calls.state == CallState.ENDED.value,
        calls.answered_at.is_(None),
        or_(
            calls.action.in_(WANTED_SOMEBODY),
            and_(calls.action.in_(_TELLS_SO), calls.reason_code.in_(_MEETS_NOBODY)),
        ),
        not_(hidden(calls)),
    )
