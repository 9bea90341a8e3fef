"""PgBouncer before the database: refused where it cannot work, used where it can."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from app.embedded_database.system_account import account_for
from tests import cast
from tests.cli.test_cli import SETUP
from tests.command import run_command
from tests.postgres_server import PostgresServer, postgres_server
from tests.service import environment, free_port, running_service

pytestmark = pytest.mark.anyio
PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """The server behind it."""
    with postgres_server() as started:
        yield started


@contextmanager
def pgbouncer(server: PostgresServer, mode: str) -> Iterator[str]:
    """PgBouncer in ``mode``; its URL of the database ``pbx``."""
    if PGBOUNCER is None:
        assert "CI" not in os.environ, "pgbouncer is missing"
        pytest.skip("no PgBouncer on this machine: apt-get install pgbouncer")
    with (
        tempfile.TemporaryDirectory(prefix="antichambre-pooler-") as folder,
        _running(server, mode, Path(folder)) as port,
    ):
        yield f"postgresql://postgres@127.0.0.1:{port}/pbx"


@contextmanager
def _running(server: PostgresServer, mode: str, folder: Path) -> Iterator[int]:
    assert PGBOUNCER is not None
    port, settings = free_port(), folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host=127.0.0.1 port={server.port} user=postgres\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        f"pool_mode = {mode}\nmax_client_conn = 100\ndefault_pool_size = 20\n"
    )
    folder.chmod(0o711)
    settings.chmod(0o644)
    account = account_for(folder / "none")
    with (folder / "pgbouncer.log").open("wb") as log:
        started = subprocess.Popen([PGBOUNCER, str(settings)], stdout=log, stderr=log, **account.identity())
        try:
            for _ in range(100):
                assert started.poll() is None, (folder / "pgbouncer.log").read_text()
                if f"listening on 127.0.0.1:{port}" in (folder / "pgbouncer.log").read_text():
                    break
                time.sleep(0.05)
            yield port
        finally:
            started.terminate()
            started.wait(10)


@pytest.fixture
async def pbx(server: PostgresServer) -> PostgresServer:
    """With an empty database ``pbx``."""
    connection = await asyncpg.connect(server.admin)
    await connection.execute("DROP DATABASE IF EXISTS pbx WITH (FORCE)")
    await connection.execute("CREATE DATABASE pbx")
    await connection.close()
    return server


@pytest.mark.parametrize("mode", ["transaction", "statement"])
async def test_a_pooler_that_shares_connections_is_refused(pbx: PostgresServer, mode: str, data_dir: Path) -> None:
    with pgbouncer(pbx, mode) as url:
        for command in (("migrate",), ("serve", "--port", "1"), SETUP):
            refused = run_command(*command, env=environment(data_dir, url))
            assert refused.returncode == 1
            assert "pool_mode = session" in refused.stderr, refused.stderr
            assert "Traceback" not in refused.stderr


async def test_what_it_does_not_pass_on_is_named(pbx: PostgresServer, data_dir: Path) -> None:
    with pgbouncer(pbx, "session") as url:
        refused = run_command("migrate", env=environment(data_dir, url + "?options=-c%20work_mem%3D8MB"))
        assert refused.returncode == 1
        assert "PgBouncer" in refused.stderr
        assert "connect to PostgreSQL itself" in refused.stderr


async def test_in_session_mode_everything_works(pbx: PostgresServer, data_dir: Path) -> None:
    with pgbouncer(pbx, "session") as url:
        env = environment(data_dir, url)
        for command in (("migrate",), SETUP, ("explain", cast.UMA, "--to", cast.LINE)):
            done = run_command(*command, env=env)
            assert done.returncode == 0, done.stderr
        async with running_service(data_dir, url):
            pass
