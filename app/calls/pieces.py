"""The markup of calls: cards of running calls, lines of past ones, and what is shown for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.calls.call_notes import drafts_of, notes_of
from app.calls.caller_history import calls_between, open_calls
from app.calls.client_card import AFTER_CALL, Card, build_card
from app.calls.concerned import concerned_by
from app.calls.dossier import Dossier, dossier_of, short_dossier
from app.calls.missed_calls import Shown, shown_as
from app.calls.seat import Seat, Viewer, seat_of
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.drawing import draw
from models import CallRecord
from routing.lifecycle import CallState

PAST_SHOWN: Final = 60
STILL_OPEN: Final = timedelta(hours=5)
NO_DRAFT: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Piece:
    """A card or line for one reader. ``draft`` is what they had typed into it."""

    card: Card
    seat: Seat
    draft: Mapping[str, str]


def categories_of(tenant: TenantRows) -> list[tuple[str, str]]:
    """The choices of the form: id and name."""
    return sorted(
        ((row["id"], row["name"]) for row in tenant.rows["category"].values()), key=lambda one: one[1].lower()
    )


def seat_at(board: Switchboard, viewer: Viewer, call: CallRecord, tenant: TenantRows) -> Seat:
    """Where ``viewer`` stands towards ``call``."""
    rings = board.open_calls.rings(call.tenant_id, call.call_id)
    return seat_of(viewer, call, concerned_by(call, tenant.plan, rings) if tenant.plan else frozenset())


async def piece_of(
    board: Switchboard, session: AsyncSession, who: Principal, call: CallRecord, tenant: TenantRows
) -> Piece:
    """A call as ``who`` sees it now, their draft included."""
    dossier = await dossier_of(session, call, tenant, board.open_calls.rings(call.tenant_id, call.call_id))
    draft = (await drafts_of(session, who.tenant_id, who.user_id, [call.call_id])).get(call.call_id, NO_DRAFT)
    return Piece(build_card(dossier, tenant), seat_at(board, Viewer.of(who), call, tenant), draft)


def draw_card(card: Card, seat: Seat, tenant: TenantRows, draft: Mapping[str, str] = NO_DRAFT) -> str:
    """The article of a running call, or of one whose outcome is asked for."""
    return draw("operator_panel/card.html", **_values(card, seat, tenant, draft))


def draw_line(card: Card, seat: Seat) -> str:
    """The line of a past call."""
    return draw("operator_panel/line.html", card=card, seat=seat)


def draw_article(piece: Piece, tenant: TenantRows, place: str) -> str:
    """A call's article, for where it stands: a ``card`` of now, or a ``line`` of the day."""
    return draw_part("line_article", piece, tenant) if place == "line" else draw_part("card", piece, tenant)


def draw_part(part: str, piece: Piece, tenant: TenantRows, place: str = "card") -> str:
    """One part of a card or line alone."""
    return draw(f"operator_panel/{part}.html", place=place, **_values(piece.card, piece.seat, tenant, piece.draft))


def is_asked_for(dossier: Dossier, seat: Seat, now: datetime) -> bool:
    """Whether a call that is over is still shown as a card, to whoever took it, for its outcome to be noted."""
    call = dossier.call
    return (
        call.state == CallState.ENDED
        and seat.has_answered
        and call.ended_at is not None
        and now < call.ended_at + AFTER_CALL
        and (dossier.note is None or dossier.note.outcome is None)
    )


async def running_pieces(
    board: Switchboard, session: AsyncSession, who: Principal, tenant: TenantRows, now: datetime
) -> list[Piece]:
    """The cards that ``who`` sees: running calls, newest first, and calls that they have just finished."""
    viewer, shown = Viewer.of(who), list[tuple[Dossier, Seat]]()
    running = await open_calls(session, tenant.tenant_id, now - STILL_OPEN, ended_since=now - AFTER_CALL)
    for call in running:
        seat = seat_at(board, viewer, call, tenant)
        if shown_as(call) is not Shown.CARD or not (seat.sees or seat.has_answered):
            continue
        dossier = await dossier_of(session, call, tenant, board.open_calls.rings(call.tenant_id, call.call_id))
        if call.state != CallState.ENDED or is_asked_for(dossier, seat, now):
            shown.append((dossier, seat))
    drafts = await drafts_of(session, who.tenant_id, who.user_id, [one.call.call_id for one, _ in shown])
    return [
        Piece(build_card(dossier, tenant), seat, drafts.get(dossier.call.call_id, NO_DRAFT)) for dossier, seat in shown
    ]


async def lines_of_today(
    board: Switchboard, session: AsyncSession, who: Principal, tenant: TenantRows, now: datetime
) -> list[Piece]:
    """The day's calls, newest first, without the history that a line does not show. Blacklisted calls are for
    supervisors only, running ones included: they wait."""
    viewer = Viewer.of(who)
    calls = await calls_between(session, tenant.tenant_id, midnight(tenant, now), PAST_SHOWN * 2)
    wanted = [call for call in calls if is_in_the_log(call, viewer)][:PAST_SHOWN]
    notes = await notes_of(session, tenant.tenant_id, [call.call_id for call in wanted])
    return [
        Piece(
            build_card(short_dossier(call, tenant, notes.get(call.call_id)), tenant),
            seat_at(board, viewer, call, tenant),
            NO_DRAFT,
        )
        for call in wanted
    ]


def midnight(tenant: TenantRows, now: datetime) -> datetime:
    """When the company's day began."""
    return now.astimezone(zone_of_company(tenant)).replace(hour=0, minute=0, second=0, microsecond=0)


def is_in_the_log(call: CallRecord, viewer: Viewer) -> bool:
    """Whether ``viewer`` finds the call among those of the day."""
    if shown_as(call) is Shown.HIDDEN:
        return viewer.is_supervisor
    return call.state == CallState.ENDED


def _values(card: Card, seat: Seat, tenant: TenantRows, draft: Mapping[str, str]) -> dict[str, object]:
    return {"card": card, "seat": seat, "categories": categories_of(tenant), "draft": draft}
