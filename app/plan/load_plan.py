"""Read whole plans from the database: once, when there is no plan file to begin with."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any, Final

import asyncpg
import structlog
from sqlalchemy import ColumnElement, Select, func, or_, select, text
from sqlalchemy import Row as Values
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.plan.change import Change
from app.plan.number_builder import NumberBuilder
from app.plan.number_files import (
    BY_NAME_ONLY,
    NumberFile,
    headers_of,
    number_file_path,
    open_number_file,
    read_stands_for,
)
from app.plan.plan_database import changes_of_list, last_bulk_change, made_at
from app.plan.rows import SUBJECTS, Row, columns_of, names_of, row_of
from app.plan.tenant_rows import LISTS, TenantRows
from filters.number_index import LONGEST_E164, NumberIndexDamaged, StandsFor
from filters.pattern import PatternKind
from models import ClientCard, ClientNumber, Company
from models.base import new_id

LONG_LIST: Final = 5_000
"""A list with more exact entries than this has them in a number file."""
MOST_CHANGES: Final = 10_000
"""With more changes than this a number file is too old to begin with, and one that is used gets a successor."""
_COUNT_SECONDS: Final = 120
_ROWS_AT_ONCE: Final = 500

log = structlog.get_logger(__name__)


async def load_all(engine: AsyncEngine, builder: NumberBuilder) -> tuple[StandsFor, dict[str, TenantRows]]:
    """Every tenant's rows and what they stand for, seen in one snapshot. The indexes are built, the plans are not.

    Waits for the number files of long lists, which are built first if there are none to begin with. Raises
    :data:`app.plan.plan_database.UNREACHABLE` and :class:`app.plan.number_builder.NumberFileNotBuilt`.
    """
    while True:
        loaded, missing = await _load_snapshot(engine, builder)
        if not missing:
            return loaded
        for tenant_id, subject in missing:
            if not await builder.build(tenant_id, subject, new_id()):
                await builder.others_done()  # looking again before that would count millions of entries for nothing
                break


async def _load_snapshot(
    engine: AsyncEngine, builder: NumberBuilder
) -> tuple[tuple[StandsFor, dict[str, TenantRows]], list[tuple[str, str]]]:
    """What is there, and the lists whose number files have to be built first."""
    async with AsyncSession(engine) as session:
        await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        connection: Any = (await (await session.connection()).get_raw_connection()).driver_connection
        now = await read_stands_for(connection)
        tenants: dict[str, TenantRows] = {}
        for company_id in (await session.scalars(select(Company.id))).all():
            tenants[company_id] = TenantRows(company_id, loaded=now.version)
        long_lists = [(tenant_id, subject) for subject in LISTS for tenant_id in await _long_in(connection, subject)]
        missing = []
        for tenant_id, subject in long_lists:
            if (found := await _begin_with(connection, builder, tenant_id, subject, now)) is None:
                missing.append((tenant_id, subject))
            else:
                _take(tenants[tenant_id], subject, *found)
        if missing:
            return (now, {}), missing
        for subject in SUBJECTS:
            async for row in _rows(session, subject, {one for one, listed in long_lists if listed == subject}):
                tenants[row.get("tenant_id") or row["id"]].rows[subject][row["id"]] = row
    for tenant in tenants.values():
        tenant.index_lists()
        await asyncio.sleep(0)
    return (now, tenants), []


async def _rows(session: AsyncSession, subject: str, long_of: set[str]) -> AsyncIterator[Row]:
    """The rows of a table, but for the exact entries of the lists of the tenants ``long_of``."""
    model: Any = SUBJECTS[subject]
    wanted: list[list[ColumnElement[bool]]] = [[]]
    if long_of:
        others = [kind.value for kind in PatternKind if kind is not PatternKind.EXACT]
        # Exact entries of digits that are no E.164 number are in no number file.
        no_number = or_(model.number.not_like("+%"), func.length(model.number) > LONGEST_E164)
        wanted = [
            [model.tenant_id.not_in(long_of)],
            [model.tenant_id.in_(long_of), or_(model.match.in_(others), no_number)],
        ]
    names = names_of(model)
    for conditions in wanted:
        query = select(*columns_of(model)).where(*conditions).execution_options(yield_per=_ROWS_AT_ONCE)
        if model is ClientCard:
            async for row in _clients(session, query):
                yield row
            continue
        async for values in _each(session, query):
            yield row_of(subject, names, values)


async def _clients(session: AsyncSession, query: Select[*tuple[Any, ...]]) -> AsyncIterator[Row]:
    """All clients, with their numbers. Both tables are read once, side by side in one order: asking for the numbers of some
    clients at a time takes a minute for 50,000 while the database has not counted the tables yet."""
    subject, names = ClientCard.__tablename__, names_of(ClientCard)
    numbers = (
        select(ClientNumber.tenant_id, ClientNumber.client_id, ClientNumber.number, ClientNumber.shared)
        .order_by(ClientNumber.tenant_id, ClientNumber.client_id, ClientNumber.position)
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    following = _each(session, numbers)
    ahead = await anext(following, None)
    async for values in _each(session, query.order_by(ClientCard.tenant_id, ClientCard.id)):
        row = row_of(subject, names, values)
        row["numbers"] = []
        while ahead is not None and (ahead.tenant_id, ahead.client_id) == (row["tenant_id"], row["id"]):
            row["numbers"].append({"number": ahead.number, "shared": ahead.shared})
            ahead = await anext(following, None)
        yield row
    if ahead is not None:
        raise RuntimeError("clients and their numbers were read in different orders")


async def _each(session: AsyncSession, query: Select[*tuple[Any, ...]]) -> AsyncIterator[Values[*tuple[Any, ...]]]:
    """What the query finds, a few hundred at a time."""
    async for values in (await session.stream(query)).partitions():
        for one in values:
            yield one


async def _long_in(connection: asyncpg.Connection, subject: str) -> list[str]:
    counted = await connection.fetch(
        f"SELECT tenant_id FROM {subject} WHERE match = 'exact' GROUP BY tenant_id HAVING count(*) > $1",  # noqa: S608
        LONG_LIST,
        timeout=_COUNT_SECONDS,
    )
    return [row["tenant_id"] for row in counted]


async def _begin_with(
    connection: asyncpg.Connection, builder: NumberBuilder, tenant_id: str, subject: str, now: StandsFor
) -> tuple[NumberFile, list[Change]] | None:
    """The newest file on disk that belongs to this database and its history, and what has changed since."""
    bulk = await last_bulk_change(connection, tenant_id, subject)
    for generation, header in headers_of(builder.data_dir, tenant_id, subject):
        version = header.stands_for.version
        if header.stands_for.database != now.database or version > now.version:
            continue
        if version == BY_NAME_ONLY:
            if bulk is None or generation != bulk.generation:
                continue
            version = bulk.version
        elif (bulk is not None and version < bulk.version) or (
            version and await made_at(connection, version) != header.stands_for.made_at
        ):
            continue
        changes = await changes_of_list(connection, tenant_id, subject, version, MOST_CHANGES + 1)
        if len(changes) <= MOST_CHANGES:
            path = number_file_path(builder.data_dir, tenant_id, subject, generation)
            try:
                return NumberFile(generation, await asyncio.to_thread(open_number_file, path), version), changes
            except (NumberIndexDamaged, OSError) as error:
                log.error("numbers.unusable", list=subject, generation=generation, why=str(error))
                path.unlink(missing_ok=True)
    return None


def _take(tenant: TenantRows, subject: str, file: NumberFile, changes: Iterable[Change]) -> None:
    tenant.numbers[subject] = file
    for change in changes:
        tenant.changed[subject][change.row_id] = change.version
        tenant.rows[subject].pop(change.row_id, None)
        if change.row is not None and change.row["match"] == PatternKind.EXACT:
            tenant.rows[subject][change.row_id] = change.row
