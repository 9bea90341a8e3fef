"""What is recorded about calls: one :class:`CallFact` for each thing that happened, on its way to the event log."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

PROVIDER = "twilio"


class FactKind(StrEnum):
    """The closed set of things that are recorded. The public events ``call.incoming``, ``call.answered`` and
    ``call.ended`` are among them."""

    INCOMING = "call.incoming"
    REDECIDED = "call.redecided"
    MENU = "call.menu"
    QUEUED = "call.queued"
    LEFT_QUEUE = "call.left_queue"
    RINGING = "call.ringing"
    ANSWERED = "call.answered"
    SEEN = "call.seen"
    STATUS = "call.status"
    ENDED = "call.ended"


@dataclass(frozen=True, slots=True)
class CallFact:
    """``event_id`` is the same whenever the same thing is reported again, so every later layer may repeat."""

    event_id: str
    tenant_id: str
    call_id: str
    kind: FactKind
    at: datetime
    payload: dict[str, Any]


def fact(
    tenant_id: str, call_id: str, kind: FactKind, at: datetime, payload: dict[str, Any], *identity: object
) -> CallFact:
    """A fact about ``call_id``. ``identity`` is what tells it from others of its kind in this call: a status and its
    sequence number, a round, nothing when it happens once."""
    parts = (PROVIDER, tenant_id, call_id, kind.value, *(str(part) for part in identity))
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:40]
    return CallFact(digest, tenant_id, call_id, kind, at, payload)
