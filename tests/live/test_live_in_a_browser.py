"""The supervisor's page in a browser: it moves by itself, ticks, and changes nothing that has not changed."""

import pytest
from playwright.async_api import Page, expect

from tests import cast
from tests.every_page import signed_in
from tests.looking import Looking

pytestmark = pytest.mark.anyio


async def opened(looking: Looking, address: str = "/live", **context: object) -> Page:
    page = await signed_in(looking, **context)
    await page.goto(address)
    await page.wait_for_selector('#watching[data-live="yes"]')
    return page


async def test_callers_come_wait_and_go_without_a_reload(looking: Looking) -> None:
    office = looking.served.office
    await office.add_operator()
    await office.add_blacklisted()
    page = await opened(looking)
    await page.evaluate("window.mark = 1")
    await expect(page.locator("[data-waiting]")).to_have_count(0)
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    boris = await office.phones.place_call(cast.BORIS, cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    waiting = page.locator(f'[data-waiting="{uma.sid}"]')
    await expect(waiting).to_be_visible()
    await expect(page.locator(f'[data-fake="{boris.sid}"]')).to_be_visible()
    await expect(page.locator('[data-key="waiting"] dd')).to_have_text("1")
    # Durations tick here: the text changes while nothing is asked for.
    first = await waiting.locator("time").text_content()
    await expect(waiting.locator("time")).not_to_have_text(first or "", timeout=5000)
    # A row that says the same stays the same element, with the focus that it had.
    await waiting.locator("a").focus()
    await waiting.evaluate("row => { row.kept = true; }")
    clara = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    await expect(page.locator("[data-waiting]")).to_have_count(2)
    assert await waiting.evaluate("row => row.kept === true && row.contains(document.activeElement)")
    for call in (uma, clara, boris):
        await call.hang_up_after(1)
    await office.settled()
    await expect(page.locator("[data-waiting]")).to_have_count(0)
    await expect(page.locator("[data-fake]")).to_have_count(0)
    assert await page.evaluate("window.mark") == 1
    assert looking.complaints == []


async def test_release_and_a_break_are_one_click_on_the_page(looking: Looking) -> None:
    office = looking.served.office
    olga = await office.add_operator()
    await office.add_blacklisted()
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(30)
    page = await opened(looking)
    row = page.locator(f'[data-operator="{olga["id"]}"]')
    await row.get_by_role("button").click()
    await office.settled()
    await expect(row).to_have_attribute("data-presence", "break")
    await row.get_by_role("button").click()
    await office.settled()
    await expect(row).to_have_attribute("data-presence", "available")
    boris = await office.phones.place_call(cast.BORIS, cast.LINE)
    await office.phones.let_pass(2)
    await office.settled()
    await page.locator(f'[data-fake="{boris.sid}"]').get_by_role("button", name="Release").click()
    await page.wait_for_timeout(300)
    await office.phones.let_pass(50)
    assert boris.connected_to == cast.OLGA
    await office.settled()
    await expect(page.locator("[data-fake]")).to_have_count(0)
    assert looking.complaints == []


async def test_the_wall_counts_on_by_itself(looking: Looking) -> None:
    office = looking.served.office
    await office.add_operator()
    page = await opened(looking, "/live?wall=1", viewport={"width": 1920, "height": 1080})
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    await expect(page.locator('[data-key="waiting"] .value')).to_have_text("1")
    size = await page.locator('[data-key="waiting"] .value').evaluate(
        "one => parseFloat(getComputedStyle(one).fontSize)"
    )
    assert size > 100, "readable across a room"
    await uma.hang_up_after(1)
    await office.settled()
    await expect(page.locator('[data-key="waiting"] .value')).to_have_text("0")
    assert looking.complaints == []
