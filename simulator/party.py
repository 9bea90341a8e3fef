"""One party of a <Dial>: a number, a client or a SIP address, with its whisper and its status callbacks."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from simulator.contents import content_of
from simulator.execution import GoTo, Step

DEFAULT_EVENTS = "completed"
"""statusCallbackEvent when it is not given (Twilio docs: number)."""


@dataclass(frozen=True)
class Party:
    """`address` is "+33…", "client:olga" or "sip:…", as a telephone is known to the company."""

    kind: str
    address: str
    whisper: GoTo | None = None
    status_url: str | None = None
    status_method: str = "POST"
    events: frozenset[str] = frozenset([DEFAULT_EVENTS])

    @property
    def telephone(self) -> str:
        """The address without a SIP address's parameters and headers."""
        return self.address.partition("?")[0].partition(";")[0]


def parties_of(step: Step) -> list[Party]:
    """The parties of the <Dial>, in their order."""
    if not len(step.verb):
        return [Party("Number", content_of(step.verb))]
    return [_party(step, noun) for noun in step.verb]


def _party(step: Step, noun: ET.Element) -> Party:
    address = content_of(noun)
    if noun.tag == "Client":
        identity = noun.find("Identity")
        address = "client:" + (address if identity is None else content_of(identity))
    whisper, callback = noun.get("url"), noun.get("statusCallback")
    return Party(
        noun.tag,
        address,
        None if whisper is None else GoTo(step.resolve(whisper), noun.get("method", "POST")),
        None if callback is None else step.resolve(callback),
        noun.get("statusCallbackMethod", "POST"),
        frozenset(noun.get("statusCallbackEvent", DEFAULT_EVENTS).split(" ")),
    )
