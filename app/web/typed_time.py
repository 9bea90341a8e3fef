"""A moment that was typed into a form."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.calls import CallFault
from app.base.reader_zone import reader_zone


def typed_time(text: str, zone: ZoneInfo, field: str) -> datetime | None:
    """By the clock of whoever has typed it, or by ``zone`` where that is not known; None when nothing was typed. Raises
    :class:`Unprocessable` naming the field."""
    if not text:
        return None
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        raise Unprocessable(CallFault.TIME_UNREADABLE, field=field) from None
    typed = typed if typed.tzinfo else typed.replace(tzinfo=reader_zone(zone))
    if not limits.EARLIEST <= typed <= limits.LATEST:
        raise Unprocessable(CallFault.DATE_TOO_FAR, field=field)
    return typed


def shown_time(moment: datetime, zone: ZoneInfo) -> str:
    """The same clock's time as a field of a form shows it: ``2026-12-25T10:00``."""
    return moment.astimezone(reader_zone(zone)).strftime("%Y-%m-%dT%H:%M")
