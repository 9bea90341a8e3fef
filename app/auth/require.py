"""Dependencies that say who may use a route. Every router but the provider's webhooks, health and sign-in has one."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from app.auth.api_keys import principal_of_key
from app.auth.principal import Principal
from app.auth.rights import require_block
from app.auth.roles import Role, Scope
from app.auth.same_site import SAFE_METHODS, require_same_site
from app.auth.sessions import principal_of_session
from app.base.errors import NotAuthenticated, Problem
from app.base.language import LANGUAGE_COOKIE, speak
from app.base.problems.requests import RequestFault
from app.base.reader_zone import ZONE_COOKIE, read_times_by
from app.base.settings import Settings
from app.switchboard import Switchboard


def cookie_name(settings: Settings) -> str:
    """``__Host-`` (RFC 6265bis) ties a cookie to this host and to https; plain http on loopback cannot have it."""
    return "__Host-sid" if settings.is_https else "sid"


def switchboard(request: Request) -> Switchboard:
    """The worker's switchboard."""
    board: Switchboard = request.app.state.switchboard
    return board


Board = Annotated[Switchboard, Depends(switchboard)]


async def principal_or_none(request: Request, board: Board) -> Principal | None:
    """Who makes the request, by API key or by session; text is made in the language that the request asks for from now on.
    Raises :class:`Problem` for a key in the query, where logs would keep it, and for requests that other sites forge."""
    speak(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("Accept-Language", ""))
    read_times_by(request.cookies.get(ZONE_COOKIE))
    if any(name in request.query_params for name in ("api_key", "key", "token")):
        raise Problem(RequestFault.KEY_IN_ADDRESS)
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    async with board.sessions() as session, session.begin():
        if scheme.lower() == "bearer" and credential:
            return await principal_of_key(session, credential.strip(), board.clock)
        if secret := request.cookies.get(cookie_name(board.settings)):
            principal = await principal_of_session(session, secret, board.clock)
            if principal is not None:
                await require_same_site(request, board.settings, principal)
            return principal
    return None


async def principal(request: Request) -> Principal:
    """Who makes the request. Raises :class:`NotAuthenticated`."""
    # Called, not depended on: each route's dependencies are worked out anew when a worker starts.
    found = await principal_or_none(request, switchboard(request))
    if found is None:
        raise NotAuthenticated(RequestFault.NOT_SIGNED_IN)
    if found.language is not None:
        speak(found.language)
    return found


Who = Annotated[Principal, Depends(principal)]


def allowed(
    *, read: Role = Role.OPERATOR, write: Role = Role.ADMIN, scope: Scope | None = None
) -> Callable[..., Awaitable[None]]:
    """A router's dependency: the role for reading and the one for changing, and a scope when it is a special one."""

    async def check(request: Request, who: Who) -> None:
        safe = request.method in SAFE_METHODS
        who.require(read if safe else write, scope or (Scope.READ if safe else Scope.WRITE))

    return check


async def may_block(request: Request, who: Who) -> None:
    """A router's dependency: its pages ask whom to block, and block."""
    require_block(who, Scope.READ if request.method in SAFE_METHODS else Scope.WRITE)
