"""The clients page by page, by name or by their last call."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Subquery, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.errors import Unprocessable
from app.base.problems.clients import ClientFault
from app.clients.search_clients import matching_clients
from app.event_log.records import BOOTH
from app.plan.client_texts import ClientText
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from models import CallRecord, ClientCard, GoneClient

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Order(StrEnum):
    """By what clients are sorted: name, or last call with the newest first and those who never called at the end."""

    NAME = "name"
    LAST_CALL = "call"


@dataclass(frozen=True, slots=True)
class ClientsPage:
    """``clients`` with the start of their last call; ``count`` is how many meet the conditions on all pages; ``after`` is
    the position from which the next page goes on."""

    clients: list[tuple[Row, datetime | None]]
    count: int
    after: str | None


async def clients_by_page(
    session: AsyncSession, tenant: TenantRows, text: str, category_id: str, order: Order, after: str | None, limit: int
) -> ClientsPage:
    """The clients that :func:`app.clients.search_clients.matching_clients` finds for ``text``, of one category unless
    ``category_id`` is empty. Raises :class:`Unprocessable` for a position that is none of ours."""
    found: Sequence[ClientText] = await matching_clients(tenant, text)
    if category_id:
        found = [one for one in found if one.row["category_id"] == category_id]
    position = _position(after) if after else None
    if order is Order.NAME:
        # Clients sort by name and id, so a page goes on there whatever has come or gone meanwhile.
        rest = found if position is None else [one for one in found if (one.name, one.id) > position]
        called = await _last_calls(session, tenant.tenant_id, [one.id for one in rest[:limit]])
        clients = [(one.row, called.get(one.id)) for one in rest[:limit]]
        last = rest[limit - 1] if len(rest) > limit else None
        return ClientsPage(clients, len(found), f"{last.name}\n{last.id}" if last else None)
    ids = [one.id for one in found] if len(found) < len(tenant.rows["client"]) else None
    rows = tenant.rows["client"]
    page = await _by_last_call(session, tenant.tenant_id, ids, position, limit + 1)
    clients = [(rows[one], at if at > NEVER else None) for one, at in page[:limit] if one in rows]
    client_id, at = page[limit - 1] if len(page) > limit else ("", NEVER)
    return ClientsPage(clients, len(found), f"{at.isoformat()}\n{client_id}" if client_id else None)


def _position(after: str) -> tuple[str, str]:
    key, _line, client_id = after.rpartition("\n")
    return key, client_id


def _moment(text: str) -> datetime:
    moment = None
    with contextlib.suppress(ValueError):
        moment = datetime.fromisoformat(text)
    if moment is None or moment.tzinfo is None:
        raise Unprocessable(ClientFault.PAGE_UNREADABLE, field="after")
    return moment


def _calls_of(tenant_id: str) -> Subquery:
    """The last call of each client; of those who were merged into another, it is the other's."""
    client_id = func.coalesce(GoneClient.into_id, CallRecord.client_id).label("client_id")
    merged = (GoneClient.tenant_id == CallRecord.tenant_id) & (GoneClient.client_id == CallRecord.client_id)
    return (
        select(client_id, func.max(CallRecord.started_at).label("at"))
        .outerjoin(GoneClient, merged & GoneClient.into_id.is_not(None))
        .where(CallRecord.tenant_id == tenant_id, CallRecord.provider != BOOTH, CallRecord.client_id.is_not(None))
        .group_by(client_id)
        .subquery()
    )


async def _last_calls(session: AsyncSession, tenant_id: str, ids: list[str]) -> dict[str, datetime]:
    merged = select(GoneClient.client_id, GoneClient.into_id).where(
        GoneClient.tenant_id == tenant_id, GoneClient.into_id.in_(ids)
    )
    into = {row.client_id: row.into_id for row in (await session.execute(merged)).all()}
    called: Any = (
        select(CallRecord.client_id, func.max(CallRecord.started_at))
        .where(
            CallRecord.tenant_id == tenant_id,
            CallRecord.provider != BOOTH,
            CallRecord.client_id.in_([*ids, *into]),
        )
        .group_by(CallRecord.client_id)
    )
    last: dict[str, datetime] = {}
    for client_id, at in (await session.execute(called)).all():
        kept = into.get(client_id) or client_id
        last[kept] = max(at, last.get(kept, NEVER))
    return last


async def _by_last_call(
    session: AsyncSession, tenant_id: str, ids: list[str] | None, position: tuple[str, str] | None, limit: int
) -> list[tuple[str, datetime]]:
    calls = _calls_of(tenant_id)
    at = func.coalesce(calls.c.at, NEVER)
    query: Any = (
        select(ClientCard.id, at)
        .outerjoin(calls, calls.c.client_id == ClientCard.id)
        .where(ClientCard.tenant_id == tenant_id)
        .order_by(at.desc(), ClientCard.id.desc())
        .limit(limit)
    )
    if ids is not None:
        query = query.where(ClientCard.id.in_(ids))
    if position is not None:
        query = query.where(tuple_(at, ClientCard.id) < tuple_(_moment(position[0]), position[1]))
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]
