"""Who a <Dial> rings: its number, or the nouns inside it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from simulator.contents import content_of
from simulator.execution import Step
from simulator.go_to import GoTo
from simulator.party import DEFAULT_EVENTS, Party


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
