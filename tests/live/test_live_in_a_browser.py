"""The supervisor's page in a browser: it moves by itself, ticks, and changes nothing that has not changed."""

import os
import re
from typing import Final
from unittest.mock import patch

import pytest
from playwright.async_api import Page, Route, ViewportSize, expect

from app.telephone.fault import Fault
from tests import cast
from tests.every_page import signed_in
from tests.looking import Looking
from tests.web.test_everybody_can_use_it import LOCALES, SCREENS, fits, violations

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
    await waiting.locator("a").first.focus()
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


WALLS: Final[dict[str, ViewportSize]] = {
    "desk": {"width": 1280, "height": 900},
    "wall": {"width": 1920, "height": 1080},
    "telephone": {"width": 390, "height": 844},
}
LATE_BY: Final = """(seconds) => {
    const now = Date.parse(document.getElementById('watching').dataset.now);
    for (const one of document.querySelectorAll('time[data-waits]'))
        one.dataset.ticks = new Date(now - seconds * 1000).toISOString();
}"""
SPILLS: Final = """() => [...document.querySelectorAll('.figure')].filter((tile) => {
    const inside = tile.getBoundingClientRect(), texts = document.createRange();
    texts.selectNodeContents(tile);
    return [...texts.getClientRects()].some((one) =>
        one.left < inside.left || one.right > inside.right || one.top < inside.top || one.bottom > inside.bottom);
}).map((tile) => tile.innerText)"""


@pytest.mark.parametrize("spoken", LOCALES)
async def test_a_figure_of_the_wall_stays_in_its_tile_however_late_it_is(looking: Looking, spoken: str) -> None:
    office = looking.served.office
    await office.add_operator()
    await office.add_queue("Commandes et livraisons")
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    page = await opened(looking, "/live?wall=1", locale=LOCALES[spoken])
    spilled = []
    for name, size in WALLS.items():
        await page.set_viewport_size(size)
        for seconds, begins in ((65, r"^1:\d\d\b"), (605, r"^10:\d\d\b(?!:)"), (36_305, r"^10:05:\d\d\b")):
            await page.evaluate(LATE_BY, seconds)
            late = page.locator('[data-key="longest"] time.late')
            await expect(late).to_contain_text(re.compile(begins))
            if folder := os.environ.get("ANTICHAMBRE_SCREENSHOTS"):
                await page.screenshot(path=f"{folder}/wall-{spoken}-{name}-{seconds}.png")
            spilled += [f"{name} {seconds}: {one}" for one in await page.evaluate(SPILLS)]
            if not await fits(page):
                spilled.append(f"{name}: has to be scrolled sideways")
    await uma.hang_up_after(1)
    assert spilled == []


async def test_a_provider_that_takes_no_commands_is_told_here_as_on_the_panel(looking: Looking) -> None:
    office = looking.served.office
    tenant, reach = office.company.tenant, office.board.telephones.means.reach
    degradation = office.app.state.degradation
    page, wall = await opened(looking), await opened(looking, "/live?wall=1")
    told = [page.locator("#notices .notice"), wall.locator(".screen .notice")]
    for notice in told:
        await expect(notice).to_have_count(0)
    # What the service asks of itself meanwhile is answered by the telephone company of the tests.
    with patch.object(type(reach), "answered"):
        reach.failed(tenant, "twilio", Fault.UNREACHABLE)
        await degradation.look()
        for notice in told:
            await expect(notice).to_contain_text("The provider has taken no commands for")
        await expect(told[1].locator("time")).to_have_text(re.compile(r"^0:\d\d$"))
        for size in WALLS.values():
            await wall.set_viewport_size(size)
            assert await fits(wall)
        for shown in (page, wall):
            assert await violations(shown) == []
            await shown.reload()
            await expect(shown.locator(".notice:not(#stale)")).to_have_count(1)
    reach.answered(tenant, "twilio")
    await degradation.look()
    for notice in told:
        await expect(notice).to_have_count(0)
    assert looking.complaints == []


async def test_a_wall_that_hears_nothing_says_so(looking: Looking) -> None:
    office = looking.served.office
    await office.add_operator()
    wall = await opened(looking, "/live?wall=1", viewport=WALLS["wall"])
    stale, waiting = wall.locator("#stale"), wall.locator('[data-key="waiting"] .value')
    await expect(stale).to_be_hidden()

    async def away(route: Route) -> None:
        await route.fulfill(status=503)

    await wall.route("**/live/parts**", away)
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    await expect(stale).to_be_visible()
    await expect(stale).to_have_text(re.compile(r"^Not up to date for 0:\d\d$"))
    await expect(waiting).to_have_text("0")
    for size in WALLS.values():
        await wall.set_viewport_size(size)
        assert await fits(wall)
    assert await violations(wall) == []
    await wall.unroute("**/live/parts**")
    await expect(waiting).to_have_text("1")
    await expect(stale).to_be_hidden()
    await uma.hang_up_after(1)


async def test_the_next_call_opens_though_the_dialog_has_only_just_closed(looking: Looking) -> None:
    office = looking.served.office
    page = await opened(looking)
    first = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(1)
    second = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    await page.locator(f'[data-waiting="{first.sid}"] a.act').click()
    box = page.locator("#acts")
    await expect(box.locator(".live-call")).to_have_attribute("data-call", first.sid)
    # A browser tells of the closing only after what the supervisor has pressed since.
    await page.locator(f'[data-waiting="{second.sid}"] a.act').evaluate(
        "act => { document.getElementById('acts').close(); act.click(); }"
    )
    await expect(box.locator(".live-call")).to_have_attribute("data-call", second.sid)
    await expect(box).to_be_visible()
    assert looking.complaints == []


async def test_any_call_is_transferred_and_ended_in_the_live_view(looking: Looking) -> None:
    office = looking.served.office
    oscar = await office.add_operator(cast.OSCAR, name="Oscar", queue_ids=[])
    office.phones.phone(cast.OSCAR).answers_after(2).talks_for(3600)
    page = await opened(looking)
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    acts = page.locator(f'[data-waiting="{uma.sid}"] a.act')
    await acts.focus()
    await page.keyboard.press("Enter")
    box = page.get_by_role("dialog", name="+33 6 39 98 00 03")
    await expect(box).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(box).to_be_hidden()
    await expect(acts).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(box.get_by_text("Transfer…")).to_be_visible()
    await expect(box.get_by_role("button", name="Take this call")).to_have_count(0)
    await box.get_by_text("Transfer…").press("Enter")
    await box.get_by_role("combobox", name="To").select_option(f"operator:{oscar['id']}")
    for screen in SCREENS:
        await page.set_viewport_size(screen["viewport"])
        assert await fits(page)
        assert await violations(page) == []
    async with page.expect_response("**/transfer"):
        await box.get_by_role("button", name="Transfer", exact=True).press("Enter")
    await expect(box.get_by_role("status")).to_have_text("Transferred.")
    await office.phones.let_pass(10)
    await office.settled()
    assert uma.connected_to == cast.OSCAR
    # The dialog keeps up with the call, and what was said in it stays.
    await expect(box).to_contain_text("talking with Oscar")
    await expect(box.get_by_role("status")).to_have_text("Transferred.")
    await expect(page.locator(f'[data-running="{uma.sid}"]')).to_be_visible()
    await box.get_by_text("Hang up…").click()
    await expect(box).to_contain_text("End the call of +33 6 39 98 00 03?")
    await box.get_by_role("button", name="Cancel").last.click()
    await office.phones.let_pass(5)
    assert not uma.is_over
    await box.get_by_text("Hang up…").click()
    async with page.expect_response("**/hang-up"):
        await box.get_by_role("button", name="Hang up", exact=True).click()
    await office.phones.let_pass(2)
    await office.settled()
    assert uma.is_over
    await expect(box).to_contain_text("This call is over.")
    await box.get_by_role("button", name="Close").click()
    await expect(box).to_be_hidden()
    assert looking.complaints == []
