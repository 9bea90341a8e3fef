"""How many calls and complaints each client has."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, String, and_, func, literal, or_, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.asyncio import AsyncSession

from app.event_log.records import BOOTH
from models import CallNote, CallRecord, ClientCard, GoneClient, Matter
from models.matter import MatterKind


@dataclass(frozen=True, slots=True)
class ClientCounts:
    """Of one client, and of all who were merged into them."""

    calls: int = 0
    complaints: int = 0


async def counts_by_client(
    session: AsyncSession, tenant_id: str, *, since: datetime | None = None, until: datetime | None = None,
    client_ids: Collection[str] | None = None,
) -> dict[str, ClientCounts]:  # fmt: skip
    """By client's id, those who have either: the calls that began, and the complaints that were opened, from ``since`` on
    and before ``until``. ``client_ids`` are those who are asked for, None for all of the company.

    A call is that of the client whom somebody has chosen for it, else whose the number was when it came in; one from the
    phone booth is nobody's.
    """
    known = _known_as(tenant_id, client_ids).cte(recursive=True)
    merged = select(known.c.client_id, GoneClient.client_id).join(GoneClient, GoneClient.into_id == known.c.known_as)
    known = known.union(merged.where(GoneClient.tenant_id == tenant_id))
    caller = func.coalesce(CallNote.client_id, CallRecord.client_id)
    of_call = and_(CallNote.tenant_id == CallRecord.tenant_id, CallNote.call_id == CallRecord.call_id)
    calls = (
        select(known.c.client_id, literal(1).label("calls"), literal(0).label("complaints"))
        .select_from(CallRecord)
        .outerjoin(CallNote, of_call)
        .join(known, known.c.known_as == caller)
        .where(CallRecord.tenant_id == tenant_id, CallRecord.provider != BOOTH)
        .where(or_(CallNote.call_id.is_(None), ~CallNote.somebody_else))
    )
    complaints = (
        select(known.c.client_id, literal(0).label("calls"), literal(1).label("complaints"))
        .select_from(Matter)
        .join(known, known.c.known_as == Matter.client_id)
        .where(Matter.tenant_id == tenant_id, Matter.kind == MatterKind.COMPLAINT.value)
    )
    if since is not None:
        calls, complaints = calls.where(CallRecord.started_at >= since), complaints.where(Matter.opened_at >= since)
    if until is not None:
        calls, complaints = calls.where(CallRecord.started_at < until), complaints.where(Matter.opened_at < until)
    each = union_all(calls, complaints).subquery()
    counted = select(each.c.client_id, func.sum(each.c.calls), func.sum(each.c.complaints)).group_by(each.c.client_id)
    return {client: ClientCounts(calls, complaints) for client, calls, complaints in await session.execute(counted)}


def _known_as(tenant_id: str, client_ids: Collection[str] | None) -> Select[str, str]:
    """The clients that there are, each under its own id."""
    mine = select(ClientCard.id.label("client_id"), sql_cast(ClientCard.id, String).label("known_as"))
    mine = mine.where(ClientCard.tenant_id == tenant_id)
    return mine if client_ids is None else mine.where(ClientCard.id.in_(client_ids))
