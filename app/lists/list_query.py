"""The pages of a list: sought, sorted, and read by position, so that the last of a million entries come as fast as the
first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import cast

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base import limits
from app.event_log.records import BOOTH
from app.plan.tenant_rows import TenantRows
from app.web.paging import Part, match_text, page_after, read_page
from filters.number import NumberUnreadable, read_long_number, read_number
from models import BlacklistEntry, CallRecord, ListHit, VipEntry
from models.list_name import ListName

Entry = VipEntry | BlacklistEntry


class Order(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    HIT = "hit"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry with how many calls it has decided, and the last of them."""

    entry: Entry
    hits: int = 0
    last_hit_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """``covering`` is the number, when what is shown are the entries that cover one. ``after`` is the next page's cursor."""

    items: list[Listed]
    after: str = ""
    covering: str = ""


async def list_page(
    session: AsyncSession, tenant: TenantRows, name: ListName, text: str, order: Order, expired: bool, after: str,
    now: datetime,
) -> ListPage:  # fmt: skip
    """One page. A whole number in ``text`` finds every entry that covers it, the most specific first; anything else is
    looked for in numbers, labels and reasons. Raises :class:`Unprocessable`."""
    if text and (number := _whole_number(text, tenant)):
        return ListPage(await _covering(session, tenant, name, number), covering=number)
    model = name.model
    conditions: list[ColumnElement[bool]] = [model.tenant_id == tenant.tenant_id]
    if text:
        country = tenant.rows["company"][tenant.tenant_id]["country"]
        conditions.append(match_text(text, model.label, model.reason, numbers=[model.number], country=country))
    if expired:
        conditions.append(model.expires_at <= now)
    page = await read_page(session, page_after(after, limits.ROWS_ON_PAGE), *_parts(conditions, model, order))
    items = await with_hits(session, tenant.tenant_id, [row[0] for row in page.items])
    return ListPage(items, page.after or "")


async def with_hits(session: AsyncSession, tenant_id: str, entries: Sequence[Entry]) -> list[Listed]:
    """The entries with their hits."""
    ids = [entry.id for entry in entries]
    query = select(ListHit).where(ListHit.tenant_id == tenant_id, ListHit.entry_id.in_(ids))
    hits = {hit.entry_id: hit for hit in await session.scalars(query)} if ids else {}
    return [
        Listed(entry, hit.hits, hit.last_hit_at) if (hit := hits.get(entry.id)) else Listed(entry) for entry in entries
    ]


def size_of(tenant: TenantRows, name: ListName) -> tuple[int, bool]:
    """How many entries the list has, from memory, and whether that is exact: of a long list those that were taken off
    since its number file was made are still counted."""
    index = tenant.lists.vip if name is ListName.VIP else tenant.lists.blacklist
    shelves = (index.exact, index.prefixes, index.countries)
    count = sum(len(entries) for shelf in shelves for entries in shelf.values()) + len(index.ranges)
    if index.base is None:
        return count, True
    return count + len(index.base), not index.superseded


async def due_for_review(session: AsyncSession, tenant_id: str, name: ListName, now: datetime) -> int:
    """How many entries somebody ought to look at by ``now`` (UTC)."""
    query = select(func.count()).where(name.model.tenant_id == tenant_id, name.model.review_at <= now)
    return await session.scalar(query) or 0


async def page_due(session: AsyncSession, tenant_id: str, name: ListName, after: str, now: datetime) -> ListPage:
    """One page of those, the longest due first."""
    model = name.model
    query = select(model).where(model.tenant_id == tenant_id, model.review_at <= now)
    part = Part(query, (model.review_at, model.id), descending=False, name="due")
    page = await read_page(session, page_after(after, limits.ROWS_ON_PAGE), part)
    return ListPage(await with_hits(session, tenant_id, [row[0] for row in page.items]), page.after or "")


async def calls_of_week(session: AsyncSession, tenant_id: str, name: ListName, now: datetime) -> int:
    """How many calls of the last seven days the list has decided."""
    codes = ("vip", "vip_unconfirmed") if name is ListName.VIP else ("blacklisted",)
    query = select(func.count()).where(
        CallRecord.tenant_id == tenant_id,
        CallRecord.started_at >= now - timedelta(days=7),
        CallRecord.reason_code.in_(codes),
        CallRecord.provider != BOOTH,
    )
    return await session.scalar(query) or 0


def _parts(
    conditions: list[ColumnElement[bool]], model: type[VipEntry] | type[BlacklistEntry], order: Order
) -> list[Part]:
    """An order is read in parts, each along an index of its own: what has the thing that is sorted by, then what has not."""
    query = select(model).where(*conditions)
    hit = (ListHit.tenant_id == model.tenant_id) & (ListHit.entry_id == model.id)
    newest = (model.id,)
    match order:
        case Order.HIT:
            return [
                Part(query.join(ListHit, hit), (ListHit.last_hit_at, ListHit.entry_id), name="hit"),
                Part(query.where(~exists().where(hit)), newest, name="never"),
            ]
        case Order.LABEL:
            return [
                Part(query.where(model.label != ""), (model.label, model.id), descending=False, name="labelled"),
                Part(query.where(model.label == ""), newest, name="unlabelled"),
            ]
        case Order.NEWEST:
            return [Part(query, newest)]


async def _covering(session: AsyncSession, tenant: TenantRows, name: ListName, number: str) -> list[Listed]:
    lists, model = tenant.lists, name.model
    ids = [entry.id for entry in (lists.vip if name is ListName.VIP else lists.blacklist).naming(number)]
    found = await session.scalars(select(model).where(model.tenant_id == tenant.tenant_id, model.id.in_(ids)))
    entries: dict[str, Entry] = {entry.id: entry for entry in cast(Sequence[Entry], found.all())}
    return await with_hits(session, tenant.tenant_id, [entries[one] for one in ids if one in entries])


def _whole_number(text: str, tenant: TenantRows) -> str:
    if any(character.isalpha() for character in text):
        return ""
    try:
        return read_long_number(text) or read_number(text.strip(), tenant.rows["company"][tenant.tenant_id]["country"])
    except NumberUnreadable:
        return ""
