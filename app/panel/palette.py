"""The palette (Ctrl/⌘ K): one field that finds a number, a name or an action from anywhere."""

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import JUDGES, can_block
from app.auth.roles import at_least
from app.auth.tenant import presence_of, tenant_of
from app.base import limits
from app.base.language import gettext as _
from app.base.search_text import folded
from app.clients.search_clients import search_clients
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.web.drawing import draw
from app.web.frame import sections
from app.web.page_route import PageRoute
from app.words.number_words import grouped
from filters.number import NumberUnreadable, read_number

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed())])

CLIENTS_SHOWN: Final = 8
_FEWEST_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the palette: it leads to ``path``, or shows what has the id ``opens`` on the page that asks."""

    kind: str
    name: str
    beside: str = ""
    path: str = ""
    opens: str = ""


@router.get("/palette")
async def palette(board: Board, who: Who, q: Annotated[str, Query(max_length=limits.SEARCH)] = "") -> HTMLResponse:
    """The choices for what was typed so far, as the options of a list."""
    text = q.strip()
    tenant = await tenant_of(board, who)
    found = [*_of_number(text, tenant, who), *await _clients(text, tenant), *_actions(text, tenant, who)]
    return HTMLResponse(draw("palette/found.html", found=found))


def _of_number(text: str, tenant: TenantRows, who: Principal) -> list[Choice]:
    """What can be done with a number, written in any way that people of the company's country write one."""
    if sum(one.isdecimal() for one in text) < _FEWEST_DIGITS or any(one.isalpha() for one in text):
        return []
    try:
        number = read_number(text, tenant.rows["company"][tenant.tenant_id]["country"])
    except NumberUnreadable:
        return []
    name, of = grouped(number), quote(number)
    judges = at_least(who.role, JUDGES)
    offered = (
        (True, _("Calls of"), f"/calls?q={of}"),
        (judges, _("Test"), f"/test?from={of}"),
        (can_block(who), _("Block"), f"/block?number={of}"),
        (judges, _("Make a VIP of"), f"/lists/vip?lines={of}"),
    )
    return [Choice(kind, name, path=path) for may, kind, path in offered if may]


async def _clients(text: str, tenant: TenantRows) -> list[Choice]:
    return [_client(row) for row in await search_clients(tenant, text, CLIENTS_SHOWN)]


def _client(row: Row) -> Choice:
    beside = [row["company"], *(grouped(one["number"]) for one in row["numbers"][:1])]
    return Choice(_("Client"), row["name"], " · ".join(filter(None, beside)), path=f"/clients/{quote(row['id'])}")


def _actions(text: str, tenant: TenantRows, who: Principal) -> list[Choice]:
    choices = [Choice(_("Go to"), section.name, path=section.path) for section in sections(who.role)]
    if presence_of(tenant, who) is not None:
        choices.append(Choice(_("Change"), _("Available or on a break"), opens="available"))
        choices.append(Choice(_("Change"), _("Ringing, volume and notifications"), opens="ringing"))
    choices.append(Choice(_("Show"), _("Keys"), opens="keys-help"))
    words = folded(text).split()
    return [one for one in choices if all(word in folded(f"{one.kind} {one.name}") for word in words)]
