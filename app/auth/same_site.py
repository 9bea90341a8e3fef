"""Requests that change something and come with a cookie must come from our own pages (OWASP CSRF prevention: Fetch
Metadata and Origin, and a token tied to the session)."""

import hmac
from urllib.parse import urlsplit

from fastapi import Request
from starlette.requests import HTTPConnection
from starlette.types import Message

from app.auth.principal import Principal
from app.base.errors import NotAllowed
from app.base.problems.requests import RequestFault
from app.base.secrets_at_rest import derive
from app.base.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN_HEADER = "X-CSRF-Token"  # noqa: S105  # the name of a header
TOKEN_FIELD = "csrf_token"  # noqa: S105  # the name of a form field


def token_for(settings: Settings, session_hash: str) -> str:
    """The token that the session's pages carry."""
    return hmac.new(derive(settings.key, "csrf"), session_hash.encode(), "sha256").hexdigest()


def comes_from_our_pages(request: HTTPConnection, settings: Settings) -> bool:
    """Whether the browser says that one of our own pages made the request; True where it says nothing."""
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site in {"same-origin", "none"}
    if (origin := request.headers.get("Origin")) is not None:
        ours = {urlsplit(url).netloc for url in settings.public_base_url} | {request.headers.get("Host", "")}
        return urlsplit(origin).netloc in ours
    return True


async def require_same_site(request: Request, settings: Settings, principal: Principal) -> None:
    """Raises :class:`NotAllowed` for a foreign page or a missing or stale token."""
    if request.method in SAFE_METHODS or principal.session_hash is None:
        return
    if not comes_from_our_pages(request, settings):
        raise NotAllowed(RequestFault.FROM_ANOTHER_SITE)
    claimed = request.headers.get(TOKEN_HEADER) or await _token_in_form(request)
    if not hmac.compare_digest(claimed.encode(), token_for(settings, principal.session_hash).encode()):
        raise NotAllowed(RequestFault.PAGE_OUT_OF_DATE)


async def _token_in_form(request: Request) -> str:
    if not request.headers.get("Content-Type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        return ""
    try:
        body = await request.body()
    except (
        RuntimeError
    ):  # the framework has read it into a form already, for the route's fields, and closes that itself
        value = (await request.form()).get(TOKEN_FIELD)
    else:
        # Read by a request of its own, whose files are closed here, whatever becomes of this one.
        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async with Request(request.scope, receive).form() as form:
            value = form.get(TOKEN_FIELD)
    return value if isinstance(value, str) else ""
