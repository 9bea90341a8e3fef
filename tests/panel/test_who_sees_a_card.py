"""Only those whom a call concerns see its card; whoever answers keeps it, and it folds for the others."""

import asyncio
import re
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from app.auth.roles import Role
from models import OperatorRecord
from tests import cast
from tests.looking import Looking, card, is_live
from tests.panel.sse import Reader, listening
from tests.served import PASSWORD, ServedOffice

pytestmark = pytest.mark.anyio
OSKAR = "+33639980012"


class People:
    """Olga serves the reception, Oskar the orders; Ada answers no phone, Sam supervises, Adam administers."""

    def __init__(self, served: ServedOffice, ways: dict[str, httpx.AsyncClient], streams: dict[str, Reader]) -> None:
        self.served, self.ways, self.streams = served, ways, streams

    async def cards(self) -> dict[str, dict[str, str]]:
        """Who is shown which calls on a fresh page, and whether each is theirs."""
        shown = {}
        for name, way in self.ways.items():
            state = (await way.get("/events/state")).json()
            shown[name] = {one["id"]: re.findall(r'data-mine="(\w+)"', one["html"])[0] for one in state["cards"]}
        return shown

    async def told(self, kind: str) -> dict[str, Any]:
        """What each is told of the next event of this kind."""
        told: dict[str, Any] = {}
        for name, stream in self.streams.items():
            while (event := (await stream.take(1))[0]).data.get("call", {}).get("type") != kind:
                pass
            told[name] = event.data
        return told


@pytest.fixture
async def people(served_office: ServedOffice) -> Any:
    office = served_office.office
    olga = await office.add_operator()
    orders = await office.add_queue("Orders")
    oskar = await office.add_operator(OSKAR, name="Oskar", queue_ids=[orders["id"]], position=1)
    people = {
        "olga": (Role.OPERATOR, olga["id"]), "oskar": (Role.OPERATOR, oskar["id"]), "ada": (Role.OPERATOR, None),
        "sam": (Role.SUPERVISOR, None),
    }  # fmt: skip
    async with AsyncExitStack() as stack:
        ways, streams = {}, {}
        for name, (role, operator_id) in people.items():
            await served_office.add_person(f"{name}@example.org", role, operator_id=operator_id)
            ways[name] = await stack.enter_async_context(served_office.signed_in(f"{name}@example.org", PASSWORD))
            streams[name] = await stack.enter_async_context(listening(ways[name]))
        ways["adam"] = await stack.enter_async_context(served_office.signed_in())
        streams["adam"] = await stack.enter_async_context(listening(ways["adam"]))
        found = People(served_office, ways, streams)
        yield found


async def test_a_queue_s_calls_are_shown_to_those_who_serve_it(people: People) -> None:
    office = people.served.office
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await office.settled()
    shown = await people.cards()
    assert shown == {
        "olga": {call.sid: "yes"}, "oskar": {}, "ada": {call.sid: "no"}, "sam": {call.sid: "no"},
        "adam": {call.sid: "no"},
    }  # fmt: skip
    page = (await people.ways["oskar"].get("/")).text
    assert call.sid not in page
    assert call.sid in (await people.ways["olga"].get("/")).text


async def test_a_menu_s_calls_are_shown_to_all_to_whom_it_can_lead_until_the_caller_has_chosen(people: People) -> None:
    office = people.served.office
    queues = office.board.live_plan.tenant(office.company.tenant).rows["queue"].values()
    orders = next(row for row in queues if row["name"] == "Orders")
    inner = await office.add_menu("Inner", {"1": {"kind": "queue", "id": orders["id"], "label": "Orders"}})
    outer = await office.add_menu("Outer", {"2": {"kind": "menu", "id": inner["id"], "label": "Shop"}})
    await office.change_line(menu_id=outer["id"])
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await office.settled()
    shown = await people.cards()
    assert shown["olga"] == shown["oskar"] == {call.sid: "yes"}
    for key in "21":
        await call.press(key)
    await office.phones.settle()
    await office.settled()
    shown = await people.cards()
    assert (shown["olga"], shown["oskar"], shown["ada"]) == ({}, {call.sid: "yes"}, {call.sid: "no"})
    queued = await people.told("call.queued")
    assert {name: told["swap"] for name, told in queued.items()} == {
        "olga": "remove", "oskar": "card", "ada": "card", "sam": "card", "adam": "card",
    }  # fmt: skip


async def test_whoever_answers_keeps_the_card_and_it_folds_for_the_others(people: People) -> None:
    office = people.served.office
    tenant = office.board.live_plan.tenant(office.company.tenant)
    async with office.edit() as edit:
        oskar = next(row for row in tenant.rows["operator"].values() if row["name"] == "Oskar")
        record = await edit.session.get_one(OperatorRecord, {"tenant_id": edit.tenant_id, "id": oskar["id"]})
        record.queue_ids = [*record.queue_ids, office.company.queue_id]
        await edit.record_changed(record, None)
    office.phones.phone(cast.OLGA).answers_after(4).talks_for(60)
    office.phones.phone(OSKAR).never_answers()
    await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(15)
    await office.settled()
    answered = await people.told("call.answered")
    assert {name: told["swap"] for name, told in answered.items()} == {
        "olga": "card", "oskar": "fold", "ada": "fold", "sam": "card", "adam": "card",
    }  # fmt: skip
    assert "answered by Olga" in answered["oskar"]["html"]
    assert "talking with you" in answered["olga"]["html"]
    assert "talking with Olga" in answered["sam"]["html"]
    shown = await people.cards()
    assert {name for name, cards in shown.items() if cards} == {"olga", "sam", "adam"}


async def test_a_card_folds_too_when_its_call_stood_as_answered_before_it_was_told_to_have_left_its_queue(
    people: People,
) -> None:
    office = people.served.office
    orders = next(
        row for row in office.board.live_plan.tenant(office.company.tenant).rows["queue"].values()
        if row["name"] == "Orders"
    )  # fmt: skip
    await office.add_operator("+33639980013", name="Odile", queue_ids=[orders["id"]])
    await office.change_line(queue_id=orders["id"])
    office.phones.phone(OSKAR).never_answers()
    office.phones.phone("+33639980013").answers_after(4).talks_for(600)
    before = (await people.ways["oskar"].get("/events/state")).json()["pos"]
    await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(60)
    await office.settled()
    async with listening(people.ways["oskar"], Last_Event_ID=before) as stream:
        while (event := (await stream.take(1))[0]).data.get("call", {}).get("type") != "call.left_queue":
            pass
    assert event.data["swap"] == "fold"
    assert "answered by Odile" in event.data["html"]


async def test_a_vip_who_rings_at_a_manager_is_shown_to_the_manager(people: People) -> None:
    office = people.served.office
    martin = await office.add_manager()
    await office.add_vip()
    await people.served.add_person("martin@example.org", operator_id=martin["id"])
    call = await office.phones.place_call(cast.VERA, cast.LINE)
    await office.phones.settle()
    await office.settled()
    async with people.served.signed_in("martin@example.org", PASSWORD) as way:
        people.ways["martin"] = way
        shown = await people.cards()
    assert {name for name, cards in shown.items() if cards} == {"martin", "ada", "sam", "adam"}
    assert shown["martin"] == {call.sid: "yes"}


async def test_a_reload_still_says_whose_phone_rings(looking: Looking) -> None:
    office = looking.served.office
    await office.add_operator()
    office.phones.phone(cast.OLGA).never_answers()
    page = await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(3)
    await card(page, call.sid).get_by_text("ringing at Olga").wait_for()
    await page.reload()
    await is_live(page)
    assert "ringing at Olga" in await card(page, call.sid).inner_text()


async def test_a_card_folds_on_the_screen_and_goes(looking: Looking) -> None:
    office = looking.served.office
    olga = await office.add_operator()
    oskar = await office.add_operator(OSKAR, name="Oskar", position=1)
    for name, operator in (("olga", olga), ("oskar", oskar)):
        await looking.served.add_person(f"{name}@example.org", operator_id=operator["id"])
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(60)
    office.phones.phone(OSKAR).never_answers()
    hers, his = [await looking.panel(f"{name}@example.org", PASSWORD) for name in ("olga", "oskar")]
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    for page in (hers, his):
        await card(page, call.sid, "ringing").wait_for()
    folded = his.locator("#calls").get_by_text("New caller: answered by Olga")
    await asyncio.gather(
        folded.wait_for(), office.phones.let_pass(10)
    )  # watched from before: it stays for five seconds
    await card(hers, call.sid, "answered").wait_for()
    assert await card(his, call.sid, "ringing").count() == 0
    await his.locator("#calls article").wait_for(state="detached", timeout=8_000)
    assert await card(hers, call.sid, "answered").count() == 1
