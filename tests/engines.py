"""Engines that know each other's statements. Each test's service has an engine of its own, which would compile every
statement anew: that takes longer than most tests."""

from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from app.base.database import create_engine

_statements: dict[Any, Any] = {}
"""Compiled, by dialect and statement."""
_dialects: list[Dialect] = []
"""The one of all engines, once it has seen the server."""


def engine_like_others(url: str) -> AsyncEngine:
    """What the service makes of ``url``, with the statements of all that were made so."""
    own = create_engine(url).sync_engine
    if not _dialects or _dialects[0].server_version_info is None:
        _dialects[:] = [own.dialect]
    options = {"compiled_cache": _statements}
    return AsyncEngine(Engine(own.pool, _dialects[0], own.url, execution_options=options))
