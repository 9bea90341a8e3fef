"""What a caller (or a callee) hears and does, as typed events.

`at` is telephone seconds since the line began and takes no part in comparisons, so a test can write
`Said("Bonjour", "fr-FR") in call.heard`. `seconds` is how long it lasted: while it lasts the planned length,
afterwards the real one.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Event:
    """Base of all events."""

    at: float = field(default=0.0, compare=False, kw_only=True)


@dataclass
class Ringing(Event):
    """The ringing tone, before the call is answered or while somebody is dialled."""

    seconds: float = field(default=0.0, compare=False)


@dataclass
class Said(Event):
    """A synthetic voice; the length is an estimate, about 14 characters a second."""

    text: str
    language: str | None = None
    voice: str | None = None
    seconds: float = field(default=0.0, compare=False, kw_only=True)


@dataclass
class Played(Event):
    """Audio from `url`; the length comes from the file that was really fetched."""

    url: str
    seconds: float = field(default=0.0, compare=False)


@dataclass
class Silence(Event):
    """A pause."""

    seconds: float = field(default=0.0, compare=False)


@dataclass
class Prompt(Event):
    """A <Gather> began: from here on keys are listened to."""

    number_of_digits: int | None = None
    timeout: float = field(default=5.0, compare=False)


@dataclass
class Pressed(Event):
    """Keys the person pressed."""

    digits: str


@dataclass
class Queued(Event):
    """The call joined a queue."""

    name: str


@dataclass
class LeftQueue(Event):
    """The call left its queue; `result` is Twilio's QueueResult."""

    result: str


@dataclass
class Dialled(Event):
    """A dialled party answered or not; `seconds` is how long it rang."""

    target: str
    outcome: str
    seconds: float = field(default=0.0, compare=False)


@dataclass
class ConnectedTo(Event):
    """The line talked with `target`."""

    target: str
    seconds: float = field(default=0.0, compare=False)


@dataclass
class Recorded(Event):
    """The caller spoke after the beep."""

    seconds: float = field(default=0.0, compare=False)


@dataclass
class Rejected(Event):
    """The call was refused before it was answered: "rejected" or "busy"."""

    reason: str


@dataclass
class HungUp(Event):
    """The line is closed; `by` is caller, callee, document, rest or limit."""

    by: str


@dataclass
class Error(Event):
    """The service made a mistake."""

    code: int | None
    message: str


Lasting = Ringing | Said | Played | Silence | Dialled | ConnectedTo | Recorded
"""The events that have a length."""
