"""What a caller, or somebody who is rung, gets: a closed set of values, the same for every provider.

An answer holds texts with their language, addresses to ring, and the steps where the call goes on. It holds no URL and
nothing in a provider's own language: :mod:`app.providers` writes it.
"""

from dataclasses import dataclass
from enum import StrEnum

from routing.actions import RejectReason
from routing.step import Step


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording of the company's: its ``file`` as it is fetched by, and its ``name`` for people."""

    file: str
    name: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Something to say and the language (ISO 639-1) to say it in; where there is a ``sound``, that is played instead by
    whoever has it."""

    text: str
    language: str
    sound: Sound | None = None


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody to ring: E.164, ``sip:…`` or ``client:…``. Who has to press a key first is asked at ``confirm``."""

    address: str
    confirm: Step | None = None


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring ``callees`` for ``seconds``: at once, the first to answer has the call, or one after the other if
    ``in_turn``. They see ``shown`` as the caller's number. ``unanswered`` keeps the caller ringing, and unbilled, until
    somebody answers.

    ``then`` is where the call goes on when the ringing or the talk is over. Without one the answer stands alone:
    ``before`` is said first, ``after`` when nobody answered, and the call ends.
    """

    callees: tuple[Callee, ...]
    shown: str
    seconds: int
    then: Step | None
    in_turn: bool = False
    unanswered: bool = True
    before: tuple[Speech, ...] = ()
    after: tuple[Speech, ...] = ()


class HoldBy(StrEnum):
    """How somebody is kept on hold, best first: our own rounds, the same before the call is answered, or the provider's
    own music in a queue that nobody serves."""

    ROUNDS = "rounds"
    EARLY_MEDIA = "early_media"
    UNATTENDED = "unattended"


@dataclass(frozen=True, slots=True)
class Hold:
    """Perhaps a sentence, then music: the whole of it, or its ``part`` (from 0). ``again`` is the next round of the fake
    queue; None in a real queue, where the provider asks again by itself. In a real one a key that is pressed meanwhile may
    lead to ``keys``; ``offer`` says what it is for. ``told`` is said after a ``speech`` that is a recording."""

    speech: Speech | None
    part: int | None = None
    again: Step | None = None
    by: HoldBy = HoldBy.ROUNDS
    offer: Speech | None = None
    keys: Step | None = None
    told: Speech | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait in the provider's queue ``queue``. While waiting it asks at ``step`` what to play; once the call has left the
    queue it asks at the same step as :attr:`routing.step.StepKind.LEFT_QUEUE`."""

    queue: str
    step: Step
    greeting: Speech | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """Be connected with whoever waits in the provider's queue ``queue``, and wait for ``seconds`` for somebody to be there.
    When that is over the call goes on at ``then``."""

    queue: str
    seconds: int
    then: Step


@dataclass(frozen=True, slots=True)
class Say:
    """Say ``speeches`` and end the call."""

    speeches: tuple[Speech, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """Say ``speeches`` and listen for up to ``digits`` keys, ``seconds`` longer; if ``hash_ends``, # ends them and is
    none of them. Keys go to ``keys``; without one the call goes on at ``silence``, or ends with what is said there."""

    speeches: tuple[Speech, ...]
    seconds: int
    digits: int
    keys: Step
    silence: Step | Say
    hash_ends: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """Say ``speeches``, and after a beep record what the caller says, for at most ``seconds``; # or silence ends it. The
    call goes on at ``then``, which is told the recording, also when the caller has hung up; without a word it ends.
    ``instead`` is what is said where nothing can be recorded."""

    speeches: tuple[Speech, ...]
    seconds: int
    then: Step
    instead: tuple[Speech, ...]


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse the call, after letting it ring for ``after_seconds``; at once it is never billed."""

    reason: RejectReason
    after_seconds: int = 0


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave the provider's queue; the call goes on where its :class:`Wait` says."""


@dataclass(frozen=True, slots=True)
class GoOn:
    """Go on at ``step`` straight away."""

    step: Step


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to do: the caller is connected, gone, or the answer is not looked at."""


Answer = Ring | Hold | Wait | Fetch | Ask | Say | Record | Reject | HangUp | Leave | GoOn | Nothing
