"""What is recorded about calls: one :class:`CallFact` for each thing that happened, on its way to the event log."""

import hashlib
import itertools
import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import msgspec
import orjson
from msgspec import Struct

from models.base import new_id

_NAMESPACE = "twilio"
"""Part of every event id, and never changed: ids of what was recorded before must stay the same."""
BOOTH = "booth"
"""The provider of the booth's calls, as it is recorded: what tells them from real ones."""
_WRITE: Final = msgspec.json.Encoder().encode


class FactKind(StrEnum):
    """The closed set of things that are recorded. The public events ``call.incoming``, ``call.answered`` and
    ``call.ended`` are among them. ``call.noted`` is for the panels alone: somebody wrote down something about the call or
    its caller, and changes nothing of the call itself; with ``satisfaction`` it was the caller, by a key after the talk. Nor
    do those of call-backs, which have ids of their own in the payload (``callback_id``): what they are about may have no
    call. ``presence.changed`` is about an operator,
    ``access.changed`` about people and keys: it is told to nobody, and has open streams look whether they may go on.
    ``call.pin_wrong`` tells of which entry a PIN was wrong, and never what was keyed in.
    ``call.released`` and ``call.hang_up`` are what somebody wants who watches the fake queue; the call goes on by them when
    it is next heard of. Those of clients say which client it was (``client_id``), never who."""

    INCOMING = "call.incoming"
    REDECIDED = "call.redecided"
    MENU = "call.menu"
    PIN_WRONG = "call.pin_wrong"
    URGENT = "call.urgent"
    QUEUED = "call.queued"
    LEFT_QUEUE = "call.left_queue"
    RINGING = "call.ringing"
    ANSWERED = "call.answered"
    TRANSFERRED = "call.transferred"
    SEEN = "call.seen"
    STATUS = "call.status"
    ENDED = "call.ended"
    NOTED = "call.noted"
    PRESENCE_CHANGED = "presence.changed"
    ACCESS_CHANGED = "access.changed"
    VIP_MISSED = "vip.missed"
    VOICEMAIL_RECEIVED = "voicemail.received"
    CALLBACK_OPENED = "callback.opened"
    CALLBACK_CHANGED = "callback.changed"
    CALLBACK_DONE = "callback.done"
    RELEASED = "call.released"
    HANG_UP = "call.hang_up"
    CLIENT_ADDED = "client.added"
    CLIENT_CHANGED = "client.changed"
    CLIENT_DELETED = "client.deleted"
    CLIENT_MERGED = "client.merged"
    CLIENTS_IMPORTED = "clients.imported"


IN_VAIN: Final = "in_vain"
"""A member of a sign of life: from the moment that it holds until the sign itself the caller has talked to nobody, whatever
the telephones that were rung have said of themselves."""
CALLBACK_KINDS: Final = frozenset({FactKind.CALLBACK_OPENED, FactKind.CALLBACK_CHANGED, FactKind.CALLBACK_DONE})
CLIENT_KINDS: Final = frozenset(
    {
        FactKind.CLIENT_ADDED,
        FactKind.CLIENT_CHANGED,
        FactKind.CLIENT_DELETED,
        FactKind.CLIENT_MERGED,
        FactKind.CLIENTS_IMPORTED,
    }
)
"""What programs are told of clients. Panels have what they show of a client drawn anew by the calls."""
PUBLIC: Final = frozenset(
    {
        FactKind.INCOMING,
        FactKind.REDECIDED,
        FactKind.MENU,
        FactKind.QUEUED,
        FactKind.LEFT_QUEUE,
        FactKind.RINGING,
        FactKind.ANSWERED,
        FactKind.TRANSFERRED,
        FactKind.ENDED,
        FactKind.VIP_MISSED,
        FactKind.VOICEMAIL_RECEIVED,
        *CALLBACK_KINDS,
        *CLIENT_KINDS,
    }
)
"""What programs are told of calls and clients, besides changes of presence. Signs of life and raw statuses stay inside."""
ABOUT_NO_RUNNING_CALL: Final = CALLBACK_KINDS | CLIENT_KINDS | {
    FactKind.NOTED, FactKind.VIP_MISSED, FactKind.VOICEMAIL_RECEIVED, FactKind.PRESENCE_CHANGED,
    FactKind.ACCESS_CHANGED,
}  # fmt: skip
"""Facts that neither begin a call nor change anything of one."""


Payload = dict[str, Any]
"""What a fact tells, by its kind, as it is stored: facts of every version are read, so their members are not fixed."""


@dataclass(slots=True, eq=False)
class Ending:
    """How the payloads of many facts end, word for word: their JSON from some place on. ``number`` tells it from all others
    of this process."""

    json: bytes
    number: int = field(default_factory=itertools.count(1).__next__)


@dataclass(slots=True, eq=False)
class CallFact:
    """``event_id`` is the same whenever the same thing is reported again, so every later layer may repeat. ``told`` is
    the payload, as a dictionary or as its JSON up to the ``ending``; the other is made when it is asked for.
    Nothing of a fact changes once it is made; it is not frozen, because making a frozen one takes three times as long."""

    event_id: str
    tenant_id: str
    call_id: str
    kind: FactKind
    at: datetime
    told: Payload | bytes
    ending: Ending | None = None
    _json: bytes | None = field(default=None, repr=False)

    def __eq__(self, other: object) -> bool:
        """By content."""
        return isinstance(other, CallFact) and self._content == other._content

    __hash__ = None  # type: ignore[assignment]  # as for every class that is compared by a content of dictionaries

    @property
    def payload(self) -> Payload:
        """What is told about it, by kind."""
        if isinstance(self.told, bytes):
            self._json = self.payload_json
            self.told = orjson.loads(self._json)
        return self.told  # type: ignore[return-value]  # our own JSON is an object

    @property
    def payload_json(self) -> bytes:
        """The payload as JSON in UTF-8: made once, for the journal and for the database."""
        if isinstance(self.told, bytes):
            return self.told if self.ending is None else self.told + self.ending.json
        if self._json is None:
            self._json = as_json(self.told)
        return self._json

    @property
    def _content(self) -> tuple[object, ...]:
        return self.event_id, self.tenant_id, self.call_id, self.kind, self.at, self.payload


def fact(
    tenant_id: str, call_id: str, kind: FactKind, at: datetime, payload: Payload | bytes, *identity: object
) -> CallFact:
    """A fact about ``call_id``. ``identity`` is what tells it from others of its kind in this call: a status and its
    sequence number, a round, nothing when it happens once."""
    parts = f"{_NAMESPACE}\x1f{tenant_id}\x1f{call_id}\x1f{kind}"
    if identity:
        parts = "\x1f".join((parts, *map(str, identity)))
    event_id = hashlib.blake2b(parts.encode("utf-8", "backslashreplace"), digest_size=20).hexdigest()
    return CallFact(event_id, tenant_id, call_id, kind, at, payload)


def callback_fact(
    tenant_id: str,
    callback_id: str,
    call_id: str | None,
    kind: FactKind,
    at: datetime,
    told: Payload,
    *identity: object,
) -> CallFact:
    """A fact about a call-back. It has the call that led to it, where there is one: whoever reads the log finds it there."""
    return fact(tenant_id, call_id or "", kind, at, {"callback_id": callback_id} | told, callback_id, *identity)


def client_fact(tenant_id: str, client_id: str, kind: FactKind, at: datetime, told: Payload) -> CallFact:
    """A fact about a client, of which there may be many of a kind."""
    return fact(tenant_id, client_subject(client_id), kind, at, {"client_id": client_id} | told, new_id())


def client_subject(client_id: str) -> str:
    """What stands in the place of the call id in facts about a client."""
    return f"client:{client_id}"


def as_json(told: Payload | list[object] | Struct | str | datetime) -> bytes:
    """``told`` as JSON in UTF-8, whatever characters are in it."""
    try:
        return _WRITE(told)
    except UnicodeEncodeError:
        # A lone surrogate, which only a text that was put together here could have: it has no form in UTF-8.
        plain = msgspec.to_builtins(told, builtin_types=())
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
