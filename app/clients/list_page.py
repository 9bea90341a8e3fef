"""``/clients``: everybody who is known, searched while typing."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse

from app.auth.require import Board, Who, allowed
from app.auth.rights import can_judge
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.language import gettext as _
from app.calls.pieces import categories_of
from app.clients.clients_by_page import NO_CATEGORY, ClientsWanted, Order, clients_by_page
from app.clients.imports.client_file import ClientFile
from app.clients.search_clients import search_clients
from app.lists.export_list import download
from app.lists.files.list_file import FileFormat
from app.plan.zones import zone_of_company
from app.sales.clients_of_segment import SegmentWanted
from app.web.drawing import page
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.web.paging import After, page_after
from app.words.segment_words import stage_words
from models import GoneClient, SegmentState
from models.segment import LifeCycle

PATH: Final = "/clients"
FOUND_AT_MOST: Final = 12

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])

Text = Annotated[str, Query(max_length=limits.SEARCH_CLIENTS)]
Short = Annotated[str, Query(max_length=limits.ROW_ID)]


@router.get(PATH)
async def clients_list(
    request: Request, board: Board, who: Who, q: Text = "", category: Short = "", sort: Order = Order.NAME,
    abc: Short = "", xyz: Short = "", stage: Short = "", after: After = "", gone: Short = "",
) -> HTMLResponse:  # fmt: skip
    """The page; only its rows for a script that has asked for the ``found`` part. What there is not of means any segment."""
    tenant = await tenant_of(board, who)
    segment = SegmentWanted(
        abc if abc in set("ABC") else "", xyz if xyz in set("XYZ") else "", stage if stage in set(LifeCycle) else ""
    )
    wanted = ClientsWanted(q, category, segment)
    async with board.sessions() as session:
        shown = await clients_by_page(session, tenant, wanted, sort, page_after(after, limits.CLIENTS_ON_PAGE))
        segmented = bool(segment) or await session.get(SegmentState, who.tenant_id) is not None
        deleted = await session.get(GoneClient, {"tenant_id": who.tenant_id, "id": gone}) if gone.isalnum() else None
    filters = {"q": q, "category": category, "abc": segment.abc, "xyz": segment.xyz, "stage": segment.stage}
    filters["sort"] = "" if sort is Order.NAME else sort.value
    asked = {name: value for name, value in filters.items() if value}
    values: dict[str, Any] = {
        "shown": shown, "q": q, "category": category, "sort": sort.value, "after": after,
        "total": len(tenant.rows["client"]), "zone": zone_of_company(tenant),
        "names": dict(categories_of(tenant)), "judges": can_judge(who.role),
        "first": f"{PATH}?{urlencode(asked)}" if asked else PATH,
        "next": f"{PATH}?{urlencode(asked | {'after': shown.after})}" if shown.after else "",
    }  # fmt: skip
    if request.headers.get("X-Part") == "found":
        return page("clients/found.html", **values)
    return await draw_in_frame(
        request, board, who, "clients/list.html", **values, categories=categories_of(tenant), segment=segment,
        segmented=segmented, no_category=NO_CATEGORY, segments=_segments(),
        deleted=deleted if deleted and deleted.card and not deleted.into_id else None,
    )  # fmt: skip


def _segments() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What can be chosen of the segments: the field, its label, and its choices."""
    return [
        ("abc", _("Class by revenue"), [(one, one) for one in "ABC"]),
        ("xyz", _("Steadiness"), [(one, one) for one in "XYZ"]),
        ("stage", _("Stage"), [(one.value, stage_words(one)) for one in LifeCycle]),
    ]


@router.get(f"{PATH}/file.{{form}}")
async def file_of_clients(board: Board, who: Who, form: FileFormat) -> StreamingResponse:
    """All clients as a file that the import reads back."""
    file = await ClientFile.of(board.sessions, who.tenant_id)
    return download(file.entries(), file.fields, form, "clients")


@router.get(f"{PATH}/found")
async def found_clients(board: Board, who: Who, q: Text = "") -> JSONResponse:
    """The clients that scripts offer while somebody types."""
    found = await search_clients(await tenant_of(board, who), q, FOUND_AT_MOST)
    return JSONResponse(
        [
            {
                "id": row["id"], "name": row["name"], "company": row["company"],
                "numbers": [one["number"] for one in row["numbers"]],
            }
            for row in found
        ]
    )  # fmt: skip
