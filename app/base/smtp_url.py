"""``ANTICHAMBRE_SMTP_URL``: which mail server takes our letters."""

import ipaddress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

_PORTS: Final = {"smtp": 587, "smtps": 465}


class SmtpUrlUnreadable(ValueError):
    """It does not say where to send letters."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """``tls`` from the first byte (smtps); otherwise STARTTLS, without which nothing is sent unless the server is on this
    machine. ``sender`` is empty when the address does not say it."""

    host: str
    port: int
    tls: bool
    user: str | None
    password: str | None = field(repr=False)
    sender: str = ""

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine, so that nobody listens on the way."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def read_smtp_url(url: str) -> MailServer:
    """``smtp://user:password@host:587?from=pbx@example.org`` or ``smtps://…``; what is special in user and password is
    written in percent. Raises :class:`SmtpUrlUnreadable`."""
    try:
        parts = urlsplit(url)
        port = parts.port
        asked = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError as error:
        raise SmtpUrlUnreadable("no address") from error
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or not url.isprintable():
        raise SmtpUrlUnreadable("no address of a mail server")
    if set(asked) - {"from"} or parts.fragment:
        raise SmtpUrlUnreadable("only from= is known")
    user = unquote(parts.username) if parts.username else None
    sender = asked.get("from", [user if user and "@" in user else ""])[0]
    if sender and (sender.count("@") != 1 or not sender.isprintable() or any(one in sender for one in " ,;<>")):
        raise SmtpUrlUnreadable("no address of a sender")
    return MailServer(
        parts.hostname, port or _PORTS[parts.scheme], parts.scheme == "smtps", user,
        unquote(parts.password) if parts.password else None, sender,
    )  # fmt: skip
