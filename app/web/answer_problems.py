"""Problems as programs get them: RFC 9457 problem details, in the language that the request asks for; and as pages, for
whoever looks for a page."""

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.base import limits
from app.base.errors import (
    Failure,
    MediaNotTaken,
    MethodNotAllowed,
    NotAuthenticated,
    NotFound,
    Problem,
    TooLarge,
    Unavailable,
    Unprocessable,
)
from app.base.language import LANGUAGE_COOKIE, speak
from app.base.language import gettext as _
from app.base.problems.audio import AudioEndsBefore, AudioTooLarge
from app.base.problems.requests import FieldNotValid, FieldsNotValid, RefusedByFramework, RequestFault
from app.web.body_size import takes_sounds
from app.web.drawing import page
from app.web.one_address import methods_at
from app.words.problems import problem_json, problem_words

PROBLEM_JSON = "application/problem+json"
_RETRY_SECONDS = "5"
# The server goes away, starts, stops or has no place left; a deadlock or a broken statement is none of these
# (postgresql.org/docs/current/errcodes-appendix.html, classes 08, 53 and 57; 25006 is a server that only reads).
_AWAY = ("08", "53", "57", "25006")


def problem_response(problem: Problem) -> JSONResponse:
    """The problem as an answer."""
    headers: dict[str, str] = {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if problem.status == 503:
        headers["Retry-After"] = _RETRY_SECONDS
    if isinstance(problem.cause, AudioEndsBefore):
        headers["Content-Range"] = f"bytes */{problem.cause.size}"
    return JSONResponse(problem_json(problem), problem.status, headers, media_type=PROBLEM_JSON)


async def answer_problem(_request: Request, error: Exception) -> Response:
    """For :class:`Problem`."""
    if not isinstance(error, Problem):
        raise error
    return problem_response(error)


async def answer_validation_error(request: Request, error: Exception) -> Response:
    """For bodies and parameters that Pydantic refuses: 422, each field named. A page at such an address: 404."""
    if not isinstance(error, RequestValidationError):
        raise error
    if _looks_for_a_page(request) and any(one["loc"][0] == "path" for one in error.errors()):
        return _answer(request, NotFound(RequestFault.NOT_FOUND))
    fields = tuple(
        FieldNotValid.of(
            # After the part of the request; a key at fault is named by itself.
            ".".join(str(part) for part in one["loc"][1:] if part != "[key]") or "body",
            one,
        )
        for one in error.errors()
    )
    return _answer(request, Unprocessable(FieldsNotValid(fields)))


async def answer_http_error(request: Request, error: Exception) -> Response:
    """For what the framework raises itself: no such path, wrong method. Nobody has asked who it is by then."""
    if not isinstance(error, HTTPException):
        raise error
    response = _answer(request, _problem(error, request.url.path))
    response.headers.update(error.headers or {})
    if error.status_code == 405:
        # The framework names the methods of the first route alone; others may be at the same address.
        response.headers["Allow"] = ", ".join(methods_at(request.app.routes, request.url.path))
    return response


async def answer_database_error(request: Request, error: Exception) -> Response:
    """For a database that is away: 503, and whoever asked may ask again. Raises any other error of the database: that is a
    fault of ours."""
    if not is_away(error):
        raise error
    return _answer(request, Unavailable(RequestFault.DATABASE_AWAY))


def is_away(error: Exception) -> bool:
    """Whether ``error`` says that the database cannot be reached just now."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        return error.connection_invalidated or state.startswith(_AWAY)
    return isinstance(error, ConnectionError | TimeoutError | NoConnectionFree)


def _answer(request: Request, problem: Problem) -> Response:
    speak(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("Accept-Language", ""))
    if _looks_for_a_page(request):
        if problem.status == 404:  # whoever types an address wrongly is no program
            return page(
                "problem/page.html", 404, title=_("Page not found"), detail=_("There is no page at this address.")
            )
        return page("problem/page.html", problem.status, detail=problem_words(problem))
    return problem_response(problem)


def _looks_for_a_page(request: Request) -> bool:
    of_programs = request.url.path.startswith(("/api/", "/static/"))
    return not of_programs and "HX-Request" not in request.headers and "text/html" in request.headers.get("Accept", "")


def _problem(error: HTTPException, path: str) -> Problem:
    match error.status_code:
        case 401:
            return NotAuthenticated(RequestFault.NOT_SIGNED_IN)
        case 404:
            return NotFound(RequestFault.NOT_FOUND)
        case 405:
            return MethodNotAllowed(RequestFault.METHOD_NOT_ALLOWED)
        case 413 if takes_sounds(path):
            return TooLarge(AudioTooLarge(limits.AUDIO_BYTES >> 20), field="file")
        case 413:
            return TooLarge(RequestFault.TOO_LARGE)
        case 415:
            return MediaNotTaken(RequestFault.MEDIA_NOT_TAKEN)
        case 400 if isinstance(error.__cause__, UnicodeDecodeError):
            return Problem(RequestFault.BODY_UNREADABLE)
        case status:
            problem = Problem(RefusedByFramework(str(error.detail)))
            problem.status, problem.code = status, "http-error"
            return problem


class AnswerFailures:
    """Whatever nobody else has answered is a fault of ours: 500, as problem details too. The error goes on to the server,
    which logs it. A path with a NUL in it names nothing that the database could hold: 404, whatever its route would look
    for.

    Plain ASGI around the routes and inside :class:`app.web.security_headers.SecurityHeaders`, so that these answers have
    its headers like all others.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, started, refused = Request(scope), False, False
        if "\0" in scope["path"]:
            await _answer(request, NotFound(RequestFault.NOT_FOUND))(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            nonlocal started, refused
            if message["type"] == "http.response.start":
                started = True
                refused = _is_refused_by_length(message)
            if not refused:
                await send(message)
            elif message["type"] == "http.response.start":
                # The framework refuses by Content-Length alone in a text of its own.
                await _answer(request, TooLarge(RequestFault.TOO_LARGE))(scope, receive, send)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            away = is_away(error)  # also for whoever looks in front of the routes
            if not started:
                problem = Unavailable(RequestFault.DATABASE_AWAY) if away else Failure(RequestFault.FAILURE)
                await _answer(request, problem)(scope, receive, send)
            if started or not away:
                raise


def _is_refused_by_length(message: Message) -> bool:
    media = dict(message["headers"]).get(b"content-type", b"")
    return bool(message["status"] == 413) and media.startswith(b"text/plain")
