"""A stored decision is read, whichever release wrote it."""

import msgspec

from app.event_log.decision_of_0_1 import decision_of_0_1
from app.event_log.stored_decision import StoredDecision
from models import CallRecord


def decision_of(call: CallRecord) -> StoredDecision:
    """The decision that is stored with ``call``."""
    return read_decision(call.decision)


def read_decision(stored: dict[str, object]) -> StoredDecision:
    """The decision that ``stored`` tells. Raises ValueError (:class:`msgspec.ValidationError` among them) and KeyError for
    what no release has written."""
    return msgspec.convert(stored, StoredDecision) if "version" in stored else decision_of_0_1(stored)
