"""What everybody who takes calls is doing, for colleagues to see: a part of the panel. One's own presence is said there with
a reason and an end; supervisors say everybody's."""

from datetime import timedelta
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import SETS_PRESENCE_OF_OTHERS
from app.auth.roles import Role, Scope, at_least
from app.auth.same_site import token_for
from app.auth.tenant import tenant_of
from app.base import limits
from app.calls.operator_now import OperatorNow, operators_now
from app.company.operator_presence import change_presence, tell_presence
from app.edits.confirmed_edit import confirmed_edit
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.drawing import draw
from app.web.page_route import PageRoute
from routing.presence import PresenceState

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])
MINUTES: Final = (5, 15, 30, 60, 120, 480)
"""For how long somebody may say that they are away."""
_FORMS_AT_MOST: Final = 40


class Colleague(NamedTuple):
    """An operator, and whether whoever looks may say what they do. ``is_me`` is whether it is themselves."""

    now: OperatorNow
    may_change: bool
    is_me: bool


def colleagues_of(board: Switchboard, who: Principal, tenant: TenantRows) -> list[Colleague]:
    """Everybody, whoever looks first."""
    if tenant.plan is None:
        return []
    judges = at_least(who.role, SETS_PRESENCE_OF_OTHERS)
    # With many operators the forms would weigh more than all the rest of the panel.
    judges = judges and len(tenant.plan.operators) <= _FORMS_AT_MOST
    everybody = [
        Colleague(one, judges or one.operator_id == who.operator_id, one.operator_id == who.operator_id)
        for one in operators_now(tenant.plan, board.open_calls, board.clock())
    ]
    return sorted(everybody, key=lambda one: not one.is_me)


@router.get("/presence/colleagues")
async def colleagues(board: Board, who: Who) -> HTMLResponse:
    """The list, for a panel that is open."""
    return HTMLResponse(await draw_colleagues(board, who))


async def draw_colleagues(board: Switchboard, who: Principal) -> str:
    """The list's markup."""
    tenant = await tenant_of(board, who)
    token = token_for(board.settings, who.session_hash) if who.session_hash else ""
    return draw(
        "colleagues/list.html", colleagues=colleagues_of(board, who, tenant), minutes=MINUTES, csrf_token=token,
        states=tuple(PresenceState), zone=zone_of_company(tenant),
    )  # fmt: skip


@router.post("/presence/{operator_id}")
async def say_presence_of(
    request: Request, board: Board, who: Who, operator_id: Annotated[str, Path(max_length=limits.ROW_ID)],
    state: Annotated[PresenceState, Form()], reason: Annotated[str, Form(max_length=limits.NAME)] = "",
    minutes: Annotated[str, Form(max_length=5)] = "",
) -> Response:  # fmt: skip
    """Say what somebody is doing; live when this answers. Raises :class:`app.base.errors.NotAllowed` for an operator who
    says it of somebody else."""
    if who.operator_id != operator_id:
        who.require(SETS_PRESENCE_OF_OTHERS, Scope.WRITE)
    chosen = int(minutes) if minutes.isascii() and minutes.isdigit() else None
    until = board.clock() + timedelta(minutes=chosen) if chosen in MINUTES else None
    async with confirmed_edit(board, who) as edit:
        row = await change_presence(edit, operator_id, state, reason, until)
    await tell_presence(board, who.tenant_id, row)
    if "HX-Request" in request.headers:
        return HTMLResponse(await draw_colleagues(board, who))
    return RedirectResponse("/", 303)
