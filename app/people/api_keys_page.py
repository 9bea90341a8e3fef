"""``/settings/api-keys``: keys for programs. A new one is shown once."""

import contextlib
from typing import Annotated, Final

from fastapi import Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.base import limits
from app.base.errors import NotFound, Problem, Unprocessable
from app.base.problems.people import PeopleFault
from app.edits.confirmed_edit import confirmed_edit
from app.people.api_keys import KeyIn, KeyOut, add_api_key, revoke_api_key, shown_key
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.resource_pages import settings_router
from app.web.schema import validated
from app.web.typed_form import TypedForm, read_form, typed_over
from app.words.problems import field_words, problem_words
from app.words.scope_words import scope_words
from models import ApiKey

PATH: Final = "/settings/api-keys"
router = settings_router()


@router.get(PATH)
async def api_keys_page(request: Request, board: Board, who: Who, revoked: bool = False) -> HTMLResponse:
    """Every key, and the form of a new one."""
    return await _drawn(request, board, who, revoked=revoked)


@router.post(PATH)
async def make_api_key(request: Request, board: Board, who: Who) -> Response:
    """Make a key. The page that answers is the only one that ever shows it."""
    who.require(Role.ADMIN, Scope.KEYS)
    form = await read_form(request)
    try:
        if not form.chosen("scopes"):
            raise Unprocessable(PeopleFault.KEY_WITHOUT_SCOPE, field="scopes")
        typed = validated(KeyIn, {"name": form.text("name"), "scopes": form.chosen("scopes")})
        async with confirmed_edit(board, who) as edit:
            _row, key = await add_api_key(edit, who, typed.name, typed.scopes, None)
    except Problem as problem:
        return await _drawn(request, board, who, problem.status, problem=problem, typed=form)
    return await _drawn(request, board, who, 201, key=key, name=typed.name)


@router.post(PATH + "/{key_id}/revoke")
async def revoke_key(
    board: Board, who: Who, key_id: Annotated[str, Path(max_length=limits.ROW_ID)]
) -> RedirectResponse:
    """Revoke a key: the next request with it is refused."""
    who.require(Role.ADMIN, Scope.KEYS)
    # One that is revoked already is what was wanted.
    with contextlib.suppress(NotFound):
        async with confirmed_edit(board, who) as edit:
            await revoke_api_key(edit, key_id)
    return RedirectResponse(f"{PATH}?revoked=1", 303)


async def _drawn(
    request: Request, board: Switchboard, who: Principal, status: int = 200, *, key: str = "", name: str = "",
    revoked: bool = False, problem: Problem | None = None, typed: TypedForm | None = None,
) -> HTMLResponse:  # fmt: skip
    async with board.sessions() as session:
        query = select(ApiKey).where(ApiKey.tenant_id == who.tenant_id).order_by(ApiKey.id.desc())
        keys = [KeyOut.model_validate(shown_key(one)) for one in await session.scalars(query)]
    response = await draw_in_frame(
        request, board, who, "settings_api_keys/page.html", status, key=key, name=name, revoked=revoked,
        keys=[one for one in keys if one.revoked_at is None], past=[one for one in keys if one.revoked_at is not None],
        scopes=[(one.value, scope_words(one)) for one in Scope], languages={}, limits=limits, words=scope_words,
        fields=typed_over({"scopes": ["read"]}, typed),
        faults=field_words(problem), detail=problem_words(problem),
    )  # fmt: skip
    if key:
        response.headers["Cache-Control"] = "no-store"
    return response
