"""Sign in and out."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from app.auth.account_name import account_name
from app.auth.known_device import device_of
from app.auth.passwords import GoneAway, TooBusy, password_is_right, place_in_queue
from app.auth.require import Board, Who, cookie_name
from app.auth.same_site import comes_from_our_pages
from app.auth.sessions import close_session
from app.auth.sign_in_attempts import Attempt, forget_attempts, may_try
from app.base.errors import NotAllowed
from app.base.language import LANGUAGE_COOKIE, LANGUAGES, speak
from app.base.language import gettext as _
from app.base.problems.requests import RequestFault
from app.people.enter import enter
from app.switchboard import Switchboard
from app.web.client_address import client_address
from app.web.drawing import page
from app.web.page_route import SIGN_IN, PageRoute, own_path
from models import UserAccount

router = APIRouter(include_in_schema=False, route_class=PageRoute)

_LONGEST_FIELD: Final = 1000
_REMEMBERED: Final = 365 * 24 * 3600
_CLIENT_CLOSED: Final = 499
"""What nginx logs for a client that did not wait; nobody sees it."""


@router.get(SIGN_IN)
async def sign_in_page(
    board: Board,
    next: str = "/",  # noqa: A002 - the name in the address
    language: str = "",
) -> HTMLResponse:
    """The form, in the ``language`` that is chosen on it, which the browser remembers."""
    if language not in LANGUAGES:
        return _form(board, next)
    speak(language)
    response = _form(board, next)
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=_REMEMBERED, path="/", secure=board.settings.is_https, httponly=True,
        samesite="lax",
    )  # fmt: skip
    return response


@router.post(SIGN_IN)
async def sign_in(
    request: Request,
    board: Board,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str | None, Form()] = None,  # noqa: A002
) -> Response:
    """Open a session, or say no: with the same words and after the same time whether the account exists or not."""
    if not comes_from_our_pages(request, board.settings):
        raise NotAllowed(RequestFault.FROM_ANOTHER_SITE)
    wanted = next or request.query_params.get("next", "/")
    account = account_name(email[:_LONGEST_FIELD])
    try:
        with place_in_queue():
            return await _tried(request, board, account, password, wanted)
    except TooBusy:
        busy = _("Too many people are signing in at this moment; try again in a minute.")
        return _form(board, wanted, account, busy, 503, {"Retry-After": "30"})
    except GoneAway:
        return Response(status_code=_CLIENT_CLOSED)


async def _tried(request: Request, board: Switchboard, account: str, password: str, wanted: str) -> Response:
    async with board.sessions() as session, session.begin():
        user = await session.scalar(
            select(UserAccount).where(UserAccount.email == account, UserAccount.disabled_at.is_(None))
        )
        device = device_of(request, board.settings, user)
        attempt = Attempt(account, client_address(request, board.settings), device)
        if not await may_try(session, attempt, board.clock):
            wait = _("Too many attempts; wait a minute and try again.")
            return _form(board, wanted, account, wait, 429, {"Retry-After": "60"})
    right = await password_is_right(password, user.password_hash if user else None, request.is_disconnected)
    if not right or user is None:
        return _form(board, wanted, account, _("Wrong e-mail address or password."), 401)
    async with board.sessions() as session, session.begin():
        await forget_attempts(session, attempt)
    return await enter(request, board, user, wanted)


@router.post("/sign-out")
async def sign_out(request: Request, board: Board, who: Who) -> Response:
    """Close the session and forget the drafts that the browser kept."""
    name = cookie_name(board.settings)
    async with board.sessions() as session, session.begin():
        await close_session(session, request.cookies.get(name, ""))
    response = RedirectResponse(SIGN_IN, 303, {"Clear-Site-Data": '"storage"'})
    response.delete_cookie(name, path="/", secure=board.settings.is_https, httponly=True, samesite="lax")
    return response


def _form(
    board: Switchboard,
    wanted: str,
    email: str = "",
    wrong: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    return page(
        "sign_in/page.html", status, headers, next=own_path(wanted), email=email, wrong=wrong, has_mail=board.mail.is_on
    )
