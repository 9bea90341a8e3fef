"""The database that a command works on."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from app.base.database import create_engine
from app.base.settings import Settings
from app.embedded_database import DataFolderInUse, embedded_database
from app.migrate import migrate as migrate_database
from app.startup_checks import DatabaseUnreachable, check_schema

log = structlog.get_logger(__name__)


@contextmanager
def running_database(settings: Settings, *, exclusive: bool = False, any_schema: bool = False) -> Iterator[Settings]:
    """The settings with a database that runs: the named one, the embedded one, or, for short commands, the embedded
    one of the service that is running on the data folder now. ``any_schema``: it is about to be migrated."""
    if settings.database_url is not None:
        if not any_schema:
            try:
                asyncio.run(check_schema(settings))
            except DatabaseUnreachable as error:
                if not exclusive:
                    raise
                # The service answers calls by the plan that it saved, and joins the database when it is back.
                log.error("database.unreachable", why=str(error))
        yield settings
        return
    try:
        with embedded_database(settings.data_dir) as url:
            asyncio.run(migrate_to_newest(url))
            yield settings.model_copy(update={"database_url": url})
    except DataFolderInUse as error:
        if exclusive or error.url is None:
            raise
        yield settings.model_copy(update={"database_url": error.url})


async def migrate_to_newest(url: str) -> None:
    """Bring the database at ``url`` to this version's schema."""
    engine = create_engine(url)
    try:
        await migrate_database(engine)
    finally:
        await engine.dispose()
