"""What operators do with running calls, in whole calls: with the provider's REST API, and while it is away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.auth.roles import Role
from app.providers.twilio import TWILIO
from models import CallEvent
from simulator import Call, ConnectedTo, Played, Queued
from simulator.interruptions import LineHungUp
from tests import cast
from tests.api import API, fault, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
OUTSIDE = "+33639980077"
OLGA, OSCAR = cast.OLGA, cast.OSCAR


@dataclass(slots=True)
class Desks:
    """Olga and Oscar, each with a telephone and a browser."""

    office: Office
    olga_id: str
    oscar_id: str
    olga: httpx.AsyncClient
    oscar: httpx.AsyncClient

    async def do(self, who: httpx.AsyncClient, call: Call, what: str, **body: Any) -> httpx.Response:
        """An action of theirs, once everybody knows how the call stands."""
        await self.office.settled()
        return await who.post(f"{API}/calls/{call.sid}/{what}", json=body or None)

    async def record(self, call: Call) -> dict[str, Any]:
        await self.office.settled()
        return dict((await self.office.api.get(f"{API}/calls/{call.sid}")).json())

    async def kinds(self, call: Call) -> list[str]:
        await self.office.settled()
        async with self.office.board.sessions() as session:
            of_the_call = select(CallEvent.kind).where(CallEvent.call_id == call.sid).order_by(CallEvent.position)
            return list(await session.scalars(of_the_call))


@pytest.fixture
async def desks(office: Office) -> AsyncIterator[Desks]:
    async with desks_in(office) as there:
        yield there


@asynccontextmanager
async def desks_in(office: Office) -> AsyncIterator[Desks]:
    olga = await office.add_operator()
    oscar = await office.add_operator(OSCAR, name="Oscar", queue_ids=[])
    office.phones.phone(OLGA).answers_after(3).talks_for(600)
    office.phones.phone(OSCAR).answers_after(4).talks_for(600)
    async with (
        signed_in(office, Role.OPERATOR, olga["id"]) as at_olgas,
        signed_in(office, Role.OPERATOR, oscar["id"]) as at_oscars,
    ):
        yield Desks(office, olga["id"], oscar["id"], at_olgas, at_oscars)


async def uma_talks_to_olga(desks: Desks) -> Call:
    call = await desks.office.phones.place_call(cast.UMA, cast.LINE)
    await call.hears(ConnectedTo)
    assert call.connected_to == OLGA
    return call


async def test_olga_takes_a_call_that_waits(desks: Desks) -> None:
    desks.office.phones.phone(OLGA).busy()
    call = await desks.office.phones.place_call(cast.UMA, cast.LINE)
    await desks.office.phones.let_pass(20)
    answer = await desks.do(desks.oscar, call, "take")
    assert (answer.status_code, answer.json()) == (200, {"when": "now"})
    await call.hears(ConnectedTo)
    assert call.connected_to == OSCAR
    assert (await desks.record(call))["answered_by"] == desks.oscar_id
    assert call.errors == []


async def test_without_the_api_a_call_is_taken_at_the_next_tick(desks: Desks) -> None:
    desks.office.phones.phone(OLGA).busy()
    call = await desks.office.phones.place_call(cast.UMA, cast.LINE)
    await desks.office.phones.let_pass(20)
    desks.office.phones.trouble.away = True
    assert (await desks.do(desks.oscar, call, "take")).json() == {"when": "soon"}
    began = call.age
    await call.hears(ConnectedTo)
    assert call.connected_to == OSCAR
    assert call.age - began < 60
    assert call.errors == []


async def test_a_transfer_rings_the_other_and_olga_is_free(desks: Desks) -> None:
    call = await uma_talks_to_olga(desks)
    answer = await desks.do(desks.olga, call, "transfer", to={"operator_id": desks.oscar_id})
    assert (answer.status_code, answer.json()) == (200, {"when": "now"}), answer.text
    await desks.office.phones.let_pass(1)
    assert desks.office.phones.phone(OLGA).calls == 0
    assert not call.is_over
    await call.hears(ConnectedTo)
    assert call.connected_to == OSCAR
    assert (await desks.record(call))["answered_by"] == desks.oscar_id
    assert "call.transferred" in await desks.kinds(call)
    await call.hang_up()
    assert call.errors == []


async def test_a_transfer_that_nobody_takes_comes_back(desks: Desks) -> None:
    desks.office.phones.phone(OSCAR).never_answers()
    call = await uma_talks_to_olga(desks)
    await desks.do(desks.olga, call, "transfer", to={"operator_id": desks.oscar_id})
    await call.hears(ConnectedTo)
    assert call.connected_to == OLGA
    assert (await desks.record(call))["answered_by"] == desks.olga_id
    assert call.errors == []


async def test_a_transfer_to_a_queue_waits_there(desks: Desks) -> None:
    call = await uma_talks_to_olga(desks)
    desks.office.phones.phone(OLGA).never_answers()
    answer = await desks.do(desks.olga, call, "transfer", to={"queue_id": desks.office.company.queue_id})
    assert answer.status_code == 200, answer.text
    await call.hears(Queued)
    assert call.errors == []


async def test_a_transfer_to_an_outside_number_obeys_the_companys_countries(desks: Desks) -> None:
    call = await uma_talks_to_olga(desks)
    for number in ("+447700900123", "+33899123456", cast.LINE, "12"):
        refused = await desks.do(desks.olga, call, "transfer", to={"number": number})
        assert fault(refused) == (422, "unprocessable", "to"), number
    desks.office.phones.phone(OUTSIDE).answers_after(3).talks_for(20)
    assert (await desks.do(desks.olga, call, "transfer", to={"number": "06 39 98 00 77"})).status_code == 200
    await call.ended()
    assert call.connected_to == OUTSIDE
    assert any(f"{OUTSIDE}</Number>" in document.text and "timeLimit=" in document.text for document in call.documents)
    assert call.errors == []


async def test_hanging_up_hands_over_while_the_api_is_away(desks: Desks) -> None:
    call = await uma_talks_to_olga(desks)
    desks.office.phones.trouble.away = True
    answer = await desks.do(desks.olga, call, "transfer", to={"operator_id": desks.oscar_id})
    assert answer.json() == {"when": "soon"}
    assert call.connected_to == OLGA
    call.legs[-1].interrupt(LineHungUp("callee"))
    await call.hears(ConnectedTo)
    assert call.connected_to == OSCAR
    assert call.errors == []


async def test_olga_ends_a_call(desks: Desks) -> None:
    call = await uma_talks_to_olga(desks)
    assert fault(await desks.do(desks.oscar, call, "hang-up")) == (403, "not-allowed", None)
    assert (await desks.do(desks.olga, call, "hang-up")).json() == {"when": "now"}
    await call.ended()
    assert fault(await desks.do(desks.olga, call, "hang-up")) == (409, "conflict", None)


async def test_only_whoever_talks_and_supervisors_transfer(desks: Desks) -> None:
    call = await uma_talks_to_olga(desks)
    refused = await desks.do(desks.oscar, call, "transfer", to={"operator_id": desks.oscar_id})
    assert fault(refused) == (403, "not-allowed", None)
    assert fault(await desks.do(desks.oscar, call, "take")) == (403, "not-allowed", None)
    assert fault(await desks.do(desks.olga, call, "take")) == (409, "conflict", None)
    assert (await desks.do(desks.office.api, call, "transfer", to={"operator_id": desks.oscar_id})).status_code == 200


async def test_a_destination_is_one_and_there(desks: Desks) -> None:
    call = await uma_talks_to_olga(desks)
    for to in ({}, {"operator_id": desks.oscar_id, "number": OUTSIDE}, {"operator_id": "nobody"}, {"queue_id": "none"}):
        assert (await desks.do(desks.olga, call, "transfer", to=to)).status_code == 422, to
    assert fault(await desks.do(desks.olga, call, "transfer", to={"operator_id": desks.office.nina}))[0] == 409


async def test_nobody_is_sent_to_whom_the_lines_provider_cannot_ring(desks: Desks) -> None:
    """Oscar answers in a browser."""
    call = await uma_talks_to_olga(desks)
    await desks.office.change_line(provider="signalwire")
    for answer in (
        await desks.do(desks.olga, call, "transfer", to={"operator_id": desks.oscar_id}),
        await desks.do(desks.oscar, call, "take"),
    ):
        assert answer.status_code == 422
        assert "browser" in answer.text


async def test_a_note_is_written_during_the_call(desks: Desks) -> None:
    call = await uma_talks_to_olga(desks)
    assert (await desks.do(desks.olga, call, "note", text="Wants 40 chairs")).status_code == 204
    early = await desks.do(desks.olga, call, "note", text="", outcome="done")
    assert fault(early) == (409, "conflict", None)
    await call.hang_up()
    assert (await desks.do(desks.olga, call, "note", text="Wants 40 chairs", outcome="done")).status_code == 204


async def test_a_word_first_and_then_the_two_are_connected(desks: Desks) -> None:
    call = await uma_talks_to_olga(desks)
    answer = await desks.do(desks.olga, call, "transfer", to={"operator_id": desks.oscar_id}, word_first=True)
    assert answer.status_code == 200, answer.text
    await desks.office.phones.let_pass(10)
    assert not call.is_over
    assert any(isinstance(event, Played) for event in call.heard)
    assert (desks.office.phones.phone(OLGA).calls, desks.office.phones.phone(OSCAR).calls) == (1, 1)
    assert (await desks.do(desks.olga, call, "transfer/complete")).status_code == 204
    await call.hears(ConnectedTo)
    assert desks.office.phones.phone(OLGA).calls == 0
    assert desks.office.phones.phone(OSCAR).calls == 1
    assert (await desks.record(call))["answered_by"] == desks.oscar_id
    assert "call.transferred" in await desks.kinds(call)
    await call.hang_up()
    await desks.office.phones.let_pass(5)
    assert desks.office.phones.phone(OSCAR).calls == 0
    assert call.errors == []


@pytest.mark.parametrize("oscar", ["answers", "does not answer", "hangs up"])
async def test_a_word_first_and_back(desks: Desks, oscar: str) -> None:
    phone = desks.office.phones.phone(OSCAR)
    if oscar == "does not answer":
        phone.never_answers()
    elif oscar == "hangs up":
        phone.talks_for(5)
    call = await uma_talks_to_olga(desks)
    await desks.do(desks.olga, call, "transfer", to={"operator_id": desks.oscar_id}, word_first=True)
    await desks.office.phones.let_pass(10)
    if oscar == "answers":
        assert (await desks.do(desks.olga, call, "transfer/back")).status_code == 204
    else:
        await desks.office.phones.let_pass(90)
    await desks.office.phones.let_pass(5)
    assert call.connected_to is not None
    assert desks.office.phones.phone(OLGA).calls == 1
    assert (await desks.record(call))["answered_by"] == desks.olga_id
    assert phone.calls == 0
    talked_again = [event for event in call.heard if isinstance(event, ConnectedTo)]
    assert len(talked_again) == 2
    await call.hang_up()
    await desks.office.phones.let_pass(5)
    assert desks.office.phones.phone(OLGA).calls == 0
    assert call.errors == []


async def with_a_key(desks: Desks) -> None:
    """Oscar's is a mobile from now on, with a voicemail of its own."""
    answer = await desks.office.api.patch(f"{API}/operators/{desks.oscar_id}", json={"confirm": True})
    assert answer.status_code == 200, answer.text


async def test_a_voicemail_is_never_asked_first(desks: Desks) -> None:
    await with_a_key(desks)
    desks.office.phones.phone(OSCAR).voicemail_answers_after(4).talks_for(600)
    call = await uma_talks_to_olga(desks)
    await desks.do(desks.olga, call, "transfer", to={"operator_id": desks.oscar_id}, word_first=True)
    await desks.office.phones.let_pass(60)
    assert desks.office.phones.phone(OSCAR).calls == 0
    assert desks.office.phones.phone(OLGA).calls == 1
    assert len([event for event in call.heard if isinstance(event, ConnectedTo)]) == 2, "she has Uma again"
    assert (await desks.record(call))["answered_by"] == desks.olga_id
    assert call.errors == []


async def test_whoever_presses_the_key_is_asked_and_has_the_caller_then(desks: Desks) -> None:
    await with_a_key(desks)
    desks.office.phones.phone(OSCAR).answers_after(4).presses("1").talks_for(600)
    call = await uma_talks_to_olga(desks)
    await desks.do(desks.olga, call, "transfer", to={"operator_id": desks.oscar_id}, word_first=True)
    await desks.office.phones.let_pass(20)
    assert (desks.office.phones.phone(OLGA).calls, desks.office.phones.phone(OSCAR).calls) == (1, 1)
    assert (await desks.do(desks.olga, call, "transfer/complete")).status_code == 204
    await call.hears(ConnectedTo)
    assert (await desks.record(call))["answered_by"] == desks.oscar_id
    assert call.errors == []


async def test_nobody_is_asked_first_where_the_end_of_a_queue_is_not_told(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    mute = replace(TWILIO, capabilities=replace(TWILIO.capabilities, queue_results=False))
    monkeypatch.setattr("app.calls.move_call.PROVIDERS", {"twilio": mute})
    call = await uma_talks_to_olga(desks)
    answer = await desks.do(desks.olga, call, "transfer", to={"operator_id": desks.oscar_id}, word_first=True)
    assert fault(answer) == (503, "unavailable", None)
    assert "cannot do that" in answer.text
    await desks.office.phones.let_pass(5)
    assert (call.connected_to, desks.office.phones.phone(OSCAR).calls) == (OLGA, 0)


async def test_without_the_api_nobody_is_asked_first(desks: Desks) -> None:
    call = await uma_talks_to_olga(desks)
    desks.office.phones.trouble.away = True
    answer = await desks.do(desks.olga, call, "transfer", to={"operator_id": desks.oscar_id}, word_first=True)
    assert fault(answer) == (503, "unavailable", None)
    assert call.connected_to == OLGA


async def test_boris_is_brought_nearer_to_nobody(desks: Desks) -> None:
    await desks.office.add_blacklisted()
    boris = await desks.office.phones.place_call(cast.BORIS, cast.LINE)
    await desks.office.phones.let_pass(30)
    await desks.office.settled()
    for what, body in (("take", {}), ("transfer", {"to": {"operator_id": desks.oscar_id}})):
        answer = await desks.do(desks.office.api, boris, what, **body)
        assert answer.status_code in (409, 422), answer.text
    assert (await desks.do(desks.oscar, boris, "take")).status_code == 404


async def test_boris_can_be_hung_up_also_while_the_api_is_away(desks: Desks) -> None:
    await desks.office.add_blacklisted()
    boris = await desks.office.phones.place_call(cast.BORIS, cast.LINE)
    await desks.office.phones.let_pass(30)
    desks.office.phones.trouble.away = True
    assert (await desks.do(desks.office.api, boris, "hang-up")).json() == {"when": "soon"}
    await boris.ended(timeout=60)
    assert boris.errors == []


async def test_whoever_is_blacklisted_while_they_wait_for_a_word_reaches_nobody(desks: Desks) -> None:
    call = await uma_talks_to_olga(desks)
    await desks.do(desks.olga, call, "transfer", to={"operator_id": desks.oscar_id}, word_first=True)
    await desks.office.phones.let_pass(10)
    await desks.office.add_blacklisted(cast.UMA)
    await desks.do(desks.olga, call, "transfer/complete")
    await desks.office.phones.let_pass(60)
    assert len([event for event in call.heard if isinstance(event, ConnectedTo)]) == 1
    assert desks.office.phones.phone(OSCAR).calls == 0
