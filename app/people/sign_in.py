"""Sign in and out."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import select

from app.auth.passwords import password_is_right
from app.auth.require import Board, Who, cookie_name
from app.auth.same_site import comes_from_our_pages
from app.auth.sessions import LONGEST, close_session, open_session
from app.base.errors import NotAllowed
from app.base.language import LANGUAGE_COOKIE, LANGUAGES, speak
from app.base.language import gettext as _
from app.base.problems.requests import RequestFault
from app.switchboard import Switchboard
from app.web.drawing import page
from app.web.page_route import SIGN_IN, PageRoute, own_path
from models import UserAccount

router = APIRouter(include_in_schema=False, route_class=PageRoute)

ATTEMPTS: Final = RateLimitItemPerMinute(5)
_LONGEST_FIELD: Final = 1000
_REMEMBERED: Final = 365 * 24 * 3600


@router.get(SIGN_IN)
async def sign_in_page(
    board: Board,
    next: str = "/",  # noqa: A002 - the name in the address
    language: str = "",
) -> HTMLResponse:
    """The form, in the ``language`` that is chosen on it, which the browser remembers."""
    if language not in LANGUAGES:
        return _form(next)
    speak(language)
    response = _form(next)
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
    account = email.strip().lower()[:_LONGEST_FIELD]
    limiter, address = _limiter(request), request.client.host if request.client else ""
    if not limiter.hit(ATTEMPTS, account, address):
        return _form(wanted, account, _("Too many attempts; wait a minute and try again."), 429, {"Retry-After": "60"})
    async with board.sessions() as session:
        user = await session.scalar(
            select(UserAccount).where(UserAccount.email == account.replace("\0", ""), UserAccount.disabled_at.is_(None))
        )
    if not await password_is_right(password, user.password_hash if user else None) or user is None:
        return _form(wanted, account, _("Wrong e-mail address or password."), 401)
    limiter.clear(ATTEMPTS, account, address)
    return await cookie_response(board, user, wanted)


async def cookie_response(board: Switchboard, user: UserAccount, wanted: str = "/") -> Response:
    """Open a session for ``user`` and lead to ``wanted`` with its cookie. The caller has made sure who it is."""
    async with board.sessions() as session, session.begin():
        secret = await open_session(session, user, board.clock)
    response = RedirectResponse(own_path(wanted), 303)
    response.set_cookie(
        cookie_name(board.settings), secret, max_age=int(LONGEST.total_seconds()), path="/",
        secure=board.settings.is_https, httponly=True, samesite="lax",
    )  # fmt: skip
    return response


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
    wanted: str, email: str = "", wrong: str = "", status: int = 200, headers: dict[str, str] | None = None
) -> HTMLResponse:
    return page("sign_in/page.html", status, headers, next=own_path(wanted), email=email, wrong=wrong)


def _limiter(request: Request) -> MovingWindowRateLimiter:
    """One per worker, kept with the application so that two applications in one process do not share it."""
    state = request.app.state
    if not hasattr(state, "sign_in_limiter"):
        state.sign_in_limiter = MovingWindowRateLimiter(MemoryStorage())
    limiter: MovingWindowRateLimiter = state.sign_in_limiter
    return limiter
