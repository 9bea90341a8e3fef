"""A company's own rules: who is meant, and what is done with them. They are asked in their order, and the first that holds
decides; :mod:`routing.questions.rule` asks them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from filters.attestation import Attestation
from filters.caller import Caller
from filters.caller_id import CallerKind
from filters.clients import tags_of
from filters.number import country_of
from filters.texts import Texts
from filters.visible_text import visible
from routing.call import IncomingCall

MOST_CALLS: Final = 20
"""So many calls of one number are counted, at most."""
LONGEST_WITHIN_MINUTES: Final = 24 * 60
"""The longest time in which they are counted."""
KINDS: Final = (CallerKind.WITHHELD, CallerKind.UNAVAILABLE, CallerKind.SIP, CallerKind.SHORT_CODE)
"""The kinds of callers that a rule can name."""


class RuleState(StrEnum):
    """Whether a rule decides, only leaves its verdict in the trace, or is not asked at all."""

    ACTIVE = "active"
    SHADOW = "shadow"
    OFF = "off"


class RuleAction(StrEnum):
    """The closed set of things that a rule can do with a caller."""

    QUEUE = "queue"
    MENU = "menu"
    MESSAGE = "message"
    VOICEMAIL = "voicemail"
    REJECT = "reject"
    RING_OUT = "ring_out"
    FAKE_QUEUE = "fake_queue"
    CONNECT = "connect"


REFUSALS: Final = frozenset({RuleAction.REJECT, RuleAction.RING_OUT, RuleAction.FAKE_QUEUE})
"""What keeps a caller from everybody: never done to a protected number, nor to somebody who was let out."""


class Repeated(NamedTuple):
    """The number has called at least so often within so many minutes, this call included."""

    at_least: int
    within_minutes: int


@dataclass(frozen=True, slots=True)
class When:
    """Whom a rule means: everything that is set must hold. ``country`` is ISO 3166 alpha-2, ``prefix`` E.164; ``name`` is
    what the caller ID name contains, as :func:`folded_name` writes it; ``tag`` is one of the client's, as
    :func:`filters.clients.folded_tag` writes it; ``open`` is whether the line is. A line without hours is always open."""

    country: str = ""
    prefix: str = ""
    kind: CallerKind | None = None
    attestation: frozenset[Attestation] = frozenset()
    name: str = ""
    category_id: str = ""
    tag: str = ""
    line_id: str = ""
    open: bool | None = None
    calls: Repeated | None = None

    def fits_call(self, call: IncomingCall) -> bool:
        """Whether what the network says of the caller is meant."""
        number = call.caller.number
        return (
            (not self.country or (number is not None and country_of(number) == self.country))
            and (not self.prefix or (number is not None and number.startswith(self.prefix)))
            and (self.kind is None or call.caller.kind is self.kind)
            and (not self.attestation or call.attestation in self.attestation)
            and (not self.name or self.name in folded_name(call.caller_name))
            and (self.calls is None or _has_called(call, self.calls))
        )

    def fits_client(self, caller: Caller) -> bool:
        """Whether what the company knows of the caller is meant."""
        return (not self.category_id or caller.category_id == self.category_id) and (
            not self.tag or self.tag in tags_of(caller.clients)
        )

    @property
    def may_mean_a_stranger(self) -> bool:
        """Whether it tells one caller from another who both are nobody but a number."""
        singled_out = self.country or self.prefix or self.attestation or self.name or self.calls
        return bool(singled_out) and self.kind is None and not self.category_id and not self.tag


@dataclass(frozen=True, slots=True)
class Rule:
    """``queue_id`` is for queue and connect (empty there: the line's), ``menu_id`` for a menu; ``text`` is said: for a
    message all of it, and first where callers wait or leave a message."""

    id: str
    name: str
    when: When
    action: RuleAction
    queue_id: str = ""
    menu_id: str = ""
    text: Texts = field(default_factory=dict)
    state: RuleState = RuleState.ACTIVE


@dataclass(frozen=True, slots=True)
class Rules:
    """A company's rules in their order, without those that are off. ``of_strangers`` are those that tell strangers apart;
    ``counted_seconds`` is how far back calls are counted, 0 where no rule counts them."""

    asked: tuple[Rule, ...] = ()
    of_strangers: tuple[Rule, ...] = ()
    counted_seconds: int = 0

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> "Rules":
        """Of rules in their order."""
        asked = tuple(one for one in rules if one.state is not RuleState.OFF)
        counted = (one.when.calls.within_minutes * 60 for one in asked if one.when.calls is not None)
        return cls(asked, tuple(one for one in asked if one.when.may_mean_a_stranger), max(counted, default=0))

    def single_out(self, call: IncomingCall) -> bool:
        """Whether this stranger may be received in another way than the others of the same line."""
        return any(one.when.fits_call(call) for one in self.of_strangers)

    def by_id(self, rule_id: str) -> Rule | None:
        """The rule, unless it is off or gone."""
        return next((one for one in self.asked if one.id == rule_id), None)


def folded_name(text: str) -> str:
    """A caller ID name as names are compared: without case, marks that cannot be seen, and more than one space."""
    return " ".join(visible(text).casefold().split())


def _has_called(call: IncomingCall, wanted: Repeated) -> bool:
    within = wanted.within_minutes * 60
    return 1 + sum(1 for ago in call.earlier_calls if ago <= within) >= wanted.at_least
