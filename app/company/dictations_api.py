"""``/audio/record``: a recording is made by telephone."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

from app.auth.require import Board, Who
from app.base import limits
from app.base.errors import NotFound
from app.base.problems.audio import AudioFault
from app.base.problems.requests import RequestFault
from app.company.dictation import DictationIn, begin_dictation, dictation_of
from app.web.resource import resource
from app.web.schema import Stored
from app.words.problems.audio import audio_words
from models import Dictation
from models.dictation import DictationState

_BEGUN = Annotated[str, Path(max_length=limits.ROW_ID, description="The id that POST has answered with.")]
router = resource("audio", "")


class DictationOut(Stored):
    """A recording that is being made by telephone."""

    state: DictationState = Field(
        description="`stored`: it is the recording `audio_id`; `failed`: `why` there is none."
    )
    name: str
    language: str
    text: str
    audio_id: str | None
    why: str | None = Field(description="For people, in the language of the request.")


@router.post("/record", status_code=202)
async def record_audio(board: Board, who: Who, form: DictationIn) -> DictationOut:
    """Ring a number or an operator: they hear a tone, speak, and hang up, and what they said becomes a recording some
    seconds later."""
    return shown(await begin_dictation(board, who, form))


@router.get("/record/{item_id}")
async def get_audio_record(board: Board, who: Who, item_id: _BEGUN) -> DictationOut:
    """How far it is."""
    row = await dictation_of(board, who.tenant_id, item_id)
    if row is None:
        raise NotFound(RequestFault.NOT_FOUND)
    return shown(row)


def shown(row: Dictation) -> DictationOut:
    """As the API tells it."""
    return DictationOut(
        id=row.id, created_at=row.created_at, state=DictationState(row.state), name=row.name, language=row.language,
        text=row.text, audio_id=row.audio_id, why=why_failed(row) or None,
    )  # fmt: skip


def why_failed(row: Dictation) -> str:
    """Why nothing came of it, in a sentence; empty where something may."""
    if row.state != DictationState.FAILED.value:
        return ""
    known = AudioFault.__members__.get(row.fault.upper(), AudioFault.NOBODY_SPOKE)
    return audio_words(known)
