"""A document that the service answered a call from the booth with: why it was asked, what the answer does, and the document
itself."""

import base64
import binascii
from typing import Final
from urllib.parse import urlsplit
from xml.dom import minidom
from xml.parsers.expat import ExpatError

import orjson

from app.answering.stored_answer import AnswerUnreadable, read_answer
from app.base.language import gettext as _
from app.providers.door import ANSWER_HEADER
from app.words.answers import AnswerReader
from app.words.why_asked import why_asked
from routing.plan import RoutingPlan
from routing.step import Step, StepForged, decode, split_owner
from simulator import Document

_STEP: Final = "/step/"


def told_of(document: Document, plan: RoutingPlan, step_key: bytes) -> dict[str, object]:
    """``{"title", "steps", "document", "ms"}`` as :file:`static/booth/call.js` reads it."""
    return {
        "title": _title(document, plan, step_key),
        "steps": _steps(document, plan),
        "document": for_reading(document.text),
        "ms": round(document.took * 1000, 1),
    }


def _title(document: Document, plan: RoutingPlan, step_key: bytes) -> str:
    path, parameters = urlsplit(document.url).path, document.parameters
    step = _step(path, step_key)
    if step is None:
        return _("The first answer failed; fallback") if "fallback" in path else _("The call comes in")
    over = document.leg == "after" or parameters.get("DialBridged") == "true"
    return why_asked(step, plan, parameters.get("Digits", ""), over=over)


def _step(path: str, step_key: bytes) -> Step | None:
    token = path.partition(_STEP)[2]
    try:
        return decode(split_owner(token)[1], step_key) if token else None
    except StepForged:
        return None


def _steps(document: Document, plan: RoutingPlan) -> list[str]:
    """What the answer does, as the service says itself; nothing where it does not, which is when something went wrong."""
    told = document.headers.get(ANSWER_HEADER.decode(), "")
    try:
        return AnswerReader(plan).steps(read_answer(orjson.loads(base64.b64decode(told))))
    except (AnswerUnreadable, binascii.Error, orjson.JSONDecodeError):
        return []


def for_reading(text: str) -> str:
    """The document with line breaks; as it came when it is no XML."""
    try:
        lines = minidom.parseString(text).toprettyxml(indent="  ").splitlines()[1:]  # noqa: S318  # our own answers
    except ExpatError:
        return text
    return "\n".join(line for line in lines if line.strip())
