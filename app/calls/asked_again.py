"""What would happen now to a call that came before: the same caller, line and attestation, by the present plan."""

from dataclasses import dataclass
from datetime import datetime

from app.calls.explain_call import explain_call
from app.event_log.read_decision import decision_of
from app.event_log.stored_decision import StoredDecision
from app.plan.tenant_rows import TenantRows
from filters.attestation import Attestation
from filters.caller_id import CallerKind
from models import CallRecord


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """The decision of now. ``same`` is whether it does the same for the same reason."""

    decision: StoredDecision
    same: bool


def asked_again(call: CallRecord, tenant: TenantRows, attestation: Attestation, now: datetime) -> AskedAgain | None:
    """The call decided anew; None when the company has no plan any more."""
    if tenant.plan is None:
        return None
    decision = explain_call(
        tenant.plan, caller_as_sent(call), call.line_number, None, attestation.value, now, caller_name=call.caller_name
    )
    before = decision_of(call)
    return AskedAgain(decision, (decision.action, decision.reason.code) == (before.action, before.reason.code))


def caller_as_sent(call: CallRecord) -> str:
    """The caller as a provider would send them. What could not be read then is still unreadable."""
    caller = decision_of(call).caller
    return as_sent(call.caller_kind, call.caller_number or "", caller.address, plain=caller.plain)


def as_sent(kind: str, number: str, address: str, *, plain: bool) -> str:
    """The same of what is stored about a caller."""
    match kind:
        case CallerKind.NUMBER:
            return number if plain else f"<tel:{number}>"  # a spelling that is as odd
        case CallerKind.SIP:
            return f"sip:{address}"
        case CallerKind.CLIENT:
            return f"client:{address}"
        case CallerKind.SHORT_CODE | CallerKind.UNREADABLE if address:
            return address
        case CallerKind.WITHHELD:
            return "anonymous"
        case CallerKind.UNAVAILABLE:
            return ""
        case _:
            return "?"
