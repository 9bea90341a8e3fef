"""A provider's list of calls, read (twilio.com/docs/voice/api/call-resource)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from app.telephone.telephone import ReportedCall

_LONGEST: Final = 1024


def calls_in(page: Mapping[str, object]) -> Iterator[ReportedCall]:
    """The calls on a page of the list; what is no call is left out."""
    told = page.get("calls")
    for one in told if isinstance(told, list) else ():
        if isinstance(one, dict) and (call := read_call(one)) is not None:
            yield call


def read_call(told: Mapping[str, object]) -> ReportedCall | None:
    """A call of the list; None for one that says neither what it is called nor when it began."""
    call_id = _text(told, "sid")
    began = _moment(told, "date_created") or _moment(told, "start_time")
    if not call_id or began is None:
        return None
    duration = _text(told, "duration")
    return ReportedCall(
        call_id=call_id,
        parent_call_id=_text(told, "parent_call_sid"),
        caller=_text(told, "from"),
        called=_text(told, "to"),
        is_incoming=_text(told, "direction") == "inbound",
        status=_text(told, "status"),
        began=began,
        ended=_moment(told, "end_time"),
        seconds=int(duration) if duration.isascii() and duration.isdigit() else None,
    )


def _text(told: Mapping[str, object], name: str) -> str:
    value = told.get(name)
    return "" if value is None else str(value)[:_LONGEST]


def _moment(told: Mapping[str, object], name: str) -> datetime | None:
    """In RFC 2822, as Twilio and SignalWire write it, or in RFC 3339."""
    text = _text(told, name)
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
        except (ValueError, TypeError):
            continue
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return None
