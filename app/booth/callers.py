"""Who can call: everybody on the lists and every client, found by any part of a name or number."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.language import gettext as _
from app.clients.search_clients import search_clients
from app.plan.tenant_rows import TenantRows
from app.words.number_words import grouped
from filters.pattern import PatternKind
from models import BlacklistEntry, ClientNumber, VipEntry

FOUND_AT_MOST: Final = 8
"""Of each list."""


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """``number`` as the network sends it; ``words`` say whose it is."""

    number: str
    name: str
    words: str


async def known_callers(session: AsyncSession, tenant: TenantRows, text: str = "") -> list[KnownCaller]:
    """VIPs, then blacklisted numbers, then clients; the first ones of each for an empty ``text``."""
    found = [
        *await _listed(session, tenant, VipEntry, text, _("VIP")),
        *await _listed(session, tenant, BlacklistEntry, text, _("Blacklist")),
        *await _clients(session, tenant, text),
    ]
    return list({one.number: one for one in reversed(found)}.values())[::-1]


async def _listed(
    session: AsyncSession, tenant: TenantRows, model: type[VipEntry] | type[BlacklistEntry], text: str, kind: str
) -> list[KnownCaller]:
    query = select(model.number, model.label).where(
        model.tenant_id == tenant.tenant_id, model.match == PatternKind.EXACT, model.number.startswith("+")
    )
    digits = "".join(one for one in text if one.isdigit())
    if text:
        of_number = [model.number.contains(digits.lstrip("0"), autoescape=True)] if len(digits) > 1 else []
        query = query.where(or_(model.label.icontains(text, autoescape=True), *of_number))
    rows = await session.execute(query.order_by(model.label == "", model.id).limit(FOUND_AT_MOST))
    return [_known(number, label, kind) for number, label in rows]


async def _clients(session: AsyncSession, tenant: TenantRows, text: str) -> list[KnownCaller]:
    query = select(ClientNumber.client_id, ClientNumber.number).where(ClientNumber.tenant_id == tenant.tenant_id)
    if text:
        found = await search_clients(tenant, text, FOUND_AT_MOST)
        query = query.where(ClientNumber.client_id.in_([row["id"] for row in found]))
    rows = await session.execute(query.order_by(ClientNumber.client_id, ClientNumber.position).limit(FOUND_AT_MOST))
    names = tenant.rows["client"]
    return [_known(number, names[client_id]["name"], _("Client")) for client_id, number in rows if client_id in names]


def _known(number: str, name: str, kind: str) -> KnownCaller:
    return KnownCaller(number, name, " · ".join(part for part in (name, kind, grouped(number)) if part))
