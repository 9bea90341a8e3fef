"""``/audio``: recordings that callers hear in the place of a text."""

import secrets
from dataclasses import dataclass
from typing import Final

import structlog
from fastapi import Request, Response
from pydantic import Field
from sqlalchemy import delete, func, select
from starlette.datastructures import UploadFile

from app.audio.conversion import seconds_of
from app.audio.sound_response import SOUND_ANSWERS, SoundResponse
from app.auth.require import Board, Who
from app.base import limits
from app.base.errors import Conflict, TooLarge, Unprocessable
from app.base.language import LANGUAGES
from app.base.problems.audio import AudioFault, AudioTooLarge, AudioTooMany
from app.company.play_recordings import sound_response
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.plan.rows import Row
from app.switchboard import Switchboard
from app.web.posting import Posting
from app.web.resource import ItemId, Resource, read_row
from app.web.schema import Input, Language, Name, Stored, validated
from models import AudioFile, AudioRecord

_FIELDS: Final = 10
log = structlog.get_logger(__name__)


class AudioIn(Input):
    """What a recording is called and says."""

    name: Name = Field(examples=["Welcome"])
    language: Language = Field(examples=["fr"])
    text: str = Field(
        min_length=1, max_length=limits.TEXT, pattern=r"\S", examples=["Bonjour, vous êtes chez Maison Vera."],
        description="What it says. It is read out wherever the sound cannot be had, so that callers never hear silence.",
    )  # fmt: skip


class AudioOut(Stored):
    """A recording."""

    name: str
    language: str
    text: str
    seconds: int = Field(description="How long it lasts.")
    reference: str = Field(
        examples=["audio:01kfx3v9q2abcdefghjk"],
        description="Written where a text may stand (a greeting, a prompt, one of `/texts`), the recording is played there.",
    )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent with a form, empty when none was chosen, and the form's other ``fields``."""

    content: bytes
    file_name: str
    fields: dict[str, str]

    def chosen(self) -> bytes:
        """The file's content. Raises :class:`Unprocessable` when none was chosen."""
        if not self.content and not self.file_name:
            raise Unprocessable(AudioFault.FILE_MISSING, field="file")
        return self.content


class Recordings(Resource[AudioRecord]):
    """A row beside its sound."""

    def shown(self, row: Row) -> Row:
        """With what texts name it by."""
        return row | {"reference": AudioRecord.reference_to(row["id"])}

    async def add(self, edit: Edit, board: Switchboard, fields: Row, sound: bytes) -> Row:
        """Add a recording whose ``sound`` has been converted. Raises :class:`app.base.errors.Problem`."""
        await take_turn(edit)
        mine = select(func.count()).where(AudioRecord.tenant_id == edit.tenant_id)
        if (await edit.session.scalar(mine) or 0) >= limits.RECORDINGS:
            raise Conflict(AudioTooMany(limits.RECORDINGS))
        file = secrets.token_hex(16)
        row = await self.save(edit, fields | {"seconds": seconds_of(sound), "file": file})
        await _store(edit, board, row["id"], file, sound)
        return row

    async def replace_sound(self, edit: Edit, board: Switchboard, audio_id: str, sound: bytes) -> Row:
        """Give a recording another sound, under another name. Raises :class:`app.base.errors.NotFound`."""
        await take_turn(edit)
        await find_or_404(edit, self.model, audio_id)
        old = (AudioFile.tenant_id == edit.tenant_id, AudioFile.audio_id == audio_id)
        await edit.session.execute(delete(AudioFile).where(*old))
        file = secrets.token_hex(16)
        row = await self.save(edit, {"seconds": seconds_of(sound), "file": file}, audio_id)
        await _store(edit, board, audio_id, file, sound)
        return row


async def _store(edit: Edit, board: Switchboard, audio_id: str, file: str, sound: bytes) -> None:
    edit.session.add(AudioFile(tenant_id=edit.tenant_id, file=file, audio_id=audio_id, content=sound))
    await edit.session.flush()
    try:
        await board.sounds.keep(file, sound)
    except OSError as error:  # the words are said until there is room again
        log.warning("recording.not_kept", error=type(error).__name__)


async def read_upload(request: Request) -> Upload:
    """The form of a request whose field ``file`` is a file. Raises :class:`TooLarge`."""
    await request.body()  # once read it can be read again, by which a repetition of the request is known
    async with request.form(max_files=1, max_fields=_FIELDS, max_part_size=limits.BODY_OF_A_STRANGER_BYTES) as form:
        file = form.get("file")
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        if not isinstance(file, UploadFile):
            return Upload(b"", "", fields)
        content = await file.read()
        if len(content) > limits.AUDIO_BYTES:
            raise TooLarge(AudioTooLarge(limits.AUDIO_BYTES >> 20), field="file")
        return Upload(content, file.filename or "", fields)


def fields_of(upload: Upload) -> Row:
    """What the form says of the recording; without a name it has the file's. Raises :class:`Unprocessable`."""
    fields: dict[str, object] = {name: upload.fields.get(name, "").strip() for name in AudioIn.model_fields}
    fields["name"] = fields["name"] or upload.file_name.strip()[: limits.NAME]
    return validated(AudioIn, fields).model_dump()


AUDIO = Recordings(
    AudioRecord, AudioIn, "audio", many="audio", out=AudioOut, finds=[AudioRecord.name, AudioRecord.text],
    about="Recordings that callers hear in the place of a text.", lists="All recordings.", reads="One recording.",
    changes="Change the fields that are given.", deletes="Delete a recording that no text names.",
)  # fmt: skip

_BINARY: Final = {
    "type": "string", "format": "binary",
    "description": f"WAV, MP3, OGG, FLAC or M4A, at most {limits.AUDIO_BYTES >> 20} MiB and ten minutes.",
}  # fmt: skip


def _form(*required: str, **properties: object) -> dict[str, object]:
    schema = {"type": "object", "required": ["file", *required], "properties": {"file": _BINARY, **properties}}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


_WORDS: Final = {"type": "string", "minLength": 1}


@AUDIO.router.post(
    "", status_code=201, response_model=AudioOut,
    openapi_extra=_form(
        "language", "text",
        name=_WORDS | {"maxLength": limits.NAME, "description": "Default: the file's name."},
        language={"type": "string", "enum": sorted(LANGUAGES)},
        text=_WORDS | {"maxLength": limits.TEXT, "description": "What it says."},
    ),
)  # fmt: skip
async def create_audio(request: Request, post: Posting) -> Response:
    """Upload a recording. It becomes what telephones carry (8 kHz, one channel), as loud as a voice."""
    upload = await read_upload(request)
    sound_file, fields = upload.chosen(), fields_of(upload)
    sound = await post.board.conversion.convert(sound_file)

    async def make(edit: Edit) -> AudioOut:
        return AudioOut.model_validate(AUDIO.shown(await AUDIO.add(edit, post.board, fields, sound)))

    return await post.once(make)


@AUDIO.router.put("/{item_id}/audio", response_model=AudioOut, openapi_extra=_form())
async def replace_audio_sound(request: Request, board: Board, who: Who, response: Response, item_id: ItemId) -> Row:
    """Replace the sound; whatever names the recording plays the new one from the next call on."""
    await read_row(board, who, AudioRecord, item_id)
    sound = await board.conversion.convert((await read_upload(request)).chosen())
    async with confirmed_edit(board, who, response) as edit:
        return AUDIO.shown(await AUDIO.replace_sound(edit, board, item_id, sound))


@AUDIO.router.head("/{item_id}/audio", include_in_schema=False)
@AUDIO.router.get("/{item_id}/audio", response_class=SoundResponse, responses=SOUND_ANSWERS)
async def get_audio_sound(board: Board, who: Who, item_id: ItemId) -> SoundResponse:
    """Hear it: the sound as callers get it, whole or the bytes that `Range` asks for."""
    row = await read_row(board, who, AudioRecord, item_id)
    return await sound_response(board, row["file"], {"Cache-Control": "private, no-cache"})
