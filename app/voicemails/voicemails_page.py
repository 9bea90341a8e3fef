"""``/voicemails``: messages, played in the browser beside who left them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.audio.sound_response import SoundResponse
from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import can_read_lists
from app.auth.roles import Role
from app.auth.same_site import token_for
from app.auth.tenant import tenant_of
from app.calls.call_notes import notes_of
from app.calls.dossier import short_dossier
from app.calls.who_is_calling import WhoIsCalling, who_is_calling
from app.event_log.positions import here
from app.event_log.read_decision import decision_of
from app.plan.clients_calling import clients_of
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.voicemails.edit_voicemail import delete_voicemail, mark_heard, sound_of, visible_voicemail
from app.voicemails.voicemails_api import with_calls
from app.web.drawing import draw
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from models import CallRecord, VoicemailRecord

router = APIRouter(
    prefix="/voicemails", include_in_schema=False, route_class=PageRoute,
    dependencies=[Depends(allowed(write=Role.OPERATOR))],
)  # fmt: skip
ON_THE_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class VoicemailRow:
    """A message with who left it; ``client_id`` is empty where nobody is known by the number."""

    voicemail: VoicemailRecord
    call: CallRecord
    who: WhoIsCalling
    client_id: str
    line: str
    zone: ZoneInfo

    @property
    def length(self) -> str:
        """``0:42``."""
        return f"{self.voicemail.seconds // 60}:{self.voicemail.seconds % 60:02}"


@router.get("")
async def voicemails_page(
    request: Request, board: Board, who: Who, show: Annotated[str, Query(max_length=20)] = ""
) -> HTMLResponse:
    """The page: what nobody has heard yet, or all that there is."""
    tenant = await tenant_of(board, who)
    position = here(board.feed)
    query = with_calls().where(VoicemailRecord.tenant_id == who.tenant_id)
    if not can_read_lists(who.role):
        query = query.where(VoicemailRecord.unheard_of.is_(False))
    if show != "all":
        query = query.where(VoicemailRecord.heard_at.is_(None))
    async with board.sessions() as session:
        newest = query.order_by(VoicemailRecord.received_at.desc(), VoicemailRecord.id).limit(ON_THE_PAGE)
        found = [(row[0], row[1]) for row in await session.execute(newest)]
        rows = await _rows(session, found, tenant)
    return await draw_in_frame(
        request, board, who, "voicemails/page.html", rows=rows, shows_all=show == "all", since=position,
        now=board.clock().isoformat(),
    )  # fmt: skip


@router.api_route("/{voicemail_id}/audio", methods=["GET", "HEAD"])
async def audio(board: Board, who: Who, voicemail_id: str) -> SoundResponse:
    """The sound, whole or in part, for whoever is signed in and may hear it."""
    return SoundResponse(await sound_of(board, who, voicemail_id), media_type="audio/wav")


@router.post("/{voicemail_id}/heard")
async def heard(request: Request, board: Board, who: Who, voicemail_id: str) -> Response:
    """Dealt with."""
    await mark_heard(board, who, voicemail_id, heard=True)
    return await _row(request, board, who, voicemail_id)


@router.post("/{voicemail_id}/unheard")
async def unheard(request: Request, board: Board, who: Who, voicemail_id: str) -> Response:
    """Not dealt with after all."""
    await mark_heard(board, who, voicemail_id, heard=False)
    return await _row(request, board, who, voicemail_id)


@router.post("/{voicemail_id}/delete")
async def delete(request: Request, board: Board, who: Who, voicemail_id: str) -> Response:
    """For good."""
    await delete_voicemail(board, who, voicemail_id)
    return HTMLResponse("") if "HX-Request" in request.headers else RedirectResponse("/voicemails", 303)


async def _row(request: Request, board: Switchboard, who: Principal, voicemail_id: str) -> Response:
    if "HX-Request" not in request.headers:
        return RedirectResponse("/voicemails", 303)
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        record = await visible_voicemail(session, who, voicemail_id)
        call = await session.get(CallRecord, {"tenant_id": who.tenant_id, "call_id": record.call_id})
        rows = await _rows(session, [(record, call)], tenant)
    token = token_for(board.settings, who.session_hash or "")
    return HTMLResponse("".join(draw("voicemails/row.html", row=row, csrf_token=token) for row in rows))


async def _rows(
    session: AsyncSession, found: Sequence[tuple[VoicemailRecord, CallRecord | None]], tenant: TenantRows
) -> list[VoicemailRow]:
    notes = await notes_of(session, tenant.tenant_id, [record.call_id for record, _ in found])
    rows = []
    for record, call in found:
        if call is None:
            continue  # its call is on the way to the database
        clients, line = clients_of(call, tenant), decision_of(call).line
        caller = who_is_calling(short_dossier(call, tenant, notes.get(call.call_id)), tenant)
        label = (line.label if line else "") or call.line_number
        client_id = clients[0]["id"] if len(clients) == 1 else ""
        rows.append(VoicemailRow(record, call, caller, client_id, label, zone_of_company(tenant)))
    return rows
