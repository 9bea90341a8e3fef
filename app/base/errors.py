"""Errors know their status and their stable name. Programs get RFC 9457 problem details, people get a page."""

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

PROBLEM_JSON = "application/problem+json"


class Problem(Exception):
    """Something that the client has to know. ``code`` is stable, ``detail`` one sentence with the remedy, ``errors`` the
    fields at fault, ``extra`` further members of the answer."""

    status = 400
    code = "bad-request"

    def __init__(self, detail: str, *, field: str | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = [{"field": field, "detail": detail}] if field else []
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The problem details."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": self.code.replace("-", " ").capitalize(),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = self.errors
        return body | self.extra


class NotFound(Problem):
    """Nothing of that id here; the same answer whether it never was or is somebody else's."""

    status, code = 404, "not-found"


class Unprocessable(Problem):
    """A field cannot be read."""

    status, code = 422, "unprocessable"


class Conflict(Problem):
    """The change contradicts what is there."""

    status, code = 409, "conflict"


class VipIsListed(Conflict):
    """A number to be blacklisted is on the VIP list."""

    code = "listed-as-vip"


class BlacklistIsListed(Conflict):
    """A number to become a VIP is on the blacklist."""

    code = "listed-as-blacklisted"


class AlreadyListed(Conflict):
    """The list has this entry already."""

    code = "already-listed"


class ProtectedNumber(Conflict):
    """A number that cannot be blocked: our own lines, staff, emergency services, chosen numbers."""

    code = "protected-number"


class InUse(Conflict):
    """What is in use is not deleted."""

    code = "in-use"


class NameTaken(Conflict):
    """Another one has this name, number or address."""

    code = "name-taken"


class ImportUnderWay(Conflict):
    """A list is being imported, and this change has to wait for it."""

    code = "import-under-way"


class IdempotencyKeyReused(Conflict):
    """The key came before with other content."""

    code = "idempotency-key-reused"


class NotAuthenticated(Problem):
    """No key, or a wrong, revoked or expired one."""

    status, code = 401, "not-authenticated"


class NotAllowed(Problem):
    """The key or the person lacks the right."""

    status, code = 403, "not-allowed"


class TooManyRequests(Problem):
    """Slow down."""

    status, code = 429, "too-many-requests"


def problem_response(problem: Problem) -> JSONResponse:
    """The problem as an answer."""
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else None
    return JSONResponse(problem.body(), problem.status, headers, media_type=PROBLEM_JSON)


async def answer_problem(_: Request, error: Exception) -> Response:
    """For :class:`Problem`."""
    if not isinstance(error, Problem):
        raise error
    return problem_response(error)


async def answer_validation_error(_: Request, error: Exception) -> Response:
    """For bodies and parameters that Pydantic refuses: 422, each field named."""
    if not isinstance(error, RequestValidationError):
        raise error
    problem = Unprocessable("Some fields cannot be read; see `errors`.")
    problem.errors = [
        {"field": ".".join(str(part) for part in one["loc"] if part not in {"body", "query", "path"}) or "body",
         "detail": str(one["msg"])}
        for one in error.errors()
    ]  # fmt: skip
    return problem_response(problem)


async def answer_http_error(_: Request, error: Exception) -> Response:
    """For what the framework raises itself: no such path, wrong method."""
    if not isinstance(error, HTTPException):
        raise error
    problem = Problem(str(error.detail))
    problem.status = error.status_code
    problem.code = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "http-error")
    response = problem_response(problem)
    response.headers.update(error.headers or {})
    return response
