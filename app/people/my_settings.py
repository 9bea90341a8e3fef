"""``/settings/me``: how a person sees the pages, and their password."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.auth.passwords import MIN_PASSWORD_CHARACTERS, hash_password
from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.roles import Role, at_least
from app.auth.sessions import living_sessions
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import Problem, Unprocessable
from app.base.language import LANGUAGE_COOKIE, LANGUAGES
from app.base.problems.people import PeopleFault
from app.base.problems.requests import TooLong
from app.edits.confirmed_edit import confirmed_edit
from app.people.enter import come_in
from app.people.own_password import check_own_password, own_account, own_user_id
from app.people.password_rules import check_password
from app.people.second_factor import recovery_codes_left
from app.people.users import USERS
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.words.problems import problem_words

PATH: Final = "/settings/me"
THEMES: Final = ("light", "dark")
SAID: Final = ("saved", "changed", "ended", "off")
"""What the address says has just been done."""

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])

Secret = Annotated[str, Form(max_length=limits.PASSWORD)]


@router.get(PATH)
async def my_settings(request: Request, board: Board, who: Who) -> Response:
    """The page."""
    return await draw_my_settings(request, board, who)


@router.post(PATH)
async def save_my_settings(
    request: Request, board: Board, who: Who,
    name: Annotated[str, Form()] = "", language: Annotated[str, Form()] = "", theme: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Save name, language and colours. Without a choice of language the browser's counts again, and not one that was chosen
    before signing in."""
    try:
        if not name.strip():
            raise Unprocessable(PeopleFault.OWN_NAME_MISSING, field="name")
        if len(name) > limits.NAME:
            raise Unprocessable(TooLong(limits.NAME), field="name")
        fields = {
            "name": name.strip(),
            "language": language if language in LANGUAGES else None,
            "theme": theme if theme in THEMES else None,
        }
        async with confirmed_edit(board, who) as edit:
            await USERS.save(edit, fields, own_user_id(who))
    except Problem as problem:
        return await draw_my_settings(request, board, who, problem, name=name)
    response = RedirectResponse(f"{PATH}?saved=yes", 303)
    response.delete_cookie(LANGUAGE_COOKIE, path="/")
    return response


@router.post(f"{PATH}/password")
async def change_my_password(
    request: Request, board: Board, who: Who, old: Secret = "", new: Secret = "", again: Secret = ""
) -> Response:
    """Change the password. Every session of the person ends, and this browser gets a new one."""
    try:
        user = await own_account(board, who)
        await check_own_password(request, board, user, old)
        check_password(new, user.email, user.name, field="new")
        if new != again:
            raise Unprocessable(PeopleFault.PASSWORDS_DIFFER, field="again")
        hashed = await asyncio.to_thread(hash_password, new)
        async with confirmed_edit(board, who) as edit:
            await USERS.save(edit, {"password_hash": hashed}, user.id)
    except Problem as problem:
        return await draw_my_settings(request, board, who, problem)
    return await come_in(request, board, user, f"{PATH}?changed=yes")


async def draw_my_settings(
    request: Request, board: Switchboard, who: Principal, problem: Problem | None = None, **typed: object
) -> Response:
    """The page, with what is wrong beside its field."""
    errors = {problem.field or "": problem_words(problem)} if problem else {}
    user = await own_account(board, who)
    async with board.sessions() as session:
        living = await living_sessions(session, user.tenant_id, user.id, board.clock)
        left = await recovery_codes_left(session, user)
    return await draw_in_frame(
        request, board, who, "my_settings/page.html", problem.status if problem else 200,
        **({"name": who.user_name} | typed), email=who.actor.partition(":")[2], errors=errors,
        administers=at_least(who.role, Role.ADMIN), shortest=MIN_PASSWORD_CHARACTERS,
        said={name for name in SAID if name in request.query_params}, living=living, codes_left=left,
        has_second_factor=user.second_factor_at is not None, zone=zone_of_company(await tenant_of(board, who)),
    )  # fmt: skip
