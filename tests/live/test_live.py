"""What a supervisor sees of this moment, and a program in one snapshot."""

from typing import Any

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio

IVAN = "+33639980066"


async def live(office: Office) -> dict[str, Any]:
    await office.settled()
    answer = await office.api.get(f"{API}/live")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def in_full_swing(office: Office) -> tuple[Any, Any, Any, Any]:
    """Olga talks to Clara; Uma waits; Boris is held; Vera was missed."""
    olga = await office.add_operator()
    await office.add_client(name="Clara Martin")
    await office.add_vip(label="Vera Fournier")
    await office.add_blacklisted()
    vera = await office.phones.place_call(cast.VERA, cast.LINE)
    await vera.hang_up_after(8)
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(3600)
    clara = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.let_pass(30)
    assert clara.connected_to == cast.OLGA
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    boris = await office.phones.place_call(cast.BORIS, cast.LINE)
    await office.phones.let_pass(25)
    await office.settled()
    return olga, clara, uma, boris


async def test_the_snapshot_tells_who_waits_who_talks_and_who_is_held(office: Office) -> None:
    olga, clara, uma, boris = await in_full_swing(office)
    now = await live(office)
    (queue,) = now["queues"]
    assert (queue["id"], queue["waiting"], queue["free"]) == (office.company.queue_id, 1, 0)
    assert 20 <= queue["longest_wait_seconds"] <= 60
    calls = {call["call_id"]: call for call in now["calls"]}
    assert calls.keys() == {uma.sid, clara.sid}
    assert (calls[uma.sid]["state"], calls[uma.sid]["queue_id"]) == ("waiting", office.company.queue_id)
    assert (calls[clara.sid]["state"], calls[clara.sid]["operator_id"]) == ("answered", olga["id"])
    assert calls[clara.sid]["name"] == "Clara Martin"
    operators = {one["id"]: one for one in now["operators"]}
    assert (operators[olga["id"]]["busy_with"], operators[olga["id"]]["talking"]) == (clara.sid, True)
    assert [held["call_id"] for held in now["fake_queue"]] == [boris.sid]
    today = now["today"]
    assert (today["calls"], today["answered"], today["abandoned"], today["missed_vips"], today["blocked"]) == (
        4, 1, 1, 1, 1,
    )  # fmt: skip
    assert (await office.api.get(f"{API}/reports/calls")).json()["total"]["calls"] == today["calls"]
    for call in (clara, uma, boris):
        await call.hang_up_after(1)
    over = await live(office)
    assert (over["calls"], over["fake_queue"], over["queues"][0]["waiting"]) == ([], [], 0)


async def test_the_page_marks_whoever_waits_takes_calls_or_is_held(office: Office) -> None:
    olga, clara, uma, boris = await in_full_swing(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        page = (await sofia.get("/live")).text
        assert page.count("data-waiting=") == page.count("data-fake=") == 1
        assert f'data-waiting="{uma.sid}"' in page
        assert f'data-fake="{boris.sid}"' in page
        assert f'data-operator="{olga["id"]}" data-presence="available" data-busy="talking"' in page
        assert "Vera Fournier" in page
        assert page.count("data-callback=") == 1, "the missed VIP is to be called back"
        parts = (await sofia.get("/live/parts")).json()["parts"]
        assert parts["waiting"].strip() in page.replace("\r", "")
    for call in (clara, uma, boris):
        await call.hang_up_after(1)


async def test_the_wall_shows_no_name_unless_it_is_wanted(office: Office) -> None:
    _olga, clara, uma, boris = await in_full_swing(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        wall = (await sofia.get("/live?wall=1")).text
        for name in ("Olga", "Nina", "Clara", "Vera Fournier", cast.UMA, cast.BORIS):
            assert name not in wall
        assert "Service level today" in wall
        with_names = (await sofia.get("/live?wall=1&names=1")).text
        assert "Olga" in with_names
        assert "Clara" not in with_names
    for call in (clara, uma, boris):
        await call.hang_up_after(1)


async def test_it_is_for_supervisors_and_for_one_company(office: Office) -> None:
    await in_full_swing(office)
    async with signed_in(office, Role.OPERATOR) as olga:
        for path in ("/live", "/live/parts", "/live?wall=1", f"{API}/live", "/events?view=live"):
            assert (await olga.get(path)).status_code == 403, path
        assert 'href="/live"' not in (await olga.get("/")).text
    async with neighbour(office) as (api, _company):
        now = (await api.get(f"{API}/live")).json()
        assert (now["calls"], now["fake_queue"], now["today"]["calls"]) == ([], [], 0)


async def test_a_supervisor_says_what_an_operator_does(office: Office) -> None:
    olga = await office.add_operator()
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        for state in ("break", "available"):
            answer = await sofia.post(f"/live/operators/{olga['id']}", data={"state": state})
            assert answer.status_code == 303, answer.text
            operators = {one["id"]: one["presence"] for one in (await live(office))["operators"]}
            assert operators[olga["id"]] == state
        assert (await sofia.post("/live/operators/nobody", data={"state": "break"})).status_code == 404
    async with signed_in(office, Role.OPERATOR) as other:
        assert (await other.post(f"/live/operators/{olga['id']}", data={"state": "break"})).status_code == 403


async def test_the_reason_of_a_decision_is_beside_it(office: Office) -> None:
    await in_full_swing(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        decided = (await sofia.get("/live/parts")).json()["parts"]["decided"]
    assert decided.count("Why?") == 4
    assert "Blacklisted:" in decided


async def test_the_actions_of_a_call_weigh_next_to_nothing_in_the_lists(office: Office) -> None:
    for number in range(5):
        await office.phones.place_call(f"+3363998007{number}", cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        waiting = (await sofia.get("/live/parts")).json()["parts"]["waiting"]
    assert waiting.count("data-waiting=") == waiting.count('href="/live/calls/') == 5
    assert len(waiting) / 5 < 700, "hundreds may wait"
