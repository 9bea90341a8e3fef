"""``/clients/{id}/merge``: two cards of one client become one, after a look at what it will be; and come apart again."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.require import Board, Who, allowed
from app.auth.rights import can_judge
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound
from app.base.language import gettext as _
from app.base.problems.clients import ClientFault
from app.calls.pieces import categories_of, destinations_of
from app.clients.edit_client_gone import UNDO_DAYS
from app.clients.edit_client_merge import CHOSEN, merge_clients, merged_fields, undo_merge
from app.clients.search_clients import search_clients
from app.clients.several_values import MOST
from app.clients.similar_clients import similar_clients
from app.edits.confirmed_edit import confirmed_edit
from app.plan.rows import Row, whole_row
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.words.number_words import language_name
from filters.clients import Standing
from models import ClientCard, GoneClient

PATH: Final = "/clients"
_FOUND_AT_MOST: Final = 12

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])

Word = Annotated[str, Query(max_length=limits.SEARCH_CLIENTS)]


@router.get(f"{PATH}/{{client_id}}/merge")
async def merge_page(
    request: Request, board: Board, who: Who, client_id: str, q: Word = "", other: Word = ""
) -> HTMLResponse:
    """Choose the other card; then choose what stays, before anything is written."""
    tenant = await tenant_of(board, who)
    rows = tenant.rows[ClientCard.__tablename__]
    if (client := rows.get(client_id)) is None:
        raise NotFound(ClientFault.PERHAPS_DELETED)
    chosen = rows.get(other) if other != client_id else None
    found = [row for row in await search_clients(tenant, q, _FOUND_AT_MOST) if row["id"] != client_id]
    values: dict[str, Any] = {"client": client, "other": chosen, "q": q, "found": found, "days": UNDO_DAYS}
    values["similar"] = await similar_clients(tenant, client) if chosen is None and not q else []
    values["choices"], values["outcome"], values["hindrance"] = [], {}, ""
    if chosen is not None:
        names, may_judge = dict(categories_of(tenant)), can_judge(who.role)
        values["choices"] = _choices(client, chosen, names, dict(destinations_of(tenant).operators))
        values["outcome"] = outcome = merged_fields(client, chosen, ())
        values["hindrance"] = _hindrance(client, chosen, outcome, may_judge=may_judge)
    return await draw_in_frame(request, board, who, "clients/merge.html", **values)


@router.post(f"{PATH}/{{client_id}}/merge")
async def merge(
    request: Request, board: Board, who: Who, client_id: str, other: Annotated[str, Form(max_length=limits.ROW_ID)]
) -> Response:
    """Merge them; leads to the card that stays."""
    form = await request.form()
    take = [name for name in CHOSEN if form.get(name) == "other"]
    may_judge = can_judge(who.role)
    async with confirmed_edit(board, who) as edit:
        await merge_clients(edit, client_id, other, take, board.clock(), may_judge=may_judge)
    return RedirectResponse(f"{PATH}/{client_id}?merged=yes", 303)


@router.post(f"{PATH}/gone/{{gone_id}}/unmerge")
async def take_apart(board: Board, who: Who, gone_id: str) -> Response:
    """Undo a merge; leads to the card that had stayed."""
    may_judge = can_judge(who.role)
    async with confirmed_edit(board, who) as edit:
        gone = await edit.session.get(GoneClient, {"tenant_id": who.tenant_id, "id": gone_id})
        kept = gone.into_id if gone else None
        await undo_merge(edit, gone_id, board.clock(), may_judge=may_judge)
    return RedirectResponse(f"{PATH}/{kept}?apart=yes", 303)


def _choices(
    client: Row, other: Row, categories: dict[str, str], operators: dict[str, str]
) -> list[tuple[str, str, str, str]]:
    """The fields in which both say something different: name, label, and both values in words."""
    labels = {
        "name": _("Name"), "company": _("Company"), "category_id": _("Category"), "standing": _("Status"),
        "language": _("Language"), "pinned_note": _("Pinned note"), "kind": _("The card is of"),
        "card_number": _("Card number"), "responsible_operator_id": _("Responsible operator"), "consent": _("Consent"),
        "consented_at": _("Consent given on"), "keep_until": _("Keep until"),
    }  # fmt: skip
    kinds = {"person": _("a person"), "company": _("a company")}
    client, other = whole_row(ClientCard.__tablename__, client), whole_row(ClientCard.__tablename__, other)
    standings = {"ordinary": _("Ordinary"), "vip": _("VIP"), "blacklisted": _("Blacklisted")}

    def words(name: str, row: Row) -> str:
        match name:
            case "category_id":
                return categories.get(row[name], "")
            case "language":
                return language_name(row[name])
            case "standing":
                return standings[row[name]]
            case "kind":
                return kinds[row[name]]
            case "responsible_operator_id":
                return operators.get(row[name], "")
            case _:
                return str(row[name])

    return [
        (name, labels[name], words(name, client), words(name, other))
        for name in CHOSEN
        if client[name] and other[name] and client[name] != other[name]
    ]


def _hindrance(client: Row, other: Row, outcome: Row, *, may_judge: bool) -> str:
    """Why these two cannot be merged as they are; empty when they can."""
    if not may_judge and {client["standing"], other["standing"]} != {Standing.ORDINARY.value}:
        return _("Only supervisors can merge these two.")
    if len(outcome["numbers"]) > limits.NUMBERS_OF_CLIENT:
        return _(
            "Together they have too many numbers (at most %(limit)s). Remove some first.",
            limit=limits.NUMBERS_OF_CLIENT,
        )
    if len(outcome["about"]) > limits.TEXT:
        return _("The two “About” texts are too long together. Shorten one first.")
    if any(len(outcome[name]) > most for name, most in MOST.items()):
        return _("Together they have too many e-mail addresses, addresses or tags. Remove some first.")
    return ""
