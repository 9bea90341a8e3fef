"""The markup of calls, drawn once for everybody who looks: cards of running calls, lines of past ones."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.roles import Role, at_least
from app.clients.caller_history import CallerHistory, calls_between, history_of, open_calls
from app.clients.client_card import Card, Shown, build_card, clients_of, shown_as, zone_of, zone_of_company
from app.panel.drawing import draw
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from models import CallRecord
from routing.lifecycle import CallState

PAST_SHOWN: Final = 60
STILL_OPEN: Final = timedelta(hours=5)


async def tenant_of(board: Switchboard, who: Principal) -> TenantRows:
    """The rows of whoever asks; a company that was set up a moment ago by another process is read in first."""
    try:
        return board.live_plan.tenant(who.tenant_id)
    except KeyError:
        await board.live_plan.catch_up()
        return board.live_plan.tenant(who.tenant_id)


def categories_of(tenant: TenantRows) -> list[tuple[str, str]]:
    """The choices of the form: id and name."""
    return sorted(
        ((row["id"], row["name"]) for row in tenant.rows["category"].values()), key=lambda one: one[1].lower()
    )


async def card_of(session: AsyncSession, call: CallRecord, tenant: TenantRows, rings: str = "") -> Card:
    """The call's card with the caller's history."""
    clients = tuple(row["id"] for row in clients_of(call, tenant))
    return build_card(call, tenant, await history_of(session, call, clients, zone_of(call, tenant)), rings)


def draw_card(card: Card, tenant: TenantRows) -> str:
    """The article of a running call."""
    return draw("operator_panel/card.html", card=card, categories=categories_of(tenant))


def draw_line(card: Card, tenant: TenantRows) -> str:
    """The line of a past call."""
    return draw("operator_panel/line.html", card=card, categories=categories_of(tenant))


async def running_cards(session: AsyncSession, tenant: TenantRows, now: datetime) -> list[Card]:
    """The cards of all running calls, newest first."""
    running = await open_calls(session, tenant.tenant_id, now - STILL_OPEN)
    return [await card_of(session, call, tenant) for call in running if shown_as(call) is Shown.CARD]


async def cards_of_today(session: AsyncSession, tenant: TenantRows, now: datetime, role: Role) -> list[Card]:
    """The day's calls, newest first, without the history that a line does not show. Blacklisted calls are for supervisors
    only, running ones included: they wait."""
    midnight = now.astimezone(zone_of_company(tenant)).replace(hour=0, minute=0, second=0, microsecond=0)
    calls = await calls_between(session, tenant.tenant_id, midnight, PAST_SHOWN * 2)
    wanted = [call for call in calls if _in_the_log(call, role)]
    return [build_card(call, tenant, CallerHistory()) for call in wanted[:PAST_SHOWN]]


def _in_the_log(call: CallRecord, role: Role) -> bool:
    match shown_as(call):
        case Shown.HIDDEN:
            return at_least(role, Role.SUPERVISOR)
        case _:
            return call.state == CallState.ENDED
