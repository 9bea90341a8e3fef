"""``/settings/accounts/{id}/numbers``: the account's numbers at its provider, where their calls go, and *point it here*."""

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.base import limits
from app.base.errors import ChangedMeanwhile, NotFound, Problem
from app.base.problems.requests import RequestFault
from app.company.accounts_page import PATH, AccountId
from app.company.own_numbers import account_or_404, leads_to, line_of, point_number_here, telephone_of
from app.plan.tenant_rows import TenantRows
from app.providers.addresses import Addresses
from app.providers.registry import PROVIDERS
from app.switchboard import Switchboard
from app.telephone.fault import TelephoneFault
from app.telephone.telephone import OwnNumber
from app.web.frame import draw_in_frame
from app.web.resource_pages import settings_router
from app.web.typed_form import TypedForm, read_form, typed_over
from app.words.number_words import grouped
from app.words.problems import field_words, problem_words
from app.words.telephone_words import fault_words

_MOST_LISTED: Final = 1000
_OURS: Final = PATH + "/{account_id}/numbers"

router = settings_router()
NumberId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$")]
First = Annotated[bool, Query(description="During the first run, which goes on afterwards.")]
Pointed = Annotated[str, Query(max_length=limits.LINE_NUMBER)]


@dataclass(frozen=True, slots=True)
class NumberSeen:
    """A number in the list. ``line`` is what its line is called, empty while there is none."""

    there: OwnNumber
    number: str
    line: str


@router.get(_OURS)
async def numbers_page(
    request: Request, board: Board, who: Who, account_id: AccountId, first: First = False, pointed: Pointed = ""
) -> HTMLResponse:
    """All of them. ``pointed`` is the number that has just been pointed here."""
    tenant, account = await account_or_404(board, who, account_id)
    telephone = telephone_of(board, account)
    seen: list[NumberSeen] = []
    wrong, are_more = "", False
    try:
        if telephone is not None:
            async for one in telephone.numbers():
                if len(seen) == _MOST_LISTED:
                    are_more = True
                    break
                seen.append(_seen(tenant, one))
    except TelephoneFault as fault:
        wrong = fault_words(fault.fault)
    seen.sort(key=lambda one: one.there.number)
    return await draw_in_frame(
        request, board, who, "settings_accounts/numbers.html", account=account, numbers=seen, are_more=are_more,
        title=PROVIDERS[account["provider"]].title, has_key=telephone is not None, detail=wrong, first=first,
        pointed=pointed, path=f"{PATH}/{account_id}/numbers",
        addresses=Addresses(board.settings.base_url, account["provider"], b""),
    )  # fmt: skip


@router.get(_OURS + "/{number_id}")
async def ask_to_point(
    request: Request, board: Board, who: Who, account_id: AccountId, number_id: NumberId, first: First = False
) -> HTMLResponse:
    """What pointing a number here means: where its calls go now, and where they would go."""
    return await _asked(request, board, who, account_id, number_id, first)


@router.post(_OURS + "/{number_id}")
async def point_here(
    request: Request, board: Board, who: Who, account_id: AccountId, number_id: NumberId, first: First = False
) -> Response:
    """Add the number's line if it has none, and then point the number here: the first call finds the line."""
    who.require(Role.ADMIN, Scope.KEYS)
    form = await read_form(request)
    _tenant, account = await account_or_404(board, who, account_id)
    telephone = telephone_of(board, account)
    try:
        if telephone is None:
            raise NotFound(RequestFault.NOT_FOUND)
        there = await point_number_here(
            board, who, account_id, telephone, number_id, form.text("before"), form.text("label")
        )
    except TelephoneFault as fault:
        return await _asked(
            request, board, who, account_id, number_id, first, status=502, wrong=fault_words(fault.fault)
        )
    except NotFound:
        raise
    except ChangedMeanwhile:
        return await _asked(request, board, who, account_id, number_id, first, status=409)
    except Problem as problem:
        return await _asked(
            request, board, who, account_id, number_id, first, status=problem.status, problem=problem, typed=form
        )
    query = {"pointed": there.number} | ({"first": "1"} if first else {})
    return RedirectResponse(f"{PATH}/{account_id}/numbers?{urlencode(query)}", 303)


async def _asked(
    request: Request, board: Switchboard, who: Principal, account_id: str, number_id: str, first: bool, *,
    status: int = 200, wrong: str = "", problem: Problem | None = None, typed: TypedForm | None = None,
) -> HTMLResponse:  # fmt: skip
    tenant, account = await account_or_404(board, who, account_id)
    telephone = telephone_of(board, account)
    if telephone is None:
        raise NotFound(RequestFault.NOT_FOUND)
    there: OwnNumber | None = None
    try:
        there = await telephone.number(number_id)
    except TelephoneFault as fault:
        status, wrong = max(status, 502), wrong or fault_words(fault.fault)
    line = line_of(tenant, there) if there else None
    suggested = {"label": there.name or grouped(there.number)} if there else {}
    return await draw_in_frame(
        request, board, who, "settings_accounts/point.html", status, there=there, line=line, first=first,
        number=grouped(there.number) if there else "", before=leads_to(there) if there else "",
        path=f"{PATH}/{account_id}/numbers", has_changed=status == 409 and problem is None, is_public=board.settings.base_url.startswith("https://"),
        addresses=Addresses(board.settings.base_url, account["provider"], b""), languages={},
        fields=typed_over(suggested, typed), faults=field_words(problem), detail=wrong or problem_words(problem),
    )  # fmt: skip


def _seen(tenant: TenantRows, there: OwnNumber) -> NumberSeen:
    line = line_of(tenant, there)
    return NumberSeen(there, grouped(there.number), (line["label"] or line["number"]) if line else "")
