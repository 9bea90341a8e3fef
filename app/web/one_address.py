"""One address for one thing: with a slash at its end and without it is the same, and nobody is sent from one to the other.
A redirect would name the scheme and the host that the server believes in, and behind a proxy those are others."""

from collections.abc import Sequence
from functools import cache
from re import Pattern
from typing import Final

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

_ORDER: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class OneAddress:
    """Takes one slash off the end of a path. Plain ASGI, inside of the providers' door: what they sign is never touched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "lifespan" and scope["path"] != "/":
            scope = {**scope, "path": scope["path"].removesuffix("/")}
        await self._app(scope, receive, send)


def methods_at(routes: Sequence[BaseRoute], path: str) -> list[str]:
    """The methods that the address takes, by any of its routes. Where a route has just this address, those of a neighbour
    with an id in its place do not count: nothing has the id ``export``."""
    at_it: set[str] = set()
    near: set[str] = set()
    for route in iter_route_contexts(routes):
        if route.path is None or not route.methods:
            continue
        if route.path == path:
            at_it |= route.methods
        elif _matching(route.path).fullmatch(path):
            near |= route.methods
    methods = at_it or near
    return sorted(methods, key=lambda one: (_ORDER.index(one) if one in _ORDER else len(_ORDER), one))


@cache
def _matching(path: str) -> Pattern[str]:
    return compile_path(path)[0]
