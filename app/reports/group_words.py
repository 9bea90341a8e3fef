"""What the groups of a report are called."""

from datetime import date
from typing import assert_never

from babel.dates import format_skeleton

from app.base.language import gettext as _
from app.base.language import locale
from app.plan.tenant_rows import TenantRows
from app.reports.call_report import By
from app.words.action_words import reason_title
from routing.reasons import ReasonCode


def by_words(by: By) -> str:
    """What the calls are grouped by."""
    match by:
        case By.DAY:
            return _("Day")
        case By.HOUR:
            return _("Hour of the day")
        case By.QUEUE:
            return _("Queue")
        case By.OPERATOR:
            return _("Operator")
        case By.CATEGORY:
            return _("Category")
        case By.REASON:
            return _("Reason")
        case _:
            assert_never(by)


def group_words(by: By, key: str, tenant: TenantRows) -> str:
    """What a group is called: ``Fri 24 Jul``, ``9:00``, a name."""
    match by:
        case By.DAY:
            return str(format_skeleton("MMMEd", date.fromisoformat(key), locale=locale()))
        case By.HOUR:
            return f"{int(key)}:00"
        case By.QUEUE:
            return _name("queue", key, tenant) if key else _("no queue")
        case By.OPERATOR:
            return _name("operator", key, tenant) if key else _("answered by nobody")
        case By.CATEGORY:
            return _name("category", key, tenant) if key else _("no category")
        case By.REASON:
            return reason_title(ReasonCode(key)) if key in set(ReasonCode) else key
        case _:
            assert_never(by)


def _name(table: str, key: str, tenant: TenantRows) -> str:
    row = tenant.rows[table].get(key)
    return str(row["name"]) if row else _("deleted (%(id)s)", id=key)
