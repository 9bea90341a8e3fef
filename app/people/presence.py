"""Whether somebody takes calls at present: their own switch, in the top bar of every page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from app.auth.require import Board, Who, allowed
from app.auth.roles import Role
from app.auth.tenant import presence_of, tenant_of
from app.base.errors import NotFound
from app.base.problems.people import PeopleFault
from app.company.operator_presence import change_presence, tell_presence
from app.edits.confirmed_edit import confirmed_edit
from app.web.page_route import PageRoute, path_before
from routing.presence import PresenceState

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])


@router.get("/presence")
async def read_presence(board: Board, who: Who) -> JSONResponse:
    """``{"available"}``: true, false, or null for somebody who takes no calls."""
    return JSONResponse({"available": presence_of(await tenant_of(board, who), who)})


@router.post("/presence")
async def say_presence(request: Request, board: Board, who: Who, available: Annotated[bool, Form()]) -> Response:
    """From the next call on they are rung, or not. Confirmed like every change of the plan: when the answer has come no
    worker decides by the old state. Raises :class:`NotFound` for somebody who takes no calls."""
    if who.operator_id is None:
        raise NotFound(PeopleFault.NO_OPERATOR)
    answer = JSONResponse({"available": available})
    async with confirmed_edit(board, who, answer) as edit:
        row = await change_presence(
            edit, who.operator_id, PresenceState.AVAILABLE if available else PresenceState.BREAK
        )
    await tell_presence(board, who.tenant_id, row)
    if "text/html" not in request.headers.get("Accept", ""):
        return answer
    return RedirectResponse(path_before(request), 303)
