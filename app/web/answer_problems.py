"""Problems as programs get them: RFC 9457 problem details, in the language that the request asks for."""

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from app.base.errors import NotFound, Problem, Unprocessable
from app.base.language import LANGUAGE_COOKIE, speak
from app.base.language import gettext as _
from app.base.problems.requests import FieldNotValid, FieldsNotValid, RefusedByFramework, RequestFault
from app.web.drawing import page
from app.words.problems import problem_json

PROBLEM_JSON = "application/problem+json"


class MethodNotAllowed(Problem):
    """The path is there, but not for this method."""

    status = 405
    code = "method-not-allowed"


def problem_response(problem: Problem) -> JSONResponse:
    """The problem as an answer."""
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else None
    return JSONResponse(problem_json(problem), problem.status, headers, media_type=PROBLEM_JSON)


async def answer_problem(_request: Request, error: Exception) -> Response:
    """For :class:`Problem`."""
    if not isinstance(error, Problem):
        raise error
    return problem_response(error)


async def answer_validation_error(_request: Request, error: Exception) -> Response:
    """For bodies and parameters that Pydantic refuses: 422, each field named."""
    if not isinstance(error, RequestValidationError):
        raise error
    fields = tuple(
        FieldNotValid(
            ".".join(str(part) for part in one["loc"] if part not in {"body", "query", "path"}) or "body",
            str(one["msg"]),
        )
        for one in error.errors()
    )
    return problem_response(Unprocessable(FieldsNotValid(fields)))


async def answer_http_error(request: Request, error: Exception) -> Response:
    """For what the framework raises itself: no such path, wrong method. Nobody has asked who it is by then."""
    if not isinstance(error, HTTPException):
        raise error
    speak(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("Accept-Language", ""))
    if error.status_code == 404 and _is_a_browser(request):
        # Whoever types an address wrongly is no program.
        return page("problem/page.html", 404, title=_("Page not found"), detail=_("There is no page at this address."))
    response = problem_response(_problem(error))
    response.headers.update(error.headers or {})
    return response


def _is_a_browser(request: Request) -> bool:
    asks_for_page = "text/html" in request.headers.get("Accept", "") and "HX-Request" not in request.headers
    return asks_for_page and not request.url.path.startswith(("/api/", "/static/"))


def _problem(error: HTTPException) -> Problem:
    match error.status_code:
        case 404:
            return NotFound(RequestFault.NOT_FOUND)
        case 405:
            return MethodNotAllowed(RequestFault.METHOD_NOT_ALLOWED)
        case status:
            problem = Problem(RefusedByFramework(str(error.detail)))
            problem.status, problem.code = status, "http-error"
            return problem
