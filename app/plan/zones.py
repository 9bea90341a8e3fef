"""Whose clock counts for a call."""

from zoneinfo import ZoneInfo

from app.plan.tenant_rows import TenantRows
from models import CallRecord


def zone_of(call: CallRecord, tenant: TenantRows) -> ZoneInfo:
    """The time zone of the called line, else the company's."""
    line = tenant.plan.lines.get(call.line_number) if tenant.plan else None
    return line.zone if line else zone_of_company(tenant)


def zone_of_company(tenant: TenantRows) -> ZoneInfo:
    """The company's time zone."""
    return ZoneInfo(tenant.rows["company"][tenant.tenant_id]["time_zone"])
