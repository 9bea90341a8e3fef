"""What the doctor sees of the service from outside: its public address, and the proxy in front of it."""

import ipaddress
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import httpx

from app.base.language import gettext as _
from app.base.settings import LOOPBACK_HOSTS, Settings
from app.cli.condition import Condition, Level

_SECONDS: Final = 5.0
_UPGRADE: Final = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "YW50aWNoYW1icmUtZG9jdA==",
}  # fmt: skip


def check_addresses(settings: Settings) -> Iterator[Condition]:
    """The public address as it is set, and as it is reached from here."""
    host = urlsplit(settings.base_url).hostname or ""
    if host in LOOPBACK_HOSTS or _is_private(host):
        yield Condition(
            "base_url",
            Level.WARN,
            _(
                "%(url)s is an address of this computer or network, where no provider can call; set "
                "ANTICHAMBRE_PUBLIC_BASE_URL to the public one.",
                url=settings.base_url,
            ),
        )
    else:
        yield Condition("base_url", Level.OK, settings.base_url)
    yield _proxy(settings.base_url)


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _proxy(base_url: str) -> Condition:
    try:
        with httpx.Client(base_url=base_url, timeout=_SECONDS, trust_env=False) as client:
            live = client.get("/health/live")
            if live.status_code != httpx.codes.OK or '"live"' not in live.text:
                return Condition(
                    "proxy",
                    Level.FAIL,
                    _(
                        "%(url)s is answered, but not by Antichambre (status %(status)s); does the proxy pass everything on "
                        "to it, and is it running?",
                        url=base_url,
                        status=live.status_code,
                    ),
                )
            # Nobody is signed in here: what is ours refuses the booth with 403. A proxy that takes the upgrade away makes
            # an ordinary request of it, and for that there is no such page.
            booth = client.get("/booth/line", headers=_UPGRADE)
    except httpx.HTTPError as error:
        return Condition(
            "proxy",
            Level.WARN,
            _(
                "%(url)s cannot be reached from here (%(why)s); is the service running, and does its host name lead to the "
                "proxy?",
                url=base_url,
                why=str(error) or type(error).__name__,
            ),
        )
    if booth.status_code != httpx.codes.FORBIDDEN:
        return Condition(
            "proxy",
            Level.FAIL,
            _(
                "The proxy does not pass WebSockets on, so the phone booth does not work; pass the headers Upgrade and "
                "Connection on, as deploy/nginx.conf does."
            ),
        )
    return Condition("proxy", Level.OK, _("calls, pages and WebSockets come through"))
