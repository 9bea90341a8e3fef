"""Which problems an operation of the API can answer with, as OpenAPI says it: once for all, so that a new resource has
nothing to say about them."""

from typing import Any, Final

from app.base import limits

Json = dict[str, Any]
"""An object of OpenAPI."""

PROBLEM: Final[Json] = {
    "type": "object",
    "description": "Problem details (RFC 9457). Some carry further members, such as `entry` or `used_by`.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string", "examples": ["Listed as vip"]},
        "status": {"type": "integer", "examples": [409]},
        "code": {"type": "string", "description": "Stable.", "examples": ["listed-as-vip"]},
        "detail": {"type": "string", "description": "One sentence with the remedy, in the language of the request."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldProblem"}},
    },
}
FIELD_PROBLEM: Final[Json] = {
    "type": "object",
    "description": "What is wrong with one field.",
    "required": ["field", "detail"],
    "properties": {
        "field": {"type": "string", "description": "Its path.", "examples": ["numbers.0.number"]},
        "detail": {"type": "string"},
    },
}
_MEANINGS: Final = {
    400: "The request cannot be taken apart: a body that is no UTF-8, or a key in the address.",
    401: "No key, or a wrong, revoked or expired one.",
    403: "The key or the person lacks the right.",
    404: "Nothing of that id here.",
    409: "The change contradicts what is there; `code` says how.",
    413: f"The body is larger than {limits.BODY_BYTES // 1024} KiB.",
    415: "A file or a form; bodies are JSON.",
    416: "No byte of the `Range` is there.",
    422: "A field cannot be read; `errors` names it.",
    500: "A fault of the service; its log says which.",
    503: "The database is away for the moment. Calls are answered meanwhile.",
}
_HEADERS: Final[dict[int, Json]] = {
    401: {"WWW-Authenticate": {"description": "`Bearer`.", "schema": {"type": "string"}}},
    416: {"Content-Range": {"description": "`bytes */` and how many there are.", "schema": {"type": "string"}}},
    503: {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}},
}
_EVERYWHERE: Final = (400, 401, 403, 500, 503)
_WRITES: Final = frozenset({"post", "put", "patch", "delete"})


def problem_responses() -> Json:
    """The components to which operations refer."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    responses: Json = {}
    for status, meaning in _MEANINGS.items():
        responses[f"Problem{status}"] = {"description": meaning, "content": {"application/problem+json": schema}}
        if status in _HEADERS:
            responses[f"Problem{status}"]["headers"] = _HEADERS[status]
    return responses


def add_problems(method: str, operation: Json) -> None:
    """Put every problem with which ``operation`` can answer among its responses, besides those that it names itself."""
    responses = operation["responses"]
    statuses = {*_EVERYWHERE, *(int(one) for one in responses if one.isdecimal() and int(one) in _MEANINGS)}
    places = {one["in"] for one in operation.get("parameters", ())}
    if "path" in places:
        statuses.add(404)
    if method in _WRITES:
        statuses.add(409)
    if "requestBody" in operation:
        statuses |= {413, 415, 422}
    if places:
        statuses.add(422)
    for status in sorted(statuses):
        responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
