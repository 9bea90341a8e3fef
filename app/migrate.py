"""Bring a database to the schema that this version needs."""

import contextlib
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

import migrations
from app.base.database import create_engine
from app.base.errors import NotReadyToStart
from app.base.problems.database import MigrationFailed

_LOCK_NOT_AVAILABLE: Final = "55P03"
"""SQLSTATE: ``lock_timeout`` is over, https://www.postgresql.org/docs/current/errcodes-appendix.html"""


def alembic_config() -> Config:
    """Alembic's configuration, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return config


def newest_revision() -> str:
    """The schema that this version needs."""
    return str(ScriptDirectory.from_config(alembic_config()).get_current_head())


def known_revisions() -> set[str]:
    """Every schema that this version can bring up to date."""
    return {one.revision for one in ScriptDirectory.from_config(alembic_config()).walk_revisions()}


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Migrate on ``connection``; two that start at once do it one after the other.

    Raises :class:`NotReadyToStart` with the step that failed and what the server said of it; all steps are taken back.
    """
    connection.execute(text("SELECT pg_advisory_lock(hashtext('antichambre-migrate'))"))
    reached = MigrationContext.configure(connection).get_current_revision()

    def note(*, step: MigrationInfo, **_: object) -> None:
        nonlocal reached
        reached = step.up_revision_id

    try:
        config = alembic_config()
        config.attributes |= {"connection": connection, "on_version_apply": note}
        command.upgrade(config, revision)
        connection.commit()
    except DBAPIError as error:
        raise NotReadyToStart(_failure(reached, error)) from error
    finally:
        # A broken transaction takes no other statement: without the rollback the unlock would fail, and its error would
        # stand in the place of the reason. A connection that is lost has unlocked already.
        with contextlib.suppress(SQLAlchemyError):
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(hashtext('antichambre-migrate'))"))
            connection.commit()


def _failure(reached: str | None, error: DBAPIError) -> MigrationFailed:
    said = error.orig.__cause__ or error.orig if error.orig is not None else error
    return MigrationFailed(
        _next_revision(reached),
        str(said).splitlines()[0] if str(said) else type(said).__name__,
        in_the_way=getattr(said, "sqlstate", None) == _LOCK_NOT_AVAILABLE,
    )


def _next_revision(reached: str | None) -> str:
    """The step that comes after ``reached``."""
    scripts = ScriptDirectory.from_config(alembic_config())
    following = [one.revision for one in scripts.walk_revisions() if one.down_revision == reached]
    return following[0] if following else newest_revision()


async def migrate(engine: AsyncEngine, revision: str = "head") -> None:
    """Migrate the engine's database to the newest schema, or to ``revision``."""
    async with engine.connect() as connection:
        await connection.run_sync(upgrade, revision)


async def migrate_to_newest(url: str) -> None:
    """Bring the database at ``url`` to this version's schema. Raises :class:`NotReadyToStart`."""
    engine = create_engine(url, command_timeout=None)  # a big table takes its time
    try:
        await migrate(engine)
    finally:
        await engine.dispose()
