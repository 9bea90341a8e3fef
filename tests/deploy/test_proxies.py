"""A call, a page, the event stream and the booth come through the proxies that ``deploy/`` describes."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Origin

from simulator import sign
from tests import cast
from tests.deploy.proxy import HOST, PUBLIC, Proxy, running_proxy
from tests.office import Office, open_office
from tests.served import serve

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(database_url: str, data_dir: Path) -> AsyncIterator[Office]:
    """An office whose public address is the proxy's."""
    async with open_office(database_url, data_dir, public_base_url=PUBLIC) as opened:
        yield opened


@pytest.fixture(params=["nginx", "caddy"])
async def proxy(request: pytest.FixtureRequest, office: Office, tmp_path: Path) -> AsyncIterator[Proxy]:
    """The proxy before the served office."""
    async with serve(office) as served:
        port = httpx.URL(served.url).port
        assert port is not None
        with running_proxy(request.param, tmp_path, port) as running:
            yield running


async def call(client: httpx.AsyncClient, caller: str, sid: str = "CA" + "7" * 32) -> httpx.Response:
    """A webhook signed over the public address."""
    values = {
        "AccountSid": cast.ACCOUNT_SID, "CallSid": sid, "CallStatus": "ringing", "From": caller, "To": cast.LINE,
    }  # fmt: skip
    signature = sign(cast.AUTH_TOKEN, f"{PUBLIC}/twilio/voice", list(values.items()))
    return await client.post("/twilio/voice", data=values, headers={"X-Twilio-Signature": signature})


async def test_a_signed_call_and_a_page_come_through(proxy: Proxy) -> None:
    async with proxy.client() as client:
        answered = await call(client, cast.UMA)
        assert (answered.status_code, "<Enqueue" in answered.text) == (200, True), answered.text
        assert f"{PUBLIC}/twilio/step" in answered.text
        assert (await client.get("/health/live")).json() == {"status": "live"}
        page = await client.get("/sign-in")
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")


async def test_what_a_caller_of_the_proxy_says_of_the_way_is_not_passed_on(proxy: Proxy, office: Office) -> None:
    seen: list[str] = []

    async def note(request: httpx.Request) -> None:
        seen.append(request.url.path)

    async with proxy.client(**{"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Host": "evil.example"}) as client:
        client.event_hooks["request"] = [note]
        assert (await call(client, cast.UMA)).status_code == 200
    assert seen == ["/twilio/voice"]


async def test_events_arrive_while_the_stream_is_open(proxy: Proxy, office: Office) -> None:
    headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {office.company.api_key}"}
    async with proxy.client() as client, client.stream("GET", "/events", headers=headers) as stream:
        assert stream.status_code == 200
        assert "content-encoding" not in stream.headers
        async with proxy.client() as provider:
            assert (await call(provider, cast.UMA)).status_code == 200
        async with asyncio.timeout(5):
            async for line in stream.aiter_lines():
                if line.startswith("data:") and "call.incoming" in line:
                    break


async def test_the_booth_opens(proxy: Proxy, office: Office) -> None:
    async with proxy.client() as client:
        signed_in = await client.post(
            "/sign-in", data={"email": cast.ADAM_EMAIL, "password": cast.ADAM_PASSWORD}, headers={"Origin": PUBLIC}
        )
        assert signed_in.status_code == 303, signed_in.text
        cookie = signed_in.headers["set-cookie"].partition(";")[0]
        booth = await client.get("/booth", headers={"Cookie": cookie})
        token = re.search(r'data-token="([^"]+)"', booth.text)
        assert token is not None
    async with connect(
        f"wss://{HOST}/booth/line", host="127.0.0.1", port=proxy.port, ssl=proxy.trusted, server_hostname=HOST,
        additional_headers={"Cookie": cookie}, origin=Origin(PUBLIC), proxy=None,
    ) as line:  # fmt: skip
        await line.send(token[1])
        async with asyncio.timeout(5):
            assert json.loads(await line.recv())["is"] == "open"
