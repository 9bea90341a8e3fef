"""A database that cannot serve is refused at the start, in one sentence that says what to do; TLS is used as asked for."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from app.base.clock import system_clock
from app.base.connect import connect
from app.base.database import create_engine
from app.base.errors import NotReadyToStart
from app.base.language import speak
from app.base.problems.database import CertificateNotTrusted, DatabaseFault, DatabaseRefuses, ServerTooOld
from app.base.settings import Settings
from app.cli import main
from app.migrate import migrate_to_newest
from app.startup_checks import Look, Server, look_at_database
from tests import cast
from tests.cli.test_cli import SETUP
from tests.command import run_command
from tests.postgres_server import Certificate, PostgresServer, postgres_server, self_signed
from tests.service import environment

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """The server's."""
    return self_signed(tmp_path_factory.mktemp("certificate"), "127.0.0.1")


@pytest.fixture(scope="module")
def tls_server(certificate: Certificate) -> Iterator[PostgresServer]:
    """A server with TLS."""
    with postgres_server(certificate) as started:
        yield started


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server without."""
    with postgres_server() as started:
        yield started


async def on(server: PostgresServer, *statements: str, database: str = "postgres") -> None:
    connection = await asyncpg.connect(server.url("postgres", database))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def is_encrypted(url: str) -> bool:
    connection = await connect(url, within=5)
    try:
        found = await connection.fetchval("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    finally:
        await connection.close()
    return bool(found)


Refusal = Callable[..., str]


@pytest.fixture
def refusal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data_dir: Path) -> Iterator[Refusal]:
    """What a command says with these settings, in this process: starting one takes a second."""

    def run(*command: str, **settings: str) -> str:
        for name in [name for name in os.environ if name.startswith(("ANTICHAMBRE_", "LC_", "LANG", "PG"))]:
            monkeypatch.delenv(name)
        for name, value in (environment(data_dir, None) | settings).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.argv", ["antichambre", *command])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert (ended.value.code, said.out) == (1, "")
        assert len(said.err.splitlines()) == 1
        return said.err

    yield run
    speak("en")


@pytest.mark.parametrize(
    ("words", "encrypted"),
    [
        ("sslmode=disable", False),
        ("sslmode=allow", False),
        ("sslmode=prefer", True),
        ("sslmode=require", True),
        ("ssl=true", True),
        ("sslmode=verify-ca&sslrootcert={}", True),
        ("sslmode=verify-full&sslrootcert={}", True),
    ],
)
async def test_every_connection_is_made_as_sslmode_says(
    tls_server: PostgresServer, certificate: Certificate, words: str, encrypted: bool
) -> None:
    url = tls_server.url("postgres", "postgres", words.format(certificate.certificate))
    assert await is_encrypted(url) is encrypted
    engine = create_engine(url)
    async with engine.connect() as connection:
        found = await connection.exec_driver_sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        assert found.scalar() is encrypted
    await engine.dispose()


async def test_with_tls_the_whole_service_works(
    tls_server: PostgresServer, certificate: Certificate, data_dir: Path
) -> None:
    await on(tls_server, "CREATE ROLE tls_only LOGIN", "CREATE DATABASE pbx OWNER tls_only")
    words = f"sslmode=verify-full&sslrootcert={certificate.certificate}&application_name=pbx"
    env = environment(data_dir, tls_server.url("tls_only", "pbx", words))
    for command in (("migrate",), SETUP):
        done = run_command(*command, env=env)
        assert done.returncode == 0, done.stderr


async def test_without_tls_such_a_user_is_refused(tls_server: PostgresServer) -> None:
    with pytest.raises(NotReadyToStart) as refused:
        await look_at_database(tls_server.url("tls_only", "postgres", "sslmode=disable"))
    assert isinstance(refused.value.cause, DatabaseRefuses)


async def test_a_certificate_of_somebody_else_is_refused(tls_server: PostgresServer, tmp_path: Path) -> None:
    other = self_signed(tmp_path, "127.0.0.1")
    for mode in ("require", "verify-ca", "verify-full"):  # libpq too: with a root certificate, require verifies
        with pytest.raises(NotReadyToStart) as refused:
            await look_at_database(
                tls_server.url("postgres", "postgres", f"sslmode={mode}&sslrootcert={other.certificate}")
            )
        assert isinstance(refused.value.cause, CertificateNotTrusted), mode


async def test_a_name_that_the_certificate_does_not_bear_is_refused_by_verify_full_alone(
    tls_server: PostgresServer, certificate: Certificate
) -> None:
    url = tls_server.url("postgres", "postgres", f"sslmode=verify-full&sslrootcert={certificate.certificate}")
    with pytest.raises(NotReadyToStart) as refused:
        await look_at_database(url.replace("127.0.0.1", "localhost", 1))
    assert isinstance(refused.value.cause, CertificateNotTrusted)
    await look_at_database(url.replace("127.0.0.1", "localhost", 1).replace("verify-full", "verify-ca"))


async def test_a_server_without_tls_is_refused_when_it_is_asked_for(server: PostgresServer) -> None:
    with pytest.raises(NotReadyToStart) as refused:
        await look_at_database(server.url("postgres", "postgres", "sslmode=require"))
    assert refused.value.cause is DatabaseFault.NO_TLS
    assert not await is_encrypted(server.admin)


def test_a_database_that_is_not_utf_8_is_refused(server: PostgresServer, refusal: Refusal, data_dir: Path) -> None:
    western = "CREATE DATABASE western ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    asyncio.run(on(server, western))
    url = server.url("postgres", "western")
    for command in (("migrate",), SETUP):
        said = refusal(*command, DATABASE_URL=url)
        assert said.startswith("The database western is encoded in LATIN1")
        assert "ENCODING 'UTF8'" in said
    served = run_command("serve", "--port", "1", env=environment(data_dir, url))
    assert (served.returncode, served.stderr) == (1, said)


def test_a_user_who_may_not_create_tables_is_refused_with_the_grant(
    server: PostgresServer, refusal: Refusal, data_dir: Path
) -> None:
    asyncio.run(on(server, "CREATE ROLE olga LOGIN", "CREATE DATABASE somebodys"))
    url = server.url("olga", "somebodys")
    assert "GRANT ALL ON SCHEMA public TO olga" in refusal("migrate", DATABASE_URL=url)
    asyncio.run(on(server, "GRANT ALL ON SCHEMA public TO olga", database="somebodys"))
    asyncio.run(migrate_to_newest(url))
    asyncio.run(on(server, "CREATE ROLE stranger LOGIN"))
    for command in (("migrate",), SETUP):
        said = refusal(*command, DATABASE_URL=server.url("stranger", "somebodys"))
        assert said.startswith("The user stranger may not read and write the table alembic_version")


def test_a_schema_of_a_later_version_is_refused(server: PostgresServer, refusal: Refusal) -> None:
    asyncio.run(on(server, "CREATE DATABASE tomorrow"))
    table = "CREATE TABLE alembic_version (version_num text)"
    future = "INSERT INTO alembic_version VALUES ('from_the_future')"
    asyncio.run(on(server, table, future, database="tomorrow"))
    for command in (("migrate",), SETUP):
        assert "a later version of Antichambre" in refusal(*command, DATABASE_URL=server.url("postgres", "tomorrow"))


def test_a_read_only_database_is_no_place_to_migrate(server: PostgresServer, refusal: Refusal) -> None:
    url = server.url("postgres", "postgres", "options=-c%20default_transaction_read_only%3Don")
    assert "read-only" in refusal("migrate", DATABASE_URL=url)


def test_an_old_server_is_refused() -> None:
    found = Server(14, "pbx", "UTF8", "olga", "public", read_only=False, may_create=True, now=system_clock())
    look = Look(found, None, (), shared=False, clock_aside=0.0)
    assert look.faults(Settings(_env_file=None), to_migrate=True) == [ServerTooOld(14, 15)]


async def test_another_secret_key_than_the_database_was_set_up_with_is_refused(
    database_url: str, data_dir: Path
) -> None:
    env = environment(data_dir, database_url)
    assert run_command(*SETUP, env=env).returncode == 0
    other = {"DATABASE_URL": database_url, "ANTICHAMBRE_SECRET_KEY": "another secret for tests"}
    for command in (("serve",), ("migrate",), SETUP, ("explain", cast.UMA, "--to", cast.LINE)):
        said = run_command(*command, env=env | other)
        assert (said.returncode, said.stdout, len(said.stderr.splitlines())) == (1, "", 1), said
        assert "another ANTICHAMBRE_SECRET_KEY" in said.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ANTICHAMBRE_PUBLIC_BASE_URL", "https://example.org/pbx", "leave out “/pbx”"),
        ("ANTICHAMBRE_PUBLIC_BASE_URL", "https://example.org/a,https://example.org", "leave out “/a”"),
        ("ANTICHAMBRE_PUBLIC_BASE_URL", "example.org", "is no base URL"),
        ("ANTICHAMBRE_PUBLIC_BASE_URL", "https://example.org:port", "is no base URL"),
        ("ANTICHAMBRE_PUBLIC_BASE_URL", "https://adam:secret@example.org", "is no base URL"),
        ("ANTICHAMBRE_PUBLIC_BASE_URL", ",", "must name the address"),
        ("DATABASE_URL", "postgresql://db/pbx?ssl=require", "write sslmode="),
        ("DATABASE_URL", "postgresql://db/pbx?sslrootcert=/none.pem", "/none.pem"),
        ("DATABASE_URL", "mysql://db/pbx", "must begin with postgresql://"),
        ("ANTICHAMBRE_JOURNAL_DEADLINE_MS", "soon", "ANTICHAMBRE_JOURNAL_DEADLINE_MS cannot be read"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_by_every_command(
    refusal: Refusal, name: str, value: str, words: str
) -> None:
    for command in (("migrate",), ("serve", "--port", "1"), SETUP):
        assert words in refusal(*command, **{name: value})


def test_a_slash_at_the_end_is_no_path() -> None:
    assert Settings(public_base_url="https://example.org/", _env_file=None).base_url == "https://example.org"


def test_the_refusal_is_in_the_terminals_language(refusal: Refusal) -> None:
    said = refusal("migrate", DATABASE_URL="mysql://db/pbx", LANG="fr_FR.UTF-8")
    assert said.startswith("DATABASE_URL doit commencer par postgresql://")
