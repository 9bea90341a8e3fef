"""The clients page by page, by name or by their last call."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ARRAY, String, Subquery, any_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.clients.search_clients import matching_clients
from app.event_log.records import BOOTH
from app.plan.client_texts import ClientText
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.sales.clients_of_segment import SegmentWanted, of_segment
from app.web.paging import PageWanted, Part, cut_page, read_page
from models import CallRecord, ClientCard, GoneClient

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
NO_CATEGORY: Final = "none"
"""In the place of a category's id: clients without one."""


class Order(StrEnum):
    """By what clients are sorted: name, or last call with the newest first and those who never called at the end."""

    NAME = "name"
    LAST_CALL = "call"


@dataclass(frozen=True, slots=True)
class ClientsWanted:
    """Those whom :func:`app.clients.search_clients.matching_clients` finds for ``text``, of a category (an id, or
    :data:`NO_CATEGORY`) and of a segment; empty: of any."""

    text: str = ""
    category_id: str = ""
    segment: SegmentWanted = field(default_factory=SegmentWanted)


@dataclass(frozen=True, slots=True)
class ClientsPage:
    """``clients`` with the start of their last call; ``count`` is how many meet the conditions on all pages; ``after`` is
    the next page's cursor."""

    clients: list[tuple[Row, datetime | None]]
    count: int
    after: str | None


async def clients_by_page(
    session: AsyncSession, tenant: TenantRows, wanted: ClientsWanted, order: Order, page: PageWanted
) -> ClientsPage:
    """The clients who are ``wanted``. Raises :class:`Unprocessable` for a position that is none of ours."""
    found: Sequence[ClientText] = await matching_clients(tenant, wanted.text)
    if wanted.category_id:
        category_id = None if wanted.category_id == NO_CATEGORY else wanted.category_id
        found = [one for one in found if one.row["category_id"] == category_id]
    if wanted.segment and found:
        query = select(ClientCard.id).where(ClientCard.tenant_id == tenant.tenant_id)
        mine = set(await session.scalars(query.where(*of_segment(tenant.tenant_id, wanted.segment))))
        found = [one for one in found if one.id in mine]
    if order is Order.NAME:
        shown = cut_page(found, page, lambda one: (one.name, one.id))
        called = await _last_calls(session, tenant.tenant_id, [one.id for one in shown.items])
        return ClientsPage([(one.row, called.get(one.id)) for one in shown.items], len(found), shown.after)
    rows = tenant.rows["client"]
    ids = [one.id for one in found] if len(found) < len(rows) else None
    newest = await read_page(session, page, _by_last_call(tenant.tenant_id, ids))
    clients = [(rows[one], at if at > NEVER else None) for one, at, *_ in newest.items if one in rows]
    return ClientsPage(clients, len(found), newest.after)


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


def _by_last_call(tenant_id: str, ids: list[str] | None) -> Part:
    calls = _calls_of(tenant_id)
    at = func.coalesce(calls.c.at, NEVER)
    query = (
        select(ClientCard.id, at)
        .outerjoin(calls, calls.c.client_id == ClientCard.id)
        .where(ClientCard.tenant_id == tenant_id)
    )
    if ids is not None:
        # One parameter: a statement takes no more than 32,767 of them.
        query = query.where(ClientCard.id == any_(literal(ids, ARRAY(String))))
    return Part(query, (at, ClientCard.id))
