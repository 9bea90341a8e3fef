"""How every connection to the database is made. Apart from the engine, so that a process that only wants rows need not load
SQLAlchemy."""

from typing import Final

import asyncpg

from app.base.database_url import read_database_url

CONNECT_SECONDS: Final = 5.0


async def connect(
    url: str, *, name: str = "antichambre", within: float, command_timeout: float | None = None, quick: bool = False
) -> asyncpg.Connection:
    """A connection to ``url``, however it is written (see :mod:`app.base.database_url`); every connection is made here.

    ``within`` seconds are waited unless the URL has a limit of its own, ``name`` is what the server's administrator sees.
    ``quick``: a commit does not wait for the disk. Raises :class:`SettingRefused` for the URL and what asyncpg raises.
    """
    read = read_database_url(url)
    connection = await asyncpg.connect(
        read.dsn,
        timeout=read.connect_seconds or within,
        command_timeout=command_timeout,
        ssl=read.tls(),
        server_settings={"application_name": name, "timezone": "UTC", **read.session},
    )
    try:
        # Not among the settings above: PgBouncer knows neither, and would refuse the connection.
        await connection.execute("SET jit = off; SET synchronous_commit = off" if quick else "SET jit = off")
    except BaseException:
        connection.terminate()
        raise
    return connection
