"""Live events for programs. Part of the public contract: ``{"type", "call", "client"}``."""

from app.callbacks.callbacks_api import CallbackOut
from app.event_log.caller_address import address_of
from app.event_log.read_decision import decision_of
from app.event_log.records import CallFact, FactKind
from app.plan.clients_calling import clients_of
from app.plan.rows import Row, as_row
from app.plan.tenant_rows import TenantRows
from app.words.told_decision import tell_reason
from models import Callback, CallRecord
from routing.lifecycle import CallState


def event_json(fact: CallFact, call: CallRecord, tenant: TenantRows) -> dict[str, object]:
    """What a program is told about ``fact``. ``client`` is the one client that is known to use the number now."""
    clients = clients_of(call, tenant)
    return {
        "type": fact.kind.value,
        "call": call_json(call) | {"state": _state_at(fact, call).value, "at": fact.at.isoformat()} | _extra(fact),
        "client": _client_json(clients[0]) if len(clients) == 1 else None,
    }


def presence_json(fact: CallFact) -> dict[str, object]:
    """What a program is told when an operator's presence has changed."""
    told = fact.payload
    operator = {"id": told["operator_id"], "name": told["name"], "presence": told["presence"]}
    return {"type": fact.kind.value, "at": fact.at.isoformat(), "operator": operator, "call": None, "client": None}


def clients_json(fact: CallFact, tenant: TenantRows) -> dict[str, object]:
    """What a program is told when a client was added, changed or taken away: the client as it is by now, null when it is
    gone. ``into_id`` is the client that it was merged into; ``count`` is of an import, which is told once."""
    row = tenant.rows["client"].get(fact.payload.get("client_id", ""))
    about = {name: fact.payload[name] for name in ("client_id", "into_id", "count") if name in fact.payload}
    told: dict[str, object] = {"type": fact.kind.value, "at": fact.at.isoformat()}
    return told | about | {"call": None, "client": _client_json(row) if row is not None else None}


def callback_event_json(
    fact: CallFact, callback: Callback, call: CallRecord | None, tenant: TenantRows
) -> dict[str, object]:
    """The same of a call-back; ``call`` is the one that led to it, null where none did."""
    client = tenant.rows["client"].get(callback.client_id or "")
    return {
        "type": fact.kind.value,
        "call": call_json(call) if call is not None else None,
        "client": _client_json(client) if client is not None else None,
        "callback": CallbackOut.model_validate(as_row(callback)).model_dump(mode="json"),
    }


def call_json(call: CallRecord) -> dict[str, object]:
    """A call as it stands."""
    decision = decision_of(call)
    line = decision.line
    return {
        "id": call.call_id,
        "provider": call.provider,
        "caller": {
            "kind": call.caller_kind,
            "number": call.caller_number,
            "name": call.caller_name,
            "address": address_of(call),
        },
        "attestation": call.attestation,
        "forwarded_from": call.forwarded_from or None,
        "line": {"id": call.line_id, "number": call.line_number, "label": line.label if line else ""},
        "decision": {"action": call.action, "reason": {"code": call.reason_code, "text": tell_reason(decision)}},
        "state": call.state,
        "outcome": call.outcome,
        "menu_choice": call.menu_choice,
        "queue_id": call.queue_id,
        "answered_by": call.answered_by,
        "started_at": call.started_at.isoformat(),
        "at": call.last_seen_at.isoformat(),
    }


def _state_at(fact: CallFact, call: CallRecord) -> CallState:
    """The state that the event brought or found, so that a replay reads like the events themselves."""
    match fact.kind:
        case FactKind.ANSWERED:
            return CallState.ANSWERED
        case FactKind.ENDED:
            return CallState.ENDED
        case _:
            talking = call.answered_at is not None and fact.at > call.answered_at
            return CallState.ANSWERED if talking else CallState.RINGING


def _extra(fact: CallFact) -> dict[str, object]:
    if fact.kind is FactKind.TRANSFERRED:
        return {"to": fact.payload["to"]}
    return {"operator_id": fact.payload["operator_id"]} if "operator_id" in fact.payload else {}


def _client_json(row: Row) -> dict[str, object]:
    return {
        key: row[key]
        for key in ("id", "name", "company", "category_id", "standing", "language", "about", "pinned_note")
    }
