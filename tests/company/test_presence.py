"""Whether somebody takes calls: said by themselves or a supervisor, told to everybody, and what rings follows it."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.auth.roles import Role
from app.event_log.feed import Feed
from app.event_log.open_calls import OpenCalls
from models import UserAccount
from tests import cast
from tests.api import API, client, fault, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


def path_of(operator: dict[str, Any]) -> str:
    return f"{API}/operators/{operator['id']}"


async def says(api: httpx.AsyncClient, operator: dict[str, Any], **presence: Any) -> httpx.Response:
    return await api.put(path_of(operator) + "/presence", json=presence)


async def test_an_operator_s_presence_has_a_reason_and_an_end(office: Office) -> None:
    olga = await office.add_operator()
    assert (await office.api.get(path_of(olga))).json()["presence"]["state"] == "available"
    until = "2026-07-24T09:30:00Z"
    said = await says(office.api, olga, state="break", reason="Lunch", until=until)
    assert said.status_code == 200
    presence = {"state": "break", "reason": "Lunch", "until": until, "since": "2026-07-24T08:00:00Z"}
    assert said.json() == presence
    shown = (await office.api.get(path_of(olga))).json()
    assert (shown["presence"], shown["available"], shown["busy_with"]) == (presence, False, None)
    assert (
        next(one for one in (await office.api.get(f"{API}/operators")).json()["items"] if one["name"] == "Olga")
        == shown
    )
    back = await says(office.api, olga, state="available", until=until)
    assert (back.json()["state"], back.json()["until"]) == ("available", None)


async def test_the_switch_of_before_is_the_same_presence_in_one_bit(office: Office) -> None:
    olga = await office.add_operator()
    changed = (await office.api.patch(path_of(olga), json={"available": False})).json()
    assert (changed["available"], changed["presence"]["state"]) == (False, "break")
    await says(office.api, olga, state="offline", reason="Home")
    same = (await office.api.patch(path_of(olga), json={"available": False, "position": 3})).json()
    assert (same["presence"]["state"], same["presence"]["reason"], same["position"]) == ("offline", "Home", 3)


@pytest.mark.parametrize(
    "presence",
    [
        {},
        {"state": "asleep"},
        {"state": "break", "until": "2026-07-24T07:59:00Z"},
        {"state": "break", "until": "later"},
        {"state": "break", "until": "9999-12-31T23:59:59Z"},
    ],
)
async def test_what_is_no_presence_is_refused(office: Office, presence: dict[str, str]) -> None:
    olga = await office.add_operator()
    assert fault(await says(office.api, olga, **presence))[0] == 422
    assert (await says(office.api, {"id": "nobody"}, state="break")).status_code == 404


@pytest.mark.parametrize("role", Role)
async def test_operators_say_it_of_themselves_and_supervisors_of_everybody(office: Office, role: Role) -> None:
    olga, oscar = await office.add_operator(), await office.add_operator(cast.OSCAR, name="Oscar")
    async with signed_in(office, role) as person:
        async with office.board.sessions() as session, session.begin():
            query = select(UserAccount).where(UserAccount.email == f"{role}@people.example")
            (await session.scalars(query)).one().operator_id = olga["id"]
        assert (await says(person, olga, state="break")).status_code == 200
        assert (await says(person, oscar, state="break")).status_code == (403 if role is Role.OPERATOR else 200)
    async with client(office) as nobody:
        assert (await says(nobody, olga, state="break")).status_code == 401


async def test_nobody_on_a_break_is_rung_and_a_manager_on_one_comes_last(office: Office) -> None:
    await office.send_nina_home()
    martin = await office.add_manager(ring_seconds=10)
    await office.add_manager(cast.OSCAR, name="Oscar", position=1, ring_seconds=10)
    await office.add_vip()
    await says(office.api, martin, state="break")
    office.phones.phone(cast.OSCAR).answers_after(3).talks_for(20)
    office.phones.phone(cast.MARTIN).answers_after(3).talks_for(20)
    call = await office.phones.place_call(cast.VERA, cast.LINE)
    await call.ended()
    assert call.connected_to == cast.OSCAR


async def test_after_a_talk_the_queue_leaves_an_operator_alone_until_they_say_otherwise(office: Office) -> None:
    await office.send_nina_home()
    olga = await office.add_operator()
    rules = {"wrap_up_seconds": 120}
    await office.api.patch(f"{API}/queues/{office.company.queue_id}", json=rules)
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(20)
    first = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(15)
    await office.settled()
    busy = (await office.api.get(path_of(olga))).json()["busy_with"]
    assert (busy["call_id"], busy["talking"]) == (first.sid, True)
    await first.ended()
    await office.settled()
    shown = (await office.api.get(path_of(olga))).json()
    assert (shown["presence"]["state"], shown["busy_with"]) == ("after_call", None)
    started_now = Feed(office.board.engine, OpenCalls(), office.clock.now)
    await started_now.start()
    assert set(started_now.open_calls.last_talks(office.company.tenant)) == {olga["id"]}, "a new worker knows it"
    second = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.let_pass(60)
    assert second.connected_to is None
    await says(office.api, olga, state="available")
    await office.phones.let_pass(40)
    assert second.connected_to == cast.OLGA


async def test_a_change_of_presence_is_an_event_and_no_call(office: Office) -> None:
    olga = await office.add_operator()
    await says(office.api, olga, state="break", reason="Lunch")
    await office.settled()
    (event,) = await office.board.feed.after(0, office.company.tenant)
    assert (event.fact.kind, event.fact.payload["presence"]["reason"]) == ("presence.changed", "Lunch")
    assert office.board.open_calls.of_call(office.company.tenant, event.fact.call_id) is None
    assert (await office.api.get(f"{API}/calls")).json()["items"] == []
