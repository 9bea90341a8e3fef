"""How a call went, and what is still to be done about it, in words."""

from app.base.language import gettext as _
from app.calls.call_notes import NotedOutcome
from app.calls.missed_calls import Shown, shown_as, was_missed
from app.plan.tenant_rows import TenantRows
from app.providers.registry import capabilities_of
from models import CallNote, CallRecord
from routing.actions import FakeQueue, Message, Reject, RingOut, Voicemail
from routing.lifecycle import CallState, Outcome


def is_open(call: CallRecord, note: CallNote | None, *, is_to_be_called: bool) -> bool:
    """Whether the caller still has to be called back for this call; ``is_to_be_called`` is whether at all."""
    if not is_to_be_called:
        return False
    if note is not None and note.called_back_at is not None:
        return False
    outcome = note.outcome if note is not None else None
    return outcome == NotedOutcome.CALL_BACK or (outcome is None and was_missed(call))


def outcome_of(call: CallRecord, tenant: TenantRows) -> str:
    """How the call went: ``4:10 · Olga``, ``Missed``, ``⊘ Blacklist → fake queue``."""
    if shown_as(call) is Shown.HIDDEN:
        return _blocked(call)
    if call.answered_at is not None:
        ended = call.ended_at or call.last_seen_at
        seconds = max(0, int((ended - call.answered_at).total_seconds()))
        by = operator_name(call.answered_by, tenant)
        return f"{seconds // 60}:{seconds % 60:02}" + (f" · {by}" if by else "")
    if call.state != CallState.ENDED:
        return _("In progress")
    match call.outcome:
        case Outcome.BUSY:
            return _("Busy")
        case Outcome.FAILED:
            return _("Failed")
        case Outcome.LOST:
            return _("End not reported")
    match capabilities_of(call.provider).done_for(call.action):
        case Message.name:
            return _("Heard an announcement")
        case Voicemail.name:
            return _("Voicemail")
        case Reject.name:
            return _("Refused")
        case _:
            return _("Missed")


def operator_name(operator_id: str | None, tenant: TenantRows) -> str:
    """The operator's name; empty when nobody of that id is left."""
    row = tenant.rows["operator"].get(operator_id or "")
    return row["name"] if row else ""


def _blocked(call: CallRecord) -> str:
    match capabilities_of(call.provider).done_for(call.action):
        case FakeQueue.name:
            return _("⊘ Blacklist → fake queue")
        case RingOut.name:
            return _("⊘ Blacklist → rings, nobody answers")
        case Reject.name:
            return _("⊘ Blacklist → refused")
        case Voicemail.name:
            return _("⊘ Blacklist → voicemail")
        case _:
            return _("⊘ Blacklist → announcement")
