"""Where a running call stands, carried by the URL that the provider asks next, so that any worker can go on.

A step is written as base64url JSON with an HMAC-SHA256 in front (RFC 2104; 128 bits of it). The provider's own
signature covers the URL too; ours makes sure that only URLs which we built are ever acted upon. Nothing from outside
goes into a step as it came: ids of ours, numbers that we have read, and counters.

In front of a step stands its owner: a MAC of the company and the call for which it was written. A recorded request that is
sent again for another call, or a day later, is answered and changes nothing.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Final

from routing.actions import QueuePriority

_MAC_CHARACTERS: Final = 22
_MAX_TOKEN: Final = 1024
_OWNER_CHARACTERS: Final = 16
LONGEST_CALL_SECONDS: Final = 24 * 3600
"""No provider lets a call last longer (Twilio: 24 hours)."""
OWNER: Final = "~owner~"
"""Stands in a document for the owner: what many callers get in the same second is written once."""


class StepKind(StrEnum):
    """What the provider asks for when it requests the step."""

    FAKE_QUEUE = "fake"
    MENU_KEY = "menu-key"
    MENU_SILENCE = "menu-silence"
    PIN_KEYS = "pin-keys"
    PIN_SILENCE = "pin-silence"
    URGENT_KEY = "urgent-key"
    URGENT_SILENCE = "urgent-silence"
    LEG_DONE = "leg-done"
    CONFIRM = "confirm"
    CONFIRM_KEY = "confirm-key"
    WAIT = "wait"
    WAIT_KEY = "wait-key"
    LEFT_QUEUE = "left-queue"
    OPERATOR_DONE = "operator-done"
    RATED = "rated"
    RECORDED = "recorded"
    CALL_BACK = "call-back"
    CALLED_BACK = "called-back"
    OFFERED = "offered"
    MOVE = "move"
    MOVE_DONE = "move-done"
    HELD = "held"
    UNHELD = "unheld"
    WORD = "word"
    WORD_WAIT = "word-wait"
    WORD_LEFT = "word-left"
    WORD_ANSWER = "word-answer"
    WORD_TALKED = "word-talked"
    REJOINED = "rejoined"
    DICTATE = "dictate"
    DICTATED = "dictated"


LEFT_BY: Final = {
    StepKind.WAIT: StepKind.LEFT_QUEUE,
    StepKind.HELD: StepKind.UNHELD,
    StepKind.WORD_WAIT: StepKind.WORD_LEFT,
}
"""What is asked once a call has left the provider's queue in which it waited at a step."""
IN_A_QUEUE: Final = frozenset({*LEFT_BY, StepKind.WAIT_KEY})
"""Asked while the call is in a queue of the provider's, which it has to leave before anything else can be done with it."""


class Chain(StrEnum):
    """Who is rung in a step :attr:`StepKind.LEG_DONE`: the company's VIP chain, which only the decision for a VIP begins,
    the same for one who says that it is urgent, the one operator whom a menu names, or those of a queue whom a rule rings
    one after the other."""

    NONE = ""
    VIP = "vip"
    URGENT = "urgent"
    ONE = "one"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Step:
    """``began`` is the call's first webhook in epoch seconds; ``target`` the menu, queue or operator at hand; ``count``
    the leg, try or round; ``priority`` and ``language`` travel along. ``booth`` is 1 for a call from the phone booth,
    which is decided as of ``shift`` seconds from now. ``chain`` says who is being rung, ``not_rung`` who must not be (ids,
    by comma). Of menus, ``plays`` counts those that this call has heard; ``pressed`` is the beginning of a key of ours.
    ``about`` is the call that a step is about which is asked in another one, or an id of ours for what a call is placed for:
    that owns the first step of a call that we place, whose own id nobody knows yet.
    ``rings`` are the operators (ids, by comma) who are to be rung for a call that was offered to them.
    ``move`` is where somebody has sent the call (:class:`routing.move.Move`), ``back`` the operator (id) who has it again if
    nobody takes it there.
    ``waited`` are the seconds in the queue before the present stay, as the provider counts them: no clock that is put right
    cuts a call off. ``number`` (E.164) is whom a call-back rings. ``doubt`` (:class:`filters.vip.Doubt`) is why a VIP is
    asked for a PIN, which never stands in a step itself."""

    kind: StepKind
    line: str
    began: int
    target: str = ""
    count: int = 0
    priority: int = 0
    language: str = ""
    booth: int = 0
    shift: int = 0
    chain: Chain = Chain.NONE
    not_rung: str = ""
    plays: int = 0
    pressed: str = ""
    waited: int = 0
    about: str = ""
    number: str = ""
    rings: str = ""
    move: str = ""
    back: str = ""
    doubt: str = ""

    @property
    def named_not_rung(self) -> frozenset[str]:
        """The operators (ids) of ``not_rung``."""
        return frozenset(self.not_rung.split(",")) if self.not_rung else frozenset()


class StepFault(StrEnum):
    """Why a token is refused."""

    NOT_OURS = "not_ours"
    OF_ANOTHER_VERSION = "of_another_version"


class StepForged(ValueError):
    """The token was not built by us, or by another version of us."""

    def __init__(self, fault: StepFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def owner_of(tenant_id: str, call_id: str, key: bytes) -> str:
    """Whose the steps of a call are."""
    digest = hmac.digest(key, f"owner {tenant_id} {call_id}".encode("utf-8", "surrogatepass"), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode()[:_OWNER_CHARACTERS]


def split_owner(text: str) -> tuple[str, str]:
    """The owner and the token of what stands in a URL. Before steps had owners there was a token alone."""
    owner, dot, token = text.partition(".")
    return (owner, token) if dot else ("", text)


def encode(step: Step, key: bytes) -> str:
    """The URL-safe token of ``step``."""
    fields = {name: value for name, value in asdict(step).items() if value not in ("", 0)}
    body = base64.urlsafe_b64encode(json.dumps(fields, separators=(",", ":")).encode()).rstrip(b"=").decode()
    return _mac(body, key) + body


def decode(token: str, key: bytes) -> Step:
    """The step of a token from outside. Raises :class:`StepForged`."""
    mac, body = token[:_MAC_CHARACTERS], token[_MAC_CHARACTERS:]
    if len(token) > _MAX_TOKEN or not token.isascii() or not hmac.compare_digest(mac, _mac(body, key)):
        raise StepForged(StepFault.NOT_OURS)
    try:
        fields = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        of_ours = {"kind": StepKind(fields["kind"]), "chain": Chain(fields.get("chain", ""))}
        return as_written_now(Step(**({"line": "", "began": 0} | fields | of_ours)))
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise StepForged(StepFault.OF_ANOTHER_VERSION) from error


def as_written_now(step: Step) -> Step:
    """A step that was written before steps said whom they ring: then only the decision for a VIP gave that priority, since
    a category's is a tenth of it at most."""
    if step.kind is not StepKind.LEG_DONE or step.chain is not Chain.NONE:
        return step
    return replace(step, chain=Chain.VIP if step.priority == QueuePriority.VIP else Chain.ONE)


def _mac(body: str, key: bytes) -> str:
    digest = hmac.digest(key, body.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode()[:_MAC_CHARACTERS]
