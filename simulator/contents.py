"""What must stand inside an element: numbers, names, addresses, texts and their limits."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping

from simulator import values
from simulator.errors import SCHEMA, TwimlError
from simulator.grammar import Problem

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
MAX_PARTIES = 10
"""Nouns in one <Dial> (Twilio docs: number, client)."""
_INVALID_URL = 11100


def content_of(element: ET.Element) -> str:
    """The element's whole text, markup inside it left out, without blanks at both ends."""
    return "".join(element.itertext()).strip()


def check_content(element: ET.Element, url: str) -> None:
    """Raise TwimlError when the element's content can't be used."""
    check = _CONTENTS.get(element.tag)
    problem = check(element) if check else None
    if problem:
        code, message = problem
        raise TwimlError(code, f"<{element.tag}>: {message}", url)


def _say(element: ET.Element) -> Problem:
    text, voice = content_of(element), element.get("voice", "man")
    longest = 3000 if voice.startswith("Polly.") else 5000 if voice.startswith("Google.") else 4096
    if not text:
        return 13520, "there is no text to say"
    if len(text) > longest:
        return 13521, f"{len(text)} characters; this voice says at most {longest}"
    spoken = re.match(r"Google\.([a-z]{2,3}-[A-Z]{2})-", voice)
    if spoken and element.get("language", spoken[1]) != spoken[1]:
        return 13511, f"the voice {voice} does not speak {element.get('language')}"
    return None


def _play(element: ET.Element) -> Problem:
    address, digits = content_of(element), element.get("digits")
    if bool(address) == (digits is not None):
        return SCHEMA, "needs either a URL or digits"
    return (_INVALID_URL, f"{address[:100]!r} is not a URL") if address and not values.url(address) else None


def _redirect(element: ET.Element) -> Problem:
    address = content_of(element)
    return None if values.url(address) else (_INVALID_URL, f"{address[:100]!r} is not a URL")


def _dial(element: ET.Element) -> Problem:
    number = (element.text or "").strip()
    tails = "".join(child.tail or "" for child in element).strip()
    if tails or bool(number) == bool(len(element)):
        return SCHEMA, "needs either one number as its text or nouns inside"
    if number:
        return _number(element)
    if len(element) > MAX_PARTIES:
        return SCHEMA, f"{len(element)} parties; at most {MAX_PARTIES} can be dialled at once"
    if len(element) > 1 and any(child.tag == "Queue" for child in element):
        return SCHEMA, "a <Queue> stands alone"
    return None


def _number(element: ET.Element) -> Problem:
    number = content_of(element)
    return None if E164.fullmatch(number) else (13223, f"{number[:40]!r} is not an E.164 number")


def _client(element: ET.Element) -> Problem:
    text = (element.text or "").strip()
    identities = [content_of(child) for child in element if child.tag == "Identity"]
    if bool(text) == bool(identities) or len(identities) > 1:
        return SCHEMA, "needs one identity, as its text or as <Identity>"
    identity = text or identities[0]
    if not 0 < len(identity) <= 256 or re.search(r"[\s\x00-\x1f\x7f<>\"{}|\\^\[\]`]", identity):
        return SCHEMA, f"{identity[:40]!r} is not a client identity (at most 256 characters, no blanks)"
    return None


def _parameter(element: ET.Element) -> Problem:
    return None if "name" in element.attrib and "value" in element.attrib else (SCHEMA, "needs name and value")


def _sip(element: ET.Element) -> Problem:
    address = content_of(element)
    if not re.fullmatch(r"sips?:[^\s@]+@[A-Za-z0-9.\[\]:-]+[^\s]*", address):
        return 13243, f"{address[:60]!r} is not a SIP address"
    headers = address.partition("?")[2]
    return (13253, f"{len(headers)} characters of headers; at most 1024") if len(headers) > 1024 else None


def _queue(element: ET.Element) -> Problem:
    return _queue_name(element, 14212, 14213)


def _enqueue(element: ET.Element) -> Problem:
    return None if element.get("workflowSid") else _queue_name(element, 14204, 14205)


def _queue_name(element: ET.Element, too_short: int, too_long: int) -> Problem:
    name = content_of(element)
    if not name:
        return too_short, "the queue has no name"
    return (too_long, f"a queue's name of {len(name)} characters; at most 64") if len(name) > 64 else None


_CONTENTS: Mapping[str, Callable[[ET.Element], Problem]] = {
    "Say": _say,
    "Play": _play,
    "Redirect": _redirect,
    "Dial": _dial,
    "Number": _number,
    "Client": _client,
    "Parameter": _parameter,
    "Sip": _sip,
    "Queue": _queue,
    "Enqueue": _enqueue,
}
