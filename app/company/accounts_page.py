"""``/settings/accounts``: the company's accounts at telephony providers, and the addresses to enter there."""

from typing import Annotated, Final

from fastapi import Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import SecretStr

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Problem
from app.base.problems.requests import RequestFault
from app.company.accounts import (
    AccountIn,
    AccountPatch,
    change_account,
    given_fields,
    remove_account,
    save_new_account,
    shown_account,
)
from app.edits.confirmed_edit import confirmed_edit
from app.plan.rows import Row
from app.providers.registry import PROVIDERS
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.resource_pages import settings_router
from app.web.schema import validated
from app.web.typed_form import TypedForm, read_form, typed_over
from app.words.api_state_words import api_state_words
from app.words.problems import field_words, problem_words
from models import ProviderAccount

PATH: Final = "/settings/accounts"
_TOKENS: Final = ("token", "next_token", "api_token")
_PLAIN: Final = ("account_sid", "space", "application")

router = settings_router()
AccountId = Annotated[str, Path(max_length=limits.ROW_ID)]


@router.get(PATH)
async def accounts_page(
    request: Request, board: Board, who: Who, saved: bool = False, deleted: bool = False
) -> HTMLResponse:
    """Every account with its state, and the form of a further one."""
    return await _drawn(request, board, who, saved=saved, deleted=deleted)


@router.post(PATH)
async def add_account(request: Request, board: Board, who: Who) -> Response:
    """Add an account; live when this answers."""
    who.require(Role.ADMIN, Scope.KEYS)
    form = await read_form(request)
    try:
        given = _typed(form) | {"provider": form.text("provider") or "twilio", "token": form.text("token")}
        fields = given_fields(validated(AccountIn, given), set(AccountIn.model_fields))
        async with confirmed_edit(board, who) as edit:
            await save_new_account(edit, fields, board.secret_box)
    except Problem as problem:
        return await _drawn(request, board, who, problem.status, problem=problem, typed=form)
    return RedirectResponse(f"{PATH}?saved=1", 303)


@router.post(PATH + "/{account_id}")
async def change_account_page(request: Request, board: Board, who: Who, account_id: AccountId) -> Response:
    """Change an account. A token that is left empty stays as it is."""
    who.require(Role.ADMIN, Scope.KEYS)
    form = await read_form(request)
    try:
        patch = validated(AccountPatch, _typed(form))
        async with confirmed_edit(board, who) as edit:
            fields = given_fields(patch, patch.model_fields_set)
            if form.is_ticked("end_rotation"):
                fields["next_token"] = None
            await change_account(edit, account_id, fields, board.secret_box)
    except NotFound:
        raise
    except Problem as problem:
        return await _drawn(request, board, who, problem.status, problem=problem, typed=form, account_id=account_id)
    return RedirectResponse(f"{PATH}?saved=1", 303)


@router.get(PATH + "/{account_id}/delete")
async def ask_to_delete_account(request: Request, board: Board, who: Who, account_id: AccountId) -> HTMLResponse:
    """What deleting means."""
    return await _before_deleting(request, board, who, account_id)


@router.post(PATH + "/{account_id}/delete")
async def delete_account_page(request: Request, board: Board, who: Who, account_id: AccountId) -> Response:
    """Delete an account, unless lines are carried by it alone."""
    who.require(Role.ADMIN, Scope.KEYS)
    try:
        async with confirmed_edit(board, who) as edit:
            await remove_account(edit, account_id)
    except NotFound:
        raise
    except Problem as problem:
        return await _before_deleting(request, board, who, account_id, problem)
    return RedirectResponse(f"{PATH}?deleted=1", 303)


async def _before_deleting(
    request: Request, board: Switchboard, who: Principal, account_id: str, problem: Problem | None = None
) -> HTMLResponse:
    row: Row | None = (await tenant_of(board, who)).rows[ProviderAccount.__tablename__].get(account_id)
    if row is None:
        raise NotFound(RequestFault.NOT_FOUND)
    return await draw_in_frame(
        request, board, who, "settings/delete.html", problem.status if problem else 200, path=PATH, id=account_id,
        name=f"{PROVIDERS[row['provider']].title} {row['account_sid']}", users=[], is_rehearsed=False,
        detail=problem_words(problem),
    )  # fmt: skip


def _typed(form: TypedForm) -> Row:
    fields: Row = {name: form.text_or_none(name) for name in _PLAIN if name in form}
    if fields.get("account_sid", "") is None:
        fields["account_sid"] = ""
    return fields | {name: SecretStr(token) for name in _TOKENS if (token := form.text(name))}


async def _drawn(
    request: Request, board: Switchboard, who: Principal, status: int = 200, *, saved: bool = False,
    deleted: bool = False, problem: Problem | None = None, typed: TypedForm | None = None, account_id: str = "",
) -> HTMLResponse:  # fmt: skip
    rows = (await tenant_of(board, who)).rows[ProviderAccount.__tablename__].values()
    accounts = [shown_account(board, row) for row in sorted(rows, key=lambda one: str(one["created_at"]))]
    base = board.settings.base_url
    return await draw_in_frame(
        request, board, who, "settings_accounts/page.html", status, accounts=accounts, titles=_titles(),
        states={one.id: api_state_words(one.api) for one in accounts}, saved=saved, deleted=deleted, limits=limits,
        addresses={name: f"{base}/{name}" for name in PROVIDERS}, at=account_id, languages={},
        fields=typed_over({}, typed, *_TOKENS),
        faults=field_words(problem), detail=problem_words(problem),
    )  # fmt: skip


def _titles() -> dict[str, str]:
    return {name: provider.title for name, provider in PROVIDERS.items()}
