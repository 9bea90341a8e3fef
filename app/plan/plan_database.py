"""The live plan's own connection to the database: a page that waits for its turn in the pool never holds up a list."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from app.base.connect import connect
from app.plan.change import BULK, Change
from app.plan.number_files import STANDS_FOR, stands_for_row
from filters.number_index import StandsFor

CONNECT_SECONDS: Final = 3.0
COMMAND_SECONDS: Final = 3.0
PAGE: Final = 1_000
UNREACHABLE: Final = (
    SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError,
)  # fmt: skip
"""What a database that is away, hangs or comes back makes of a statement."""

_MICROSECONDS: Final = "(extract(epoch FROM made_at) * 1000000)::bigint AS made_at"
_CHANGES: Final = f"SELECT version, tenant_id, subject, row_id, row::text AS row, {_MICROSECONDS} FROM plan_change"  # noqa: S608
_MADE_AT: Final = f"SELECT {_MICROSECONDS} FROM plan_change WHERE version = $1"  # noqa: S608
_PART: Final = """
    SELECT content FROM subscription_part
    WHERE tenant_id = $1 AND subscription_id = $2 AND generation = $3 AND part = $4
"""
_REPORT: Final = """
    INSERT INTO worker (id, serves_version) VALUES ($1, $2)
    ON CONFLICT (id) DO UPDATE SET serves_version = $2, seen_at = clock_timestamp()
"""


@dataclass(slots=True)
class PlanDatabase:
    """Every statement ends within seconds, with what the database says or with one of :data:`UNREACHABLE`. One caller at
    a time."""

    dsn: str
    worker_id: str
    _connection: asyncpg.Connection | None = None

    async def report(self, version: int) -> StandsFor:
        """Say that this worker lives and serves ``version``, and then look what the newest one is. Not in one statement:
        an edit that the look does not see must find the worker among those that it waits for."""
        await self._ask("execute", _REPORT, self.worker_id, version)
        return stands_for_row(await self._ask("fetchrow", STANDS_FOR))

    async def changes_from(self, version: int) -> list[Change]:
        """The change ``version`` and those after it, in order and without a gap (versions are given under a row lock), at
        most :data:`PAGE` of them."""
        return [
            _as_change(row)
            for row in await self._ask(
                "fetch", f"{_CHANGES} WHERE version >= $1 ORDER BY version LIMIT {PAGE}", version
            )
        ]

    async def made_at(self, version: int) -> int | None:
        """See :func:`made_at`."""
        return await self._ask("fetchval", _MADE_AT, version)  # type: ignore[no-any-return]

    async def parts_of(self, tenant_id: str, subscription_id: str, generation: str) -> AsyncIterator[bytes]:
        """The pieces of a list of others, in their order; none when there is newer content by now."""
        key = (tenant_id, subscription_id, generation)
        part = 0
        while (content := await self._ask("fetchval", _PART, *key, part)) is not None:
            yield content
            part += 1

    async def sign_off(self) -> None:
        """Take the worker off the list of those that an edit waits for."""
        await self._ask("execute", "DELETE FROM worker WHERE id = $1", self.worker_id)

    def drop(self) -> None:
        """Give the connection up. Closing it in order would wait for the server, which may be what does not answer."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def _ask(self, how: str, statement: str, *arguments: Any) -> Any:
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await connect(
                    self.dsn,
                    name="antichambre plan",
                    within=CONNECT_SECONDS,
                    command_timeout=COMMAND_SECONDS,
                    quick=True,
                )
            return await getattr(self._connection, how)(statement, *arguments)
        except BaseException:
            self.drop()
            raise


async def changes_of_list(
    connection: asyncpg.Connection, tenant_id: str, subject: str, after: int, at_most: int
) -> list[Change]:
    """The changes of one list after the version ``after``, in order."""
    rows = await connection.fetch(
        f"{_CHANGES} WHERE version > $1 AND tenant_id = $2 AND subject = $3 ORDER BY version LIMIT $4",
        after, tenant_id, subject, at_most,
    )  # fmt: skip
    return [_as_change(row) for row in rows]


async def last_bulk_change(connection: asyncpg.Connection, tenant_id: str, subject: str) -> Change | None:
    """The last change in bulk of a list."""
    row = await connection.fetchrow(
        f"{_CHANGES} WHERE tenant_id = $1 AND subject = $2 AND row_id = $3 ORDER BY version DESC LIMIT 1",
        tenant_id, subject, BULK,
    )  # fmt: skip
    return _as_change(row) if row else None


async def made_at(connection: asyncpg.Connection, version: int) -> int | None:
    """When ``version`` was made, as in :class:`app.plan.change.Change`; None when there is no such version."""
    return await connection.fetchval(_MADE_AT, version)  # type: ignore[no-any-return]


def _as_change(row: asyncpg.Record) -> Change:
    """A row of :data:`_CHANGES`."""
    content = json.loads(row["row"]) if row["row"] is not None else None
    return Change(row["version"], row["tenant_id"], row["subject"], row["row_id"], content, row["made_at"])
