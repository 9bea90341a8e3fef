"""Templates and static files. Autoescaping is on for everything and nothing is ever marked safe: every name on a page may
have been chosen by a caller."""

import contextlib
import gzip
import hashlib
import os
import sys
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.auth.rights import can_block, can_judge
from app.base import limits
from app.base.language import LANGUAGES, gettext, language, plural_message
from app.base.reader_zone import clock_for_reader, moment_for_reader
from app.words.actor_words import person
from app.words.gentle_words import gentler_words
from app.words.number_words import grouped, language_name
from app.words.presence_words import presence_words
from app.words.problems.fallback import out_of_date_words

STATIC: Final = Path(__file__).parent / "static"
_TEMPLATES: Final = sorted(Path(__file__).parents[1].glob("*/templates"))
"""Every room keeps the templates of its pages."""
_COMPRESSED: Final = frozenset({".css", ".js", ".svg"})


@cache
def _content() -> str:
    """A name for what is in the folder: it changes with any of its files."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def static_url(name: str) -> str:
    """The address of a static file. It changes with the content, so browsers may keep it for ever; and the content's name
    is a folder in it, so that scripts which import their neighbours find those of the same age."""
    return f"/static/{_content()}/{name}"


class CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates, kept beside Python's own compiled files and written under the same conditions: without them every
    worker would compile all of them for a second and a half before it takes calls. Jinja compares the source; what is in
    this file, such as its options, is in the name."""

    def __init__(self, folder: Path) -> None:
        with contextlib.suppress(OSError):
            folder.mkdir(exist_ok=True)
        made_by = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
        super().__init__(str(folder), f"template-{made_by}-%s.cache")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Where it cannot be read either."""
        with contextlib.suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Where nothing may be written, a worker compiles for itself."""
        if not sys.dont_write_bytecode:
            with contextlib.suppress(OSError):
                super().dump_bytecode(bucket)


_templates: Final = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    bytecode_cache=CompiledTemplates(Path(__file__).parent / "__pycache__"),
    # All of them stay in memory.
    cache_size=-1,
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
_templates.install_gettext_callables(gettext, plural_message, newstyle=True)  # type: ignore[attr-defined]  # by the extension
_templates.globals |= {
    "static_url": static_url,
    "LANGUAGES": LANGUAGES,
    "limits": limits,
    "can_block": can_block,
    "can_judge": can_judge,
}
_templates.filters |= {
    "gentler_words": gentler_words,
    "grouped": grouped,
    "clock_time": clock_for_reader,
    "day_and_time": moment_for_reader,
    "language_name": language_name,
    "person": person,
    "presence_words": presence_words,
    "out_of_date_words": out_of_date_words,
}


@cache
def read_templates() -> None:
    """Read every template now: otherwise the first page of each kind would hold up the calls that come in meanwhile."""
    for name in _templates.list_templates():
        _templates.get_template(name)


def draw(template: str, **values: object) -> str:
    """The template's text with ``values`` escaped into it."""
    return _templates.get_template(template).render(values | {"language": language()})


def page(template: str, status: int = 200, headers: dict[str, str] | None = None, **values: object) -> HTMLResponse:
    """A whole page as an answer."""
    return HTMLResponse(draw(template, **values), status, headers)


@cache
def _gzipped(path: str, _changed: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), mtime=0)


class CachedStatic(StaticFiles):
    """Static files; those asked for by their content's address are kept by browsers for a year."""

    def get_path(self, scope: Scope) -> str:
        """The file's path; the content's name in front of it is taken away."""
        return super().get_path(scope).removeprefix(_content() + os.sep)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file with its cache header, and compressed for browsers that say they can read that."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        if isinstance(response, FileResponse) and Path(full_path).suffix in _COMPRESSED:
            if "gzip" in Headers(scope=scope).get("Accept-Encoding", ""):
                content = _gzipped(str(full_path), stat_result.st_mtime_ns)
                response = Response(content, status_code, {"Content-Encoding": "gzip"}, response.media_type)
            response.headers["Vary"] = "Accept-Encoding"
        by_content = super().get_path(scope).startswith(_content() + os.sep)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if by_content else "no-cache"
        return response


def serve_static(app: FastAPI) -> None:
    """Style sheets and scripts under ``/static``."""
    app.mount("/static", CachedStatic(directory=STATIC), name="static")
