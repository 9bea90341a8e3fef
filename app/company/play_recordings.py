"""Recordings as providers fetch them: at addresses that carry a name which nobody guesses, without any other secret, since
a provider sends none (twilio.com/docs/voice/twiml/play). Providers keep them by their headers."""

from typing import Final

from fastapi import APIRouter

from app.audio.sound_response import SoundResponse
from app.auth.require import Board
from app.base.errors import NotFound
from app.base.problems.requests import RequestFault
from app.company.keep_recordings import fetch_sound
from app.switchboard import Switchboard

router = APIRouter(prefix="/audio", include_in_schema=False)
_CACHED: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
"""A sound that replaces another has another name."""


@router.api_route("/{file}.wav", methods=["GET", "HEAD"])
async def play(board: Board, file: str) -> SoundResponse:
    """The sound, whole or in part."""
    return await sound_response(board, file, _CACHED)


async def sound_response(board: Switchboard, file: str, headers: dict[str, str]) -> SoundResponse:
    """A sound from this host's disk, which another host's may have to be fetched to. Raises :class:`NotFound`."""
    try:
        path = board.sounds.path(file)
    except ValueError as error:
        raise NotFound(RequestFault.NOT_FOUND) from error
    if not path.is_file():
        board.sounds.forget(file)
        if not await fetch_sound(board, file):
            raise NotFound(RequestFault.NOT_FOUND)
    return SoundResponse(path, media_type="audio/wav", headers=headers)
