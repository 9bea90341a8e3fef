"""The live channel as JSON, with an API key."""

import pytest

from simulator import ConnectedTo, Prompt
from tests import cast
from tests.panel.sse import Event, listening
from tests.served import ServedOffice

pytestmark = pytest.mark.anyio


async def test_a_program_hears_of_a_whole_call_in_order(served_office: ServedOffice) -> None:
    office = served_office.office
    await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(30)
    async with listening(served_office.program) as stream:
        hello = await stream.next()
        assert (hello.name, hello.data["pos"]) == ("hello", f"{office.board.feed.epoch}-{office.board.feed.position}")
        call = await office.phones.place_call(cast.UMA, cast.LINE, caller_name="Uma Thuring")
        await call.ended()
        told = [(await stream.take(1))[0]]
        while told[-1].data["type"] != "call.ended":
            told += await stream.take(1)
    kinds = [event.data["type"] for event in told]
    assert kinds[0] == "call.incoming"
    assert kinds.index("call.ringing") < kinds.index("call.answered") < kinds.index("call.ended")
    assert kinds.count("call.incoming") == kinds.count("call.answered") == kinds.count("call.ended") == 1
    first = told[0].data["call"]
    assert first["id"] == call.sid
    assert first["caller"] == {"kind": "number", "number": cast.UMA, "name": "Uma Thuring", "address": cast.UMA}
    assert (first["attestation"], first["forwarded_from"]) == ("none", None)
    assert first["line"]["number"] == cast.LINE
    assert first["decision"]["action"] == "queue"
    assert first["decision"]["reason"]["code"] == "default"
    assert (first["state"], told[-1].data["call"]["state"]) == ("ringing", "ended")
    assert told[0].data["client"] is None
    positions = [int(event.id.rpartition("-")[2]) for event in told]
    assert positions == sorted(set(positions))


async def test_a_known_client_comes_with_the_call(served_office: ServedOffice) -> None:
    clara = await served_office.office.add_client(pinned_note="Call back after 17:00")
    async with listening(served_office.program) as stream:
        await served_office.office.phones.place_call(cast.CLARA, cast.LINE)
        await served_office.office.phones.settle()
        (event,) = await stream.take(1)
    assert event.data["client"]["id"] == clara["id"]
    assert event.data["client"]["pinned_note"] == "Call back after 17:00"


async def test_a_key_press_in_the_menu_is_told(served_office: ServedOffice) -> None:
    office = served_office.office
    menu = await office.add_menu("Accueil", {"1": {"kind": "queue", "id": office.company.queue_id, "label": "Orders"}})
    await office.change_line(menu_id=menu["id"])
    async with listening(served_office.program) as stream:
        call = await office.phones.place_call(cast.UMA, cast.LINE)
        await call.hears(Prompt)
        await call.press("1")
        incoming, chosen = await stream.take(2)
    assert (incoming.data["type"], chosen.data["type"]) == ("call.incoming", "call.menu")
    assert chosen.data["call"]["menu_choice"] == "1 Orders"


async def test_programs_hear_of_blacklisted_calls_too(served_office: ServedOffice) -> None:
    await served_office.office.add_blacklisted()
    async with listening(served_office.program) as stream:
        await served_office.office.phones.place_call(cast.BORIS, cast.LINE)
        await served_office.office.phones.settle()
        (event,) = await stream.take(1)
    assert event.data["call"]["decision"]["action"] == "fake_queue"
    assert event.data["call"]["decision"]["reason"]["code"] == "blacklisted"


async def test_a_repeated_webhook_is_one_event(served_office: ServedOffice) -> None:
    office = served_office.office
    office.phones.duplicate_webhooks = 3
    async with listening(served_office.program) as stream:
        await office.phones.place_call(cast.UMA, cast.LINE)
        await office.phones.settle()
        office.phones.duplicate_webhooks = 0
        second = await office.phones.place_call(cast.CLARA, cast.LINE)
        await office.phones.settle()
        incoming: list[Event] = []
        while not incoming or incoming[-1].data["call"]["id"] != second.sid:
            incoming += [one for one in await stream.take(1) if one.data["type"] == "call.incoming"]
    assert len(incoming) == 2


async def test_the_state_of_the_moment_is_there_for_programs(served_office: ServedOffice) -> None:
    office = served_office.office
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await office.settled()
    state = (await served_office.program.get("/events/state")).json()
    assert [one["id"] for one in state["calls"]] == [call.sid]
    assert state["pos"].startswith(office.board.feed.epoch + "-")


async def test_a_transfer_is_told_with_where_to(served_office: ServedOffice) -> None:
    office = served_office.office
    await office.add_operator()
    oscar = await office.add_operator(cast.OSCAR, name="Oscar", queue_ids=[])
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(60)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.hears(ConnectedTo)
    await office.settled()
    async with listening(served_office.program) as stream:
        await stream.next()
        to = {"operator_id": oscar["id"]}
        sent = await office.api.post(f"/api/v1/calls/{call.sid}/transfer", json={"to": to})
        assert sent.status_code == 200, sent.text
        told = [(await stream.take(1))[0]]
        while told[-1].data["type"] != "call.transferred":
            told += await stream.take(1)
    assert (told[-1].data["call"]["id"], told[-1].data["call"]["to"]) == (call.sid, to)
