"""The hold music over HTTP. Providers cache it by its headers; the addresses carry no secret and never change."""

from fastapi import APIRouter, Response

from app.audio import HOLD_MUSIC, HOLD_MUSIC_PARTS, hold_music_part
from app.audio.sound_response import SoundResponse
from app.base.errors import NotFound
from app.base.problems.requests import RequestFault

router = APIRouter(prefix="/audio", include_in_schema=False)
_CACHED = {"Cache-Control": "public, max-age=86400"}


@router.api_route("/" + HOLD_MUSIC.name, methods=["GET", "HEAD"])
async def whole() -> SoundResponse:
    """One round."""
    return SoundResponse(HOLD_MUSIC, media_type="audio/wav", headers=_CACHED)


@router.api_route("/hold-music-{part}.wav", methods=["GET", "HEAD"])
async def part(part: int) -> Response:
    """A third of a round, counted from 1."""
    if not 1 <= part <= HOLD_MUSIC_PARTS:
        raise NotFound(RequestFault.NOT_FOUND)
    return Response(hold_music_part(part - 1), media_type="audio/wav", headers=_CACHED)
