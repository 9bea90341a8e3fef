"""Templates and static files. Autoescaping is on for everything and nothing is ever marked safe: every name on a page may
have been chosen by a caller."""

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.clients.number_words import grouped

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"


@cache
def static_url(name: str) -> str:
    """The address of a static file; it changes with the content, so browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


_templates: Final = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["static_url"] = static_url
_templates.filters["grouped"] = grouped


def draw(template: str, **values: Any) -> str:
    """The template's text with ``values`` escaped into it."""
    return _templates.get_template(template).render(values)


def page(template: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> HTMLResponse:
    """A whole page as an answer."""
    return HTMLResponse(draw(template, **values), status, headers)


class CachedStatic(StaticFiles):
    """Static files; those asked for by their content's address are kept by browsers for a year."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, with its cache header."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        by_content = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if by_content else "no-cache"
        return response
