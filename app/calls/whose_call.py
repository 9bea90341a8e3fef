"""Whose call it is: one home for the rule. It stands in the call's ``client_id``: the client whom somebody has named, while
it went on or later; else the one who used the number when it came in. What has followed from the call goes with it."""

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.calls.call_notes import note_call
from models import Callback, CallNote, CallRecord, ClientCard, ClientNumber, GoneClient, Matter


async def note_who_called(
    session: AsyncSession, call: CallRecord, client_id: str | None, *, somebody_else: bool = False
) -> None:
    """Somebody has said who called: this client, or ``somebody_else`` than the clients who use the number. With neither,
    what was said is taken back, and the number tells."""
    await _whose_now(session, call)  # before the note, as whoever stores what became of calls locks them
    await note_call(session, call, client_id=client_id, somebody_else=somebody_else)
    whose = client_id if client_id is not None or somebody_else else await _only_user(session, call)
    await give_call(session, call, whose)


async def give_call(session: AsyncSession, call: CallRecord, client_id: str | None) -> None:
    """The call is this client's from now on (None: nobody's), with the matters and call-backs that it led to and that were
    whose the call was."""
    was = await _whose_now(session, call)
    if was == client_id:
        return
    await session.execute(update(CallRecord).where(*_key(call)).values(client_id=client_id))
    for model in (Matter, Callback):
        followed = (model.tenant_id == call.tenant_id, model.call_id == call.call_id)
        await session.execute(
            update(model).where(*followed, model.client_id.is_not_distinct_from(was)).values(client_id=client_id)
        )


def left_to_number(calls: type[CallRecord]) -> ColumnElement[bool]:
    """Whether the number alone tells whose a call is: it is nobody's by its ``client_id``, and nobody has said that it was
    somebody else. One of a client who is gone is nobody's, unless they were merged into another."""
    card, gone, note = aliased(ClientCard), aliased(GoneClient), aliased(CallNote)
    is_there = select(card.id).where(card.tenant_id == calls.tenant_id, card.id == calls.client_id).exists()
    is_merged = (
        select(gone.client_id)
        .where(gone.tenant_id == calls.tenant_id, gone.client_id == calls.client_id, gone.into_id.is_not(None))
        .exists()
    )
    is_somebody_else = (
        select(note.call_id)
        .where(note.tenant_id == calls.tenant_id, note.call_id == calls.call_id, note.somebody_else)
        .exists()
    )
    return and_(or_(calls.client_id.is_(None), and_(~is_there, ~is_merged)), ~is_somebody_else)


def _key(call: CallRecord) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return CallRecord.tenant_id == call.tenant_id, CallRecord.call_id == call.call_id


async def _whose_now(session: AsyncSession, call: CallRecord) -> str | None:
    """The call is locked until the end of the transaction."""
    query = select(CallRecord.client_id).where(*_key(call))
    return await session.scalar(query.with_for_update(key_share=True))


async def _only_user(session: AsyncSession, call: CallRecord) -> str | None:
    users = await session.scalars(
        select(ClientNumber.client_id)
        .where(ClientNumber.tenant_id == call.tenant_id, ClientNumber.number == call.caller_number)
        .limit(2)
    )
    match users.all():
        case [one]:
            return one
        case _:
            return None
