"""Calls that nobody recorded are filled in from the provider's list."""

from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import select

from app.answering.fill_gaps import fill_gaps
from models import CallEvent
from simulator import Call
from tests import cast
from tests.api import API
from tests.office import Office

pytestmark = pytest.mark.anyio


async def unrecorded(office: Office, caller: str) -> Call:
    """A call while nobody of ours could be reached."""
    reached, office.phones.http = office.phones.http, httpx.AsyncClient(
        transport=httpx.MockTransport(lambda request: httpx.Response(502))
    )  # fmt: skip
    call = await office.phones.place_call(caller, cast.LINE)
    await call.ended()
    await office.phones.http.aclose()
    office.phones.http = reached
    return call


async def test_a_call_that_met_nobody_is_filled_in_and_says_so(office: Office) -> None:
    call = await unrecorded(office, cast.UMA)
    assert (await office.api.get(f"{API}/calls/{call.sid}")).status_code == 404
    assert await fill_gaps(office.board) == 0  # its own record may still be on the way
    await office.phones.let_pass(1500)
    assert await fill_gaps(office.board) == 1
    await office.settled()
    filled = (await office.api.get(f"{API}/calls/{call.sid}")).json()
    assert (filled["reason"]["code"], filled["state"], filled["caller"]["number"]) == (
        "not_recorded",
        "ended",
        cast.UMA,
    )
    assert "provider's list" in filled["reason"]["text"]
    assert await fill_gaps(office.board) == 0


async def test_what_was_recorded_is_left_alone(office: Office) -> None:
    await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(30)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.ended()
    await office.settled()
    await office.phones.let_pass(1500)
    assert await fill_gaps(office.board) == 0


async def test_boris_is_filled_in_as_blacklisted(office: Office) -> None:
    await office.add_blacklisted()
    call = await unrecorded(office, cast.BORIS)
    await office.phones.let_pass(1500)
    assert await fill_gaps(office.board) == 1
    await office.settled()
    filled = (await office.api.get(f"{API}/calls/{call.sid}")).json()
    assert filled["reason"]["code"] == "blacklisted"
    assert filled["decision"]["trace"][0]["found"] == "not_recorded"


async def test_a_vip_who_is_filled_in_is_a_missed_vip(office: Office) -> None:
    await office.add_vip()
    call = await unrecorded(office, cast.VERA)
    await office.phones.let_pass(1500)
    assert await fill_gaps(office.board) == 1
    await office.settled()
    filled = (await office.api.get(f"{API}/calls/{call.sid}")).json()
    assert (filled["reason"]["code"], filled["decision"]["trace"][0]["found"]) == ("vip", "not_recorded")
    assert filled["reason"]["text"].startswith("VIP: ")
    assert "provider's list" in filled["reason"]["text"]
    (task,) = (await office.api.get(f"{API}/callbacks")).json()["items"]
    ended = datetime.fromisoformat(filled["ended_at"])
    assert (task["reason"], datetime.fromisoformat(task["due_at"]) - ended) == ("missed_vip", timedelta(minutes=15))
    assert (await office.api.get(f"{API}/live")).json()["today"]["missed_vips"] == 1
    async with office.board.sessions() as session:
        told = await session.scalars(select(CallEvent.kind).where(CallEvent.call_id == call.sid))
        assert "vip.missed" in set(told)


async def test_one_of_our_own_numbers_is_filled_in_as_no_vip(office: Office) -> None:
    await office.add_vip("+33199", match="prefix", label="Paris")
    call = await unrecorded(office, cast.LINE)
    await office.phones.let_pass(1500)
    assert await fill_gaps(office.board) == 1
    await office.settled()
    assert (await office.api.get(f"{API}/calls/{call.sid}")).json()["reason"]["code"] == "not_recorded"


async def test_the_true_record_takes_the_place_of_the_filled_one(office: Office) -> None:
    call = await unrecorded(office, cast.UMA)
    await office.phones.let_pass(1500)
    await fill_gaps(office.board)
    await office.settled()
    await office.webhook("/twilio/voice", cast.UMA, CallSid=call.sid)
    office.board.open_calls._answers.clear()
    await office.webhook("/twilio/voice", cast.UMA, CallSid=call.sid)
    await office.settled()
    assert (await office.api.get(f"{API}/calls/{call.sid}")).json()["reason"]["code"] != "not_recorded"


async def test_while_the_list_cannot_be_had_the_time_is_not_forgotten(office: Office) -> None:
    await unrecorded(office, cast.UMA)
    await office.phones.let_pass(1500)
    office.phones.trouble.away = True
    assert await fill_gaps(office.board) == 0
    office.phones.trouble.away = False
    await office.phones.let_pass(40_000)
    assert await fill_gaps(office.board) == 1
