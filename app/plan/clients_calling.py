"""Which clients a stored call may come from, by the client base as it is now."""

from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from models import CallRecord


def clients_of(call: CallRecord, tenant: TenantRows) -> tuple[Row, ...]:
    """The clients who use the caller's number now."""
    if call.caller_number is None:
        return ()
    rows = tenant.rows["client"]
    found = tenant.lists.clients.by_number.get(call.caller_number, ())
    return tuple(rows[client.id] for client in found if client.id in rows)
