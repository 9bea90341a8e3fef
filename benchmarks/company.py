"""What the benchmarks run against: the service in a process of its own, a PostgreSQL of its own, a company with lists."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import select
from sqlalchemy.engine import make_url

from app.base.database import create_engine, session_maker
from app.base.secrets_at_rest import SecretBox
from app.edits.edit import editing
from app.embedded_database import embedded_database
from app.migrate import migrate
from app.people.set_up_company import CompanyForm, NewCompany, set_up_company
from benchmarks.signed_calls import ACCOUNT, BLACKLISTED_FROM, LINE, TOKEN, VIP
from models import OperatorRecord, QueueRecord, VipEntry
from models.base import new_id

SECRET_KEY, EMAIL, PASSWORD = "a key for benchmarks", "adam@example.org", "correct horse battery staple"

# Every second number, so that the callers between them are on no list. The ids have the form of `models.base.new_id`.
_FILL = """
    INSERT INTO blacklist_entry (tenant_id, id, match, number, label, reason, lines, created_by)
    SELECT $1, '01kb' || lpad(to_hex(n), 16, '0'), 'exact', '+' || ($2::bigint + 2 * n), '',
        'imported list', '[]'::jsonb, 'benchmark' FROM generate_series(0, $3::bigint - 1) AS n
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """A migrated database and a folder, both gone at the end."""

    database_url: str
    folder: Path
    company: NewCompany


@contextlib.contextmanager
def database() -> Iterator[tuple[str, Path]]:
    """An empty PostgreSQL and a folder for the service."""
    with tempfile.TemporaryDirectory(prefix="antichambre-benchmark-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the embedded server runs as another user when this runs as root
        with embedded_database(folder) as url:
            yield url, folder / "worker"


async def open_company(database_url: str, blacklisted: int) -> NewCompany:
    """A company with one line, one queue, a manager, a VIP and ``blacklisted`` numbers on its blacklist."""
    engine = create_engine(database_url)
    await migrate(engine)
    sessions = session_maker(engine)
    form = CompanyForm("Benchmark", LINE, "FR", "Europe/Paris", "fr", ACCOUNT, TOKEN, EMAIL, PASSWORD, bare=True)
    company = await set_up_company(sessions, SecretBox(SECRET_KEY.encode()), form)
    tenant = company.tenant
    async with editing(sessions, tenant, "benchmark") as edit:
        queue_id = await edit.session.scalar(select(QueueRecord.id).where(QueueRecord.tenant_id == tenant))
        await edit.record_added(
            OperatorRecord(
                tenant_id=tenant,
                id=new_id(),
                name="Olga",
                address="+33144556677",
                queue_ids=[queue_id],
                management=True,
            )
        )
        await edit.record_added(
            VipEntry(tenant_id=tenant, id=new_id(), match="exact", number=VIP, label="Vera", created_by="benchmark")
        )
    await engine.dispose()
    await fill_blacklist(database_url, tenant, blacklisted)
    return company


async def fill_blacklist(database_url: str, tenant: str, count: int) -> None:
    """Put ``count`` numbers on the blacklist, before any worker runs."""
    connection = await asyncpg.connect(plain(database_url))
    try:
        await connection.execute(_FILL, tenant, BLACKLISTED_FROM, count)
        # What the database would do about it in the background is not to be measured.
        await connection.execute("VACUUM ANALYZE blacklist_entry")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


def plain(database_url: str) -> str:
    """The URL as asyncpg takes it."""
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def free_port() -> int:
    """A port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def served(
    *command: str, port: int, path: str, seconds: float = 60, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m command`` until the block ends, once ``path`` answers on ``port``."""
    process = subprocess.Popen([sys.executable, "-m", *command], env=os.environ | settings, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + seconds
        while not _answers(f"http://127.0.0.1:{port}{path}"):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{' '.join(command)} did not become ready within {seconds:.0f} s")
            time.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def antichambre(database_url: str, folder: Path, workers: int = 1, **settings: str) -> Iterator[str]:
    """The service as users start it, with further ``settings``; its address."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    url = f"http://127.0.0.1:{port}"
    with served(
        "app", "serve", "--port", str(port), "--workers", str(workers), port=port, path="/health/ready", seconds=180,
        DATABASE_URL=database_url, ANTICHAMBRE_DATA_DIR=str(folder), ANTICHAMBRE_SECRET_KEY=SECRET_KEY,
        ANTICHAMBRE_PUBLIC_BASE_URL=url, ANTICHAMBRE_LOG_LEVEL="error", **settings,
    ):  # fmt: skip
        yield url


def wait_until_shipped(url: str, seconds: float = 120) -> None:
    """Return when the database has every record. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with urllib.request.urlopen(f"{url}/metrics", timeout=5) as answer:  # noqa: S310  # an address of ours
            waiting = [
                line for line in answer.read().decode().splitlines() if line.startswith("antichambre_facts_waiting{")
            ]
        if waiting and waiting[0].endswith(" 0.0"):
            return
        time.sleep(0.2)
    raise TimeoutError(f"records still wait for the database after {seconds:.0f} s")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # an address of ours on loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
