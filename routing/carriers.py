"""How the providers that carry our lines ring people, as far as it decides who is rung: whoever is offered a call is really
rung for it, and only for as long as that is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from routing.actions import Leg
from routing.dialling import SIP

BROWSER_PHONE: Final = "client:"
"""How the address of an operator who answers in a browser begins."""


class Somebody(Protocol):
    """Who can be rung."""

    @property
    def address(self) -> str:
        """E.164, ``sip:…`` or ``client:…``."""


_Whoever = TypeVar("_Whoever", bound=Somebody)


@dataclass(frozen=True, slots=True)
class Rings:
    """What a provider can do.

    ``browser_phones``: it rings ``client:`` addresses. ``in_turn``: it rings several people one after the other by itself.
    ``sip_among_others``: SIP telephones can be rung together with others. ``at_once`` is how many people one answer may
    ring, ``seconds`` the least and the most for how long.
    """

    browser_phones: bool = True
    in_turn: bool = True
    sip_among_others: bool = True
    at_once: int = 10
    seconds: tuple[int, int] = (1, 600)

    def can_ring(self, address: str) -> bool:
        """Whether it rings this address at all."""
        return self.browser_phones or not address.startswith(BROWSER_PHONE)

    def of_one_answer(self, people: Sequence[_Whoever], *, in_turn: bool) -> list[_Whoever]:
        """Whom of ``people`` one answer rings: the first of them, and those who can be rung with them, or after them by the
        provider itself if they are to be rung ``in_turn``."""
        there = [one for one in people if self.can_ring(one.address)]
        if in_turn and not self.in_turn:
            there = there[:1]
        if not self.sip_among_others:
            there = [one for one in there if _has_sip(one) == _has_sip(there[0])]
        return there[: self.at_once]

    def long_enough(self, seconds: int) -> int:
        """How long it rings for whoever is to be rung for ``seconds``."""
        least, most = self.seconds
        return min(max(seconds, least), most)


ANY: Final = Rings()
RINGS: Final[Mapping[str, Rings]] = {
    "twilio": ANY,
    # cxml/voice/dial: no <Client>, no "sequential", a timeout of at least five seconds, and no other noun beside a <Sip>.
    "signalwire": Rings(browser_phones=False, in_turn=False, sip_among_others=False, seconds=(5, 600)),
    # texml-verbs/dial: no <Client>; a timeout of 5 to 120 seconds. "sequential" is documented since 2026, and an attribute
    # that an account does not have is silently ignored, so that a mailbox would end the ringing of all others: people are
    # rung in turn by us.
    "telnyx": Rings(browser_phones=False, in_turn=False, seconds=(5, 120)),
}
"""By the provider's name."""


def are_rung_in_turn(legs: Sequence[Leg]) -> bool:
    """Whether they are rung one after the other: whoever picks up first ends the ringing of the others, also a voicemail
    that then presses no key."""
    return len(legs) > 1 and any(leg.confirm for leg in legs)


def _has_sip(one: Somebody) -> bool:
    return one.address.startswith(SIP)
