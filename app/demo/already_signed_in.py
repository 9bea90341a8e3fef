"""The demo's pages need no sign-in, from this computer only."""

from http.cookies import SimpleCookie
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders, State
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.base.settings import LOOPBACK_HOSTS
from app.providers.registry import PROVIDERS

_NOT_PAGES = ("/api/", *(f"/{name}/" for name in PROVIDERS))


class AlreadySignedIn:
    """Gives requests from loopback without a session the demo's. The Host header has to be a loopback name as well, so
    that no foreign site reaches us through a name of its own (DNS rebinding)."""

    def __init__(self, app: ASGIApp, *, state: State) -> None:
        self._app, self._state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, signed in."""
        cookie: str | None = getattr(self._state, "demo_cookie", None)
        if scope["type"] != "http" or cookie is None or not _is_local(scope):
            await self._app(scope, receive, send)
            return
        signed_in = f"{cookie}={self._state.demo_session}"
        headers = MutableHeaders(scope=scope)
        if "authorization" in headers or cookie in SimpleCookie(headers.get("cookie", "")):
            await self._app(scope, receive, send)
            return
        headers.append("cookie", signed_in)

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.append("Set-Cookie", f"{signed_in}; Path=/; HttpOnly; SameSite=Lax")
            await send(message)

        await self._app(scope, receive, with_cookie)


def _is_local(scope: Scope) -> bool:
    client = scope.get("client")
    if not client or scope["path"].startswith(_NOT_PAGES):
        return False
    host = Headers(scope=scope).get("host", "").rsplit(":", 1)[0].strip("[]")
    try:
        return ip_address(client[0]).is_loopback and host in LOOPBACK_HOSTS
    except ValueError:
        return False
