"""The one who takes letters to the mail server. No request waits for a server that is slow: a letter is on its way in a task
of its own, with a time limit."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any, Final
from urllib.parse import urlsplit

import aiosmtplib
import structlog

from app.base.settings import Settings
from app.base.smtp_url import MailServer, read_smtp_url

LIMIT_SECONDS: Final = 15.0
_AT_ONCE: Final = 4
_WAITING: Final = 200
"""More than that are not even begun: they would be late."""

log = structlog.get_logger(__name__)


class NotSent(Exception):
    """The letter did not reach the mail server; the text is the server's or the system's."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Plain text to one person."""

    to: str
    subject: str
    text: str


@dataclass(slots=True)
class Mailer:
    """``server`` is None without ANTICHAMBRE_SMTP_URL."""

    server: MailServer | None
    sender: str
    limit: float = LIMIT_SECONDS
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    @classmethod
    def of(cls, settings: Settings) -> "Mailer":
        """By the settings."""
        url = settings.smtp_url.get_secret_value().strip() if settings.smtp_url else ""
        server = read_smtp_url(url) if url else None
        host = urlsplit(settings.base_url).hostname or "localhost"
        return cls(server, (server.sender if server else "") or f"antichambre@{host}")

    @property
    def is_on(self) -> bool:
        """Whether there is a mail server at all."""
        return self.server is not None

    async def send(self, letter: Letter) -> None:
        """Hand ``letter`` to the mail server. Raises :class:`NotSent`."""
        if self.server is None:
            raise NotSent("ANTICHAMBRE_SMTP_URL")
        try:
            async with self._turn, asyncio.timeout(self.limit):
                await self._hand_over(self.server, letter)
        except TimeoutError as error:
            raise NotSent(f"{self.server.host}: no answer in {self.limit:.0f} s") from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            told = "; ".join(f"{one.code} {one.message}" for one in error.recipients)
            raise NotSent(f"{self.server.host}: {told[:200]}") from error
        except aiosmtplib.SMTPResponseException as error:
            raise NotSent(f"{self.server.host}: {error.code} {error.message[:200]}") from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise NotSent(f"{self.server.host}: {str(error)[:200]}") from error

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None] | None:
        """Let ``work`` (which ends with sending a letter) go on beside the requests; None when too much is under way."""
        if len(self._under_way) >= _WAITING:
            work.close()
            log.warning("mail.too_much_under_way", letters=len(self._under_way))
            return None
        task = asyncio.create_task(work, name="mail")
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return task

    async def settled(self) -> None:
        """Nothing is under way any more."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._under_way:
            task.cancel()
        await self.settled()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("mail.failed", why=str(error)[:300])

    async def _hand_over(self, server: MailServer, letter: Letter) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, letter.to, letter.subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=self.sender.partition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        # Without TLS a password or a link would be read on the way; on this machine there is no way.
        await aiosmtplib.send(
            message, hostname=server.host, port=server.port, username=server.user, password=server.password,
            use_tls=server.tls, start_tls=None if server.is_here or server.tls else True,
            validate_certs=not server.is_here, timeout=self.limit, sender=self.sender, recipients=[letter.to],
        )  # fmt: skip
