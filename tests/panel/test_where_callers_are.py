"""Cards say where the caller is, what concerns whoever looks stands first, and times are the reader's."""

import re
from datetime import timedelta

import httpx
import pytest

from app.auth.roles import Role
from simulator import Prompt
from tests import cast
from tests.api import signed_in
from tests.office import Office
from tests.served import PASSWORD, ServedOffice

pytestmark = pytest.mark.anyio


async def _cards(person: httpx.AsyncClient) -> list[tuple[str, str]]:
    """Call and state of the cards on the panel, from the top down."""
    page = (await person.get("/")).text
    return re.findall(r'<article class="card [^"]*" data-call="([^"]+)" data-state="([^"]+)"', page)


async def _webhooks(office: Office, *callers: str) -> list[str]:
    calls: list[str] = []
    for caller in callers:
        calls.append(f"CA{len(calls):032}")
        await office.webhook("/twilio/voice", caller, CallSid=calls[-1])
        await office.clock.sleep(1)
    await office.settled()
    return calls


async def test_menu_queue_ringing_and_talk_have_states_of_their_own(served_office: ServedOffice) -> None:
    office = served_office.office
    operator = await office.add_operator()
    await served_office.add_person("olga@example.org", operator_id=operator["id"])
    menu = await office.add_menu("Accueil", {"2": {"kind": "queue", "id": office.company.queue_id, "label": "Orders"}})
    await office.change_line(menu_id=menu["id"])
    office.phones.phone(cast.OLGA).answers_after(10).talks_for(60)
    async with served_office.signed_in("olga@example.org", PASSWORD) as olga:
        call = await office.phones.place_call(cast.UMA, cast.LINE)
        await call.hears(Prompt)
        await office.settled()
        assert await _cards(olga) == [(call.sid, "menu")]
        assert "in the menu" in (await olga.get("/")).text
        await call.press("2")
        await office.phones.let_pass(4)
        await office.settled()
        assert await _cards(olga) == [(call.sid, "ringing")]
        assert "ringing at your telephone" in (await olga.get("/")).text
        second = await office.phones.place_call(cast.CLARA, cast.LINE)
        await second.hears(Prompt)
        await second.press("2")
        await office.phones.let_pass(2)
        await office.settled()
        assert dict(await _cards(olga))[second.sid] == "waiting"
        assert "waiting · Réception" in (await olga.get("/")).text
        await office.phones.let_pass(15)
        await office.settled()
        assert dict(await _cards(olga))[call.sid] == "answered"
        assert "talking with you" in (await olga.get("/")).text


async def test_a_vip_stands_above_strangers_however_late(office: Office) -> None:
    await office.add_manager()
    await office.add_vip()
    stranger, vip, other = await _webhooks(office, cast.UMA, cast.VERA, cast.CLARA)
    async with signed_in(office, Role.ADMIN) as adam:
        assert [call for call, _ in await _cards(adam)] == [vip, other, stranger]


async def test_at_most_fifty_cards_are_drawn_and_the_rest_is_a_number(office: Office) -> None:
    calls = await _webhooks(office, *[f"+336399811{one:02}" for one in range(53)])
    async with signed_in(office, Role.ADMIN) as adam:
        page = (await adam.get("/")).text
        state = (await adam.get("/events/state")).json()
    assert page.count('<article class="card ') == 50
    assert "50 and 3 more" in page
    assert len(state["cards"]) == 50
    assert {*(one["id"] for one in state["cards"]), *state["left"]} == set(calls)


async def test_times_are_the_reader_s_with_the_line_s_where_it_differs(office: Office) -> None:
    (call,) = await _webhooks(office, cast.UMA)
    async with signed_in(office, Role.ADMIN) as adam:
        for zone, told in (
            ("", "24 Jul 2026, 10:00<"), ("Europe%2FBerlin", "24 Jul 2026, 10:00<"),
            ("Europe%2FLondon", "24 Jul 2026, 09:00 (10:00 Paris)"), ("Nowhere%2FAtAll", "24 Jul 2026, 10:00<"),
        ):  # fmt: skip
            cookies = {"Cookie": f"{adam.headers['Cookie']}; zone={zone}"}
            assert told in (await adam.get("/calls", headers=cookies)).text, zone
            assert told in (await adam.get(f"/calls/{call}", headers=cookies)).text, zone


async def test_yesterday_s_promise_is_shown_until_somebody_calls_back(office: Office) -> None:
    promised, told = await _webhooks(office, cast.UMA, cast.CLARA)
    for call in (promised, told):
        await office.webhook("/twilio/status", cast.UMA, CallSid=call, CallStatus="completed")
    await office.settled()
    async with signed_in(office, Role.ADMIN) as adam:
        for call, outcome in ((promised, "call_back"), (told, "done")):
            assert (await adam.post(f"/calls/{call}/after", data={"outcome": outcome})).status_code == 200
    await office.clock.sleep(timedelta(days=1).total_seconds())
    async with signed_in(office, Role.SUPERVISOR) as adam:
        page = (await adam.get("/")).text
        assert f'href="/calls/{promised}"' in page
        assert "overdue since 24 Jul 2026, 14:00" in page, "with its day"
        assert f"/calls/{told}" not in page
        assert (await adam.post(f"/calls/{promised}/called-back")).status_code == 200
        await office.clock.sleep(61)
        assert f"/calls/{promised}" not in (await adam.get("/")).text


async def test_an_unknown_address_is_a_page_for_a_browser_and_a_problem_for_a_program(office: Office) -> None:
    async with signed_in(office, Role.ADMIN) as adam:
        page = await adam.get("/nowhere", headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
        assert "There is no page at this address." in page.text
        for path in ("/nowhere", "/api/v1/nowhere"):
            problem = await adam.get(path, headers={"Accept": "application/json"})
            assert (problem.status_code, problem.json()["code"]) == (404, "not-found")
