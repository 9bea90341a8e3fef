"""One PostgreSQL cluster a run, migrated once into a template; every test that touches the database gets a clone of it,
which is dropped afterwards, so that the service's own commits and notifications are real and nothing stays behind."""

import asyncio
import contextlib
import gc
import json
import os
import shutil
import signal
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import asyncpg
import hypothesis
import pytest
from sqlalchemy.engine import make_url

from app.base.database import create_engine, session_maker
from app.base.secrets_at_rest import SecretBox
from app.embedded_database import embedded_database
from app.migrate import migrate
from app.people.set_up_company import NewCompany, set_up_company
from tests.browser import browser, looking, served_office
from tests.office import MAISON_VERA, SECRET_KEY, Office, open_office
from tests.postgres_server import self_signed

__all__ = ["browser", "looking", "served_office"]
"""Fixtures that are defined elsewhere; pytest finds them here."""

MEMORY, ROOM = Path("/dev/shm"), 3 * 1024**3
"""Where all temporary files go unless TMPDIR says otherwise, and the bytes that must be free there: a copy of a database is
five hundred files, for which a disk needs ten times as long."""
TEMPLATE, WITH_COMPANY = "antichambre_template", "antichambre_with_company"
# How long an example takes says nothing on a busy machine; measuring is the benchmarks' affair.
hypothesis.settings.register_profile("office", deadline=None)
hypothesis.settings.load_profile("office")
_run = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process starts the cluster; xdist's workers find its address in the environment."""
    if "PYTEST_XDIST_WORKER" in os.environ or config.option.collectonly:
        return
    # A run that is told to stop ends like one that is interrupted, so that the cluster does not outlive it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if "TMPDIR" not in os.environ and _has_room(MEMORY):
        os.environ["TMPDIR"] = str(_folder(MEMORY))
        tempfile.tempdir = None  # is read anew
    # Every client of httpx's own would read all the authorities of the world, 20 ms; none of them vouches for anybody here.
    os.environ["SSL_CERT_FILE"] = str(self_signed(_folder(), "nobody").certificate)
    quick = {
        "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "256MB",
        "max_connections": "300",
    }  # fmt: skip
    url = _run.enter_context(embedded_database(_folder(), database=TEMPLATE, settings=quick))
    asyncio.run(_migrate(url))
    os.environ["ANTICHAMBRE_TEST_CLUSTER"] = url
    os.environ["ANTICHAMBRE_TEST_COMPANY"] = json.dumps(asyncio.run(_set_up()))


def pytest_collection_finish() -> None:
    """What is imported by now stays: nobody need search it for garbage."""
    gc.collect()
    gc.freeze()


def _has_room(place: Path) -> bool:
    """Whether programs may run there and a whole run's files fit in, which no container's 64 MB do."""
    if not place.is_dir() or os.statvfs(place).f_flag & os.ST_NOEXEC:
        return False
    return shutil.disk_usage(place).free >= ROOM


def _folder(place: Path | None = None) -> Path:
    """One that goes with the run."""
    folder = Path(tempfile.mkdtemp(prefix="antichambre-tests-", dir=place))
    _run.callback(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o711)  # servers run as another user when the tests run as root
    return folder


def pytest_unconfigure() -> None:
    """The cluster ends with the run."""
    _run.close()


async def _migrate(url: str) -> None:
    engine = create_engine(url)
    await migrate(engine)
    await engine.dispose()


async def _set_up() -> dict[str, Any]:
    """A second template, with the company of :class:`Office`; what was made."""
    await _on_cluster(f"CREATE DATABASE {WITH_COMPANY} TEMPLATE {TEMPLATE}")
    engine = create_engine(_url_of(WITH_COMPANY))
    made = await set_up_company(session_maker(engine), SecretBox(SECRET_KEY.encode()), MAISON_VERA)
    await engine.dispose()
    return asdict(made)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio."""
    return "asyncio"


async def _on_cluster(statement: str) -> None:
    url = make_url(os.environ["ANTICHAMBRE_TEST_CLUSTER"]).set(drivername="postgresql", database="postgres")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _url_of(database: str) -> str:
    url = make_url(os.environ["ANTICHAMBRE_TEST_CLUSTER"]).set(database=database)
    return url.render_as_string(hide_password=False)


@asynccontextmanager
async def _database_from(template: str) -> AsyncIterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    await _on_cluster(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield _url_of(name)
    await _on_cluster(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database_url() -> AsyncIterator[str]:
    """A migrated database of this test's own."""
    async with _database_from(TEMPLATE) as url:
        yield url


@pytest.fixture
async def empty_database_url() -> AsyncIterator[str]:
    """A database of this test's own without any table."""
    async with _database_from("template0") as url:
        yield url


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty data folder."""
    with tempfile.TemporaryDirectory(prefix="antichambre-data-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
async def office(data_dir: Path) -> AsyncIterator[Office]:
    """A running office on a Friday morning."""
    company = NewCompany(**json.loads(os.environ["ANTICHAMBRE_TEST_COMPANY"]) | {"warnings": ()})
    async with _database_from(WITH_COMPANY) as url, open_office(url, data_dir, company=company) as opened:
        yield opened
