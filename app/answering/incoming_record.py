"""The record of a decided call is made."""

from datetime import datetime, timedelta

from app.answering.booth_ticket import BoothTicket
from app.event_log.incoming import CalledLine, CallerSaid, CallSaid, Incoming
from app.event_log.records import BOOTH, PROVIDER, CallFact, FactKind, as_json, fact
from app.event_log.stored_decision import as_stored
from app.providers.twilio.payload import Webhook
from routing.call import IncomingCall
from routing.inquiry import Decision

_MOST_CHARACTERS = 100


def incoming_fact(
    tenant_id: str,
    webhook: Webhook,
    call: IncomingCall,
    decision: Decision,
    document: str,
    now: datetime,
    ticket: BoothTicket | None = None,
) -> CallFact:
    """The record of a decided call. Its times are the real ones, also when it was decided as of another moment."""
    # As JSON at once: kept as objects, the records of a busy minute would burden the memory.
    told = as_json(_incoming(webhook, call, decision, document, now, ticket))
    return fact(tenant_id, webhook.call_id, FactKind.INCOMING, now, told)


def _incoming(
    webhook: Webhook,
    call: IncomingCall,
    decision: Decision,
    document: str,
    now: datetime,
    ticket: BoothTicket | None,
) -> Incoming:
    line, clients, who = decision.line, decision.caller.clients, call.caller
    as_of = now + timedelta(seconds=ticket.shift) if ticket and ticket.shift else None
    return Incoming(
        CallSaid(
            webhook.call_id,
            now,
            CallerSaid(who.kind, who.number, webhook.caller_name),
            PROVIDER if ticket is None else BOOTH,
            CalledLine(line.id if line else None, call.to[:_MOST_CHARACTERS], line.label if line else ""),
            call.attestation,
        ),
        as_stored(decision, as_of),
        clients[0].id if len(clients) == 1 else None,
        tuple([one.id for one in clients]),
        document,
    )
