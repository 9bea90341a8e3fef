"""The core acceptance of the panel: the first call brings an empty form, the next one the filled card."""

import pytest
from playwright.async_api import expect

from tests import cast
from tests.looking import Looking, card, is_live, line

pytestmark = pytest.mark.anyio


async def test_what_is_written_at_the_first_call_is_on_the_card_at_the_next(looking: Looking) -> None:
    office = looking.served.office
    await office.add_operator()
    await office.add_category("Prospect")
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(20)
    page = await looking.panel()
    first = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    form = card(page, first.sid)
    await form.wait_for()
    assert await form.locator(".badge").inner_text() == "NEW"
    await form.get_by_label("Name").fill("Uma Thuring")
    await form.get_by_label("Category").select_option(label="Prospect")
    await form.get_by_label("What is it about?").fill("Quote for 40 chairs")
    await form.get_by_role("button", name="Save card").click()
    saved = page.locator(f'#calls article.client[data-call="{first.sid}"]')
    await saved.wait_for()
    assert await saved.locator(".name").inner_text() == "Uma Thuring"
    assert await saved.locator("form.caller").count() == 0
    await first.ended()
    await line(page, first.sid).get_by_text("Uma Thuring").wait_for()
    second = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    filled = card(page, second.sid)
    await filled.wait_for()
    text = await filled.inner_text()
    assert await filled.locator(".badge").inner_text() == "CLIENT"
    assert all(word in text for word in ("Uma Thuring", "Prospect", "Quote for 40 chairs", "0:20 · Olga"))
    assert await filled.locator("form.caller").count() == 0


async def test_a_caller_can_still_be_named_when_the_call_is_over(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.hang_up_after(10)
    past = line(page, call.sid)
    await past.get_by_text("Who was it?").click()
    await past.get_by_label("Name").fill("Uma")
    await past.get_by_role("button", name="Save card").click()
    await page.locator(f'#today article.client[data-call="{call.sid}"]').wait_for()
    assert "Missed · Uma" in await past.inner_text()


async def test_a_draft_survives_updates_the_end_of_the_call_and_a_reload(looking: Looking) -> None:
    office = looking.served.office
    await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(60)
    page = await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    form = card(page, call.sid)
    await form.get_by_label("Name").fill("Uma Th")
    await office.phones.let_pass(10)
    await card(page, call.sid, "answered").wait_for()
    assert await form.get_by_label("Name").input_value() == "Uma Th"
    await form.get_by_label("What is it about?").press_sequentially("40 chairs")
    await page.reload()
    await is_live(page)
    assert await form.get_by_label("Name").input_value() == "Uma Th"
    assert await form.get_by_label("What is it about?").input_value() == "40 chairs"
    await call.ended()
    await card(page, call.sid, "ended").wait_for()
    await line(page, call.sid).wait_for()
    assert await form.get_by_label("Name").input_value() == "Uma Th"
    await form.get_by_role("button", name="Save card").click()
    await page.locator(f'#today article.client[data-call="{call.sid}"]').wait_for()
    await expect(page.locator("#calls article")).to_have_count(0)
    assert await page.evaluate("sessionStorage.length") == 0


async def test_typing_survives_twenty_updates(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    field = card(page, call.sid).get_by_label("Name")
    await field.focus()
    for letter in "abcdefghijklmnopqrst":
        await page.keyboard.type(letter)
        await page.evaluate(
            """id => fetch("/events/state").then(r => r.json()).then(state => window.dispatchEvent(new Event("online")))""",
            call.sid,
        )
    await is_live(page)
    assert await field.input_value() == "abcdefghijklmnopqrst"
    assert await field.evaluate("field => field === document.activeElement")


async def test_what_cannot_be_saved_is_said_and_nothing_is_lost(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    form = card(page, call.sid)
    await form.get_by_label("Name").fill("Uma")
    await page.evaluate("document.body.setAttribute('hx-headers:inherited', '{\"X-CSRF-Token\": \"stale\"}')")
    await form.get_by_role("button", name="Save card").click()
    await form.get_by_text("This page is out of date").wait_for()
    assert await form.get_by_label("Name").input_value() == "Uma"


async def test_a_number_is_taken_from_the_call_and_never_from_the_form(looking: Looking) -> None:
    office = looking.served.office
    withheld = await office.phones.place_call("anonymous", cast.LINE)
    await office.phones.settle()
    await office.settled()
    async with looking.served.signed_in() as adam:
        token = (await adam.get("/")).text.partition('name="csrf_token" value="')[2].partition('"')[0]
        send = {"name": "X", "csrf_token": token, "number": cast.UMA}
        assert (await adam.post("/clients/from-call", data=send | {"call": withheld.sid})).status_code == 422
        assert (await adam.post("/clients/from-call", data=send | {"call": "CA" + "0" * 32})).status_code == 404


async def test_two_who_write_at_once_make_one_client(looking: Looking) -> None:
    office = looking.served.office
    one, other = await looking.panel(), await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    for page, name in ((one, "Uma"), (other, "Ursula")):
        await card(page, call.sid).get_by_label("Name").fill(name)
    await card(one, call.sid).get_by_role("button", name="Save card").click()
    await one.locator(f'#calls article.client[data-call="{call.sid}"]').wait_for()
    await card(other, call.sid).get_by_role("button", name="Save card").click()
    await card(other, call.sid).get_by_text("has been saved as Uma in the meantime").wait_for()
    assert await card(other, call.sid).get_by_label("Name").input_value() == "Ursula"
    plan = office.board.live_plan.plan_of(office.company.tenant)
    assert plan is not None
    assert [client.name for client in plan.lists.clients.by_number[cast.UMA]] == ["Uma"]
