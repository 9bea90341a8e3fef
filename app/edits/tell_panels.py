"""Have cards and lines drawn anew on every panel of every worker when something about a caller was written down. The event
log carries it, so that nobody who is away at the moment misses it."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select

from app.edits.edit import Edit
from app.event_log.records import FactKind, fact
from app.switchboard import Switchboard
from filters.pattern import PatternKind
from models import CallRecord
from models.base import new_id
from routing.lifecycle import CallState

_SHOWN_FOR: Final = timedelta(hours=24)
_MOST: Final = 50
"""Calls of one change that are drawn anew; whoever calls more often than that is on the page with the next reload."""


async def tell_panels(board: Switchboard, calls: Sequence[CallRecord]) -> None:
    """Draw these calls anew. Call it when what was written is committed."""
    now = board.clock()
    facts = [fact(call.tenant_id, call.call_id, FactKind.NOTED, now, {}, new_id()) for call in calls]
    if facts:
        await board.journal.append(*facts)


async def tell_of_edit(board: Switchboard, edit: Edit) -> None:
    """Draw the calls anew whose callers are clients, or on a list, that ``edit`` has changed. A range or a whole country is
    seen with the next reload."""
    numbers = {one["number"] for row in edit.clients for one in row["numbers"]}
    numbers |= {row["number"] for row in edit.entries if row["match"] == PatternKind.EXACT}
    prefixes = {row["number"] for row in edit.entries if row["match"] == PatternKind.PREFIX}
    if numbers or prefixes:
        await tell_panels(board, await calls_of(board, edit.tenant_id, numbers, prefixes))


async def tell_streams_of_access(board: Switchboard, edit: Edit) -> None:
    """Have the open streams of every worker look whether they may go on, if ``edit`` has touched who may get in. Call it
    when it is committed."""
    if edit.access_changed:
        now = board.clock()
        await board.journal.append(fact(edit.tenant_id, "access", FactKind.ACCESS_CHANGED, now, {}, new_id()))


async def calls_of(
    board: Switchboard, tenant_id: str, numbers: Collection[str], prefixes: Collection[str] = ()
) -> Sequence[CallRecord]:
    """The calls from ``numbers``, and from those that begin with one of ``prefixes``, that panels may show: those of the
    last day, and those that still go on."""
    since = board.clock() - _SHOWN_FOR
    async with board.sessions() as session:
        return (
            await session.scalars(
                select(CallRecord)
                .where(
                    CallRecord.tenant_id == tenant_id,
                    or_(
                        CallRecord.caller_number.in_(numbers),
                        *(CallRecord.caller_number.startswith(one, autoescape=True) for one in prefixes),
                    ),
                    or_(CallRecord.started_at >= since, CallRecord.state != CallState.ENDED),
                )
                .order_by(CallRecord.started_at.desc())
                .limit(_MOST)
            )
        ).all()
