"""Store the answer to a question: whether the program is well, and what it said about a caller who still has that number."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.look_ups.ask import Asked, Question
from app.look_ups.read_answer import CardAnswer
from models import CallRecord, LookUpAnswer, LookUpRecord
from models.look_up import AnswerFault

RESTS_AFTER: Final = 5
"""Failures in a row."""
REST: Final = timedelta(minutes=1)
_SAYS_THAT_IT_LIVES: Final = frozenset({AnswerFault.UNREADABLE, AnswerFault.TOO_LARGE})
"""Nonsense in time is no reason not to ask about the next caller."""


async def note_asked(session: AsyncSession, look_up: LookUpRecord, asked: Asked, now: datetime) -> LookUpRecord | None:
    """Note how it went, as the last answer. Returns the row as it is now, locked until the end of the transaction; None when
    there is none any more, or when by now it means another program, of which this says nothing."""
    key = {"tenant_id": look_up.tenant_id, "id": look_up.id}
    record = await session.get(LookUpRecord, key, with_for_update=True, populate_existing=True)
    if record is None or record.url != look_up.url:
        return None
    record.last_at, record.last_status = now, asked.status
    record.last_fault, record.last_milliseconds = asked.fault, asked.milliseconds
    if asked.fault is None or asked.fault in _SAYS_THAT_IT_LIVES:
        record.failures, record.rests_until = 0, None
    else:
        record.failures += 1
        if record.failures >= RESTS_AFTER:
            record.rests_until = now + REST
    return record


async def is_still_theirs(session: AsyncSession, tenant_id: str, question: Question) -> bool:
    """Whether the call is still known by the number that was asked about. The caller may have been erased while the program
    was thinking: an erasure takes the number from the call, which is locked here until the end of the transaction, so that
    one of the two sees the other. Ask this before anything else is locked."""
    number = select(CallRecord.caller_number).where(
        CallRecord.tenant_id == tenant_id, CallRecord.call_id == question.call_id
    )
    return await session.scalar(number.with_for_update(read=True)) == question.number


async def keep_answer(
    session: AsyncSession, look_up: LookUpRecord, number: str, answer: CardAnswer, now: datetime
) -> None:
    """Keep what was said about ``number``, for the cards of calls from it, in the place of what was said before."""
    said = {"fields": [asdict(one) for one in answer.fields], "asked_at": now}
    row = {"tenant_id": look_up.tenant_id, "look_up_id": look_up.id, "number": number} | said
    await session.execute(
        insert(LookUpAnswer)
        .values(row)
        .on_conflict_do_update(index_elements=["tenant_id", "number", "look_up_id"], set_=said)
    )
