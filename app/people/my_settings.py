"""``/settings/me``: how a person sees the pages, and their password."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.auth.passwords import (
    MIN_PASSWORD_CHARACTERS,
    GoneAway,
    TooBusy,
    hash_password,
    password_is_right,
    place_in_queue,
)
from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.roles import Role, at_least
from app.auth.sign_in_attempts import Attempt, forget_attempts, may_try
from app.base import limits
from app.base.errors import NotAuthenticated, Problem, Unprocessable
from app.base.language import LANGUAGE_COOKIE, LANGUAGES
from app.base.problems.people import PeopleFault
from app.base.problems.requests import RequestFault, TooLong
from app.edits.confirmed_edit import confirmed_edit
from app.people.password_rules import check_password
from app.people.sign_in import cookie_response
from app.people.users import USERS
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.words.problems import problem_words
from models import UserAccount

PATH: Final = "/settings/me"
THEMES: Final = ("light", "dark")

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])

Secret = Annotated[str, Form(max_length=limits.PASSWORD)]


@router.get(PATH)
async def my_settings(request: Request, board: Board, who: Who) -> Response:
    """The page."""
    return await _drawn(request, board, who)


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
            await USERS.save(edit, fields, _user_id(who))
    except Problem as problem:
        return await _drawn(request, board, who, problem, name=name)
    response = RedirectResponse(f"{PATH}?saved=yes", 303)
    response.delete_cookie(LANGUAGE_COOKIE, path="/")
    return response


@router.post(f"{PATH}/password")
async def change_my_password(
    request: Request, board: Board, who: Who, old: Secret = "", new: Secret = "", again: Secret = ""
) -> Response:
    """Change the password. Every session of the person ends, and this browser gets a new one."""
    try:
        async with board.sessions() as session:
            user = await session.get_one(UserAccount, {"tenant_id": who.tenant_id, "id": _user_id(who)})
        await _check_old_password(request, board, user, old)
        check_password(new, user.email, user.name, field="new")
        if new != again:
            raise Unprocessable(PeopleFault.PASSWORDS_DIFFER, field="again")
        async with confirmed_edit(board, who) as edit:
            await USERS.save(edit, {"password_hash": hash_password(new)}, user.id)
    except Problem as problem:
        return await _drawn(request, board, who, problem)
    return await cookie_response(board, user, f"{PATH}?changed=yes")


async def _check_old_password(request: Request, board: Switchboard, user: UserAccount, old: str) -> None:
    """Whoever sits down at an open browser has no more guesses than at the sign-in. Raises :class:`Unprocessable`."""
    guess = Attempt(user.email, "", f"own settings of {user.id}")
    async with board.sessions() as session, session.begin():
        if not await may_try(session, guess, board.clock):
            raise Unprocessable(PeopleFault.TOO_MANY_GUESSES, field="old")
    try:
        with place_in_queue():
            right = await password_is_right(old, user.password_hash, request.is_disconnected)
    except (TooBusy, GoneAway) as error:
        raise Unprocessable(PeopleFault.TOO_MANY_GUESSES, field="old") from error
    if not right:
        raise Unprocessable(PeopleFault.PASSWORD_WRONG, field="old")
    async with board.sessions() as session, session.begin():
        await forget_attempts(session, guess)


def _user_id(who: Principal) -> str:
    if who.user_id is None:
        raise NotAuthenticated(RequestFault.PAGES_ARE_FOR_PEOPLE)
    return who.user_id


async def _drawn(
    request: Request, board: Switchboard, who: Principal, problem: Problem | None = None, **typed: object
) -> Response:
    errors = {problem.field or "": problem_words(problem)} if problem else {}
    return await draw_in_frame(
        request, board, who, "my_settings/page.html", problem.status if problem else 200,
        **({"name": who.user_name} | typed), email=who.actor.partition(":")[2], errors=errors,
        administers=at_least(who.role, Role.ADMIN), shortest=MIN_PASSWORD_CHARACTERS,
        said={name for name in ("saved", "changed") if name in request.query_params},
    )  # fmt: skip
