"""Reading a document, strictly: the whole of it is checked before its first verb runs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from simulator.contents import check_content
from simulator.errors import BODY_TOO_LARGE, PARSE_FAILURE, ROOT_NOT_RESPONSE, SCHEMA, TwimlError
from simulator.grammar import SPEECH_MARKUP, Element, Grammar, Ignored

MAX_BODY = 64 * 1024
"""Bytes (Twilio error 11750)."""


class Document(NamedTuple):
    """One document a line was given: where from, as text and parsed, and for which end of the call.

    `leg` is "caller", "wait" (a queue's waitUrl), "callee" (a dialled party's whisper), "queue whisper"
    (what a waiting caller hears before being connected) or "after" (answered when the call was already over
    or went elsewhere, so noted but not run). `root` is None for an audio file in a document's place.
    `at` is seconds since the line began, `took` the machine's seconds until the answer was there. `ignored` is
    what the provider read over, `headers` what came with the document, by names in lower case.
    """

    url: str
    text: str
    root: ET.Element | None
    leg: str
    at: float
    sid: str
    method: str
    parameters: Mapping[str, str]
    took: float
    ignored: Sequence[Ignored] = ()
    headers: Mapping[str, str] = {}


class Reading(NamedTuple):
    """The parsed <Response> without what the provider ignores, and what that was."""

    root: ET.Element
    ignored: list[Ignored]


def read_document(body: bytes, url: str, grammar: Grammar) -> Reading:
    """Raises TwimlError with Twilio's number for what is wrong first."""
    if len(body) > MAX_BODY:
        raise TwimlError(BODY_TOO_LARGE, f"the document has {len(body)} bytes; at most {MAX_BODY}", url)
    if not body.strip():
        raise TwimlError(PARSE_FAILURE, "the answer is empty; at least <Response/> is needed", url)
    if b"\0" in body or re.search(rb"<!(DOCTYPE|ENTITY)", body):
        raise TwimlError(PARSE_FAILURE, "a document type or entity declaration, or zero bytes", url)
    try:
        root = ET.fromstring(body)  # noqa: S314 - declarations of entities were refused above
    except (ET.ParseError, ValueError, LookupError) as error:
        raise TwimlError(PARSE_FAILURE, f"not well-formed XML: {error}", url) from None
    if root.tag != "Response":
        raise TwimlError(ROOT_NOT_RESPONSE, f"the root element is <{root.tag}>, not <Response>", url)
    reading = Reading(root, [])
    _check(reading, root, grammar, grammar.elements["Response"], url)
    return reading


def _check(reading: Reading, element: ET.Element, grammar: Grammar, expected: Element, url: str) -> None:
    for name, value in list(element.attrib.items()):
        if name not in expected.attributes:
            if not grammar.ignores_unknown:
                raise TwimlError(grammar.unknown_attribute_code, f"<{element.tag}> has no attribute {name!r}", url)
            reading.ignored.append(Ignored(element.tag, name, value, url))
            del element.attrib[name]
            continue
        allowed, code = expected.attributes[name]
        if not allowed(value):
            raise TwimlError(code, f"<{element.tag} {name}={value[:100]!r}> is not a valid value", url)
    _check_text(element, expected, url)
    for child in element:
        if child.tag in expected.children:
            _check(reading, child, grammar, grammar.elements.get(child.tag, _SPEECH_MARKUP), url)
        elif child.tag in grammar.not_simulated:
            raise TwimlError(None, f"<{child.tag}> is real, but this simulator does not have it", url)
        else:
            raise TwimlError(
                expected.nesting_code, f"<{child.tag}> may not stand in <{element.tag}>, or does not exist", url
            )
    check_content(element, url)
    problem = expected.also(element) if expected.also else None
    if problem:
        raise TwimlError(problem[0], f"<{element.tag}>: {problem[1]}", url)


def _check_text(element: ET.Element, grammar: Element, url: str) -> None:
    if grammar.text:
        return
    stray = (element.text or "") + "".join(child.tail or "" for child in element)
    if stray.strip():
        raise TwimlError(SCHEMA, f"text {stray.strip()[:40]!r} directly in <{element.tag}>", url)


_SSML_ATTRIBUTES = (
    *("strength", "time", "level", "alphabet", "ph", "volume", "rate", "pitch", "interpret-as", "format"),
    *("role", "alias", "{http://www.w3.org/XML/1998/namespace}lang"),
)
_SPEECH_MARKUP = Element(
    {name: (lambda value: len(value) <= 256, SCHEMA) for name in _SSML_ATTRIBUTES},
    SPEECH_MARKUP,
    text=True,
)
