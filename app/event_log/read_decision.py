"""A stored decision is read, whichever release wrote it."""

from typing import Final

import msgspec

from app.event_log.decision_of_0_1 import decision_of_0_1
from app.event_log.stored_decision import UNREADABLE, StoredCaller, StoredDecision, StoredReason
from filters.caller_id import CallerKind
from models import CallRecord
from routing.reasons import ReasonCode

_NOT_AS_EXPECTED: Final = (ValueError, LookupError, TypeError, AttributeError)


def decision_of(call: CallRecord) -> StoredDecision:
    """The decision that is stored with ``call``."""
    return read_decision(call.decision)


def read_decision(stored: dict[str, object]) -> StoredDecision:
    """The decision that ``stored`` tells. What this release cannot read, because a later one wrote it, becomes a decision
    of the version ``UNREADABLE``: while workers are updated one after the other, the older ones still show the call."""
    try:
        decision = msgspec.convert(stored, StoredDecision) if "version" in stored else decision_of_0_1(stored)
        _ = decision.action
    except _NOT_AS_EXPECTED:
        return _unreadable(stored)
    return decision


def _unreadable(stored: dict[str, object]) -> StoredDecision:
    return StoredDecision(
        version=UNREADABLE,
        caller=StoredCaller(CallerKind.UNAVAILABLE),
        action_name=str(stored.get("action", "")),
        detail={},
        reason=StoredReason(ReasonCode.DEFAULT),
        trace=(),
        revision=0,
        language="en",
    )
