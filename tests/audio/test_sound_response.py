"""Sounds over HTTP: what is asked for with ``Range``, and what is answered (RFC 9110, 14.2)."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from app.audio.sound_response import SoundResponse, ranges_of
from app.base.errors import Problem
from app.web.answer_problems import answer_problem

pytestmark = pytest.mark.anyio
SOUND = bytes(range(100))
UNREAD = [
    "bytes=abc", "items=0-3", "bytes=5-2", "bytes=", "bytes", "", "bytes=-", "bytes=0-3,abc", "bytes=--5", "bytes=5--2",
    "bytes=999-5", "bytes=1_0-20", "bytes=+1-3", "bytes=0-" + "9" * 5000, "0-3", "bytes=0–3".encode().decode("latin-1"),
]  # fmt: skip


async def asked(folder: Path, http_range: str, method: str = "GET", **headers: str) -> httpx.Response:
    path = folder / "sound.wav"
    path.write_bytes(SOUND)
    app = FastAPI(exception_handlers={Problem: answer_problem})

    @app.api_route("/", methods=["GET", "HEAD"])
    async def sound() -> SoundResponse:
        return SoundResponse(path, media_type="audio/wav")

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        sent = {"Range": http_range, **headers}
        return await client.request(
            method, "/", headers=[(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
        )


@pytest.mark.parametrize("http_range", UNREAD)
async def test_a_range_that_cannot_be_read_is_ignored(tmp_path: Path, http_range: str) -> None:
    answer = await asked(tmp_path, http_range)
    assert (answer.status_code, answer.content) == (200, SOUND)


@pytest.mark.parametrize(
    ("http_range", "part"),
    [
        ("bytes=0-3", SOUND[:4]), ("bytes=90-", SOUND[90:]), ("bytes=-5", SOUND[-5:]), ("bytes=-500", SOUND),
        ("Bytes = 98-500", SOUND[98:]), ("bytes=0-3,200-", SOUND[:4]), ("bytes=, 0-3 ,", SOUND[:4]),
    ],
)  # fmt: skip
async def test_a_part_is_answered(tmp_path: Path, http_range: str, part: bytes) -> None:
    answer = await asked(tmp_path, http_range)
    assert (answer.status_code, answer.content) == (206, part)
    assert (await asked(tmp_path, http_range, "HEAD")).content == b""


@pytest.mark.parametrize("http_range", ["bytes=100-", "bytes=-0", "bytes=200-300,400-"])
async def test_a_range_behind_the_end_is_a_problem(tmp_path: Path, http_range: str) -> None:
    answer = await asked(tmp_path, http_range)
    assert (answer.status_code, answer.headers["Content-Type"]) == (416, "application/problem+json")
    assert (answer.headers["Content-Range"], answer.json()["code"]) == ("bytes */100", "range-not-satisfiable")
    # Of another sound than the one that was begun, the whole is sent.
    assert (await asked(tmp_path, http_range, **{"If-Range": '"another"'})).status_code == 200


async def test_several_parts_come_in_one_answer(tmp_path: Path) -> None:
    answer = await asked(tmp_path, "bytes=0-3,90-91")
    assert answer.status_code == 206
    assert answer.headers["Content-Type"].startswith("multipart/byteranges")


@given(st.text(st.characters(max_codepoint=255)))
def test_whatever_is_asked_for_is_read_or_ignored(http_range: str) -> None:
    assert all("-" in one for one in ranges_of(http_range))
