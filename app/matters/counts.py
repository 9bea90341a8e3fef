"""How many calls and complaints each client has."""

from datetime import datetime

from sqlalchemy import String, Subquery, and_, case, func, literal, or_, select, text, union_all

from app.event_log.records import BOOTH
from app.sales.merged import MERGED
from models import CallNote, CallRecord, Matter
from models.matter import MatterKind


def counts_by_client(tenant_id: str, since: datetime) -> Subquery:
    """By ``client_id``, those who have either: the ``calls`` that began, those of them that were ``answered``, and the
    ``complaints`` that were opened, from ``since`` on. Clients who are gone are among them.

    A call is that of the client whom somebody has chosen for it, else whose the number was when it came in; one from the
    phone booth is nobody's. What somebody had who was merged into another client is the other's.
    """
    of_call = and_(CallNote.tenant_id == CallRecord.tenant_id, CallNote.call_id == CallRecord.call_id)
    answered = case((CallRecord.answered_at.is_not(None), 1), else_=0)
    caller = func.coalesce(CallNote.client_id, CallRecord.client_id)
    calls = (
        select(
            caller.label("client_id"),
            literal(1).label("calls"),
            answered.label("answered"),
            literal(0).label("complaints"),
        )
        .select_from(CallRecord)
        .outerjoin(CallNote, of_call)
        .where(CallRecord.tenant_id == tenant_id, CallRecord.provider != BOOTH, caller.is_not(None))
        .where(CallRecord.started_at >= since)
        .where(or_(CallNote.call_id.is_(None), ~CallNote.somebody_else))
    )
    complaints = (
        select(Matter.client_id, literal(0), literal(0), literal(1))
        .where(Matter.tenant_id == tenant_id, Matter.kind == MatterKind.COMPLAINT.value, Matter.client_id.is_not(None))
        .where(Matter.opened_at >= since)
    )
    each = union_all(calls, complaints).subquery()
    merges = text(MERGED.format(tenant=":merged_tenant")).bindparams(merged_tenant=tenant_id)
    merged = merges.columns(was=String, now=String).subquery()
    client_id = func.coalesce(merged.c.now, each.c.client_id).label("client_id")
    sums = [func.sum(each.c[name]).label(name) for name in ("calls", "answered", "complaints")]
    counted = select(client_id, *sums).outerjoin(merged, merged.c.was == each.c.client_id)
    return counted.group_by(client_id).subquery()
