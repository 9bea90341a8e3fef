"""The route class of pages: whoever is not signed in is shown the way."""

from collections.abc import Callable, Coroutine
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from app.auth.same_site import SAFE_METHODS
from app.base.errors import NotAuthenticated, Problem
from app.base.language import LANGUAGE_COOKIE, speak
from app.web.drawing import page
from app.words.problems import problem_words

SIGN_IN = "/sign-in"


class PageRoute(APIRoute):
    """Reading a page without a session leads to the sign-in and back; a form of a session that has ended gets a 401 that
    tells htmx to go there."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[object, object, Response]]:
        """The handler, guarded."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            speak(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("Accept-Language", ""))
            try:
                return await handle(request)
            except NotAuthenticated:
                if request.method in SAFE_METHODS:
                    query = f"?{request.url.query}" if request.url.query else ""
                    wanted = quote(request.url.path + query, safe="/")
                    return RedirectResponse(f"{SIGN_IN}?next={wanted}", 303)
                return Response(status_code=401, headers={"HX-Redirect": SIGN_IN})
            except Problem as problem:
                # Scripts show the sentence where it belongs; whoever has no script gets it as a page.
                if "HX-Request" in request.headers or "text/html" not in request.headers.get("Accept", ""):
                    raise
                return page("problem/page.html", problem.status, detail=problem_words(problem))

        return guarded


def path_before(request: Request) -> str:
    """Where whoever sent a form without a script came from."""
    return own_path(urlsplit(request.headers.get("Referer", "")).path)


def own_path(wanted: str) -> str:
    """``wanted`` if it is a path of this site, else the panel: a sign-in link must not lead to somebody else's."""
    own = (
        wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable() and "\\" not in wanted
    )
    return wanted if own else "/"
