"""Where clients find the socket: its path has a limit of its own, whatever the data folder's is."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL

from app.embedded_database.errors import DatabaseNotCreated, EmbeddedDatabaseError, SocketPathTooLong
from app.embedded_database.server_programs import installed_package
from app.embedded_database.server_settings import PORT

_LONGEST_SOCKET_PATH = 103
"""Bytes: 107 on Linux, 103 on macOS (sun_path without its final zero)."""

# psql quotes the variable, and \gexec runs what the query answers: one statement, or none.
_CREATE_IF_MISSING = r"""
SELECT format('CREATE DATABASE %I', :'name')
WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = :'name') \gexec
"""


@contextmanager
def socket_folder(cluster: Path) -> Iterator[Path]:
    """A path of the folder with the socket that every client can use.

    The cluster's own path; or, where that is too long or holds characters that mean something in a URL, a
    short symbolic link to it in a temporary folder that only this user can enter.
    """
    if _is_usable(cluster):
        yield cluster
        return
    for place in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 (the folder made in it is closed to others)
        with tempfile.TemporaryDirectory(prefix="antichambre-", dir=place) as shelter:
            link = Path(shelter) / "database"
            if _is_usable(link):
                link.symlink_to(cluster)
                yield link
                return
    raise EmbeddedDatabaseError(SocketPathTooLong(cluster))


def _is_usable(folder: Path) -> bool:
    # SQLAlchemy splits hosts at commas and ports at colons.
    plain = re.fullmatch(r"[A-Za-z0-9/._+@=~-]+", str(folder)) is not None
    return plain and len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= _LONGEST_SOCKET_PATH


def database_url(folder: Path, database: str) -> str:
    """The URL for SQLAlchemy's asyncpg dialect; it names the port, which PGPORT would change otherwise."""
    url = URL.create(
        "postgresql+asyncpg",
        username="postgres",
        database=database,
        query={"host": str(folder), "port": str(PORT)},
    )
    return url.render_as_string(hide_password=False)


def create_database_if_missing(folder: Path, database: str) -> None:
    """Create ``database`` if the server has none of that name; raises EmbeddedDatabaseError with what psql says."""
    psql = [str(installed_package() / "pginstall" / "bin" / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1"]
    answer = subprocess.run(
        [*psql, "-v", f"name={database}", "-h", str(folder), "-p", str(PORT), "-U", "postgres", "-d", "postgres"],
        input=_CREATE_IF_MISSING,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise EmbeddedDatabaseError(DatabaseNotCreated(database, answer.stderr.strip()))
