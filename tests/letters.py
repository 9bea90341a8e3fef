"""A real mail server for tests, on a loopback port of its own."""

import asyncio
import email
import email.policy
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.mail.mailer import Mailer
from app.switchboard import Switchboard

USER, PASSWORD = "pbx", "letter by letter"


@dataclass(slots=True)
class MailServer:
    """``letters`` are those that arrived; ``refuses`` is its answer to a letter, empty for taking it; ``is_slow`` lets it
    never answer."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    refuses: str = ""
    is_slow: bool = False
    secured: list[bool] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """By aiosmtpd."""
        if self.is_slow:
            await asyncio.sleep(60)
        if self.refuses:
            return self.refuses
        content = envelope.original_content or b""
        letter = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.secured.append(session.ssl is not None)
        return "250 OK"

    def link(self) -> str:
        """The path in the last letter's link."""
        found = re.search(r"https?://[^/\s]+(/\S+)", self.letters[-1].get_content())
        assert found
        return found[1]


@asynccontextmanager
async def mail_server(tls: ssl.SSLContext | None = None, *, at_once: bool = False) -> AsyncIterator[MailServer]:
    """Runs until the block ends. With ``tls`` it offers STARTTLS, or speaks it ``at_once``, and demands a password."""
    server = MailServer()

    def check(_server: object, _session: object, _envelope: object, _kind: str, data: object) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right)

    def connection() -> SMTP:
        return SMTP(
            server, hostname="mail.example.org", tls_context=None if at_once else tls, authenticator=check,
            auth_required=tls is not None and not at_once, auth_require_tls=not at_once,
        )  # fmt: skip

    listener = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0, ssl=tls if at_once else None)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()


def use_mail_server(board: Switchboard, server: MailServer | None, **how: object) -> None:
    """Let the service send its letters there."""
    url = f"smtp://127.0.0.1:{server.port}?from=pbx@example.org" if server else None
    settings = type(board.settings)(**(board.settings.model_dump() | {"smtp_url": url, "_env_file": None}))
    board.mail = Mailer.of(settings)
    if "limit" in how:
        board.mail.limit = float(str(how["limit"]))
