"""The panel's line to the service breaks and comes back: nothing is lost, nothing is shown twice."""

import pytest
from playwright.async_api import Browser, expect

from tests import cast
from tests.looking import Looking, card, is_live, line
from tests.office import Office
from tests.served import serve

pytestmark = pytest.mark.anyio


async def test_calls_that_came_during_a_restart_appear_once_each(office: Office, browser: Browser) -> None:
    await office.add_operator()
    async with serve(office) as served:
        looking = Looking(served, browser)
        page = await looking.panel()
        port = int(served.url.rpartition(":")[2])
        early = await office.phones.place_call(cast.UMA, cast.LINE)
        await office.phones.settle()
        await card(page, early.sid).wait_for()
    await page.locator('#live[data-live="no"]').wait_for()
    await page.get_by_text("Reconnecting…").wait_for()
    missed = [await office.phones.place_call(number, cast.LINE) for number in (cast.CLARA, cast.VERA, cast.MARTIN)]
    await office.phones.settle()
    await early.hang_up()
    async with serve(office, port):
        await is_live(page)
        for call in missed:
            await expect(card(page, call.sid)).to_have_count(1)
        await line(page, early.sid).wait_for()
        assert await card(page, early.sid).count() == 0
        await page.wait_for_timeout(3_200)  # the first of them holds its place for two seconds
        shown = await page.locator("#calls article").evaluate_all("all => all.map(one => one.dataset.call)")
        assert shown == [call.sid for call in reversed(missed)]
        await looking.close()
    assert looking.complaints == []


async def test_another_database_behind_the_address_reloads_the_page(looking: Looking) -> None:
    page = await looking.panel()
    await page.evaluate("window.before = true")
    looking.served.office.board.feed.epoch = "restored"
    looking.served.office.app.state.streams.closing.set()
    await page.locator('#live[data-live="no"]').wait_for()
    looking.served.office.app.state.streams.closing.clear()
    await expect(page.locator("body")).to_have_attribute("data-since", "restored-0")
    await is_live(page)
    assert await page.evaluate("window.before") is None


async def test_a_session_that_has_ended_leads_to_the_sign_in(looking: Looking) -> None:
    page = await looking.panel()
    await page.context.clear_cookies()
    looking.served.office.app.state.streams.closing.set()
    await page.locator('#live[data-live="no"]').wait_for()
    looking.served.office.app.state.streams.closing.clear()
    await page.wait_for_url("**/sign-in?next=/")
