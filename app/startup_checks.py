"""What is looked at before the service starts: nonsense is refused with a hint, not found out by the first caller."""

import os
from pathlib import Path
from typing import Final

import asyncpg
from alembic.script import ScriptDirectory

from app.base.database import asyncpg_dsn
from app.base.settings import Settings
from app.migrate import alembic_config

_ANSWER_SECONDS: Final = 3.0
_NOT_ANSWERING: Final = (
    OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError,
    asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, asyncpg.InternalClientError,
)  # fmt: skip


class NotReadyToStart(Exception):
    """The service cannot start like this; the message says what to do."""


class DatabaseUnreachable(NotReadyToStart):
    """Nobody can say what schema the database has; a service that has a saved plan starts all the same."""


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
    """The database answers and has this version's schema. Raises :class:`NotReadyToStart`, :class:`DatabaseUnreachable`
    when it does not answer, and what asyncpg raises when it refuses us."""
    try:
        connection = await asyncpg.connect(asyncpg_dsn(settings.database_url or ""), timeout=_ANSWER_SECONDS)
        try:
            current = await connection.fetchval("SELECT version_num FROM alembic_version", timeout=_ANSWER_SECONDS)
        except asyncpg.UndefinedTableError:
            current = None
        finally:
            connection.terminate()  # closing it in order would wait for a server that hangs
    except _NOT_ANSWERING as error:
        raise DatabaseUnreachable(
            f"The database does not answer ({str(error) or type(error).__name__}); is DATABASE_URL right, and the server up?"
        ) from error
    newest = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if current != newest:
        raise NotReadyToStart(
            f"The database has schema {current or 'none'}, this version needs {newest}; run `antichambre migrate`."
        )
