"""What is looked at before the service starts: nonsense is refused with a hint, not found out by the first caller."""

import os
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.database import create_engine
from app.migrate import alembic_config
from app.settings import Settings


class NotReadyToStart(Exception):
    """The service cannot start like this; the message says what to do."""


def check_data_folder(settings: Settings) -> None:
    """The journal has to be written. Raises :class:`NotReadyToStart`."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        probe: Path = settings.data_dir / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise NotReadyToStart(
            f"The data folder {settings.data_dir} cannot be written ({error.strerror}); "
            "choose another one with ANTICHAMBRE_DATA_DIR."
        ) from error


async def check_schema(settings: Settings) -> None:
    """The database answers and has this version's schema. Raises :class:`NotReadyToStart`."""
    engine = create_engine(settings.database_url or "")
    try:
        async with engine.connect() as connection:
            current = await connection.run_sync(_revision)
    finally:
        await engine.dispose()
    newest = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if current != newest:
        raise NotReadyToStart(
            f"The database has schema {current or 'none'}, this version needs {newest}; run `antichambre migrate`."
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
