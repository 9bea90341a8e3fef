"""One stream for many tabs: every tab shows what one of them hears, and another one takes over when that is gone."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from tests import cast
from tests.frozen import frozen_between
from tests.looking import Looking, card, is_live
from tests.office import Office
from tests.served import ServedOffice, serve

pytestmark = pytest.mark.anyio


async def _more_tabs(looking: Looking, page: Page, number: int) -> list[Page]:
    tabs = [await looking.tab(page.context) for _ in range(number)]
    for tab in tabs:
        await tab.goto("/")
        await is_live(tab)
    return tabs


def _streams(served: ServedOffice) -> int:
    streams = served.office.app.state.streams
    assert isinstance(streams.count, int)
    return streams.count


async def _until_streams(served: ServedOffice, number: int) -> None:
    async with asyncio.timeout(10):
        while _streams(served) != number:
            await asyncio.sleep(0.02)


async def test_what_came_while_nobody_led_is_not_lost(looking: Looking) -> None:
    office = looking.served.office
    first = await looking.panel()
    (second,) = await _more_tabs(looking, first, 1)
    # The second tab may lead only after the call: until then its request for the stream hangs.
    held = asyncio.Event()

    async def hold(route: object) -> None:
        await held.wait()
        await route.continue_()  # type: ignore[attr-defined]

    await second.route("**/events?*", hold)
    await first.close()
    await _until_streams(looking.served, 0)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    held.set()
    await card(second, call.sid, "waiting").wait_for()


async def test_a_tab_that_joins_late_asks_for_what_it_has_missed(looking: Looking) -> None:
    """The hole: told to the other tabs after this one was drawn and before it listened, and told by nobody again."""
    office = looking.served.office
    first = await looking.panel()
    second = await looking.tab(first.context)
    drawn, go_on = asyncio.Event(), asyncio.Event()

    async def hold(route: object) -> None:
        drawn.set()
        await go_on.wait()
        await route.continue_()  # type: ignore[attr-defined]

    await second.route("**/live.js", hold)
    opening = asyncio.create_task(second.goto("/"))
    await drawn.wait()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await card(first, call.sid, "waiting").wait_for()
    go_on.set()
    await opening
    await card(second, call.sid, "waiting").wait_for()
    await expect(second.locator("#calls article")).to_have_count(1)


async def test_a_hidden_tab_pops_too(looking: Looking) -> None:
    office = looking.served.office
    hidden = await looking.panel()
    await hidden.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    front = await looking.tab(hidden.context)
    await front.goto("/sign-in")
    await front.bring_to_front()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await card(hidden, call.sid, "waiting").wait_for(state="attached")


async def test_a_service_that_freezes_is_noticed_in_every_tab_and_forgiven(office: Office, browser: Browser) -> None:
    async with serve(office) as served, frozen_between(served) as (through, freezer):
        looking = Looking(through, browser)
        first = await looking.panel()
        clock = first.context.clock
        await clock.install()
        (second,) = await _more_tabs(looking, first, 1)
        await first.reload()
        await is_live(first)
        freezer.frozen = True
        await clock.fast_forward(20_000)
        for tab in (first, second):
            await expect(tab.locator("#live")).to_have_attribute("data-live", "yes")
        await clock.fast_forward(7_000)
        for tab in (first, second):
            await tab.locator('#live[data-live="no"]').get_by_text("Reconnecting…").wait_for()
        await expect(first.locator("#live-lost")).to_have_text(
            "Connection lost. Calls may ring without being shown here."
        )
        freezer.frozen = False
        for tab in (first, second):
            await is_live(tab)
        await looking.close()
        assert looking.complaints == []


async def test_without_https_each_tab_listens_for_itself(looking: Looking) -> None:
    office = looking.served.office
    first = await looking.panel(script="delete Navigator.prototype.locks")
    (second,) = await _more_tabs(looking, first, 1)
    assert _streams(looking.served) == 2
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    for tab in (first, second):
        await card(tab, call.sid, "waiting").wait_for()


async def test_twenty_updates_leave_a_card_s_words_focus_and_unfolded_reasons(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    popped = card(page, call.sid)
    await popped.locator("details.why summary").first.click()
    for _ in range(20):
        async with page.expect_response("**/events/state?*"):
            await page.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(popped.locator("details.why").first).to_have_attribute("open", "")
    assert await page.evaluate("document.activeElement.localName") == "summary"


async def test_cards_stay_where_they_are_while_somebody_aims_at_them(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()

    async def shown() -> list[str]:
        order = await page.locator("#calls article").evaluate_all("all => all.map(one => one.dataset.call)")
        assert isinstance(order, list)
        return order

    async def pops(caller: str) -> str:
        call = await office.phones.place_call(caller, cast.LINE)
        await office.phones.settle()
        await card(page, call.sid).wait_for()
        return call.sid

    await page.mouse.move(5, 5)
    uma, clara = await pops(cast.UMA), await pops(cast.CLARA)
    await page.wait_for_timeout(3_200)
    assert await shown() == [clara, uma], "the newest is on top"
    await card(page, clara).hover()
    vera = await pops(cast.VERA)
    assert await shown() == [clara, vera, uma], "not under the pointer"
    await card(page, uma).locator(".fold").click()
    await page.mouse.move(5, 5)
    await card(page, uma).get_by_label("Name", exact=True).focus()
    martin = await pops(cast.MARTIN)
    await page.wait_for_timeout(2_200)
    assert await shown() == [clara, vera, uma, martin], "nor under the fingers"


async def test_a_card_that_has_just_opened_holds_its_place_for_two_seconds(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    now = datetime.now(UTC)
    await page.clock.set_fixed_time(now)
    calls = []
    for caller in (cast.UMA, cast.CLARA):
        calls.append(await office.phones.place_call(caller, cast.LINE))
        await office.phones.settle()
        await card(page, calls[-1].sid).wait_for()
    first = page.locator("#calls article").first
    await expect(first).to_have_attribute("data-call", calls[0].sid)
    await expect(card(page, calls[1].sid)).to_have_class(re.compile("compact"))
    await page.clock.set_fixed_time(now + timedelta(seconds=3))
    await expect(first).to_have_attribute("data-call", calls[1].sid)
    await expect(card(page, calls[0].sid)).to_have_class(re.compile("compact"))


async def test_an_undo_stays_on_the_card_while_news_comes(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await card(page, call.sid).wait_for()
    await page.keyboard.press("b")
    await page.keyboard.type("Shouts")
    await page.keyboard.press("Enter")
    undo = card(page, call.sid).get_by_role("button", name="Undo the block")
    await undo.wait_for()
    async with page.expect_response("**/events/state?*"):
        await page.evaluate("window.dispatchEvent(new Event('online'))")
    await undo.click()
    await undo.wait_for(state="hidden")
    await office.board.live_plan.catch_up()
    assert not office.board.live_plan.tenant(office.company.tenant).rows["blacklist_entry"]


async def test_other_pages_tell_who_is_calling(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    await page.goto("/settings/fallback")
    await is_live(page)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    calling = page.locator("#calling a")
    await calling.get_by_text("New caller").wait_for()
    assert (await page.title()).startswith("(1) New caller")
    await calling.click()
    await card(page, call.sid, "waiting").wait_for()
