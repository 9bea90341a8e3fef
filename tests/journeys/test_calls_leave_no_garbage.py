"""What a call brings into memory goes away with its answer; a search for garbage would hold up the calls after it."""

import secrets
from urllib.parse import urlencode

import pytest

from simulator import sign
from tests import cast
from tests.connection import Connection, connected, serving
from tests.garbage import left_for_the_collector
from tests.office import Office

pytestmark = pytest.mark.anyio

CALLS = 60


async def test_calls_of_all_kinds_leave_nothing_to_the_garbage_collector(office: Office) -> None:
    await office.add_operator()
    await office.add_manager()
    await office.add_vip()
    await office.add_blacklisted()
    async with serving(office.app) as port, connected(port) as connection:
        await _call(connection, cast.UMA)  # what is made once
        with left_for_the_collector() as found:
            for turn in range(CALLS):
                await _call(connection, (cast.VERA, cast.BORIS, cast.UMA)[turn % 3])
    assert found[0] < CALLS


async def _call(connection: Connection, caller: str) -> None:
    call = {
        "AccountSid": cast.ACCOUNT_SID, "CallSid": "CA" + secrets.token_hex(16), "CallStatus": "ringing",
        "From": caller, "To": cast.LINE,
    }  # fmt: skip
    for path, facts in (("/twilio/voice", call), ("/twilio/status", call | {"CallStatus": "completed"})):
        signature, body = sign(cast.AUTH_TOKEN, cast.BASE_URL + path, list(facts.items())), urlencode(facts)
        head = f"POST {path} HTTP/1.1\r\nHost: here\r\nX-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}"
        answer, _ = await connection.answer(f"{head}\r\n\r\n{body}".encode())
        assert answer.startswith(b"HTTP/1.1 20")
