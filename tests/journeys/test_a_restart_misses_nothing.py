"""The real process, killed and restarted: programs and panels that reconnect get every event once, in order."""

import json
import secrets
from pathlib import Path

import httpx
import pytest

from simulator import sign
from tests import cast
from tests.cli.test_cli import SETUP
from tests.command import run_command
from tests.service import Service, running_service

pytestmark = pytest.mark.anyio


async def ring(service: Service, caller: str) -> str:
    call_id = "CA" + secrets.token_hex(16)
    values = {
        "AccountSid": cast.ACCOUNT_SID, "CallSid": call_id, "CallStatus": "ringing", "From": caller, "To": cast.LINE,
    }  # fmt: skip
    url = f"{service.base_url}/twilio/voice"
    async with httpx.AsyncClient() as provider:
        signature = sign(cast.AUTH_TOKEN, url, list(values.items()))
        answer = await provider.post(url, data=values, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 200
    assert "<Response>" in answer.text
    return call_id


async def events(service: Service, key: str, last_id: str | None, wanted: int) -> list[tuple[str, str, str]]:
    """The next ``wanted`` call events: id, type and call id."""
    headers = {"Authorization": f"Bearer {key}", "Accept": "text/event-stream"}
    if last_id is not None:
        headers["Last-Event-ID"] = last_id
    seen: list[tuple[str, str, str]] = []
    position = ""
    async with (
        httpx.AsyncClient(timeout=20) as client,
        client.stream("GET", f"{service.base_url}/events", headers=headers) as stream,
    ):
        assert stream.status_code == 200
        async for line in stream.aiter_lines():
            if line.startswith("id:"):
                position = line.removeprefix("id:").strip()
            if line.startswith("data:") and '"call.' in line:
                event = json.loads(line.removeprefix("data:"))
                seen.append((position, event["type"], event["call"]["id"]))
                if len(seen) == wanted:
                    return seen
    return seen


async def test_three_calls_missed_by_a_client_come_once_each_in_order(database_url: str, data_dir: Path) -> None:
    async with running_service(data_dir, database_url) as service:
        made = json.loads(run_command(*SETUP, env=service.env).stdout)
        beginning = await epoch_start(service, made["api_key"])
        first = await ring(service, cast.UMA)
        missed = [await ring(service, f"+3363998006{n}") for n in range(3)]
        await service.kill()
        await service.start()
        replayed = await events(service, made["api_key"], beginning, 4)
        assert [call for _, _, call in replayed] == [first, *missed]
        assert {kind for _, kind, _ in replayed} == {"call.incoming"}
        again = await events(service, made["api_key"], replayed[0][0], 3)
        assert [call for _, _, call in again] == missed


async def epoch_start(service: Service, key: str) -> str:
    """The id before the first event, from the stream's greeting."""
    headers = {"Authorization": f"Bearer {key}", "Accept": "text/event-stream"}
    async with (
        httpx.AsyncClient(timeout=20) as client,
        client.stream("GET", f"{service.base_url}/events", headers=headers) as stream,
    ):
        async for line in stream.aiter_lines():
            if line.startswith("data:") and "pos" in line:
                position: str = json.loads(line.removeprefix("data:"))["pos"]
                return position.rpartition("-")[0] + "-0"
    raise AssertionError("the stream did not say where it stands")


async def test_an_open_stream_does_not_hold_up_the_end(database_url: str, data_dir: Path) -> None:
    async with running_service(data_dir, database_url) as service:
        made = json.loads(run_command(*SETUP, env=service.env).stdout)
        headers = {"Authorization": f"Bearer {made['api_key']}", "Accept": "text/event-stream"}
        async with (
            httpx.AsyncClient(timeout=20) as client,
            client.stream("GET", f"{service.base_url}/events", headers=headers) as stream,
        ):
            assert stream.status_code == 200
            assert await service.stop() < 3
