"""``/sign-in/forgot``: ask for a link for a new password. The answer is the same for everybody, at once: whether there is
such an account is nobody's business."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Request, Response
from sqlalchemy import select

from app.auth.account_name import account_name
from app.auth.require import Board
from app.auth.same_site import comes_from_our_pages
from app.auth.sign_in_attempts import Attempt, may_try
from app.base.errors import NotAllowed
from app.base.language import gettext as _
from app.base.problems.requests import RequestFault
from app.people.one_time_links import RESET_LASTS
from app.people.reset_links import add_reset_asked_for, sending_of
from app.switchboard import Switchboard
from app.web.client_address import client_address
from app.web.drawing import page
from app.web.page_route import PageRoute
from models import UserAccount

FORGOT = "/sign-in/forgot"
_LONGEST_FIELD = 1000

router = APIRouter(include_in_schema=False, route_class=PageRoute)
log = structlog.get_logger(__name__)


@router.get(FORGOT)
async def forgot_page(board: Board) -> Response:
    """The form; without a mail server it says whom to ask."""
    return _drawn(board)


@router.post(FORGOT)
async def ask_for_link(request: Request, board: Board, email: Annotated[str, Form()] = "") -> Response:
    """A link is on its way, if there is somebody of that address."""
    if not comes_from_our_pages(request, board.settings):
        raise NotAllowed(RequestFault.FROM_ANOTHER_SITE)
    account = account_name(email[:_LONGEST_FIELD])
    if not board.mail.is_on or not account:
        return _drawn(board)
    attempt = Attempt(f"forgot {account}", client_address(request, board.settings))
    async with board.sessions() as session, session.begin():
        allowed = await may_try(session, attempt, board.clock)
    if not allowed:
        wait = _("Too many attempts; wait a minute and try again.")
        return _drawn(board, email=email[:_LONGEST_FIELD], wrong=wait, status=429)
    board.mail.begin(_send_link(board, account))
    return _drawn(board, asked=True)


async def _send_link(board: Switchboard, account: str) -> None:
    now = board.clock()
    async with board.sessions() as session, session.begin():
        user = await session.scalar(
            select(UserAccount).where(UserAccount.email == account, UserAccount.disabled_at.is_(None)).with_for_update()
        )
        secret = await add_reset_asked_for(session, user, now) if user is not None else None
    if user is not None and secret is not None:
        await (await sending_of(board, user, secret, now + RESET_LASTS)).carry()


def _drawn(board: Switchboard, *, asked: bool = False, email: str = "", wrong: str = "", status: int = 200) -> Response:
    return page("one_time_link/forgot.html", status, asked=asked, email=email, wrong=wrong, has_mail=board.mail.is_on)
