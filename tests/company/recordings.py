"""Recordings of a company's in tests."""

from typing import Any

import httpx

from tests.api import API
from tests.audio.sound_files import tone


async def upload(api: httpx.AsyncClient, content: bytes | None = None, **fields: str) -> httpx.Response:
    """Send a recording's form; without other fields it is one of two seconds that says “Bonjour.” in French."""
    fields = {"name": "Welcome", "language": "fr", "text": "Bonjour."} | fields
    sound = tone("FLAC", seconds=2, rate=8000) if content is None else content
    return await api.post(f"{API}/audio", data=fields, files={"file": ("welcome.wav", sound, "audio/wav")})


async def recorded(api: httpx.AsyncClient, **fields: str) -> dict[str, Any]:
    """A recording that was taken."""
    answer = await upload(api, None, **fields)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body
