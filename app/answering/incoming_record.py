"""The record of a decided call: the first fact about it, from which the log, the card and "why?" are made."""

from datetime import datetime, timedelta
from typing import Any, Final

from app.answering.booth_ticket import BoothTicket
from app.answering.given import Given
from app.answering.report import CallReport
from app.event_log.decision_json import decision_json, of_the_action, of_the_caller
from app.event_log.records import BOOTH, CallFact, Ending, FactKind, as_json, fact
from routing.call import IncomingCall
from routing.inquiry import Asked, Decision

_BEGINNING: Final = (
    b'{"call":{"id":"%b","at":%b,"caller":{"kind":"number","number":"%b","name":%b},%b,'
    b'"decision":{"caller":{"kind":"number","number":"%b","address":""},%b'
)
""":func:`incoming_payload` for somebody with a number and without a card, up to its ending. Call ids and E.164 numbers have
nothing to escape."""
_KEPT: Final = 512
_alike: dict[tuple[object, ...], tuple[tuple[Asked, ...], bytes, Ending]] = {}


def incoming_fact(
    tenant_id: str,
    report: CallReport,
    call: IncomingCall,
    decision: Decision,
    given: Given,
    now: datetime,
    ticket: BoothTicket | None = None,
) -> CallFact:
    """The record of a decided call. Its times are the real ones, also when it was decided as of another moment."""
    number = call.caller.number
    # As JSON at once: kept as objects, the records of a busy minute would burden the memory.
    if number is None or ticket is not None or decision.caller.clients:
        told = as_json(incoming_payload(report, call, decision, given, now, ticket))
        return fact(tenant_id, report.call_id, FactKind.INCOMING, now, told)
    of_the_call, ending = _what_others_share(tenant_id, report.provider, call, decision, given)
    on_the_lists = as_json(of_the_caller(decision))[1:-1] + b"," if decision.caller.matches else b""
    told = _BEGINNING % (
        report.call_id.encode(), as_json(now), (digits := number.encode()),
        as_json(report.caller_name), of_the_call, digits, on_the_lists,
    )  # fmt: skip
    record = fact(tenant_id, report.call_id, FactKind.INCOMING, now, told)
    record.ending = ending
    return record


def incoming_payload(
    report: CallReport,
    call: IncomingCall,
    decision: Decision,
    given: Given,
    now: datetime,
    ticket: BoothTicket | None = None,
) -> dict[str, Any]:
    """What is told of a decided call."""
    as_of = {"as_of": (now + timedelta(seconds=ticket.shift)).isoformat()} if ticket and ticket.shift else {}
    who = {"kind": call.caller.kind.value, "number": call.caller.number, "name": report.caller_name}
    return {
        "call": {"id": report.call_id, "at": now.isoformat(), "caller": who}
        | _of_the_call(report.provider, call, decision, ticket),
        "decision": decision_json(decision) | as_of,
        **_of_the_answer(decision, given),
    }


def _of_the_call(provider: str, call: IncomingCall, decision: Decision, ticket: BoothTicket | None) -> dict[str, Any]:
    line = decision.line
    return {
        "provider": provider if ticket is None else BOOTH,
        "line": {"id": line.id if line else None, "number": call.to[:100], "label": line.label if line else ""},
        "attestation": call.attestation.value,
    }


def _of_the_answer(decision: Decision, given: Given) -> dict[str, Any]:
    client = decision.caller.client
    return {
        "client_id": client.id if client else None,
        "client_ids": [one.id for one in decision.caller.clients],
        "answer": given.told,
    }


def _what_others_share(
    tenant_id: str, provider: str, call: IncomingCall, decision: Decision, given: Given
) -> tuple[bytes, Ending]:
    """The rest of "call"; and the ending, which is most of a record: the rest of "decision" and all that follows.

    Strangers to one line share what was asked of the first of them (see :func:`routing.decision.decide`), and so all of
    it; those on a list share what they get."""
    key: tuple[object, ...] = id(decision.asked), given, provider, call.attestation
    if decision.caller.matches:
        key = (
            tenant_id,
            call.to,
            given,
            provider,
            call.attestation,
            decision.action,
            decision.revision,
            decision.language,
        )
    known = _alike.get(key)
    if known is None or not (decision.caller.matches or known[0] is decision.asked):
        if len(_alike) >= _KEPT:
            _alike.clear()
        shared = of_the_action(decision)
        if not decision.caller.matches:
            shared |= of_the_caller(decision)
        known = _alike[key] = (
            decision.asked,
            as_json(_of_the_call(provider, call, decision, None))[1:],
            Ending(as_json(shared)[1:] + b"," + as_json(_of_the_answer(decision, given))[1:]),
        )
    return known[1], known[2]
