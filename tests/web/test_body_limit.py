"""Strangers bring little, whoever has a right brings more, nobody brings files."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.base import limits
from tests import cast
from tests.office import Office

pytestmark = pytest.mark.anyio
LITTLE, MUCH = limits.BODY_OF_A_STRANGER_BYTES, limits.BODY_BYTES


async def in_pieces(length: int) -> AsyncIterator[bytes]:
    for begin in range(0, length, 10_000):
        yield b"x" * min(10_000, length - begin)


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/blacklist", "/nowhere", "/settings/company"])
@pytest.mark.parametrize("chunked", [False, True])
async def test_strangers_get_413_above_64_kilobytes(office: Office, path: str, chunked: bool) -> None:
    async with httpx.AsyncClient(transport=office.transport, base_url=cast.BASE_URL) as stranger:
        body = in_pieces(LITTLE + 1) if chunked else b"x" * (LITTLE + 1)
        answer = await stranger.post(path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
        # Where nobody reads the body, it is not even counted.
        assert answer.status_code == 413 or (chunked and answer.status_code in {401, 404, 405})


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/blacklist", "/lists/vip/check"])
async def test_files_are_refused_before_anybody_looks_at_them(office: Office, path: str) -> None:
    async with httpx.AsyncClient(transport=office.transport, base_url=cast.BASE_URL) as stranger:
        for client in (office.api, stranger):
            answer = await client.post(path, files={"email": b"x" * 100})
            assert (answer.status_code, answer.headers["connection"]) == (415, "close")


@pytest.mark.parametrize("chunked", [False, True])
async def test_whoever_has_a_right_may_bring_more_but_not_everything(office: Office, chunked: bool) -> None:
    headers = {"Content-Type": "application/json"}
    for length, status in ((LITTLE + 1, 422), (MUCH + 1, 413)):
        body = in_pieces(length) if chunked else b"x" * length
        assert (await office.api.post("/api/v1/blacklist", content=body, headers=headers)).status_code == status
