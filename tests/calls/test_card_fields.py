"""Programs show up to eight fields on the card of a running call."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.auth.roles import Role, Scope
from app.calls.sweep_card_fields import KEPT, sweep_card_fields
from tests import cast
from tests.api import API, client, fault, key_with, made, neighbour, signed_in
from tests.looking import Looking, card, is_live
from tests.office import Office

pytestmark = pytest.mark.anyio
INVOICES = {"label": "Open invoices", "value": "2 (140 €)", "link": "https://crm.example.org/invoices?client=7&open=1"}


async def running(office: Office, number: str = cast.CLARA) -> str:
    call = await office.phones.place_call(number, cast.LINE)
    await office.phones.settle()
    await office.settled()
    return call.sid


def put(api: httpx.AsyncClient, sid: str, *fields: object) -> Any:
    return api.put(f"{API}/calls/{sid}/fields", json={"fields": list(fields)})


async def drawn(person: httpx.AsyncClient) -> str:
    """The cards as a person's panel has them."""
    return "".join(one["html"] for one in (await person.get("/events/state")).json()["cards"])


async def test_fields_are_shown_replaced_and_taken_away(office: Office) -> None:
    sid = await running(office)
    async with signed_in(office, Role.SUPERVISOR) as susan:
        answer = await put(office.api, sid, INVOICES, {"label": "Tier", "value": "Gold"})
        shown = {"label": "Tier", "value": "Gold", "link": ""}
        assert (answer.status_code, answer.json()["fields"][1]) == (200, shown)
        assert (await office.api.get(f"{API}/calls/{sid}/fields")).json() == answer.json()
        html = await drawn(susan)
        assert 'href="https://crm.example.org/invoices?client=7&amp;open=1" target="_blank" rel="noopener' in html
        assert html.index("Open invoices") < html.index("Gold")
        await put(office.api, sid, {"label": "Tier", "value": "Silver"})
        html = await drawn(susan)
        assert ("Silver" in html, "Gold" in html, "invoices" in html) == (True, False, False)
        assert (await put(office.api, sid)).json()["fields"] == []
        assert "Silver" not in await drawn(susan)


async def test_panels_are_told_once_for_each_change(office: Office) -> None:
    sid = await running(office)
    before = office.board.feed.position
    for _again in range(3):
        await put(office.api, sid, INVOICES)
    await office.settled()
    told = await office.board.feed.after(before, office.company.tenant)
    assert [(one.fact.kind.value, one.fact.call_id) for one in told] == [("call.noted", sid)]
    assert "invoices" not in str([one.fact.payload for one in told])


async def test_hostile_text_stays_text(office: Office) -> None:
    sid = await running(office)
    answer = await put(office.api, sid, {"label": "<b>x</b>", "value": '\u202e<script>alert(1)</script>\n\t"y"'})
    assert answer.json()["fields"][0]["value"] == '<script>alert(1)</script> "y"'
    async with signed_in(office, Role.SUPERVISOR) as susan:
        html = await drawn(susan)
    assert ("<script>" in html, "<b>x" in html, "\u202e" in html) == (False, False, False)
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "/calls", "https:", "https://",
        "https:///x", "ftp://x.example", "https://bank.example@evil.example/", "https://a.example\\@evil.example",
        "https://a.example/\nx", 'https://a.example/"onclick=x', "https://[x", "https://a.example:port/", "https:a.example",
        "java\u0000script:x",
    ],
)  # fmt: skip
async def test_only_plain_web_addresses_are_links(office: Office, link: str) -> None:
    sid = await running(office)
    refused = await put(office.api, sid, {"label": "Tier", "value": "Gold"}, INVOICES | {"link": link})
    assert (refused.status_code, fault(refused)[2]) == (422, "fields.1.link")


async def test_what_is_too_much_or_nothing_is_refused(office: Office) -> None:
    sid = await running(office)
    for fields, field in (
        ([INVOICES] * 9, "fields"), ([INVOICES | {"label": "x" * 41}], "fields.0.label"),
        ([INVOICES | {"value": "x" * 201}], "fields.0.value"), ([INVOICES | {"value": "\u200b "}], "fields.0.value"),
        ([INVOICES | {"link": "https://a.example/" + "x" * 1000}], "fields.0.link"), ([{"label": "x"}], "fields.0.value"),
        ([INVOICES | {"colour": "red"}], "fields.0.colour"), ([INVOICES | {"label": "\u0000\u202e"}], "fields.0.label"),
    ):  # fmt: skip
        refused = await put(office.api, sid, *fields)
        assert (refused.status_code, fault(refused)[2]) == (422, field)
    lone = b'{"fields": [{"label": "\\ud800", "value": "x"}]}'
    headers = {"Content-Type": "application/json"}
    assert (await office.api.put(f"{API}/calls/{sid}/fields", content=lone, headers=headers)).status_code == 422
    assert (await put(office.api, sid, *[INVOICES] * 8)).status_code == 200


async def test_who_may_put_them_and_until_when(office: Office) -> None:
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await office.settled()
    assert (await put(office.api, "CA" + "0" * 32, INVOICES)).status_code == 404
    async with neighbour(office) as (api, _):
        assert (await put(api, call.sid, INVOICES)).status_code == 404
        assert (await api.get(f"{API}/calls/{call.sid}/fields")).status_code == 404
    for scope, status in (Scope.READ, 403), (Scope.WRITE, 200):
        async with client(office, Authorization=f"Bearer {await key_with(office, scope)}") as api:
            assert (await put(api, call.sid, INVOICES)).status_code == status
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await put(olga, call.sid, INVOICES)).status_code == 200
    at_once = await asyncio.gather(*(put(office.api, call.sid, INVOICES | {"value": str(one)}) for one in range(5)))
    assert {one.status_code for one in at_once} == {200}
    await call.hang_up_after(1)
    await office.phones.let_pass(5)
    await office.settled()
    assert (await put(office.api, call.sid, INVOICES)).status_code == 409


async def test_blocked_calls_are_nothing_for_operators(office: Office) -> None:
    await office.add_blacklisted()
    sid = await running(office, cast.BORIS)
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await put(olga, sid, INVOICES)).status_code == 404


async def test_they_go_with_the_person(office: Office) -> None:
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA])
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await office.settled()
    await put(office.api, call.sid, INVOICES)
    await call.hang_up_after(1)
    await office.phones.let_pass(60)
    await office.settled()
    erased = await office.api.delete(f"{API}/clients/{clara['id']}", params={"erase": "true"})
    assert {"place": "card_fields", "count": 1} in erased.json()["erased"]
    assert (await office.api.get(f"{API}/calls/{call.sid}/fields")).json()["fields"] == []


async def test_those_of_calls_that_are_over_go_after_a_day(office: Office) -> None:
    over = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await office.settled()
    goes_on = await running(office, cast.UMA)
    for sid in over.sid, goes_on:
        assert (await put(office.api, sid, INVOICES)).status_code == 200
    await over.hang_up_after(1)
    await office.phones.let_pass(5)
    await office.settled()
    async with office.board.engine.begin() as connection:
        await connection.execute(text("UPDATE card_fields SET put_at = put_at - interval '2 days'"))
    assert await sweep_card_fields(office.board) == 0
    async with office.board.engine.begin() as connection:
        ended = {"ended": office.board.clock() - KEPT - timedelta(seconds=1), "sid": over.sid}
        await connection.execute(text("UPDATE call SET ended_at = :ended WHERE call_id = :sid"), ended)
    assert await sweep_card_fields(office.board) == 1
    assert (await office.api.get(f"{API}/calls/{over.sid}/fields")).json()["fields"] == []
    assert (await office.api.get(f"{API}/calls/{goes_on}/fields")).json()["fields"] == [INVOICES]


async def test_an_open_panel_shows_them_at_once(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    await is_live(page)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    mine = card(page, call.sid)
    await mine.wait_for()
    await office.settled()
    assert (await put(office.api, call.sid, INVOICES)).status_code == 200
    link = mine.get_by_role("link", name="2 (140 €)")
    await link.wait_for()
    assert await link.get_attribute("href") == INVOICES["link"]
