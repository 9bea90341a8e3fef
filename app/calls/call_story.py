"""What happened in a call, in the order of time and in words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.language import gettext as _
from app.calls.call_outcome import operator_name
from app.event_log.read_decision import read_decision
from app.event_log.records import FactKind
from app.event_log.stored_decision import StoredDecision
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.words.action_words import action_words, queue_name
from app.words.actor_words import person
from app.words.told_decision import tell_reason
from filters.attestation import Attestation
from models import CallEvent, CallRecord
from routing.lifecycle import Outcome

_SHOWN_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing; ``beside`` is what more there is to say about it."""

    at: datetime
    words: str
    beside: str = ""


async def events_of(session: AsyncSession, call: CallRecord) -> list[CallEvent]:
    """Everything recorded about the call, in the order of time; signs of life that tell nobody anything are left out."""
    query = (
        select(CallEvent)
        .where(
            CallEvent.tenant_id == call.tenant_id, CallEvent.call_id == call.call_id,
            CallEvent.kind != FactKind.NOTED.value,
            or_(CallEvent.kind != FactKind.SEEN.value, CallEvent.payload["passed_over"][0].is_not(None)),
        )
        .order_by(CallEvent.at, CallEvent.position)
        .limit(_SHOWN_AT_MOST)
    )  # fmt: skip
    return list(await session.scalars(query))


def story_of(events: list[CallEvent], tenant: TenantRows) -> list[Happened]:
    """The events in words."""
    return [
        Happened(event.at, words, beside)
        for event in events
        for words, beside in [_words(event.kind, event.payload, tenant)]
        if words
    ]


def attestation_in(events: list[CallEvent]) -> Attestation:
    """How far the network vouched for the number when the call came in."""
    for event in events:
        if event.kind == FactKind.INCOMING:
            return Attestation(event.payload["call"].get("attestation", Attestation.NONE))
    return Attestation.NONE


def _action(decision: StoredDecision, payload: Row, tenant: TenantRows) -> str:
    call = payload.get("call")
    return action_words(decision, tenant.plan, call.get("provider", "") if isinstance(call, dict) else "")


def _words(kind: str, payload: Row, tenant: TenantRows) -> tuple[str, str]:
    match kind:
        case FactKind.INCOMING:
            decision = read_decision(payload["decision"])
            return _("Came in: %(action)s", action=_action(decision, payload, tenant)), tell_reason(decision)
        case FactKind.REDECIDED:
            decision = read_decision(payload["decision"])
            return _("Decided again: %(action)s", action=_action(decision, payload, tenant)), tell_reason(decision)
        case FactKind.MENU:
            return _("Chose %(choice)s in the menu", choice=payload.get("choice", "")), str(payload.get("menu", ""))
        case FactKind.PIN_WRONG:
            return _("Keyed in a wrong PIN"), ""
        case FactKind.URGENT:
            return _("Said that it is urgent"), ""
        case FactKind.QUEUED:
            return _("Waits in the queue"), queue_name(payload.get("queue_id"), tenant.plan)
        case FactKind.LEFT_QUEUE:
            return _("Left the queue"), queue_name(payload.get("queue_id"), tenant.plan)
        case FactKind.SEEN:
            names = ", ".join(operator_name(one, tenant) for one in payload.get("passed_over", ()))
            return _("Passed over: on the telephone already"), names
        case FactKind.RINGING:
            return _("A phone is ringing"), operator_name(payload.get("operator_id"), tenant)
        case FactKind.ANSWERED:
            return _("Answered"), operator_name(payload.get("operator_id"), tenant)
        case FactKind.RELEASED:
            return _("Released from the fake queue"), person(str(payload.get("by", "")))
        case FactKind.HANG_UP:
            return _("To be hung up"), person(str(payload.get("by", "")))
        case FactKind.ENDED:
            return _("Ended"), _ending(payload.get("outcome"))
        case FactKind.VOICEMAIL_RECEIVED:
            return _("Left a message"), ""
        case FactKind.VIP_MISSED:
            return _("A VIP reached nobody"), ""
        case FactKind.CALLBACK_OPENED:
            return _("Is to be called back"), ""
        case FactKind.CALLBACK_DONE:
            return _("Call-back closed"), ""
        case _:
            return "", ""


def _ending(outcome: object) -> str:
    match outcome:
        case Outcome.BUSY:
            return _("busy")
        case Outcome.NO_ANSWER:
            return _("no answer")
        case Outcome.CANCELED:
            return _("the caller hung up")
        case Outcome.FAILED:
            return _("failed")
        case Outcome.LOST:
            return _("end not reported")
        case _:
            return ""
