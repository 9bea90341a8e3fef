"""Links that let somebody in once. The link is shown or sent, never stored: the database has its SHA-256."""

import secrets
from datetime import timedelta
from enum import StrEnum
from typing import Final

from fastapi import Request

from app.auth.api_keys import hash_of
from app.auth.sign_in_attempts import Attempt, may_try
from app.base.errors import NotFound, TooManyRequests
from app.base.problems.people import PeopleFault
from app.base.settings import Settings
from app.switchboard import Switchboard
from app.web.client_address import client_address

INVITATION_LASTS: Final = timedelta(days=7)
RESET_LASTS: Final = timedelta(hours=1)
LONGEST_SECRET: Final = 100
_BYTES: Final = 32


class LinkKind(StrEnum):
    """What the link is for; the first part of its path."""

    INVITE = "invite"
    RESET = "reset"


def new_link_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(_BYTES)


def link_of(settings: Settings, kind: LinkKind, secret: str) -> str:
    """The whole address."""
    return f"{settings.base_url}/{kind.value}/{secret}"


async def count_attempt(request: Request, board: Switchboard, secret: str) -> None:
    """Links are tried no more often than passwords. Raises :class:`TooManyRequests`."""
    attempt = Attempt(f"link {hash_of(secret)}", client_address(request, board.settings))
    async with board.sessions() as session, session.begin():
        if not await may_try(session, attempt, board.clock):
            raise TooManyRequests(PeopleFault.TOO_MANY_GUESSES)


async def refuse_link(request: Request, board: Switchboard, secret: str) -> NotFound:
    """The refusal of a link that there is not, or not any more; counted, so that nobody tries one after the other. Raises
    :class:`TooManyRequests`."""
    await count_attempt(request, board, secret)
    return NotFound(PeopleFault.LINK_NOT_VALID)
