"""``/clients/{id}/split``: one card on which two people stand becomes two."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import can_judge
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base.errors import NotFound, Problem, Unprocessable
from app.base.problems.clients import ClientFault
from app.clients.client_notes import notes_of
from app.clients.edit_client_split import SplitIn, split_client
from app.edits.confirmed_edit import confirmed_edit
from app.plan.rows import Row, whole_row
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.web.schema import validated
from app.words.problems import field_words, problem_words
from models import ClientCard

PATH: Final = "/clients/{client_id}/split"
_CHOSEN: Final = ("emails", "addresses", "notes")

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])


@router.get(PATH)
async def split_page(request: Request, board: Board, who: Who, client_id: str) -> HTMLResponse:
    """Choose what is the other person's; nothing is written yet."""
    return await _drawn(request, board, who, client_id, {})


@router.post(PATH)
async def split(request: Request, board: Board, who: Who, client_id: str) -> Response:
    """Split the card; leads to the new one, which offers to undo it. What was chosen stays chosen if something is wrong."""
    sent = await request.form()
    # A browser sends the lines of an address with line ends of its own.
    typed = {
        name: [text.replace("\r\n", "\n") for text in sent.getlist(name) if isinstance(text, str)] for name in sent
    }
    numbers = {name.removeprefix("number "): chosen[0] for name, chosen in typed.items() if name.startswith("number ")}
    fields: dict[str, object] = {name: typed.get(name, []) for name in _CHOSEN}
    fields["name"] = "".join(typed.get("name", [])[:1]).strip()
    fields["numbers"] = [number for number, whose in numbers.items() if whose == "theirs"]
    fields["shared_numbers"] = [number for number, whose in numbers.items() if whose == "both"]
    try:
        if not fields["name"]:
            raise Unprocessable(ClientFault.NAME_MISSING, field="name")
        form = validated(SplitIn, fields)
        async with confirmed_edit(board, who) as edit:
            row = await split_client(edit, client_id, form, may_judge=can_judge(who.role))
    except NotFound:
        raise
    except Problem as problem:
        return await _drawn(request, board, who, client_id, fields, problem)
    return RedirectResponse(f"/clients/{row['id']}?of={client_id}", 303)


async def _drawn(
    request: Request, board: Switchboard, who: Principal, client_id: str, typed: Row, problem: Problem | None = None
) -> HTMLResponse:
    tenant = await tenant_of(board, who)
    if (row := tenant.rows[ClientCard.__tablename__].get(client_id)) is None:
        raise NotFound(ClientFault.PERHAPS_DELETED)
    async with board.sessions() as session:
        notes: Sequence[object] = await notes_of(session, who.tenant_id, client_id)
    return await draw_in_frame(
        request, board, who, "clients/split.html", problem.status if problem else 200,
        client=whole_row(ClientCard.__tablename__, row), notes=notes, zone=zone_of_company(tenant),
        typed={"name": ""} | dict.fromkeys(("numbers", "shared_numbers", *_CHOSEN), ()) | typed,
        problem=problem_words(problem) if problem else "", faults=field_words(problem),
        refused="" if row["standing"] == "ordinary" or can_judge(who.role) else "supervisor",
    )  # fmt: skip
