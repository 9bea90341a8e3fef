"""The closed set of things that can happen to a call. How each is said to a provider is ``app/providers``' affair."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from filters.vip import Doubt

LONGEST_TALK_SECONDS: Final = 4 * 3600
"""Whoever is rung: after this the provider ends the talk, and with it what a stolen account can cost. It is the most that
every provider takes (developers.telnyx.com/docs/voice/programmable-voice/texml-verbs/dial)."""


class QueuePriority:
    """Priority classes of a queue; a higher class is always served first, see :mod:`routing.call_queue`."""

    ORDINARY = 0
    VIP_UNCONFIRMED = 500
    EMERGENCY = 900
    VIP = 1000


class Phrase(StrEnum):
    """Everything the service itself says to callers and callees; texts stand in ``app/plan/phrases.py``."""

    APOLOGY = "apology"
    CALLBACK_OFFER = "callback_offer"
    CALLBACK_TAKEN = "callback_taken"
    CALLEE_CONFIRM = "callee_confirm"
    CALLEE_GONE = "callee_gone"
    CALLER_GONE = "caller_gone"
    CLOSED = "closed"
    CLOSED_VOICEMAIL = "closed_voicemail"
    DICTATION = "dictation"
    GOODBYE = "goodbye"
    HOLD = "hold"
    MENU_NO_INPUT = "menu_no_input"
    MENU_WRONG_KEY = "menu_wrong_key"
    NOBODY_SERVES = "nobody_serves"
    NOT_IN_SERVICE = "not_in_service"
    PIN_ASKED = "pin_asked"
    PIN_WRONG = "pin_wrong"
    PLACE = "place"
    PLEASE_HOLD = "please_hold"
    SATISFACTION_ASKED = "satisfaction_asked"
    UNKNOWN_LINE = "unknown_line"
    URGENT_OFFERED = "urgent_offered"
    VOICEMAIL = "voicemail"
    VOICEMAIL_GREETING = "voicemail_greeting"
    VOICEMAIL_TAKEN = "voicemail_taken"
    WAITED_TOO_LONG = "waited_too_long"
    WAIT_ABOUT = "wait_about"
    WILL_CALL_BACK = "will_call_back"


class RejectReason(StrEnum):
    """How a refused call ends: the busy tone, or the network's own announcement."""

    BUSY = "busy"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Leg:
    """Somebody to ring: an operator's address (E.164, ``sip:…`` or ``client:…``), for how many seconds, and whether
    they must press 1 to take the call, so that a mobile's voicemail never does."""

    operator_id: str
    name: str
    address: str
    ring_seconds: int = 20
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Connect:
    """Ring ``legs`` one after the other; when nobody takes the call, wait in ``queue_id`` with ``priority``. Where there are
    ``urgent`` ones, the caller is asked first whether it is urgent, and those are rung instead if it is. ``at_desk`` is
    whether those who are rung are the queue's operators, and never management."""

    name: ClassVar[str] = "connect"
    legs: tuple[Leg, ...]
    queue_id: str | None
    priority: int = QueuePriority.VIP
    urgent: tuple[Leg, ...] = ()
    at_desk: bool = False


@dataclass(frozen=True, slots=True)
class PinAsked:
    """Ask for the PIN of the VIP entry ``entry_id``, because of the ``doubt`` about who calls."""

    entry_id: str
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Queue:
    """Wait for the operators of ``queue_id``; ``greeting`` is said first, in the language ``spoken_in`` where that is not
    the caller's. With a ``pin``, that is asked for before, and the call is decided again by what is keyed in."""

    name: ClassVar[str] = "queue"
    queue_id: str
    priority: int = QueuePriority.ORDINARY
    greeting: str = ""
    spoken_in: str = ""
    pin: PinAsked | None = None


@dataclass(frozen=True, slots=True)
class FakeQueue:
    """Wait for nobody: hold music until the caller hangs up or ``cap_seconds`` have passed since the call began. ``rule_id``
    is the company's own rule that holds the caller; empty for the blacklist."""

    name: ClassVar[str] = "fake_queue"
    cap_seconds: int
    rule_id: str = ""


@dataclass(frozen=True, slots=True)
class RingOut:
    """Ring for ``seconds`` without an answer, then refuse."""

    name: ClassVar[str] = "ring_out"
    seconds: int = 45


@dataclass(frozen=True, slots=True)
class Menu:
    """Play the IVR menu ``menu_id``; ``spoken_in`` is the greeting's language where that is not the caller's."""

    name: ClassVar[str] = "menu"
    menu_id: str
    greeting: str = ""
    priority: int = QueuePriority.ORDINARY
    spoken_in: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Say ``text`` (in the language ``spoken_in`` where that is not the caller's), or ``phrase`` in the caller's language
    when there is no text, and hang up."""

    name: ClassVar[str] = "message"
    phrase: Phrase
    text: str = ""
    spoken_in: str = ""


@dataclass(frozen=True, slots=True)
class Voicemail:
    """Record a message; ``text`` (in the language ``spoken_in`` where that is not the caller's) is said first. ``closed``
    is whether it is because the line is: then the text says so, and the standard greeting follows."""

    name: ClassVar[str] = "voicemail"
    text: str = ""
    spoken_in: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse without answering: the only treatment that providers never bill (twilio.com/docs/voice/twiml/reject)."""

    name: ClassVar[str] = "reject"
    reason: RejectReason = RejectReason.BUSY


Action = Connect | Queue | FakeQueue | RingOut | Menu | Message | Voicemail | Reject
