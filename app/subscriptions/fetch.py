"""Fetch what somebody's address holds: nothing from our own network, not too much, not for ever, and not again what has not
changed."""

import asyncio
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from app.base import limits
from app.base.errors import Problem
from app.base.guarded_targets import GuardedNetwork, TargetIsPrivate, check_target
from app.base.version import VERSION
from models.subscription import RenewalFault

SECONDS: Final = 120.0
"""For all of it; long enough for the largest list over a slow line."""
_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED: Final = 304
_LONGEST_TAG: Final = 200
_WRONG_KEY: Final = frozenset({401, 403})
_TOO_MANY: Final = 429
_IDENTITY: Final = frozenset({"", "identity"})


class NotFetched(Exception):
    """Nothing came. ``status`` is what the server answered, if it did."""

    def __init__(self, fault: RenewalFault, status: int | None = None) -> None:
        super().__init__(fault.value)
        self.fault, self.status = fault, status


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came. ``charset`` is the server's word for the encoding, empty where it says none; ``etag`` and ``last_modified``
    are for the next time."""

    content: bytes
    charset: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the server said of what is here."""

    etag: str = ""
    last_modified: str = ""


async def fetch(
    url: str, *, allow_private: bool, known: Known = Known(), key: str = "", seconds: float = SECONDS
) -> Fetched | None:
    """What is at ``url``; None when it is what is ``known``. ``key`` opens it (a bearer token), and goes nowhere but to its
    host. Raises :class:`NotFetched`."""
    try:
        async with asyncio.timeout(seconds):
            return await _fetch(url, allow_private, known, key)
    except TimeoutError:
        raise NotFetched(RenewalFault.TIMEOUT) from None
    except TargetIsPrivate:
        raise NotFetched(RenewalFault.PRIVATE_TARGET) from None
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise NotFetched(RenewalFault.NO_CONNECTION) from error


async def _fetch(url: str, allow_private: bool, known: Known, key: str) -> Fetched | None:
    # No connection is kept: the next time we look where the name leads by then.
    async with httpcore.AsyncConnectionPool(
        ssl_context=httpx.create_ssl_context(), max_keepalive_connections=0,
        network_backend=GuardedNetwork(allow_private=allow_private),
    ) as pool:  # fmt: skip
        for hop in range(_MOST_REDIRECTS + 1):
            try:
                url = check_target(url, allow_private=allow_private)
            except Problem:
                raise NotFetched(RenewalFault.REDIRECTED if hop else RenewalFault.PRIVATE_TARGET) from None
            async with pool.stream("GET", url, headers=_headers(known, key)) as answer:
                headers = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
                if answer.status in _REDIRECTS and (target := headers.get(b"location")) and not key:
                    url = _joined(url, target)
                    continue
                if answer.status == _NOT_MODIFIED and (known.etag or known.last_modified):
                    return None
                _refuse_status(answer.status, with_key=bool(key))
                if headers.get(b"content-encoding", "").strip().lower() not in _IDENTITY:
                    raise NotFetched(RenewalFault.UNREADABLE, answer.status)
                content = bytearray()
                async for part in answer.aiter_stream():
                    content += part
                    if len(content) > limits.IMPORT_BYTES:
                        raise NotFetched(RenewalFault.TOO_LARGE)
            return Fetched(
                bytes(content), _charset_of(headers.get(b"content-type", "")), _tag(headers.get(b"etag", "")),
                _tag(headers.get(b"last-modified", "")),
            )  # fmt: skip
    raise NotFetched(RenewalFault.REDIRECTED)


def _headers(known: Known, key: str) -> dict[bytes | str, bytes | str]:
    headers: dict[bytes | str, bytes | str] = {
        "user-agent": f"Antichambre/{VERSION}", "accept-encoding": "identity",
        "accept": "application/json" if key else "text/csv, text/plain, */*;q=0.5",
    }  # fmt: skip
    if known.etag:
        headers["if-none-match"] = known.etag
    if known.last_modified:
        headers["if-modified-since"] = known.last_modified
    if key:
        headers["authorization"] = f"Bearer {key}"
    return headers


def _joined(url: str, target: str) -> str:
    try:
        joined = urljoin(url, target)
        return joined.partition("#")[0] if urlsplit(joined).scheme else ""
    except ValueError:
        return ""


def _refuse_status(status: int, *, with_key: bool) -> None:
    if status == _TOO_MANY:
        raise NotFetched(RenewalFault.TOO_OFTEN, status)
    if status in _WRONG_KEY and with_key:
        raise NotFetched(RenewalFault.KEY_REFUSED, status)
    if status in _REDIRECTS and with_key:
        raise NotFetched(RenewalFault.REDIRECTED, status)
    if not 200 <= status < 300:
        raise NotFetched(RenewalFault.REFUSED, status)


def _tag(text: str) -> str:
    """What the server says of this state, as long as it can be kept and sent back."""
    return text if len(text) <= _LONGEST_TAG and text.isascii() and text.isprintable() else ""


def _charset_of(content_type: str) -> str:
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return ""
