"""The markup of calls: cards of running calls, lines of past ones, and what is shown for how long."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.calls.blocked_caller import blocks_of
from app.calls.call_notes import drafts_of, notes_of
from app.calls.caller_history import calls_between, open_calls
from app.calls.card_state import card_state
from app.calls.client_card import AFTER_CALL, Card, build_card, rank_of
from app.calls.concerned import concerned_by
from app.calls.dossier import Dossier, dossier_of, numbers_to_be_called, short_dossier
from app.calls.missed_calls import Shown, shown_as
from app.calls.seat import Seat, Viewer, seat_of
from app.calls.who_is_calling import who_is_calling
from app.event_log.records import BOOTH
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.drawing import draw
from app.words.told_apart import told_apart
from models import CallRecord
from routing.lifecycle import CallState

PAST_SHOWN: Final = 60
_CLOCKS_DIFFER: Final = timedelta(minutes=1)
STILL_OPEN: Final = timedelta(hours=5)
NO_DRAFT: Final[Mapping[str, str]] = {}


CARDS_DRAWN: Final = 50
"""Nobody reads more; the rest is a number, and comes up as the others end."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A card or line for one reader. ``draft`` is what they had typed into it."""

    card: Card
    seat: Seat
    draft: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NowShown:
    """The cards that are drawn, and the ids of the calls for which there is no room."""

    pieces: list[Piece]
    left: list[str]


def categories_of(tenant: TenantRows) -> list[tuple[str, str]]:
    """The choices of the form: id and name."""
    return sorted(
        ((row["id"], row["name"]) for row in tenant.rows["category"].values()), key=lambda one: one[1].lower()
    )


class Destinations(NamedTuple):
    """Where a call can be sent: ids and names."""

    operators: list[tuple[str, str]]
    queues: list[tuple[str, str]]


def destinations_of(tenant: TenantRows) -> Destinations:
    """By their names."""
    return Destinations(told_apart(tenant.rows["operator"].values()), told_apart(tenant.rows["queue"].values()))


def seat_at(viewer: Viewer, dossier: Dossier, tenant: TenantRows) -> Seat:
    """Where ``viewer`` stands towards a call."""
    phones = dossier.ringing.phones
    return seat_of(viewer, dossier, concerned_by(dossier.call, tenant.plan, phones) if tenant.plan else frozenset())


async def piece_of(
    board: Switchboard, session: AsyncSession, who: Principal, call: CallRecord, tenant: TenantRows
) -> Piece:
    """A call as ``who`` sees it now, their draft included."""
    ringing = board.open_calls.ringing(call.tenant_id, call.call_id)
    dossier = await dossier_of(session, call, tenant, board.clock(), ringing)
    draft = (await drafts_of(session, who.tenant_id, who.user_id, [call.call_id])).get(call.call_id, NO_DRAFT)
    return Piece(build_card(dossier, tenant, board.clock()), seat_at(Viewer.of(who), dossier, tenant), draft)


def draw_card(card: Card, seat: Seat, tenant: TenantRows, draft: Mapping[str, str] = NO_DRAFT) -> str:
    """The article of a running call, or of one whose outcome is asked for."""
    return draw("operator_panel/card.html", **_values(card, seat, tenant, draft))


def draw_line(card: Card, seat: Seat, tenant: TenantRows) -> str:
    """The line of a past call."""
    return draw("operator_panel/line.html", card=_without_guesses(card, tenant), seat=seat)


def draw_article(piece: Piece, tenant: TenantRows, place: str) -> str:
    """A call's article, for where it stands: a ``card`` of now, or a ``line`` of the day."""
    if place == "line":
        return draw_part("line_article", replace(piece, card=_without_guesses(piece.card, tenant)), tenant)
    return draw_part("card", piece, tenant)


def draw_part(part: str, piece: Piece, tenant: TenantRows, place: str = "card", said: str = "") -> str:
    """One part of a card or line alone; ``said`` is a word about what was just done."""
    return draw(f"operator_panel/{part}.html", place=place, said=said, **values_of(piece, tenant))


def values_of(piece: Piece, tenant: TenantRows) -> dict[str, Any]:
    """What the templates of a card's parts are drawn with."""
    return _values(piece.card, piece.seat, tenant, piece.draft)


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


async def now_shown(
    board: Switchboard, session: AsyncSession, who: Principal, tenant: TenantRows, now: datetime
) -> NowShown:
    """The cards of the panel: what concerns ``who`` most stands first, and at most :data:`CARDS_DRAWN` are drawn."""
    viewer, wanted = Viewer.of(who), list[tuple[int, CallRecord]]()
    for call in await open_calls(session, tenant.tenant_id, now - STILL_OPEN, ended_since=now - AFTER_CALL):
        if shown_as(call) is not Shown.CARD:
            continue
        # What a call is about is read only for those that are drawn.
        ringing = board.open_calls.ringing(call.tenant_id, call.call_id)
        seat = seat_at(viewer, Dossier(call, (), None, ringing=ringing), tenant)
        if (seat.sees or seat.has_answered) and (call.state != CallState.ENDED or seat.has_answered):
            wanted.append((rank_of(call, seat, card_state(call, ringing)), call))
    wanted.sort(key=lambda one: one[0])  # newest first among those of a rank, as they were read
    shown, left = list[tuple[Dossier, Seat]](), list[CallRecord]()
    for _rank, call in wanted:
        if len(shown) >= CARDS_DRAWN:
            left.append(call)
            continue
        ringing = board.open_calls.ringing(call.tenant_id, call.call_id)
        dossier = await dossier_of(session, call, tenant, now, ringing)
        seat = seat_at(viewer, dossier, tenant)
        if call.state != CallState.ENDED or is_asked_for(dossier, seat, now):
            shown.append((dossier, seat))
    drafts = await drafts_of(session, who.tenant_id, who.user_id, [one.call.call_id for one, _ in shown])
    pieces = [
        Piece(build_card(dossier, tenant, now), seat, drafts.get(dossier.call.call_id, NO_DRAFT))
        for dossier, seat in shown
    ]
    return NowShown(pieces, [call.call_id for call in left if call.state != CallState.ENDED])


async def lines_of_today(
    board: Switchboard, session: AsyncSession, who: Principal, tenant: TenantRows, now: datetime
) -> list[Piece]:
    """The day's calls, newest first, without the history that a line does not show. Blacklisted calls are for supervisors
    only, running ones included: they wait."""
    viewer = Viewer.of(who)
    calls = await calls_between(session, tenant.tenant_id, midnight(tenant, now), PAST_SHOWN * 2)
    wanted = [call for call in calls if is_in_the_log(call, viewer, now)][:PAST_SHOWN]
    notes = await notes_of(session, tenant.tenant_id, [call.call_id for call in wanted])
    blocks = await blocks_of(session, wanted, tenant, now)
    to_be_called = await numbers_to_be_called(session, wanted)
    dossiers = [
        short_dossier(
            one, tenant, notes.get(one.call_id), blocks.get(one.call_id),
            is_to_be_called=one.caller_number in to_be_called,
        )
        for one in wanted
    ]  # fmt: skip
    return [Piece(build_card(one, tenant, now), seat_at(viewer, one, tenant), NO_DRAFT) for one in dossiers]


def midnight(tenant: TenantRows, now: datetime) -> datetime:
    """When the company's day began."""
    return now.astimezone(zone_of_company(tenant)).replace(hour=0, minute=0, second=0, microsecond=0)


def is_in_the_log(call: CallRecord, viewer: Viewer | Seat, now: datetime) -> bool:
    """Whether ``viewer`` finds the call among those of the day. What was tried out in the phone booth, perhaps at another
    time of day, is nobody's work."""
    if call.provider == BOOTH or call.started_at > now + _CLOCKS_DIFFER:
        return False
    if shown_as(call) is Shown.HIDDEN:
        return viewer.is_supervisor
    return call.state == CallState.ENDED


def _without_guesses(card: Card, tenant: TenantRows) -> Card:
    """A line of the day calls nobody by a guess: it asks for it where it is unfolded."""
    if not card.dossier.maybes:
        return card
    return replace(card, who=who_is_calling(replace(card.dossier, maybes=()), tenant))


def _values(card: Card, seat: Seat, tenant: TenantRows, draft: Mapping[str, str]) -> dict[str, object]:
    return {
        "card": card, "seat": seat, "categories": categories_of(tenant), "draft": draft,
        "destinations": destinations_of(tenant),
    }  # fmt: skip
