"""What people noted about calls and callers, read and written."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.language import gettext as _
from models import CallDraft, CallerMemory, CallNote, CallRecord

MOST_SATISFIED: Final = 5
_DRAFTS_ARE_KEPT: Final = timedelta(days=7)


class NotedOutcome(StrEnum):
    """The outcome of a call, as noted by whoever took it; in the order of the keys 1 to 4."""

    DONE = "done"
    CALL_BACK = "call_back"
    WRONG_NUMBER = "wrong_number"
    SPAM = "spam"

    @property
    def words(self) -> str:
        """In the language of whoever looks."""
        match self:
            case NotedOutcome.DONE:
                return _("Done")
            case NotedOutcome.CALL_BACK:
                return _("Call back")
            case NotedOutcome.WRONG_NUMBER:
                return _("Wrong number")
            case NotedOutcome.SPAM:
                return _("Spam")


async def notes_of(session: AsyncSession, tenant_id: str, call_ids: Iterable[str]) -> dict[str, CallNote]:
    """What was noted about these calls, by call."""
    rows = await session.scalars(
        select(CallNote).where(CallNote.tenant_id == tenant_id, CallNote.call_id.in_(list(call_ids)))
    )
    return {row.call_id: row for row in rows}


async def memory_of(session: AsyncSession, tenant_id: str, number: str) -> list[CallerMemory]:
    """What was said about who calls from a number, newest first."""
    mine = (CallerMemory.tenant_id == tenant_id, CallerMemory.number == number)
    return list(await session.scalars(select(CallerMemory).where(*mine).order_by(CallerMemory.decided_at.desc())))


async def note_call(session: AsyncSession, call: CallRecord, **fields: object) -> None:
    """Write ``fields`` of :class:`models.CallNote` about ``call``; the others stay as they are."""
    row = {"tenant_id": call.tenant_id, "call_id": call.call_id} | fields
    await session.execute(
        insert(CallNote).values(row).on_conflict_do_update(index_elements=["tenant_id", "call_id"], set_=fields)
    )


async def remember_caller(
    session: AsyncSession, call: CallRecord, client_id: str, actor: str, now: datetime, *, is_caller: bool
) -> None:
    """Remember for the caller's number that it was ``client_id``, or that it was not."""
    said = {"is_caller": is_caller, "decided_by": actor, "decided_at": now}
    row = {"tenant_id": call.tenant_id, "number": call.caller_number, "client_id": client_id} | said
    await session.execute(
        insert(CallerMemory)
        .values(row)
        .on_conflict_do_update(index_elements=["tenant_id", "number", "client_id"], set_=said)
    )


async def drafts_of(
    session: AsyncSession, tenant_id: str, user_id: str | None, call_ids: Iterable[str]
) -> dict[str, dict[str, str]]:
    """What this person has typed into the cards of these calls and not saved, by call."""
    if not (wanted := list(call_ids)):
        return {}
    mine = (CallDraft.tenant_id == tenant_id, CallDraft.user_id == user_id, CallDraft.call_id.in_(wanted))
    rows = await session.scalars(select(CallDraft).where(*mine))
    return {row.call_id: row.fields for row in rows}


async def keep_draft(
    session: AsyncSession, call: CallRecord, user_id: str, fields: dict[str, str], now: datetime
) -> None:
    """Keep what somebody has typed into a call's card; nothing typed is no draft. Their oldest ones are forgotten."""
    mine = (CallDraft.tenant_id == call.tenant_id, CallDraft.user_id == user_id)
    await session.execute(delete(CallDraft).where(*mine, CallDraft.saved_at < now - _DRAFTS_ARE_KEPT))
    if not any(fields.values()):
        await drop_draft(session, call.tenant_id, user_id, call.call_id)
        return
    kept = {"fields": fields, "saved_at": now}
    row = {"tenant_id": call.tenant_id, "user_id": user_id, "call_id": call.call_id} | kept
    await session.execute(
        insert(CallDraft)
        .values(row)
        .on_conflict_do_update(index_elements=["tenant_id", "user_id", "call_id"], set_=kept)
    )


async def drop_draft(session: AsyncSession, tenant_id: str, user_id: str | None, call_id: str) -> None:
    """Forget a draft: it was saved, or emptied."""
    await session.execute(
        delete(CallDraft).where(
            CallDraft.tenant_id == tenant_id, CallDraft.user_id == user_id, CallDraft.call_id == call_id
        )
    )
