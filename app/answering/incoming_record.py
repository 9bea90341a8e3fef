"""The record of a decided call is made."""

from datetime import datetime, timedelta
from typing import Final

from app.answering.booth_ticket import BoothTicket
from app.answering.given import Given
from app.answering.report import CallReport
from app.answering.strangers import Common, Strangers
from app.base.text import display_text
from app.event_log.incoming import CalledLine, CallerSaid, CallSaid, Incoming
from app.event_log.records import BOOTH, CallFact, Ending, FactKind, as_json, fact
from app.event_log.stored_decision import VERSION, as_stored
from routing.call import IncomingCall
from routing.inquiry import Decision

_MOST_CHARACTERS: Final = 100
_BEGINNING: Final = (
    b'{"call":{"id":"%b","at":%b,"caller":{"kind":"number","number":"%b","name":%b}%b,'
    b'"decision":{"version":' + str(VERSION).encode() + b',"caller":{"value":"%b"}'
)
"""How the record of a stranger begins. Call ids and E.164 numbers have nothing to escape."""


def incoming_fact(
    tenant_id: str,
    report: CallReport,
    call: IncomingCall,
    decision: Decision,
    given: Given,
    now: datetime,
    strangers: Strangers | None = None,
    ticket: BoothTicket | None = None,
) -> CallFact:
    """The record of a decided call. Its times are the real ones, also when it was decided as of another moment. What it has
    in common with those of other ``strangers`` is written once."""

    def in_common() -> Common:
        whole = as_json(_incoming(report, call, decision, given, now, ticket))
        # No text can hold these: a quotation mark in it would be escaped.
        provider, decided, action = map(whole.index, (b',"provider":', b',"decision":', b',"action":'))
        return Common(whole[provider:decided], Ending(whole[action:]))

    known = (
        strangers.common(decision, (given, report.provider, call.attestation), in_common)
        if strangers and not ticket and not report.forwarded_from
        else None
    )
    if known is None:
        # As JSON at once: kept as objects, the records of a busy minute would burden the memory.
        told = as_json(_incoming(report, call, decision, given, now, ticket))
        return fact(tenant_id, report.call_id, FactKind.INCOMING, now, told)
    number = call.caller.value.encode()
    told = _BEGINNING % (
        report.call_id.encode(), as_json(now), number, as_json(report.caller_name), known.of_the_call,
        number,
    )  # fmt: skip
    record = fact(tenant_id, report.call_id, FactKind.INCOMING, now, told)
    record.ending = known.ending
    return record


def _incoming(
    report: CallReport,
    call: IncomingCall,
    decision: Decision,
    given: Given,
    now: datetime,
    ticket: BoothTicket | None,
) -> Incoming:
    line, clients, who = decision.line, decision.caller.clients, call.caller
    as_of = now + timedelta(seconds=ticket.shift) if ticket and ticket.shift else None
    return Incoming(
        CallSaid(
            report.call_id,
            now,
            CallerSaid(who.kind, who.number, report.caller_name, who.value if who.value != who.number else ""),
            report.provider if ticket is None else BOOTH,
            CalledLine(line.id if line else None, call.to[:_MOST_CHARACTERS], line.label if line else ""),
            call.attestation,
            display_text(report.forwarded_from)[:_MOST_CHARACTERS],
        ),
        as_stored(decision, as_of),
        clients[0].id if len(clients) == 1 else None,
        tuple([one.id for one in clients]),
        given.told,
    )
