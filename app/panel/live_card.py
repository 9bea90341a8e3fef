"""Live events for the panel: which piece of the page a call's event changes, and its new markup."""

from datetime import datetime

from app.calls.client_card import build_card
from app.calls.dossier import Dossier
from app.calls.missed_calls import Shown, shown_as
from app.calls.pieces import draw_card, draw_line, is_asked_for, is_in_the_log, midnight
from app.calls.seat import Seat
from app.event_log.records import CallFact, FactKind
from app.plan.tenant_rows import TenantRows
from app.web.drawing import draw
from routing.lifecycle import CallState

_WHO_CHANGES = frozenset({FactKind.REDECIDED, FactKind.MENU, FactKind.QUEUED, FactKind.LEFT_QUEUE})
"""After these a call may concern others than before."""


def live_card(
    fact: CallFact, dossier: Dossier, tenant: TenantRows, seat: Seat, now: datetime
) -> dict[str, object] | None:
    """``{target, swap, html, call, title}`` as :file:`static/live.js` reads it; None when whoever has this seat sees
    nothing of it.

    ``swap`` is ``card`` (put or renew the card), ``line`` (the card becomes a line of the day; ``after`` is the card that
    asks whoever took the call for its outcome), ``fold`` (somebody else took it: ``html`` says who, for a moment) or
    ``remove``. The markup shows the call as it stands now, also in a replay: a card of a call that has ended would be a
    ghost.
    """
    call, shown = dossier.call, shown_as(dossier.call)
    told: dict[str, object] = {"call": {"id": call.call_id, "state": call.state, "type": fact.kind.value}, "title": ""}
    remove = told | {"target": "#calls", "swap": "remove", "html": ""}
    if shown is Shown.HIDDEN:
        # Only a call that was decided again may have a card to take away.
        return remove if fact.kind is FactKind.REDECIDED else None
    if call.state == CallState.ENDED:
        card = build_card(dossier, tenant, now)
        if not is_in_the_log(call, seat, now) or call.started_at < midnight(tenant, now):
            return remove  # no line of today
        told |= {"title": card.title, "target": "#today", "swap": "line", "html": draw_line(card, seat, tenant)}
        return told | {"after": draw_card(card, seat, tenant)} if is_asked_for(dossier, seat, now) else told
    if shown is Shown.LINE:
        return None
    if not seat.sees:
        # A call leaves its queue a moment before it is answered, and may stand as answered by then: it folds all the same.
        answered = fact.kind is FactKind.ANSWERED or (fact.kind in _WHO_CHANGES and call.state == CallState.ANSWERED)
        if answered and seat.sees_ringing:
            card = build_card(dossier, tenant, now)
            return told | {"target": "#calls", "swap": "fold", "html": draw("operator_panel/folded.html", card=card)}
        return remove if fact.kind in _WHO_CHANGES else None
    card = build_card(dossier, tenant, now)
    return told | {
        "title": card.title, "target": "#calls", "swap": "card", "html": draw_card(card, seat, tenant),
    }  # fmt: skip
