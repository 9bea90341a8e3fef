"""Clients who were merged into another: their calls and notes are the other's, and keep the id under which they were
written, so that a merge that is undone leaves nothing behind."""

from sqlalchemy import Select, literal, select

from models import GoneClient


def ids_known_as(tenant_id: str, client_id: str) -> Select[str]:
    """A query for ``client_id`` and the ids of all who were merged into that client, one after the other."""
    known = select(literal(client_id).label("id")).cte(recursive=True)
    merged = select(GoneClient.client_id).where(GoneClient.tenant_id == tenant_id, GoneClient.into_id == known.c.id)
    known = known.union(merged)
    return select(known.c.id)
