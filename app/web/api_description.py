"""The API's description: OpenAPI at ``/openapi.json``, readable at ``/docs``. Both are public and hold no data; the pages
come from here and load nothing from elsewhere."""

import asyncio
import json
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from fastapi.routing import iter_route_contexts

from app.base.errors import NotFound
from app.base.problems.requests import RequestFault
from app.web.described_problems import FIELD_PROBLEM, PROBLEM, Json, add_problems, problem_responses
from app.web.resource import Tag

router: Final = APIRouter(include_in_schema=False)
_STATIC: Final = Path(__file__).parent / "docs"
_FILES: Final = {
    "start.js": (_STATIC / "start.js", "text/javascript"),
    "swagger-ui-bundle.js": (_STATIC / "vendor/swagger-ui/swagger-ui-bundle.js", "text/javascript"),
    "swagger-ui.css": (_STATIC / "vendor/swagger-ui/swagger-ui.css", "text/css"),
}
# Swagger UI sets style attributes and draws with data: images; nothing else on this page differs from all the others.
_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_DESCRIPTION: Final = """\
Every request sends `Authorization: Bearer <api key>`. Errors are problem details (RFC 9457) with a stable `code`; what
cannot be read names its field under `errors`. Lists take `limit` and `cursor` and answer `{"items", "next_cursor"}`, the
newest first. A POST with an `Idempotency-Key` may be retried: it is carried out once. A change is live for the very next
call when it is answered; `Antichambre-Revision` is its version. Times are RFC 3339 in UTC.
"""


async def described(app: FastAPI) -> Json:
    """What :func:`describe` makes, once and when somebody asks: it takes the better part of a second, in a thread beside
    which calls are answered."""
    state = app.state
    if not hasattr(state, "description"):
        state.description = asyncio.create_task(asyncio.to_thread(describe, app))
    document: Json = await asyncio.shield(state.description)
    return document


def _in_order(names: list[str]) -> list[str]:
    """What belongs to a resource stands behind it, although its addresses are looked for first."""
    place = {name: number for number, name in enumerate(names)}
    return sorted(names, key=lambda name: (place.get(name.partition("/")[0], place[name]), "/" in name, place[name]))


def describe(app: FastAPI) -> Json:
    """The OpenAPI document of everything under ``/api/v1``."""
    routes = [route for route in iter_route_contexts(app.routes) if (route.path or "").startswith("/api/v1/")]
    tags = {str(tag): tag.about for route in reversed(routes) for tag in route.tags if isinstance(tag, Tag)}
    document: Json = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=_DESCRIPTION,
        routes=routes,
        servers=[{"url": "/", "description": "The server that this document comes from."}],
        license_info={"name": "Apache License 2.0", "identifier": "Apache-2.0"},
        tags=[{"name": name, "description": tags[name]} for name in _in_order([*reversed(tags)])],
    )
    components = document["components"]
    schemas: dict[str, Json] = components["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= {"Problem": PROBLEM, "FieldProblem": FIELD_PROBLEM}
    components["responses"] = problem_responses()
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "An API key."}}
    document["security"] = [{"key": []}]
    for methods in document["paths"].values():
        for method, operation in methods.items():
            add_problems(method, operation)
    for name, schema in schemas.items():
        _name_keys(schema)
        if schema.get("additionalProperties") is False:
            _tell_defaults(schema, are_taken=not name.endswith("Patch"))
    return document


def _tell_defaults(schema: Json, *, are_taken: bool) -> None:
    """Say the defaults of a body in words. Generated clients would send what nobody chose, or ask for every field that has
    one; and what a change leaves out stays as it is."""
    for field in schema["properties"].values():
        if "default" in field and (default := field.pop("default")) is not None and are_taken:
            words = f"Default: `{json.dumps(default, ensure_ascii=False)}`."
            field["description"] = f"{field['description']} {words}" if "description" in field else words


def _name_keys(schema: object) -> None:
    """Say that an object's keys have one form, which other keys than these then do not. ``patternProperties`` alone allows
    them, and generators of clients do not know it."""
    if isinstance(schema, dict):
        if len(patterns := schema.get("patternProperties", {})) == 1:
            del schema["patternProperties"]
            ((pattern, schema["additionalProperties"]),) = patterns.items()
            schema["propertyNames"] = {"pattern": pattern}
        for part in schema.values():
            _name_keys(part)
    elif isinstance(schema, list):
        for part in schema:
            _name_keys(part)


@router.get("/openapi.json")
async def openapi(request: Request) -> JSONResponse:
    """The document."""
    return JSONResponse(await described(request.app))


@router.get("/docs")
async def docs() -> HTMLResponse:
    """The page that shows it."""
    return HTMLResponse(
        (_STATIC / "docs.html").read_text(encoding="utf-8"), headers={"Content-Security-Policy": _PAGE_POLICY}
    )


@router.get("/docs/{name}")
async def docs_file(name: str) -> FileResponse:
    """What the page loads."""
    if name not in _FILES:
        raise NotFound(RequestFault.NOT_FOUND)
    path, media_type = _FILES[name]
    return FileResponse(path, media_type=media_type, headers={"Cache-Control": "public, max-age=86400"})
