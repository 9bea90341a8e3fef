"""What a call was answered first: told from the answer that is stored with it."""

from collections.abc import Iterable
from typing import NamedTuple

from app.answering.stored_answer import AnswerUnreadable, read_answer
from app.event_log.records import FactKind, Payload
from app.providers.capabilities import degrade
from app.providers.registry import capabilities_of
from app.words.answers import AnswerReader
from models import CallEvent
from routing.plan import RoutingPlan


class FirstAnswer(NamedTuple):
    """``steps`` in words. Records of version 0.1 hold the provider's ``document`` instead."""

    steps: list[str]
    document: str = ""


def first_answer(events: Iterable[CallEvent], plan: RoutingPlan | None, provider: str) -> FirstAnswer | None:
    """As far as ``provider`` could carry it out; None when nothing is stored."""
    payload: Payload = next((one.payload for one in events if one.kind == FactKind.INCOMING), {})
    if document := payload.get("twiml"):
        return FirstAnswer([], document)
    if plan is None or "answer" not in payload:
        return None
    try:
        answer = read_answer(payload["answer"])
    except AnswerUnreadable:
        return None
    return FirstAnswer(AnswerReader(plan).steps(degrade(answer, capabilities_of(provider))))
