"""What comes after the right password: a session, or first the second factor. Between the two the browser holds a ticket
that opens nothing by itself."""

from datetime import datetime, timedelta
from typing import Final

import msgspec
from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select

from app.auth.api_keys import hash_of
from app.auth.browser_name import browser_name
from app.auth.known_device import remember_device
from app.auth.require import cookie_name
from app.auth.sessions import LONGEST, open_session
from app.base.secrets_at_rest import SecretUnreadable
from app.people.second_factor import begin_second_factor, second_factor_needed
from app.switchboard import Switchboard
from app.web.client_address import client_address
from app.web.page_route import own_path
from models import UserAccount

CODE: Final = "/sign-in/code"
ENROL: Final = "/sign-in/second-factor"
_TICKET_LASTS: Final = timedelta(minutes=10)
_PURPOSE: Final = "second step"


class Ticket(msgspec.Struct, frozen=True):
    """Whose password was right, ``at`` when, and where they want to go. ``password`` is a hash of its stored form: with
    another password the ticket ends."""

    purpose: str
    tenant_id: str
    user_id: str
    at: datetime
    password: str
    wanted: str


async def enter(request: Request, board: Switchboard, user: UserAccount, wanted: str = "/") -> Response:
    """Lead somebody whose password was right on: to ``wanted`` with a session, or to the second step."""
    if user.second_factor_at is not None:
        return _second_step(board, user, wanted, CODE)
    async with board.sessions() as session:
        needed = await second_factor_needed(session, user, board)
    if needed is not None:
        await begin_second_factor(board, user)
        return _second_step(board, user, wanted, ENROL)
    return await come_in(request, board, user, wanted)


async def come_in(request: Request, board: Switchboard, user: UserAccount, wanted: str = "/") -> Response:
    """A session for somebody who has shown everything that is asked for; leads to ``wanted``. The browser counts as known
    from now on."""
    response = RedirectResponse(own_path(wanted), 303)
    await give_session(request, board, user, response)
    return response


async def give_session(request: Request, board: Switchboard, user: UserAccount, response: Response) -> None:
    """Put a new session's cookie into ``response``, and take the ticket away."""
    browser = browser_name(request.headers.get("User-Agent", ""))
    async with board.sessions() as session, session.begin():
        secret = await open_session(
            session, user, board.clock, browser=browser, address=client_address(request, board.settings)
        )
    response.set_cookie(
        cookie_name(board.settings), secret, max_age=int(LONGEST.total_seconds()), path="/",
        secure=board.settings.is_https, httponly=True, samesite="lax",
    )  # fmt: skip
    remember_device(response, board.settings, user)
    if _cookie(board) in request.cookies:
        response.delete_cookie(_cookie(board), path="/", secure=board.settings.is_https, httponly=True, samesite="lax")


async def ticket_holder(request: Request, board: Switchboard) -> tuple[UserAccount, str] | None:
    """Whose password was right in this browser a few minutes ago, and where they want to go."""
    try:
        sealed = board.secret_box.decrypt(request.cookies.get(_cookie(board), ""))
        ticket = msgspec.json.decode(sealed, type=Ticket)
    except (SecretUnreadable, msgspec.DecodeError, ValueError):
        return None
    if ticket.purpose != _PURPOSE or not timedelta(0) <= board.clock() - ticket.at < _TICKET_LASTS:
        return None
    async with board.sessions() as session:
        user = await session.scalar(
            select(UserAccount).where(
                UserAccount.tenant_id == ticket.tenant_id, UserAccount.id == ticket.user_id,
                UserAccount.disabled_at.is_(None),
            )
        )  # fmt: skip
    if user is None or hash_of(user.password_hash) != ticket.password:
        return None
    return user, ticket.wanted


def _second_step(board: Switchboard, user: UserAccount, wanted: str, path: str) -> Response:
    ticket = Ticket(
        _PURPOSE, user.tenant_id, user.id, board.clock(), hash_of(user.password_hash), own_path(wanted[:1000])
    )
    response = RedirectResponse(path, 303)
    response.set_cookie(
        _cookie(board), board.secret_box.encrypt(msgspec.json.encode(ticket).decode()),
        max_age=int(_TICKET_LASTS.total_seconds()), path="/", secure=board.settings.is_https, httponly=True,
        samesite="lax",
    )  # fmt: skip
    return response


def _cookie(board: Switchboard) -> str:
    return "__Host-step" if board.settings.is_https else "step"
