"""What is looked at before the service starts: nonsense is refused with a hint, not found out by the first caller."""

import contextlib
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import asyncpg

from app.base.clock import system_clock
from app.base.connect import connect
from app.base.errors import DatabaseUnreachable, NotReadyToStart
from app.base.problems.database import (
    CertificateNotTrusted,
    DatabaseFault,
    DatabaseProblem,
    DatabaseRefuses,
    DatabaseSilent,
    NewerSchema,
    NoRightToCreate,
    NoRightToTables,
    NotUtf8,
    OtherSchema,
    ServerTooOld,
)
from app.base.problems.settings import DataFolderNotWritten
from app.base.secrets_at_rest import SecretBox
from app.base.settings import Settings
from app.migrate import known_revisions, newest_revision
from models import Base

OLDEST_SERVER: Final = 15
"""The oldest major version of PostgreSQL that the tests have seen."""
_ANSWER_SECONDS: Final = 3.0
_NOT_ANSWERING: Final = (
    OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError,
    asyncpg.PostgresConnectionError, asyncpg.AdminShutdownError, asyncpg.InternalClientError,
)  # fmt: skip
_OF_A_POOLER: Final = (asyncpg.InvalidSQLStatementNameError, asyncpg.DuplicatePreparedStatementError)
"""A statement that one connection prepared, executed on another one."""

_LOOK: Final = """
    SELECT current_setting('server_version_num')::int / 10000 AS version, current_database()::text AS database,
           pg_encoding_to_char(encoding)::text AS encoding, current_user::text AS role, current_schema()::text AS schema,
           pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS read_only,
           coalesce(has_schema_privilege(current_schema()::text, 'CREATE'), false) AS may_create, clock_timestamp() AS now
    FROM pg_database WHERE datname = current_database()
"""
_CLOSED_TABLES: Final = """
    SELECT t.relname::text FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname = current_schema() AND t.relname = ANY($1::text[]) AND t.relkind IN ('r', 'p')
      AND NOT (has_table_privilege(t.oid, 'SELECT') AND has_table_privilege(t.oid, 'INSERT')
               AND has_table_privilege(t.oid, 'UPDATE') AND has_table_privilege(t.oid, 'DELETE'))
    ORDER BY t.relname
"""
# The server's start is part of it: of two hosts, each has its own process of the same number.
_WHICH_SESSION: Final = "SELECT pg_backend_pid() || ' ' || pg_postmaster_start_time()"


@dataclass(frozen=True, slots=True)
class Server:
    """The database's server and our role there; ``schema`` is where our tables are or will be, None where the role may use
    none. ``now`` is by its own clock."""

    version: int
    database: str
    encoding: str
    role: str
    schema: str | None
    read_only: bool
    may_create: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """A database as it is found. ``revision`` is its schema, None without any;
    ``closed`` are our tables that the role may not read and write; ``shared``: a pooler gives one connection to several of
    us; ``clock_aside``: by how many seconds at least our clock and the server's differ; ``sealed`` is something that was
    encrypted with the installation's key, None before there is anything."""

    server: Server
    revision: str | None
    closed: tuple[str, ...]
    shared: bool
    clock_aside: float
    sealed: str | None = None

    def faults(self, settings: Settings, *, to_migrate: bool) -> list[DatabaseProblem]:
        """What is wrong with it, the gravest first. ``to_migrate``: the schema may be an older one, or none."""
        server, newest = self.server, newest_revision()
        faults: list[DatabaseProblem] = []
        if server.version < OLDEST_SERVER:
            faults.append(ServerTooOld(server.version, OLDEST_SERVER))
        if server.encoding != "UTF8":
            faults.append(NotUtf8(server.database, server.encoding))
        if self.shared:
            faults.append(DatabaseFault.POOLER_SHARES)
        if server.read_only:
            faults.append(DatabaseFault.READ_ONLY)
        if self.closed:
            faults.append(NoRightToTables(server.role, self.closed[0], len(self.closed) - 1))
        if server.schema is None:
            faults.append(DatabaseFault.NO_SCHEMA_TO_USE)
        elif to_migrate and self.revision != newest and not server.may_create:
            faults.append(NoRightToCreate(server.role, server.schema))
        if self.revision is not None and self.revision not in known_revisions():
            faults.append(NewerSchema(self.revision))
        elif self.revision != newest and not to_migrate:
            faults.append(OtherSchema(self.revision, newest))
        if self.sealed is not None and not SecretBox(settings.key).opens(self.sealed):
            faults.append(DatabaseFault.OTHER_SECRET_KEY)
        return faults


def check_data_folder(settings: Settings) -> None:
    """The journal has to be written. Raises :class:`NotReadyToStart`."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        probe: Path = settings.data_dir / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise NotReadyToStart(DataFolderNotWritten(str(settings.data_dir), error.strerror or str(error))) from error


async def check_database(settings: Settings, *, to_migrate: bool = False) -> None:
    """The database is one that we can work with, and has this version's schema unless that is about to be made. Raises
    :class:`NotReadyToStart` and :class:`DatabaseUnreachable`."""
    look = await look_at_database(settings.database_url or "")
    faults = look.faults(settings, to_migrate=to_migrate)
    if DatabaseFault.READ_ONLY in faults and not to_migrate:
        # It becomes writable when its primary is gone for good: the service waits for it as for one that is away.
        raise DatabaseUnreachable(DatabaseFault.READ_ONLY)
    if faults:
        raise NotReadyToStart(faults[0])


async def look_at_database(url: str) -> Look:
    """See what is there. Raises :class:`NotReadyToStart`, and :class:`DatabaseUnreachable` when nobody answers."""
    async with _answering(url) as connection, _answering(url) as other:
        try:
            before = system_clock()
            server = Server(**await connection.fetchrow(_LOOK, timeout=_ANSWER_SECONDS))
            after = system_clock()
            revision, closed = await _revision(connection)
            closed += [one[0] for one in await connection.fetch(_CLOSED_TABLES, list(Base.metadata.tables))]
            sealed = await _sealed(connection)
            shared = await _is_shared(connection, other)
        except _OF_A_POOLER as error:
            raise NotReadyToStart(DatabaseFault.POOLER_SHARES) from error
    # The server looked at its clock at some moment between our two looks at ours.
    aside = max(0.0, (before - server.now).total_seconds(), (server.now - after).total_seconds())
    return Look(server, revision, tuple(closed), shared, aside, sealed)


async def _revision(connection: asyncpg.Connection) -> tuple[str | None, list[str]]:
    try:
        return await connection.fetchval("SELECT version_num FROM alembic_version", timeout=_ANSWER_SECONDS), []
    except asyncpg.UndefinedTableError:
        return None, []
    except asyncpg.InsufficientPrivilegeError:
        return None, ["alembic_version"]


async def _sealed(connection: asyncpg.Connection) -> str | None:
    with contextlib.suppress(asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
        token: str | None = await connection.fetchval(
            "SELECT token FROM provider_account LIMIT 1", timeout=_ANSWER_SECONDS
        )
        return token
    return None


async def _is_shared(one: asyncpg.Connection, other: asyncpg.Connection) -> bool:
    """Whether both get the same session of the server, or one gets two: so does a pooler in transaction mode."""
    before = await one.fetchval(_WHICH_SESSION, timeout=_ANSWER_SECONDS)
    async with other.transaction():
        others = await other.fetchval(_WHICH_SESSION, timeout=_ANSWER_SECONDS)
        after = await one.fetchval(_WHICH_SESSION, timeout=_ANSWER_SECONDS)
    return bool(before == others or before != after)


@asynccontextmanager
async def _answering(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = None
    try:
        connection = await connect(url, within=_ANSWER_SECONDS)
        yield connection
    except _OF_A_POOLER:
        raise
    except ssl.SSLError as error:
        raise NotReadyToStart(CertificateNotTrusted(getattr(error, "verify_message", "") or str(error))) from error
    except _NOT_ANSWERING as error:
        said = str(error) or type(error).__name__
        if "pooling mode" in said:  # what PgBouncer says to a transaction while it shares connections by the statement
            raise NotReadyToStart(DatabaseFault.POOLER_SHARES) from error
        if "rejected SSL upgrade" in said:
            raise NotReadyToStart(DatabaseFault.NO_TLS) from error
        if "unsupported startup parameter" in said:  # https://www.pgbouncer.org/config.html#ignore_startup_parameters
            raise NotReadyToStart(DatabaseFault.POOLER_REFUSES) from error
        raise DatabaseUnreachable(DatabaseSilent(said)) from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise NotReadyToStart(DatabaseRefuses(str(error).splitlines()[0])) from error
    finally:
        if connection is not None:
            connection.terminate()  # closing it in order would wait for a server that hangs
