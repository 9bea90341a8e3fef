"""``/voicemails``: messages that callers have left."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, and_, select

from app.audio.sound_response import SOUND_ANSWERS, SoundResponse
from app.auth.require import Board, Who
from app.auth.rights import can_read_lists
from app.auth.roles import Role
from app.voicemails.edit_voicemail import delete_voicemail, mark_heard, sound_of, visible_voicemail
from app.web.paging import Part, read_page
from app.web.resource import ItemId, Wanted, resource
from app.web.schema import Input, Page
from models import CallRecord, VoicemailRecord

router = resource("voicemails", "Messages that callers have left.", write=Role.OPERATOR)


class VoicemailOut(BaseModel):
    """A message."""

    id: str
    call_id: str
    from_: str | None = Field(serialization_alias="from", description="The caller's number; null where there is none.")
    client_id: str | None
    line_id: str | None
    at: datetime
    seconds: int
    heard: bool
    heard_by: str | None
    state: str = Field(description="`waiting` until the sound was fetched from the provider, `stored`, or `lost`.")


class VoicemailPatch(Input):
    """What can be changed of a message."""

    heard: bool = True


@router.get("", response_model_by_alias=True)
async def list_voicemails(
    board: Board, who: Who, page: Wanted, heard: Annotated[bool | None, Query()] = None
) -> Page[VoicemailOut]:
    """Messages, the newest first; those of blacklisted callers for supervisors only."""
    conditions: list[ColumnElement[bool]] = [VoicemailRecord.tenant_id == who.tenant_id]
    if not can_read_lists(who.role):
        conditions.append(VoicemailRecord.unheard_of.is_(False))
    if heard is not None:
        conditions.append(VoicemailRecord.heard_at.is_not(None) if heard else VoicemailRecord.heard_at.is_(None))
    newest_first = Part(with_calls().where(*conditions), (VoicemailRecord.received_at, VoicemailRecord.id))
    async with board.sessions() as session:
        found = await read_page(session, page, newest_first)
    return Page(items=[shown(row[0], row[1]) for row in found.items], next_cursor=found.after)


@router.get("/{item_id}")
async def get_voicemail(board: Board, who: Who, item_id: ItemId) -> VoicemailOut:
    """One message."""
    async with board.sessions() as session:
        record = await visible_voicemail(session, who, item_id)
        call = await session.get(CallRecord, {"tenant_id": who.tenant_id, "call_id": record.call_id})
    return shown(record, call)


@router.patch("/{item_id}")
async def update_voicemail(board: Board, who: Who, item_id: ItemId, form: VoicemailPatch) -> VoicemailOut:
    """Mark it as heard, or as not heard."""
    record = await mark_heard(board, who, item_id, heard=form.heard)
    async with board.sessions() as session:
        call = await session.get(CallRecord, {"tenant_id": who.tenant_id, "call_id": record.call_id})
    return shown(record, call)


@router.delete("/{item_id}", status_code=204)
async def remove_voicemail(board: Board, who: Who, item_id: ItemId) -> None:
    """Delete it with its sound, for good."""
    await delete_voicemail(board, who, item_id)


@router.head("/{item_id}/audio", include_in_schema=False)
@router.get("/{item_id}/audio", response_class=SoundResponse, responses=SOUND_ANSWERS)
async def get_voicemail_audio(board: Board, who: Who, item_id: ItemId) -> SoundResponse:
    """The sound as WAV, whole or the bytes that `Range` asks for."""
    return SoundResponse(await sound_of(board, who, item_id), media_type="audio/wav")


def with_calls() -> Select[VoicemailRecord, CallRecord]:
    """Messages with the calls in which they were left."""
    of_the_call = and_(CallRecord.tenant_id == VoicemailRecord.tenant_id, CallRecord.call_id == VoicemailRecord.call_id)
    return select(VoicemailRecord, CallRecord).outerjoin(CallRecord, of_the_call)


def shown(record: VoicemailRecord, call: CallRecord | None) -> VoicemailOut:
    """As the API answers it."""
    return VoicemailOut(
        id=record.id, call_id=record.call_id, from_=call.caller_number if call else None,
        client_id=call.client_id if call else None, line_id=call.line_id if call else None, at=record.received_at,
        seconds=record.seconds, heard=record.heard_at is not None, heard_by=record.heard_by, state=record.state,
    )  # fmt: skip
