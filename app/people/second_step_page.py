"""``/sign-in/code``: the second step of signing in; and ``/sign-in/second-factor``, where somebody who needs a second factor
sets it up before they come in."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.require import Board
from app.auth.same_site import comes_from_our_pages
from app.auth.totp import grouped_secret, totp_address, totp_picture
from app.base import limits
from app.base.errors import NotAllowed, Problem, TooManyRequests
from app.base.language import speak
from app.base.problems.requests import RequestFault
from app.people.enter import CODE, ENROL, come_in, give_session, ticket_holder
from app.people.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    second_factor_needed,
    secret_to_confirm,
    take_code,
)
from app.switchboard import Switchboard
from app.web.drawing import page
from app.web.page_route import SIGN_IN, PageRoute
from app.words.problems import problem_words
from models import UserAccount

router = APIRouter(include_in_schema=False, route_class=PageRoute)
Code = Annotated[str, Form(max_length=limits.NAME)]


@router.get(CODE)
async def code_page(request: Request, board: Board) -> Response:
    """Asks for a code."""
    if (holder := await _holder(request, board)) is None:
        return RedirectResponse(SIGN_IN, 303)
    return _code_form(holder[0])


@router.post(CODE)
async def give_code(request: Request, board: Board, code: Code = "") -> Response:
    """Come in by a code of the app or a recovery code."""
    _refuse_foreign(request, board)
    if (holder := await _holder(request, board)) is None:
        return RedirectResponse(SIGN_IN, 303)
    user, wanted = holder
    try:
        await take_code(request, board, user, code)
    except Problem as problem:
        status = 429 if isinstance(problem, TooManyRequests) else 401
        return _code_form(user, problem_words(problem), status)
    return await come_in(request, board, user, wanted)


@router.get(ENROL)
async def enrol_page(request: Request, board: Board) -> Response:
    """The picture for the app, and the field for its first code."""
    if (holder := await _holder(request, board)) is None:
        return RedirectResponse(SIGN_IN, 303)
    return await _enrol_form(board, holder[0])


@router.post(ENROL)
async def enrol(request: Request, board: Board, code: Code = "") -> Response:
    """The first code turns the second factor on; shows the recovery codes and opens the session."""
    _refuse_foreign(request, board)
    if (holder := await _holder(request, board)) is None:
        return RedirectResponse(SIGN_IN, 303)
    user, wanted = holder
    try:
        codes = await confirm_second_factor(board, user, code)
    except Problem as problem:
        return await _enrol_form(board, user, problem_words(problem), problem.status)
    response = page("second_factor/codes_door.html", codes=codes, wanted=wanted)
    await give_session(request, board, user, response)
    return response


@router.post(f"{ENROL}/later")
async def enrol_later(request: Request, board: Board) -> Response:
    """Come in without, as long as the company's grace lasts."""
    _refuse_foreign(request, board)
    if (holder := await _holder(request, board)) is None:
        return RedirectResponse(SIGN_IN, 303)
    user, wanted = holder
    if user.second_factor_at is not None:
        return RedirectResponse(CODE, 303)
    async with board.sessions() as session:
        needed = await second_factor_needed(session, user, board)
    if needed is not None and not needed.can_wait:
        return RedirectResponse(ENROL, 303)
    return await come_in(request, board, user, wanted)


async def _holder(request: Request, board: Switchboard) -> tuple[UserAccount, str] | None:
    holder = await ticket_holder(request, board)
    if holder is not None and holder[0].language:
        speak(holder[0].language)
    return holder


def _refuse_foreign(request: Request, board: Switchboard) -> None:
    if not comes_from_our_pages(request, board.settings):
        raise NotAllowed(RequestFault.FROM_ANOTHER_SITE)


def _code_form(user: UserAccount, wrong: str = "", status: int = 200) -> HTMLResponse:
    return page("second_factor/code_door.html", status, email=user.email, wrong=wrong)


async def _enrol_form(board: Switchboard, user: UserAccount, wrong: str = "", status: int = 200) -> Response:
    if user.second_factor_at is not None:
        return RedirectResponse(CODE, 303)
    secret = await secret_to_confirm(board, user)
    if secret is None:
        await begin_second_factor(board, user)
        secret = await secret_to_confirm(board, user) or ""
    async with board.sessions() as session:
        needed = await second_factor_needed(session, user, board)
    return page(
        "second_factor/enrol_door.html", status, picture=totp_picture(totp_address(secret, user.email)),
        secret=grouped_secret(secret), wrong=wrong, can_wait=needed is None or needed.can_wait,
    )  # fmt: skip
