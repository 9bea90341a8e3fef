"""Live events for the panel: which piece of the page a call's event changes, and its new markup."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.calls.records import CallFact, FactKind
from app.clients.client_card import Shown, shown_as
from app.panel.call_pieces import card_of, draw_card, draw_line
from app.plan.tenant_rows import TenantRows
from models import CallRecord
from routing.lifecycle import CallState


async def live_card(
    session: AsyncSession, fact: CallFact, call: CallRecord, tenant: TenantRows
) -> dict[str, Any] | None:
    """``{target, swap, html, call, title}`` as :file:`static/live.js` reads it; None when operators see nothing of it.

    ``swap`` is ``card`` (put or renew the card), ``line`` (the card becomes a line of the day) or ``remove``. The markup
    shows the call as it stands now, also in a replay: a card of a call that has ended would be a ghost.
    """
    shown, ended = shown_as(call), call.state == CallState.ENDED
    told: dict[str, Any] = {"call": {"id": call.call_id, "state": call.state, "type": fact.kind.value}, "title": ""}
    if shown is Shown.HIDDEN:
        # Only a call that was decided again may have a card to take away.
        return told | {"target": "#calls", "swap": "remove", "html": ""} if fact.kind is FactKind.REDECIDED else None
    if not ended and shown is Shown.LINE:
        return None
    card = await card_of(session, call, tenant, fact.payload.get("operator_id") or "")
    told["title"] = card.title
    if ended:
        return told | {"target": "#today", "swap": "line", "html": draw_line(card, tenant)}
    return told | {"target": "#calls", "swap": "card", "html": draw_card(card, tenant)}
