"""The API's description: OpenAPI at ``/openapi.json``, readable at ``/docs``. Both are public and hold no data; the pages
come from here and load nothing from elsewhere."""

from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from fastapi.routing import iter_route_contexts

from app.base.errors import NotFound
from app.base.problems.requests import RequestFault

Json = dict[str, Any]
"""An object of OpenAPI."""

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
_PROBLEM: Final[Json] = {
    "type": "object",
    "description": "Problem details (RFC 9457). Conflicts carry further members, such as `entry`.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string", "examples": ["Listed as vip"]},
        "status": {"type": "integer", "examples": [409]},
        "code": {"type": "string", "description": "Stable.", "examples": ["listed-as-vip"]},
        "detail": {"type": "string", "description": "One sentence with the remedy."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


def serve_description(app: FastAPI) -> None:
    """OpenAPI at ``/openapi.json`` and its pages at ``/docs``."""
    described: Json = {}

    async def openapi() -> JSONResponse:
        if not described:
            described.update(describe(app))
        return JSONResponse(described)

    app.add_api_route("/openapi.json", openapi, include_in_schema=False)
    app.add_api_route("/docs", _page, include_in_schema=False)
    app.add_api_route("/docs/{name}", _file, include_in_schema=False)


def describe(app: FastAPI) -> Json:
    """The OpenAPI document of everything under ``/api/v1``."""
    document: Json = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=_DESCRIPTION,
        routes=[route for route in iter_route_contexts(app.routes) if (route.path or "").startswith("/api/v1/")],
    )
    components = document["components"]
    components["schemas"]["Problem"] = _PROBLEM
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "An API key."}}
    document["security"] = [{"key": []}]
    for name, schema in components["schemas"].items():
        if name.endswith("Patch"):
            # What a change leaves out stays as it is; showing defaults would say otherwise.
            for field in schema.get("properties", {}).values():
                field.pop("default", None)
    return document


async def _page() -> HTMLResponse:
    return HTMLResponse(
        (_STATIC / "docs.html").read_text(encoding="utf-8"), headers={"Content-Security-Policy": _PAGE_POLICY}
    )


async def _file(name: str) -> FileResponse:
    if name not in _FILES:
        raise NotFound(RequestFault.NOT_FOUND)
    path, media_type = _FILES[name]
    return FileResponse(path, media_type=media_type, headers={"Cache-Control": "public, max-age=86400"})
