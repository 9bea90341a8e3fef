"""What a grammar of documents is: elements, their attributes, what may stand inside, and the error numbers.

Each provider has its own, in `providers/`. An attribute with no number of its own fails with the grammar's.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from simulator.errors import SCHEMA
from simulator.values import Check

Attribute = tuple[Check, int]
Problem = tuple[int, str] | None
"""The error's number and what is wrong, or None."""


def plain(check: Check, code: int = SCHEMA) -> Attribute:
    return (check, code)


@dataclass(frozen=True)
class Element:
    """The grammar of one element. `nesting_code` is the number for a child that may not stand in it; `also` is
    asked when everything else is in order."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    text: bool = False
    nesting_code: int = SCHEMA
    also: Callable[[ET.Element], Problem] | None = None


@dataclass(frozen=True)
class Grammar:
    """The documents that one provider understands.

    `not_simulated`: elements that the provider has and this simulator has not. `places`: the verbs allowed in a
    place ("caller", "wait", "callee", "queue whisper") where they are not Twilio's. With `ignores_unknown` an
    attribute that the provider does not know is no error; it is taken out of the document and noted.
    """

    elements: Mapping[str, Element]
    not_simulated: frozenset[str] = frozenset()
    places: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ignores_unknown: bool = False
    unknown_attribute_code: int = SCHEMA

    def without(self, attributes: Collection[str]) -> Grammar:
        """The same grammar, in which no element knows an attribute of these names."""
        elements = {
            tag: replace(element, attributes={k: v for k, v in element.attributes.items() if k not in attributes})
            for tag, element in self.elements.items()
        }
        return replace(self, elements=elements)


VERBS = frozenset(
    ["Say", "Play", "Pause", "Gather", "Dial", "Enqueue", "Leave", "Redirect", "Reject", "Hangup", "Record"]
)
SPEECH_MARKUP = frozenset(["break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"])


@dataclass(frozen=True)
class Ignored:
    """An attribute that the provider read over without a word: what it asked for does not happen."""

    element: str
    attribute: str
    value: str
    url: str
