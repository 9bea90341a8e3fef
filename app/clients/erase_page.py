"""``/clients/{id}/erase``: what would go is shown before it goes, for good; and a button that hands everything out."""

from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter

from app.auth.require import Board, Who, allowed
from app.auth.roles import Role
from app.clients.erase_client import ErasureReport, Holdings, erase_client, export_client, what_would_go
from app.edits.personal_data import Held, Place
from app.plan.rows import Row
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.words.erasure_words import place_words, what_stays

PATH: Final = "/clients/{client_id}"
_HELD: Final = TypeAdapter(dict[Place, list[Held]])

router = APIRouter(
    include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.SUPERVISOR))]
)


@router.get(f"{PATH}/erase")
async def erase_page(request: Request, board: Board, who: Who, held: Holdings, client_id: str) -> Response:
    """What would go."""
    report = await what_would_go(board, who, client_id, held)
    return await draw_in_frame(
        request,
        board,
        who,
        "clients/erase.html",
        **_shown(report),
        done=False,
        name=_name(board, who.tenant_id, client_id),
    )


@router.post(f"{PATH}/erase")
async def erase(request: Request, board: Board, who: Who, held: Holdings, client_id: str) -> Response:
    """It goes; what went is shown once."""
    report = await erase_client(board, who, client_id, held)
    return await draw_in_frame(request, board, who, "clients/erase.html", **_shown(report), done=True, name="")


@router.get(f"{PATH}/everything.json")
async def everything(board: Board, who: Who, held: Holdings, client_id: str) -> Response:
    """Everything that is held about the client, as a file."""
    found = _HELD.dump_python(await export_client(board, who, client_id, held), mode="json")
    headers = {"Content-Disposition": 'attachment; filename="client.json"', "Cache-Control": "no-store"}
    return JSONResponse({"client_id": client_id, "made_at": board.clock().isoformat(), "held": found}, headers=headers)


def _name(board: Switchboard, tenant_id: str, client_id: str) -> str:
    tenant = board.live_plan.tenants.get(tenant_id)
    row = tenant.rows["client"].get(client_id) if tenant is not None else None
    return str(row["name"]) if row is not None else ""


def _shown(report: ErasureReport) -> Row:
    places = [(place_words(place), count) for place, count in report.erased.items()]
    return {"client_id": report.client_id, "places": places, "total": report.total, "stays": what_stays()}
