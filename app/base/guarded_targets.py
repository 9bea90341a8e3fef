"""Where this service may be sent by what somebody typed: to the internet, and not into our own network. A name is resolved
once, every address of it is looked at, and the connection goes to an address that was looked at, so that no name can mean
something else a moment later."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

import httpcore

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.webhooks import TargetFault

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that IANA has given to anybody; what is not of these (site-local, local NAT64, IPv4 written as IPv6 in a way
that nobody uses any more) may lead anywhere within a network."""
_LOCAL_ENDINGS: Final = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
_SocketOption = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)  # as httpcore has them


class TargetIsPrivate(httpcore.ConnectError):
    """The name leads into a private network, or to this machine."""


def check_target(url: str, *, allow_private: bool, field: str = "url") -> str:
    """``url`` without spaces around it: https (or http, where private targets are allowed), with a host and without a
    user. Raises :class:`Unprocessable`. Where a name leads is only known when it is resolved."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise Unprocessable(TargetFault.NOT_VALID, field=field) from None
    sound = url.isascii() and url.isprintable() and " " not in url and len(url) <= limits.TEXT
    if not (sound and parts.scheme in {"http", "https"} and host) or "@" in parts.netloc or parts.fragment:
        raise Unprocessable(TargetFault.NOT_VALID, field=field)
    if allow_private:
        return url
    if parts.scheme != "https":
        raise Unprocessable(TargetFault.NOT_ENCRYPTED, field=field)
    if not _may_be_public(host):
        raise Unprocessable(TargetFault.PRIVATE, field=field)
    return url


def is_public(address: str) -> bool:
    """Whether an IP address is somebody's on the internet, whatever form it is written in."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv4Address):
        return found.is_global and not found.is_multicast
    inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
    if found in _NAT64:
        inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(str(inner))
    return found in _GLOBAL_UNICAST and found.is_global


def _may_be_public(host: str) -> bool:
    host = host.rstrip(".").lower()
    try:
        return is_public(host)
    except ValueError:
        pass
    try:
        return is_public(socket.inet_ntoa(socket.inet_aton(host)))  # 127.1, 0x7f000001 and 2130706433 are addresses too
    except OSError:
        return "." in host and not host.endswith(_LOCAL_ENDINGS)


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Connections of httpcore's, to addresses that were looked at."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,  # noqa: ASYNC109
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:  # fmt: skip
        """To the first address of ``host`` that answers. Raises :class:`TargetIsPrivate` if any of them is private: a name
        with one foot in our network is nobody's mistake."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        if not self._allow_private and not all(map(is_public, addresses)):
            raise TargetIsPrivate(host)
        failure: Exception = httpcore.ConnectError(host)
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        """As httpcore asks for it."""
        await self._inner.sleep(seconds)
