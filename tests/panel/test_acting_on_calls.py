"""The buttons of a running call: take, transfer, hang up, by hand and by keys."""

import pytest
from playwright.async_api import expect

from simulator import ConnectedTo
from tests import cast
from tests.looking import Looking, card, is_live
from tests.served import PASSWORD
from tests.web.test_everybody_can_use_it import SCREENS, fits, violations

pytestmark = pytest.mark.anyio


async def test_olga_takes_transfers_and_ends_calls_at_her_card(looking: Looking) -> None:
    office = looking.served.office
    olga = await office.add_operator()
    oscar = await office.add_operator(cast.OSCAR, name="Oscar", queue_ids=[])
    await looking.served.add_person("olga@example.org", operator_id=olga["id"])
    page = await looking.panel("olga@example.org", PASSWORD)
    await is_live(page)
    office.phones.phone(cast.OLGA).never_answers()
    office.phones.phone(cast.OSCAR).answers_after(3).talks_for(600)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(25)  # rung in vain: she waits
    mine = card(page, call.sid)
    await expect(mine).to_have_attribute("data-state", "waiting")
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(600)
    await page.keyboard.press("t")
    await expect(mine.get_by_role("button", name="Take this call")).to_be_focused()
    async with page.expect_response("**/take"):
        await page.keyboard.press("Enter")
    await call.hears(ConnectedTo)
    await expect(mine).to_have_attribute("data-taken", "yes")
    await expect(mine.locator("[data-waits]")).to_have_count(0)
    await page.keyboard.press("t")
    await expect(mine.get_by_label("Outside number")).to_be_visible()
    await mine.get_by_label("Outside number").fill("th")  # typing is no command
    await expect(mine.locator("details.transfer")).to_have_attribute("open", "")
    assert not call.is_over
    await mine.get_by_label("Outside number").fill("")
    for screen in SCREENS:
        await page.set_viewport_size(screen["viewport"])
        assert await fits(page)
    assert await violations(page) == []
    await mine.get_by_label("To", exact=True).select_option(label="Oscar")
    async with page.expect_response("**/transfer"):
        await mine.get_by_role("button", name="Transfer", exact=False).last.click()
    await call.hears(ConnectedTo)
    assert call.connected_to == cast.OSCAR
    assert oscar["id"]


async def test_olga_speaks_with_oscar_first_and_goes_back_to_the_caller(looking: Looking) -> None:
    office = looking.served.office
    olga = await office.add_operator()
    await office.add_operator(cast.OSCAR, name="Oscar", queue_ids=[])
    await looking.served.add_person("olga@example.org", operator_id=olga["id"])
    page = await looking.panel("olga@example.org", PASSWORD)
    for address in (cast.OLGA, cast.OSCAR):
        office.phones.phone(address).answers_after(1).talks_for(600)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(5)
    mine = card(page, call.sid, "answered")
    await expect(mine.locator(".stage")).to_have_text("talking with you")
    await page.keyboard.press("t")
    await mine.get_by_label("To", exact=True).select_option(label="Oscar")
    await mine.get_by_label("Speak with them first").check()
    async with page.expect_response("**/transfer"):
        await mine.get_by_role("button", name="Transfer", exact=False).last.click()
    await office.phones.let_pass(5)
    await expect(mine.locator(".stage")).to_have_text("on hold · asking Oscar")
    await mine.get_by_role("button", name="Connect them").wait_for()
    async with page.expect_response("**/transfer/back"):
        await mine.get_by_role("button", name="Back to the caller").click()
    await office.phones.let_pass(5)
    await expect(mine.locator(".stage")).to_have_text("talking with you")
    await call.hang_up()


@pytest.mark.parametrize("hand", ["mouse", "keyboard"])
async def test_a_press_is_heard_although_the_card_is_drawn_anew_meanwhile(looking: Looking, hand: str) -> None:
    office = looking.served.office
    olga = await office.add_operator()
    await looking.served.add_person("olga@example.org", operator_id=olga["id"])
    page, adam = await looking.panel("olga@example.org", PASSWORD), await looking.panel()
    office.phones.phone(cast.OLGA).never_answers()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    silence = card(page, call.sid, "ringing").get_by_role("button", name="Silence")
    await silence.hover()
    if hand == "mouse":
        await page.mouse.down()
    else:
        await silence.focus()
        await page.keyboard.down("Space")
    await silence.evaluate("button => { window.pressed = button; }")
    await office.phones.let_pass(25)  # rung in vain
    await card(adam, call.sid, "waiting").wait_for()
    assert await page.evaluate("pressed.isConnected")
    await (page.mouse.up() if hand == "mouse" else page.keyboard.up("Space"))
    await expect(card(page, call.sid)).to_have_attribute("data-quiet", "silenced")
    await card(page, call.sid, "waiting").wait_for()
