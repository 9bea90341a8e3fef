"""The short form on a new caller's card: who was it, what kind of client, what about. It saves while one types."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from app.auth.require import Board, Who, allowed
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import Conflict, NotAuthenticated, Unprocessable
from app.base.language import gettext as _
from app.base.problems.calls import CallFault, SavedMeanwhile
from app.base.text import is_storable
from app.calls.call_notes import drop_draft, keep_draft, note_call, notes_of
from app.calls.pieces import draw_article, piece_of
from app.calls.visible_call import visible_call
from app.calls.whose_call import give_call, note_who_called
from app.clients.edit_client import save_caller_form
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import take_turn
from app.panel.who_it_was import join_caller
from app.web.page_route import PageRoute
from models import CallRecord, ClientCard, ClientNumber

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])

LongText = Annotated[str, Form(max_length=2000)]
RowId = Annotated[str, Form(max_length=limits.ROW_ID)]


@router.post("/clients/from-call")
async def save_new_caller(
    board: Board,
    who: Who,
    call: RowId,
    name: Annotated[str, Form()] = "",
    category: RowId = "",
    about: Annotated[str, Form()] = "",
    client: RowId = "",
    place: Annotated[Literal["card", "line"], Form()] = "card",
) -> Response:
    """Make a client of the caller, or give their number to an existing ``client``. The number is taken from the call's
    record, never from the form. Answers with the call's card (or line, where the form stood there) as it is from now
    on."""
    async with board.sessions() as session:
        record = await visible_call(session, who, call)
    number = _number_of(record)
    answer = HTMLResponse()
    async with confirmed_edit(board, who, answer) as edit:
        note = (await notes_of(edit.session, who.tenant_id, [call])).get(call)
        is_shared = note is not None and note.somebody_else
        if not is_shared:
            await _refuse_known(edit, number)
        if client:
            await join_caller(edit, record, client, board, is_shared=is_shared)
            if noted := about.replace("\0", "").strip()[:1000]:
                await note_call(edit.session, record, note=noted)
        else:
            row = await save_caller_form(edit, number, name, category or None, about, is_shared=is_shared)
            if is_shared:
                await note_who_called(edit.session, record, row["id"])
            else:
                await give_call(edit.session, record, row["id"])
        await drop_draft(edit.session, who.tenant_id, who.user_id, call)
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        piece = await piece_of(board, session, who, await visible_call(session, who, call), tenant)
    headers = {k: v for k, v in answer.headers.items() if k.startswith("antichambre-")}
    return HTMLResponse(draw_article(piece, tenant, place), headers=headers)


@router.post("/calls/{call_id}/draft")
async def keep(
    board: Board, who: Who, call_id: str, name: LongText = "", category: RowId = "", about: LongText = ""
) -> HTMLResponse:
    """Keep what has been typed so far, for this person alone: another computer, or the same one after a reload, has it."""
    if who.user_id is None:
        raise NotAuthenticated(CallFault.DRAFTS_ARE_FOR_PEOPLE)
    typed = {"name": name, "category": category, "about": about}
    fields = {key: value for key, value in typed.items() if value and is_storable(value)}
    async with board.sessions() as session, session.begin():
        record = await visible_call(session, who, call_id)
        await keep_draft(session, record, who.user_id, fields, board.clock())
    return HTMLResponse(_("draft saved") if fields else "")


def _number_of(record: CallRecord) -> str:
    if record.caller_number is None:
        raise Unprocessable(CallFault.NO_NUMBER_FOR_A_CLIENT, field="call")
    return record.caller_number


async def _refuse_known(edit: Edit, number: str) -> None:
    """Two operators may write at once: the second one is told, and no caller becomes two clients."""
    await take_turn(edit)
    name = await edit.session.scalar(
        select(ClientCard.name)
        .join(
            ClientNumber, (ClientNumber.tenant_id == ClientCard.tenant_id) & (ClientNumber.client_id == ClientCard.id)
        )
        .where(ClientNumber.tenant_id == edit.tenant_id, ClientNumber.number == number)
        .limit(1)
    )
    if name is not None:
        raise Conflict(SavedMeanwhile(name))
