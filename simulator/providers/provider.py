"""What makes one provider different from another, for a telephone company that otherwise works alike.

To add one: a file beside `twilio.py` with a class like the others', its grammar, and a line in `__init__.py`.
Every method says what a *documented* request carries. What a provider's pages do not mention is not sent, even where
it is likely, so that nothing under test comes to depend on a guess.
"""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from simulator.delivery import Delivery
from simulator.errors import TwimlError
from simulator.grammar import Grammar

Parameters = dict[str, str]


@dataclass(frozen=True)
class CallFacts:
    """A call, or the leg of a dialled party, as every request about it names it."""

    sid: str
    account_sid: str
    caller: str
    to: str
    status: str
    direction: str


@dataclass(frozen=True)
class Incoming:
    """What the network tells about a new call. `attestation` is "A", "B", "C", "failed", the provider's own value
    for anything else, or None when the call carried no passport."""

    caller: str
    to: str
    method: str
    attestation: str | None = None
    caller_name: str | None = None
    forwarded_from: str | None = None


@dataclass(frozen=True)
class Progress:
    """A status callback's moment. `over` on the last one of a call; `seconds` between being answered and now."""

    sequence: int
    at: datetime
    began_at: datetime
    over: bool
    seconds: int


@dataclass(frozen=True)
class DialOutcome:
    """How a <Dial> ended; `seconds` is None when nobody was connected, `sid` when nobody was dialled.

    `queue_sid` and `queue_waited` (seconds) where it dialled a queue and found somebody there.
    """

    status: str
    sid: str | None
    bridged: bool
    seconds: int | None = None
    queue_sid: str | None = None
    queue_waited: int = 0


@dataclass(frozen=True)
class QueuePlace:
    """A waiting call's place in its queue; times in seconds."""

    queue_sid: str
    position: int
    waited: int
    average_wait: int
    size: int
    max_size: int


@dataclass(frozen=True)
class Outgoing:
    """One request to the service, complete but for its signature."""

    url: str
    method: str
    form: list[tuple[str, str]]
    body: bytes
    at: datetime
    auth_token: str
    attempt_token: str


@dataclass(frozen=True)
class Rest:
    """The provider's REST API as far as it moves calls and queues.

    `root` holds `{account}`; `suffix` ends the path of every resource; `inline_document` is the parameter that takes a
    whole document, or None; `members`: can a waiting call be asked for and moved by its queue? `reads_query`: are
    parameters taken from a POST's query too? `bearer`: the token alone is the credential, in the place of HTTP Basic.
    `new_calls`: where a new call is asked for, in JSON, if not below `root`. `numbers`: are the account's numbers there, and
    where their calls go?
    """

    root: str
    suffix: str
    inline_document: str | None
    members: bool
    reads_query: bool = False
    bearer: bool = False
    new_calls: str | None = None
    numbers: bool = True

    def path(self, account: str, resource: str) -> str:
        return self.root.format(account=account) + resource + self.suffix


class Provider(ABC):
    """One provider's ids, signatures, parameters, documents and REST paths."""

    name: ClassVar[str]
    """As it stands in the paths of the service under test: /twilio/voice."""
    user_agent: ClassVar[str]
    grammar: Grammar
    rest: Rest
    hold_music: ClassVar[str | None] = None
    """What a waiting caller hears without a waitUrl; None is silence."""
    max_http_redirects: ClassVar[int] = 10
    record_silence: ClassVar[int] = 5
    """Seconds of silence that end a <Record> which says nothing about it; 0 is none."""
    record_longest: ClassVar[int] = 3600
    """Seconds of a <Record> whose maxLength is 0."""
    reports_silent_recordings: ClassVar[bool] = False
    """Is a <Record>'s action requested when nobody said anything?"""
    records_into_the_same_document: ClassVar[bool] = True
    """Is a <Record> without an action followed by a request for its own document, as at Twilio?"""
    rejects_first_only: ClassVar[bool] = False
    """Is a <Reject> that is not the call's very first verb a hang-up, charged for what went before?"""

    @abstractmethod
    def new_call_id(self) -> str: ...

    def new_number_id(self) -> str:
        """Of a number of the account's."""
        return str(uuid.uuid4())

    @abstractmethod
    def new_queue_id(self, name: str) -> str: ...

    @abstractmethod
    def headers(self, request: Outgoing) -> Mapping[str, str]:
        """The signature, and whatever else is sent beside it."""

    @abstractmethod
    def delivery(self, url: str, longest: float, *, callback: bool) -> Delivery:
        """Time-outs and retries of a request to `url`; `callback` when nobody waits for its answer."""

    @abstractmethod
    def about(self, call: CallFacts) -> Parameters:
        """What every request for a document carries."""

    def as_sent(self, parameters: Parameters) -> Parameters:
        """All parameters of one request for a document, as this provider sends them."""
        return parameters

    @abstractmethod
    def arriving(self, call: Incoming) -> Parameters:
        """What requests about an incoming call carry beside that."""

    @abstractmethod
    def dialled_by(self, parent_sid: str) -> Parameters:
        """What requests about a dialled party's leg carry beside that."""

    @abstractmethod
    def progress(self, call: CallFacts, known: Mapping[str, str], progress: Progress) -> Parameters:
        """A whole status callback; `known` is what `arriving` or `dialled_by` said."""

    @abstractmethod
    def dialled(self, outcome: DialOutcome) -> Parameters:
        """What the action of a <Dial> is told."""

    @abstractmethod
    def waiting(self, place: QueuePlace) -> Parameters:
        """What a queue's waitUrl is told."""

    @abstractmethod
    def connecting(self, queue_sid: str, waited: int, dialler_sid: str) -> Parameters:
        """What the url of a dialled <Queue> is told, whose document the waiting caller hears first."""

    @abstractmethod
    def left_queue(self, result: str, queue_sid: str, waited: int) -> Parameters:
        """What the action of an <Enqueue> is told; `result` is Twilio's word."""

    @abstractmethod
    def recorded(self, account_sid: str, seconds: float, digits: str) -> Parameters:
        """What the action of a <Record> is told."""

    @abstractmethod
    def failed(self, error: TwimlError) -> Parameters:
        """What the fallback URL is told."""

    def gather_method(self, own: str | None, application: str) -> str:
        """The method of a <Gather>'s action: its own attribute, else POST."""
        return own or "POST"

    def rest_call(self, shape: dict[str, Any]) -> dict[str, Any]:
        """A call's JSON, from Twilio's."""
        return shape

    def rest_queue(self, shape: dict[str, Any]) -> dict[str, Any]:
        """A queue's JSON, from Twilio's."""
        return shape

    def rest_error(self, status: int, code: int, message: str) -> dict[str, Any]:
        """A refusal's JSON; `code` is Twilio's."""
        more = f"https://www.twilio.com/docs/errors/{code}"
        return {"code": code, "message": message, "more_info": more, "status": status}
