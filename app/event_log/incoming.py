"""What is told of a decided call: the first fact about it, from which the log, the card and "why?" are made."""

from datetime import datetime

from msgspec import Struct

from app.event_log.stored_decision import StoredDecision
from filters.attestation import Attestation
from filters.caller_id import CallerKind


class CallerSaid(Struct, frozen=True, omit_defaults=True):
    """Who called, as far as the network said. ``address`` is what identifies the caller where that is not the ``number``
    alone: a SIP address, a browser client, a short code."""

    kind: CallerKind
    number: str | None
    name: str
    address: str = ""


class CalledLine(Struct, frozen=True):
    """The called line; ``id`` is None when the number is none of ours."""

    id: str | None
    number: str
    label: str


class CallSaid(Struct, frozen=True, omit_defaults=True):
    """What the provider said of the call. ``provider`` is :data:`app.event_log.records.BOOTH` for one of the phone booth,
    ``forwarded_from`` the number that was called first, where the network says so."""

    id: str
    at: datetime
    caller: CallerSaid
    provider: str
    line: CalledLine
    attestation: Attestation
    forwarded_from: str = ""


class Incoming(Struct, frozen=True):
    """A call that came in. ``client_id`` is the one client who uses the number, ``client_ids`` all of them; ``answer`` is
    what it was answered, as :mod:`app.answering.stored_answer` writes it."""

    call: CallSaid
    decision: StoredDecision
    client_id: str | None
    client_ids: tuple[str, ...]
    answer: list[object]
