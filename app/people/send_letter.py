"""A letter with a one-time link goes out beside the requests; what became of it is told to the admin."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from typing import Final

import structlog

from app.base.language import speaking
from app.mail.mailer import Letter, NotSent
from app.people.one_time_links import LinkKind, link_of
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.words.letters import invitation_letter, reset_letter

PATIENCE: Final = 4.0
"""Seconds that a page waits for the mail server before it shows the link to be handed over by hand."""

log = structlog.get_logger(__name__)
Told = Callable[["MailState"], Awaitable[None]]


class MailState(StrEnum):
    """What became of a letter; off: there is no mail server."""

    OFF = "off"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Sending:
    """One letter. ``state`` is what is known of it by now."""

    def __init__(self, board: Switchboard, letter: Letter, tell: Told | None = None) -> None:
        self._board, self._letter, self._tell = board, letter, tell
        self.state = MailState.SENDING if board.mail.is_on else MailState.OFF
        self.why = ""

    def begin(self) -> "asyncio.Task[None] | None":
        """Send it, beside the requests."""
        return self._board.mail.begin(self.carry()) if self._board.mail.is_on else None

    async def soon(self) -> None:
        """Send it, and wait a few seconds for what becomes of it."""
        if (task := self.begin()) is not None:
            await asyncio.wait({task}, timeout=PATIENCE)

    async def carry(self) -> None:
        """Hand it over, and tell whoever wants to know."""
        try:
            await self._board.mail.send(self._letter)
            self.state = MailState.SENT
        except NotSent as error:
            self.state, self.why = MailState.FAILED, str(error)
            log.warning("mail.not_sent", why=self.why)
        if self._tell is not None:
            await self._tell(self.state)


async def letter_with_link(
    board: Switchboard, tenant_id: str, kind: LinkKind, secret: str, to: str, language: str | None, until: datetime
) -> Letter:
    """The letter, in the recipient's ``language`` or the company's."""
    if tenant_id not in board.live_plan.tenants:
        await board.live_plan.catch_up()  # set up a moment ago by another process
    tenant = board.live_plan.tenant(tenant_id)
    company = tenant.rows["company"][tenant_id]
    words = invitation_letter if kind is LinkKind.INVITE else reset_letter
    with speaking(language or company["language"]):
        link = link_of(board.settings, kind, secret)
        subject, text = words(company["name"], link, until, zone_of_company(tenant))
    return Letter(to, subject, text)
