"""What would happen now to a call that came before: the same caller, line and attestation, by the present plan."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from app.calls.explain_call import explain_call
from app.event_log.records import as_json
from app.plan.tenant_rows import TenantRows
from filters.attestation import Attestation
from filters.caller_id import CallerKind
from models import CallRecord


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """The decision of now. ``same`` is whether it does the same for the same reason."""

    decision: dict[str, Any]
    same: bool


def asked_again(call: CallRecord, tenant: TenantRows, attestation: Attestation, now: datetime) -> AskedAgain | None:
    """The call decided anew; None when the company has no plan any more."""
    if tenant.plan is None:
        return None
    decision = explain_call(tenant.plan, caller_as_sent(call), call.line_number, None, attestation.value, now)
    decision, before = orjson.loads(as_json(decision)), call.decision  # in the form in which it would be stored
    same = all(decision[key] == before.get(key) for key in ("action", "detail"))
    return AskedAgain(decision, same and decision["reason"]["code"] == before["reason"]["code"])


def caller_as_sent(call: CallRecord) -> str:
    """The caller as a provider would send them. What could not be read then is still unreadable."""
    address = call.decision["caller"].get("address", "")
    match call.caller_kind:
        case CallerKind.NUMBER:
            return call.caller_number or ""
        case CallerKind.SIP:
            return f"sip:{address}"
        case CallerKind.CLIENT:
            return f"client:{address}"
        case CallerKind.SHORT_CODE:
            return str(address)
        case CallerKind.WITHHELD:
            return "anonymous"
        case CallerKind.UNAVAILABLE:
            return ""
        case _:
            return "?"
