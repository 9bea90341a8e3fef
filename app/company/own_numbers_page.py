"""``/settings/accounts/{id}/numbers``: the account's numbers at its provider, where their calls go, and *point it here*."""

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

import phonenumbers
from fastapi import Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Problem
from app.base.problems.requests import RequestFault
from app.base.secrets_at_rest import SecretUnreadable
from app.company.accounts_page import PATH, AccountId
from app.company.lines import LINES, LineIn
from app.edits.confirmed_edit import confirmed_edit
from app.plan.live_plan import ProviderKeys
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.providers.addresses import Addresses
from app.providers.registry import PROVIDERS
from app.switchboard import Switchboard
from app.telephone.fault import TelephoneFault
from app.telephone.telephone import OwnNumber, Telephone
from app.web.frame import draw_in_frame
from app.web.resource_pages import settings_router
from app.web.schema import validated
from app.web.typed_form import TypedForm, read_form, typed_over
from app.words.number_words import grouped
from app.words.problems import field_words, problem_words
from app.words.telephone_words import fault_words
from models import AuditEntry, LineRecord, ProviderAccount

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
    tenant, account = await _account_or_404(board, who, account_id)
    telephone = _telephone_of(board, account)
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
    tenant, account = await _account_or_404(board, who, account_id)
    telephone = _telephone_of(board, account)
    try:
        if telephone is None:
            raise NotFound(RequestFault.NOT_FOUND)
        there = await telephone.number(number_id)
        if form.text("before") != _before(there):  # somebody has changed it meanwhile
            return await _asked(request, board, who, account_id, number_id, first, status=409)
        await _keep_line(board, who, tenant, account, there, form)
        await telephone.point_here(number_id)
        await _note(board, who, account, there, Addresses(board.settings.base_url, account["provider"], b""))
    except TelephoneFault as fault:
        return await _asked(
            request, board, who, account_id, number_id, first, status=502, wrong=fault_words(fault.fault)
        )
    except NotFound:
        raise
    except Problem as problem:
        return await _asked(
            request, board, who, account_id, number_id, first, status=problem.status, problem=problem, typed=form
        )
    query = {"pointed": there.number} | ({"first": "1"} if first else {})
    return RedirectResponse(f"{PATH}/{account_id}/numbers?{urlencode(query)}", 303)


async def _keep_line(
    board: Switchboard, who: Principal, tenant: TenantRows, account: Row, there: OwnNumber, form: TypedForm
) -> None:
    line = _line_of(tenant, there)
    if line is None:
        typed = {"number": there.number, "label": form.text("label"), "provider": account["provider"]}
        if country := _country(there.number):
            typed["country"] = country
        fields = await LINES.prepare(board, validated(LineIn, typed).model_dump())
        async with confirmed_edit(board, who) as edit:
            await LINES.save(edit, fields)
    elif line["provider"] != account["provider"]:
        async with confirmed_edit(board, who) as edit:
            await LINES.save(edit, {"provider": account["provider"]}, line["id"])


async def _note(board: Switchboard, who: Principal, account: Row, there: OwnNumber, ours: Addresses) -> None:
    """What was changed at the provider, in the list of changes: the old addresses stand nowhere else."""
    before = {"number": there.number, "voice_url": _before(there), "status_url": there.status_url}
    async with board.sessions() as session, session.begin():
        session.add(
            AuditEntry(
                tenant_id=who.tenant_id, actor=who.actor, act="change", subject=ProviderAccount.__tablename__,
                row_id=account["id"], before=before,
                after={"number": there.number, "voice_url": ours.voice, "status_url": ours.status},
            )
        )  # fmt: skip


async def _asked(
    request: Request, board: Switchboard, who: Principal, account_id: str, number_id: str, first: bool, *,
    status: int = 200, wrong: str = "", problem: Problem | None = None, typed: TypedForm | None = None,
) -> HTMLResponse:  # fmt: skip
    tenant, account = await _account_or_404(board, who, account_id)
    telephone = _telephone_of(board, account)
    if telephone is None:
        raise NotFound(RequestFault.NOT_FOUND)
    there: OwnNumber | None = None
    try:
        there = await telephone.number(number_id)
    except TelephoneFault as fault:
        status, wrong = max(status, 502), wrong or fault_words(fault.fault)
    line = _line_of(tenant, there) if there else None
    suggested = {"label": there.name or grouped(there.number)} if there else {}
    return await draw_in_frame(
        request, board, who, "settings_accounts/point.html", status, there=there, line=line, first=first,
        number=grouped(there.number) if there else "", before=_before(there) if there else "",
        path=f"{PATH}/{account_id}/numbers", has_changed=status == 409, is_public=board.settings.base_url.startswith("https://"),
        addresses=Addresses(board.settings.base_url, account["provider"], b""), languages={},
        fields=typed_over(suggested, typed), faults=field_words(problem), detail=wrong or problem_words(problem),
    )  # fmt: skip


def _country(number: str) -> str:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:  # which whoever adds the line says
        return ""


def _seen(tenant: TenantRows, there: OwnNumber) -> NumberSeen:
    line = _line_of(tenant, there)
    return NumberSeen(there, grouped(there.number), (line["label"] or line["number"]) if line else "")


def _line_of(tenant: TenantRows, there: OwnNumber) -> Row | None:
    rows = tenant.rows[LineRecord.__tablename__].values()
    return next((row for row in rows if row["number"] == there.number), None)


def _before(there: OwnNumber) -> str:
    """Where a number's calls go, as somebody was shown it."""
    return f"{there.led_by} {there.voice_url}".strip()


def _telephone_of(board: Switchboard, account: Row) -> Telephone | None:
    """Of this very account; None without a key for its API."""
    try:
        secret = board.secret_box.decrypt(account["token"])
        api_token = board.secret_box.decrypt(account["api_token"]) if account["api_token"] else ""
    except SecretUnreadable:
        return None
    keys = ProviderKeys(
        account["provider"], account["account_sid"], secret, api_token, account["space"] or "",
        account["application"] or "",
    )  # fmt: skip
    return PROVIDERS[account["provider"]].telephone(account["tenant_id"], keys, board.telephones.means)


async def _account_or_404(board: Switchboard, who: Principal, account_id: str) -> tuple[TenantRows, Row]:
    tenant = await tenant_of(board, who)
    account: Row | None = tenant.rows[ProviderAccount.__tablename__].get(account_id)
    if account is None:
        raise NotFound(RequestFault.NOT_FOUND)
    return tenant, account
