"""From a folder to a running database and back: the order in which everything happens."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType

from app.embedded_database.client_address import create_database_if_missing, database_url, socket_folder
from app.embedded_database.cluster_folder import check_cluster, folder_argument, make_cluster
from app.embedded_database.errors import EmbeddedDatabaseError, FolderNotUsable
from app.embedded_database.folder_lock import folder_held
from app.embedded_database.postmaster import Postmaster, running_server, start_server
from app.embedded_database.server_programs import programs_for, version
from app.embedded_database.server_settings import server_arguments
from app.embedded_database.system_account import account_for


@contextmanager
def embedded_database(
    data_dir: Path, *, database: str = "antichambre", settings: Mapping[str, str] = MappingProxyType({})
) -> Iterator[str]:
    """Run PostgreSQL on ``data_dir/postgres`` for the life of the block; yields SQLAlchemy's URL of
    ``database``.

    The folder and the database are made if missing. Nobody else may use the folder meanwhile
    (DataFolderInUse). A server left behind by a killed service is taken over; either way the server is
    stopped at the end of the block, in the process that began it. ``settings`` are PostgreSQL's, over those
    of ``server_settings.DEFAULTS``; with ``fsync=off`` (for tests) the files are not flushed when they are
    made either.

    Blocks for about a second the first time and 0.2 s later: call it before the event loop runs, or in a
    thread. Raises EmbeddedDatabaseError or one of its kinds; ValueError for an unusable ``database`` or
    setting.
    """
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", database):
        raise ValueError(f"{database!r} can't be a database's name: at most 63 small letters, digits and _.")
    server_arguments(data_dir, version(), settings)  # refuses a wrong setting before anything is touched
    data_dir = _existing(data_dir)
    with folder_held(data_dir) as lock:
        cluster = data_dir / "postgres"
        server = _running(cluster, settings, data_dir / "postgres.log")
        beginner = os.getpid()
        try:
            with socket_folder(cluster) as folder:
                create_database_if_missing(folder, database)
                url = database_url(folder, database)
                lock.announce(url)
                yield url
        finally:
            # A forked child that leaves the block must not stop its parent's database.
            if os.getpid() == beginner:
                server.stop()


def _existing(data_dir: Path) -> Path:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedDatabaseError(FolderNotUsable(data_dir, error.strerror or str(error))) from error
    return data_dir.resolve()


def _running(cluster: Path, settings: Mapping[str, str], log_path: Path) -> Postmaster:
    with suppress(OSError):
        cluster.rmdir()  # only if it is empty: what a crash or a user's mkdir left, owned by anybody
    account = account_for(cluster)
    programs = programs_for(account)
    if not check_cluster(cluster):
        make_cluster(cluster, programs, account, durable=settings.get("fsync") != "off")
    command = [str(programs / "postgres"), "-D", folder_argument(cluster, account)]
    command += server_arguments(cluster, version(), settings)
    return running_server(cluster, command) or start_server(cluster, command, account, log_path)
