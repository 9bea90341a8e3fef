"""From where a request comes. Believed for limits only, never for signatures."""

import ipaddress
from typing import Final

from fastapi import Request

from app.base.settings import Network, Settings

_SITE_PREFIX: Final = 64
"""Whoever has one IPv6 address has the 2^64 beside it."""


def client_address(request: Request, settings: Settings) -> str:
    """The client's address; of IPv6 its /64. Behind a trusted proxy (``ANTICHAMBRE_TRUSTED_PROXIES``) it is the last address
    in ``X-Forwarded-For`` that is no trusted proxy's: what stands before that one, the client may have written itself."""
    peer = request.client.host if request.client else ""
    if not settings.trusted_proxies or not _is_trusted(peer, settings.trusted_proxies):
        return _site(peer)
    hops = [hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    for hop in reversed(hops):
        if (address := _read(hop)) is None:
            break
        peer = str(address)
        if not _is_trusted(peer, settings.trusted_proxies):
            break
    return _site(peer)


def _is_trusted(peer: str, proxies: tuple[Network, ...]) -> bool:
    # A proxy on a socket file has no address; whoever may open the file is on this machine.
    address = _read(peer) if peer else ipaddress.ip_address("127.0.0.1")
    return address is not None and any(address in network for network in proxies)


def _read(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address, also as ``[2001:db8::1]:443`` or ``192.0.2.1:443``, which some proxies write."""
    host = text.strip('"')
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _site(peer: str) -> str:
    address = _read(peer)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _SITE_PREFIX), strict=False))
    return str(address) if address is not None else peer
