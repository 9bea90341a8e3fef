"""What is stored about a call, as the booth shows it: the decision with its trace, and who sees a card."""

from zoneinfo import ZoneInfo

from app.base.language import gettext as _
from app.calls.missed_calls import Shown, shown_as
from app.event_log.read_decision import decision_of
from app.switchboard import Switchboard
from app.web.drawing import draw
from app.words.told_decision import tell_decision
from models import CallRecord


async def booth_record(board: Switchboard, tenant_id: str, call_id: str, zone: ZoneInfo) -> dict[str, object] | None:
    """``{"html", "sees"}``: the stored decision as markup, and what operators see of the call. None before it is stored."""
    async with board.sessions() as session:
        call = await session.get(CallRecord, {"tenant_id": tenant_id, "call_id": call_id})
    if call is None:
        return None
    html = draw("booth/decision.html", call=call, decision=tell_decision(decision_of(call)), sees_lists=True, zone=zone)
    return {"html": html, "sees": _seen(shown_as(call))}


def _seen(shown: Shown) -> str:
    match shown:
        case Shown.HIDDEN:
            return _("Operators do not see this call. Supervisors find it in the call log.")
        case Shown.LINE:
            return _("No card is shown. Operators find the call in the log once it has ended.")
        case _:
            return _("Its card is on the operators' panel.")
