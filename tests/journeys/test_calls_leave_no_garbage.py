"""What a call brings into memory goes away with its answer; a search for garbage would hold up the calls after it."""

import asyncio
import secrets
from urllib.parse import urlencode

import pytest
import uvicorn

from app.whole_answers import WholeAnswers
from simulator import sign
from tests import cast
from tests.garbage import left_for_the_collector
from tests.house import House

pytestmark = pytest.mark.anyio

CALLS = 60


async def test_calls_of_all_kinds_leave_nothing_to_the_garbage_collector(house: House) -> None:
    await house.add_operator()
    await house.add_manager()
    await house.add_vip()
    await house.add_blacklisted()
    server = uvicorn.Server(
        uvicorn.Config(house.app, port=0, http=WholeAnswers, log_config=None, lifespan="off", loop="none")
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        await _call(reader, writer, cast.UMA)  # what is made once
        with left_for_the_collector() as found:
            for turn in range(CALLS):
                await _call(reader, writer, (cast.VERA, cast.BORIS, cast.UMA)[turn % 3])
    finally:
        writer.close()
        await writer.wait_closed()
        server.should_exit = True
        await serving
    assert found[0] < CALLS


async def _call(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, caller: str) -> None:
    call = {
        "AccountSid": cast.ACCOUNT_SID, "CallSid": "CA" + secrets.token_hex(16), "CallStatus": "ringing",
        "From": caller, "To": cast.LINE,
    }  # fmt: skip
    for path, facts in (("/twilio/voice", call), ("/twilio/status", call | {"CallStatus": "completed"})):
        signature, body = sign(cast.AUTH_TOKEN, cast.BASE_URL + path, list(facts.items())), urlencode(facts)
        head = f"POST {path} HTTP/1.1\r\nHost: here\r\nX-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}"
        writer.write(f"{head}\r\n\r\n{body}".encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 20")
        await reader.readexactly(int(answer.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0))
