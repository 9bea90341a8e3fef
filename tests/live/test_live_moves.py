"""What a supervisor does with ordinary calls in the live view."""

import re

import httpx
import pytest

from app.auth.roles import Role
from simulator import Call, ConnectedTo
from tests import cast
from tests.api import signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
HTMX = {"HX-Request": "true"}


async def page_of(browser: httpx.AsyncClient, call: Call) -> str:
    answer = await browser.get(f"/live/calls/{call.sid}", headers=HTMX)
    assert answer.status_code == 200, answer.text
    return answer.text


def offered(page: str) -> list[str]:
    return re.findall(r'data-act="([\w-]+)"', page)


async def olga_talks_to_uma(office: Office) -> tuple[str, Call]:
    olga = await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(3600)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.hears(ConnectedTo)
    await office.settled()
    return str(olga["id"]), call


async def test_a_supervisor_with_a_telephone_takes_a_running_call(office: Office) -> None:
    oscar = await office.add_operator(cast.OSCAR, name="Oscar", queue_ids=[])
    office.phones.phone(cast.OSCAR).answers_after(2).talks_for(600)
    _olga, call = await olga_talks_to_uma(office)
    async with signed_in(office, Role.SUPERVISOR, oscar["id"]) as sofia:
        assert offered(await page_of(sofia, call)) == ["take", "transfer", "hang-up"]
        answer = await sofia.post(f"/calls/{call.sid}/take", data={"place": "live"}, headers=HTMX)
        assert answer.status_code == 200, answer.text
        assert "Your telephone rings." in answer.text
    await call.hears(ConnectedTo)
    assert call.connected_to == cast.OSCAR


async def test_without_a_telephone_there_is_nothing_to_take_it_with(office: Office) -> None:
    _olga, call = await olga_talks_to_uma(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert offered(await page_of(sofia, call)) == ["transfer", "hang-up"]


async def test_a_call_that_waits_is_sent_to_an_operator(office: Office) -> None:
    oscar = await office.add_operator(cast.OSCAR, name="Oscar", queue_ids=[])
    office.phones.phone(cast.OSCAR).answers_after(2).talks_for(600)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        to = {"place": "live", "to": f"operator:{oscar['id']}"}
        answer = await sofia.post(f"/calls/{call.sid}/transfer", data=to, headers=HTMX)
        assert answer.status_code == 200, answer.text
        assert "Transferred." in answer.text
    await call.hears(ConnectedTo)
    assert call.connected_to == cast.OSCAR


async def test_ending_a_call_asks_first(office: Office) -> None:
    _olga, call = await olga_talks_to_uma(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        page = await page_of(sofia, call)
        assert "Hang up…" in page
        assert re.search(r"<details class=\"hang-up\">.*End the call of .*\?.*</details>", page, re.DOTALL)
        await sofia.post(f"/calls/{call.sid}/hang-up", data={"place": "live"}, headers=HTMX)
        await office.phones.let_pass(2)
        await office.settled()
        assert call.is_over
        over = await page_of(sofia, call)
        assert offered(over) == []
        assert "This call is over." in over


async def test_it_all_works_without_a_script(office: Office) -> None:
    _olga, call = await olga_talks_to_uma(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        page = (await sofia.get(f"/live/calls/{call.sid}")).text
        assert page.count('name="csrf_token"') == 3, "signing out, transferring, hanging up"
        here = {"Referer": f"{cast.BASE_URL}/live/calls/{call.sid}"}
        answer = await sofia.post(f"/calls/{call.sid}/hang-up", data={"place": "live"}, headers=here)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/live/calls/{call.sid}")
        await office.phones.let_pass(2)
        assert call.is_over


async def test_nobody_is_sent_to_anybody_who_is_blocked_by_now(office: Office) -> None:
    call = await office.phones.place_call(cast.BORIS, cast.LINE)
    await office.phones.let_pass(5)
    await office.add_blacklisted()
    await office.settled()
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert offered(await page_of(sofia, call)) == ["hang-up"]
        to = {"place": "live", "to": f"queue:{office.company.queue_id}"}
        assert (await sofia.post(f"/calls/{call.sid}/transfer", data=to, headers=HTMX)).status_code == 409


async def test_it_is_for_supervisors(office: Office) -> None:
    olga, call = await olga_talks_to_uma(office)
    async with signed_in(office, Role.OPERATOR, olga) as her:
        assert (await her.get(f"/live/calls/{call.sid}")).status_code == 403
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.get("/live/calls/CA0")).status_code == 404
