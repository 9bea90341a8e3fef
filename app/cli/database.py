"""The database that a command works on."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from app.base.errors import DatabaseUnreachable, NotReadyToStart
from app.base.problems.database import CertificateNotTrusted, DatabaseFault, DatabaseRefuses
from app.base.settings import Settings
from app.embedded_database import DataFolderInUse, embedded_database
from app.migrate import migrate_to_newest
from app.plan.plan_file import plan_path
from app.startup_checks import check_database

log = structlog.get_logger(__name__)


@contextmanager
def running_database(settings: Settings, *, exclusive: bool = False, any_schema: bool = False) -> Iterator[Settings]:
    """The settings with a database that runs: the named one, the embedded one, or, for short commands, the embedded
    one of the service that is running on the data folder now. ``any_schema``: it is about to be migrated."""
    if settings.database_url is not None:
        try:
            asyncio.run(check_database(settings, to_migrate=any_schema))
        except NotReadyToStart as error:
            if not (exclusive and _may_come_right(error, settings)):
                raise
            # The service answers calls by the plan that it saved, and joins the database when it is back.
            log.error("database.unreachable", why=str(error))
        yield settings
        return
    try:
        with embedded_database(settings.data_dir) as url:
            embedded = settings.model_copy(update={"database_url": url})
            asyncio.run(migrate_to_newest(url))
            asyncio.run(check_database(embedded))
            yield embedded
    except DataFolderInUse as error:
        if exclusive or error.url is None:
            raise
        yield settings.model_copy(update={"database_url": error.url})


def _may_come_right(error: NotReadyToStart, settings: Settings) -> bool:
    """Whether a service that was restarted at night had better answer calls than refuse to start: the database is away, or
    it let this installation in before and does not now, as with a certificate or a password that has run out."""
    if isinstance(error, DatabaseUnreachable):
        return True
    of_the_way = isinstance(error.cause, CertificateNotTrusted | DatabaseRefuses) or error.cause is DatabaseFault.NO_TLS
    return of_the_way and plan_path(settings.data_dir).exists()
