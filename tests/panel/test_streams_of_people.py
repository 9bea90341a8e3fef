"""The live channel with a session: markup for the panel, resumed without loss or repetition, and never a word too many."""

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.pool import QueuePool

from app.auth.roles import Role
from app.base.text import display_text
from app.panel.channel import stream
from app.people.set_up_company import CompanyForm, set_up_company
from tests import cast
from tests.api import API, made
from tests.panel.sse import Event, Reader, listening
from tests.served import PASSWORD, ServedOffice

pytestmark = pytest.mark.anyio
HOSTILE = (Path(__file__).parents[1] / "data" / "hostile_caller_strings.txt").read_text("utf-8").split("\n")[:-1]


async def test_one_call_is_one_card(served_office: ServedOffice) -> None:
    office = served_office.office
    async with served_office.signed_in() as adam, listening(adam) as stream:
        first = await office.phones.place_call(cast.UMA, cast.LINE)
        second = await office.phones.place_call(cast.CLARA, cast.LINE)
        await office.phones.settle()
        told = [one.data for one in await stream.take(4) if one.data["call"]["type"] == "call.incoming"]
    assert [one["call"]["id"] for one in told] == [first.sid, second.sid]
    assert [one["swap"] for one in told] == ["card", "card"]
    assert f'data-call="{first.sid}"' in told[0]["html"]


async def test_everybody_hears_it_in_their_language(served_office: ServedOffice) -> None:
    office = served_office.office
    async with (
        served_office.signed_in() as adam,
        listening(adam, Accept_Language="fr") as in_french,
        listening(adam, Accept_Language="ru, en;q=0.5") as in_russian,
    ):
        await office.phones.place_call(cast.UMA, cast.LINE)
        ((french,), (russian,)) = await in_french.take(1), await in_russian.take(1)
        assert ("Enregistrer" in french.data["html"], "Сохранить" in russian.data["html"]) == (True, True)
        await office.settled()
        state = (await adam.get("/events/state", headers={"Accept-Language": "es"})).json()
        assert "Guardar" in state["cards"][0]["html"]


async def test_missed_events_are_replayed_once_each_and_in_order(served_office: ServedOffice) -> None:
    office = served_office.office
    async with served_office.signed_in() as adam:
        async with listening(adam) as stream:
            await office.phones.place_call(cast.UMA, cast.LINE)
            (last,) = await stream.take(1)
        missed = [await office.phones.place_call(number, cast.LINE) for number in (cast.CLARA, cast.VERA, cast.OLGA)]
        await office.phones.settle()
        await office.settled()
        for headers, address in (({"Last_Event_ID": last.id}, "/events?since=0-0"), ({}, f"/events?since={last.id}")):
            async with listening(adam, address, **headers) as stream:
                again: list[Event] = []
                while len(again) < 3:
                    again += [one for one in await stream.take(1) if one.data["call"]["type"] == "call.incoming"]
            assert [one.data["call"]["id"] for one in again] == [call.sid for call in missed]
            positions = [int(one.id.rpartition("-")[2]) for one in (last, *again)]
            assert positions == sorted(set(positions))


@pytest.mark.parametrize("since", ["other-1", "nonsense", "{epoch}-999999", "{epoch}-x", "{epoch}--1", "{epoch}-٣"])
async def test_a_position_that_cannot_be_resumed_is_a_reset(served_office: ServedOffice, since: str) -> None:
    feed = served_office.office.board.feed
    async with listening(served_office.program, "/events?since=" + since.format(epoch=feed.epoch)) as stream:
        assert (await stream.next()).name == "reset"
        assert (await stream.next()).data["pos"] == f"{feed.epoch}-{feed.position}"


async def test_a_position_that_the_log_no_longer_holds_is_a_reset(served_office: ServedOffice) -> None:
    office = served_office.office
    for number in (cast.UMA, cast.CLARA):
        await (await office.phones.place_call(number, cast.LINE)).hang_up_after(5)
    await office.settled()
    async with office.board.engine.begin() as connection:
        await connection.exec_driver_sql(
            "DELETE FROM call_event WHERE position < (SELECT max(position) FROM call_event)"
        )
    async with listening(served_office.program, f"/events?since={office.board.feed.epoch}-1") as stream:
        assert (await stream.next()).name == "reset"


async def test_blacklisted_calls_are_on_nobody_s_stream(served_office: ServedOffice) -> None:
    office = served_office.office
    await office.add_blacklisted()
    async with served_office.signed_in() as adam, listening(adam) as stream:
        boris = await office.phones.place_call(cast.BORIS, cast.LINE)
        await boris.hang_up_after(60)
        uma = await office.phones.place_call(cast.UMA, cast.LINE)
        await office.phones.settle()
        (event,) = await stream.take(1)
        assert event.data["call"]["id"] == uma.sid
        state = (await adam.get("/events/state")).json()
    assert boris.sid not in json.dumps(state["cards"])


async def test_a_card_goes_when_its_caller_is_blacklisted_meanwhile(served_office: ServedOffice) -> None:
    office = served_office.office
    async with served_office.signed_in() as adam, listening(adam) as stream:
        call = await office.phones.place_call(cast.BORIS, cast.LINE)
        await office.phones.settle()
        assert (await stream.take(1))[0].data["swap"] == "card"
        await office.add_blacklisted()
        await office.phones.let_pass(200)
        swaps = []
        while "remove" not in swaps:
            (event,) = await stream.take(1)
            swaps.append(event.data["swap"])
    assert event.data == {
        "call": {"id": call.sid, "state": "ringing", "type": "call.redecided"},
        "title": "", "target": "#calls", "swap": "remove", "html": "",
    }  # fmt: skip


async def test_another_company_hears_nothing_of_it(served_office: ServedOffice) -> None:
    office = served_office.office
    other = await set_up_company(
        office.board.sessions,
        office.board.secret_box,
        CompanyForm(
            "Autre Maison", cast.SECOND_LINE, "FR", "Europe/Paris", "fr", "AC" + "b" * 32, "its-own-token",
            "eve@example.org", PASSWORD, bare=True,
),
    )  # fmt: skip
    await office.board.live_plan.catch_up()
    async with served_office.signed_in("eve@example.org", PASSWORD) as eve:
        async with listening(eve, "/events?since=" + f"{office.board.feed.epoch}-0") as theirs:
            async with listening(served_office.program) as ours:
                await office.phones.place_call(cast.UMA, cast.LINE)
                await office.phones.settle()
                await ours.take(1)
            assert (await theirs.next()).name == "hello"
            await served_office.office.settled()
        state = (await eve.get("/events/state")).json()
        program = await eve.get("/events/state", headers={"Authorization": f"Bearer {other.api_key}", "Cookie": ""})
    assert (state["cards"], state["lines"]) == ([], [])
    assert program.json()["calls"] == []
    position = office.board.feed.position
    assert position > 0
    assert await office.board.feed.after(0, other.tenant) == []


async def test_hostile_names_never_break_a_frame_or_become_markup(served_office: ServedOffice) -> None:
    office = served_office.office
    async with (
        served_office.signed_in() as adam,
        listening(adam) as people,
        listening(served_office.program) as program,
    ):
        for place, hostile in enumerate(HOSTILE):
            number = f"+336399802{place:02}"  # of their own: whoever calls more than three times at once is busy
            await office.phones.place_call(number, cast.LINE, caller_name=hostile)
            await office.phones.settle()
            for reader in (people, program):
                event = await _incoming(reader)
                assert (
                    event["call"]["id"]
                    if reader is people
                    else event["call"]["caller"]["name"] == display_text(hostile)
                )
                if reader is people:
                    assert "<script>" not in event["html"]
                    assert "<img" not in event["html"]
                    assert "onmouseover='" not in event["html"]


async def _incoming(reader: Reader) -> dict[str, Any]:
    while True:
        (event,) = await reader.take(1)
        if "call.incoming" in (event.data.get("type"), event.data.get("call", {}).get("type")):
            return event.data


async def test_without_a_session_or_key_there_is_no_stream(served_office: ServedOffice) -> None:
    served_office.program.headers.pop("Authorization")
    for path in ("/events", "/events/state"):
        assert (await served_office.program.get(path)).status_code == 401


async def test_a_disabled_person_s_stream_closes(served_office: ServedOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "CHECK_SECONDS", 0.05)
    await served_office.add_person("olga@example.org", Role.OPERATOR)
    async with served_office.signed_in("olga@example.org", PASSWORD) as olga, listening(olga) as reader:
        assert (await reader.next()).name == "hello"
        async with served_office.office.board.sessions() as session, session.begin():
            account = await session.merge(await served_office.person("olga@example.org"))
            account.disabled_at = served_office.office.board.clock()
        with pytest.raises(EOFError):
            await reader.next()


async def test_a_stream_ends_with_its_sessions_or_key_and_others_go_on(served_office: ServedOffice) -> None:
    office = served_office.office
    await served_office.add_person("olga@example.org", Role.OPERATOR)
    olga_id = (await served_office.person("olga@example.org")).id
    key = await made(office, "api-keys", name="CRM", scopes=["read"])
    bearer = {"Authorization": f"Bearer {key['key']}"}
    async with (
        served_office.signed_in("olga@example.org", PASSWORD) as olga,
        httpx.AsyncClient(base_url=served_office.url, headers=bearer) as crm,
        listening(olga) as hers, listening(crm) as its, listening(served_office.program) as other,
    ):  # fmt: skip
        assert [(await reader.next()).name for reader in (hers, its, other)] == ["hello"] * 3
        for path, reader in ((f"users/{olga_id}/sessions", hers), (f"api-keys/{key['id']}", its)):
            assert (await office.api.delete(f"{API}/{path}")).status_code == 204
            async with asyncio.timeout(stream.PING_SECONDS / 2):
                with pytest.raises(EOFError):
                    await reader.take(1_000)
        await office.webhook("/twilio/voice", cast.UMA)
        assert (await _incoming(other))["type"] == "call.incoming"


async def test_a_watchdog_has_something_to_watch(served_office: ServedOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PING_SECONDS", 0.02)
    async with listening(served_office.program) as reader:
        assert [(await reader.next()).name for _ in range(3)] == ["hello", "ping", "ping"]


async def test_a_fifth_stream_of_a_session_is_refused_and_places_are_given_back(served_office: ServedOffice) -> None:
    streams = served_office.office.app.state.streams
    async with served_office.signed_in() as adam:
        async with listening(adam), listening(adam), listening(adam), listening(adam):
            assert streams.count == 4
            refused = await adam.get("/events")
            assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
        async with listening(adam) as reader:
            assert (await reader.next()).name == "hello"


async def test_the_limits_per_key_and_in_all_hold(served_office: ServedOffice) -> None:
    streams = served_office.office.app.state.streams
    streams.per_key = 1
    async with listening(served_office.program), served_office.signed_in() as adam:
        assert (await served_office.program.get("/events")).status_code == 429
        async with listening(adam) as reader:
            assert (await reader.next()).name == "hello", "from the same address, and a person"
    streams.per_key, streams.in_all = 20, 0
    assert (await served_office.program.get("/events")).status_code == 429


async def test_programs_leave_half_of_the_places_to_people(served_office: ServedOffice) -> None:
    streams = served_office.office.app.state.streams
    streams.in_all = 2
    async with listening(served_office.program), served_office.signed_in() as adam:
        assert (await served_office.program.get("/events")).status_code == 429
        async with listening(adam) as reader:
            assert (await reader.next()).name == "hello"


async def test_whoever_gets_another_seat_starts_anew(
    served_office: ServedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "CHECK_SECONDS", 0.05)
    seat = (await served_office.office.add_operator())["id"]
    await served_office.add_person("olga@example.org")
    async with served_office.signed_in("olga@example.org", PASSWORD) as olga, listening(olga) as reader:
        assert (await reader.next()).name == "hello"
        async with served_office.office.board.sessions() as session, session.begin():
            account = await session.merge(await served_office.person("olga@example.org"))
            account.operator_id = seat
        with pytest.raises(EOFError):
            await reader.take(1_000)


async def test_waiting_streams_hold_no_database_connection(served_office: ServedOffice) -> None:
    pool = served_office.office.board.engine.pool
    assert isinstance(pool, QueuePool)
    async with AsyncExitStack() as open_streams:
        for _ in range(12):
            reader = await open_streams.enter_async_context(listening(served_office.program))
            assert (await reader.next()).name == "hello"
        # The worker's own tasks look into the database every second; between two looks nothing is held.
        for _ in range(200):
            if pool.checkedout() == 0:
                break
            await asyncio.sleep(0.01)
        assert pool.checkedout() == 0
