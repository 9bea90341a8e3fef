"""Who of several clients it is, and whether a guess was right."""

from enum import StrEnum
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Unprocessable
from app.base.problems.calls import CallFault
from app.base.problems.clients import ClientFault
from app.calls.call_notes import memory_of, remember_caller
from app.calls.pieces import draw_article, piece_of
from app.calls.visible_call import visible_call
from app.calls.whose_call import note_who_called
from app.clients.client import NumberIn
from app.clients.edit_client import change_client, save_caller_form
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404
from app.edits.tell_panels import calls_of, tell_panels
from app.plan.clients_calling import clients_of
from app.switchboard import Switchboard
from app.web.page_route import PageRoute
from models import AuditEntry, CallerMemory, CallRecord, ClientCard

SOMEBODY_ELSE: Final = "else"
"""What stands among the clients to be chosen from for none of them; no client's id has so few characters."""

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])


class Verdict(StrEnum):
    """``chosen`` among the clients who use the number, or somebody ``else``; or a guess was right (the number is theirs from
    now on), or was not."""

    CHOSEN = "chosen"
    ELSE = "else"
    YES = "yes"
    NO = "no"


@router.post("/calls/{call_id}/caller")
async def who_it_was(
    board: Board,
    who: Who,
    call_id: str,
    client: Annotated[str, Form(max_length=limits.ROW_ID)] = "",
    verdict: Annotated[Verdict, Form()] = Verdict.CHOSEN,
    place: Annotated[Literal["card", "line"], Form()] = "card",
) -> HTMLResponse:
    """Say who calls. Answers with the call's card (or line, where it was said there) as it is from now on."""
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        call = await visible_call(session, who, call_id)
        memory = await memory_of(session, who.tenant_id, call.caller_number or "")
    if call.caller_number is None:
        raise Unprocessable(CallFault.NO_NUMBER_FOR_A_CLIENT, field="call")
    if client == SOMEBODY_ELSE:
        client, verdict = "", Verdict.ELSE
    if verdict is not Verdict.ELSE and client not in tenant.rows[ClientCard.__tablename__]:
        raise NotFound(ClientFault.GONE_MEANWHILE)
    match verdict:
        case Verdict.CHOSEN:
            users = {row["id"] for row in clients_of(call, tenant)}
            if client not in users:
                raise Unprocessable(CallFault.NUMBER_NOT_OF_THIS_CLIENT, field="client")
            if len(users) == 1:  # it was they after all: there is nothing to choose, or to remember
                await _note_nobody(board, call, somebody_else=False)
            else:
                await _choose(board, who, call, client, memory)
        case Verdict.ELSE:
            await _note_nobody(board, call, somebody_else=True)
        case Verdict.YES:
            async with confirmed_edit(board, who) as edit:
                await join_caller(edit, call, client, board)
        case Verdict.NO:
            await _refuse(board, who, call, client, memory)
    async with board.sessions() as session:
        piece = await piece_of(board, session, who, await visible_call(session, who, call_id), tenant)
    return HTMLResponse(draw_article(piece, tenant, place))


async def join_caller(
    edit: Edit, call: CallRecord, client_id: str, board: Switchboard, *, is_shared: bool = False
) -> None:
    """The caller's number is this client's from now on, or theirs too (``is_shared``); it can be taken back while the call
    is shown."""
    if call.caller_number is not None:
        await save_caller_form(edit, call.caller_number, "", None, "", client_id, is_shared=is_shared)
        await _remember(edit.session, call, client_id, edit.actor, board)


async def _note_nobody(board: Switchboard, call: CallRecord, *, somebody_else: bool) -> None:
    async with board.sessions() as session, session.begin():
        await note_who_called(session, call, None, somebody_else=somebody_else)
    await tell_panels(board, [call])


async def _choose(
    board: Switchboard, who: Principal, call: CallRecord, client_id: str, memory: list[CallerMemory]
) -> None:
    before = next((one.client_id for one in memory if one.is_caller), None)
    async with board.sessions() as session, session.begin():
        await _remember(session, call, client_id, who.actor, board)
        if before != client_id:  # the same choice again is no news
            session.add(
                AuditEntry(
                    tenant_id=who.tenant_id, actor=who.actor, act=f"choose from call {call.call_id}",
                    subject=CallerMemory.__tablename__, row_id=call.caller_number,
                    before={"client_id": before} if before else None, after={"client_id": client_id},
                )
            )  # fmt: skip
    await tell_panels(board, [call])


async def _refuse(
    board: Switchboard, who: Principal, call: CallRecord, client_id: str, memory: list[CallerMemory]
) -> None:
    """It is not this client. A number that was given to them during this call is taken back."""
    number, now = call.caller_number or "", board.clock()
    joined = any(one.client_id == client_id and one.is_caller and one.decided_at >= call.started_at for one in memory)
    async with confirmed_edit(board, who) as edit:
        card = await find_or_404(edit, ClientCard, client_id)
        if joined:
            left = [NumberIn(number=one.number, shared=one.shared) for one in card.numbers if one.number != number]
            await change_client(edit, client_id, {"numbers": left}, now, may_judge=True)
        await note_who_called(edit.session, call, None)
        await remember_caller(edit.session, call, client_id, who.actor, now, is_caller=False)
    if not joined:
        await tell_panels(board, await calls_of(board, who.tenant_id, {number}))


async def _remember(session: AsyncSession, call: CallRecord, client_id: str, actor: str, board: Switchboard) -> None:
    await note_who_called(session, call, client_id)
    await remember_caller(session, call, client_id, actor, board.clock(), is_caller=True)
