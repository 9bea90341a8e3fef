"""One tab rings, for whoever is concerned, until the call is answered, silenced or over."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from app.audio.electric_piano import RATE
from app.audio.mu_law import wav_file
from app.audio.ringtones import FOLDER, RINGTONES, ringtone
from tests import cast
from tests.looking import Looking, card, is_live
from tests.served import PASSWORD

pytestmark = pytest.mark.anyio
SPY = """
    window.started = [];
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (...when) {
        const loudest = this.buffer.getChannelData(0).reduce((most, one) => Math.max(most, Math.abs(one)), 0);
        window.started.push({seconds: this.buffer.duration, loudest, loop: this.loop});
        return start.apply(this, when);
    };
    window.notes = [];
    document.hasFocus = () => false;
    window.Notification = class extends EventTarget {
        static permission = "default";
        static async requestPermission() { return (Notification.permission = "granted"); }
        constructor(title, options) { super(); Object.assign(this, options, {title, open: true}); window.notes.push(this); }
        close() { this.open = false; }
    };
"""


async def _olga(looking: Looking, email: str = "olga@example.org", address: str = cast.OLGA) -> Page:
    """The panel of an operator who takes the queue's calls; sounds and notifications are counted."""
    operator = await looking.served.office.add_operator(address, name=email.partition("@")[0].title())
    await looking.served.add_person(email, operator_id=operator["id"])
    return await looking.panel(email, PASSWORD, script=SPY)


async def _turn_on(page: Page) -> None:
    await page.locator("#live").click()
    await page.get_by_role("button", name="Turn on ringing").click()
    await page.get_by_text("Live · ringing in this tab").wait_for()
    await page.keyboard.press("Escape")


async def _rings(page: Page, kind: str) -> None:
    await page.locator(f'html[data-ringing="{kind}"]').wait_for()


async def _until(page: Page, expression: str) -> None:
    """Wait until ``expression`` is true. The page's CSP does not let Playwright ask by itself."""
    async with asyncio.timeout(10):
        while not await page.evaluate(expression):
            await asyncio.sleep(0.02)


async def _is_quiet(page: Page) -> None:
    await page.locator("html:not([data-ringing])").wait_for()


def test_the_sounds_are_what_their_scores_say_and_not_the_same() -> None:
    for name in RINGTONES:
        assert (FOLDER / name).read_bytes() == wav_file(ringtone(name), RATE)
        assert (FOLDER / name).stat().st_size < 16_000
        assert 0.6 < max(map(abs, ringtone(name))) / 32768 < 0.8, "loud, and not clipped"
    assert ringtone("ring.wav")[: RATE // 2] != ringtone("ring-vip.wav")[: RATE // 2]


async def test_nothing_rings_before_somebody_has_asked_for_it(looking: Looking) -> None:
    office = looking.served.office
    page = await _olga(looking)
    await page.get_by_text("Live · ringing off").wait_for()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await card(page, call.sid, "ringing").wait_for()
    assert await page.evaluate("started.length + notes.length") == 0
    await _turn_on(page)
    await _rings(page, "call")
    await _until(page, "started.length === 1")
    started = await page.evaluate("started[0]")
    assert started["loop"]
    assert started["loudest"] > 0.5
    await call.hang_up()
    await _is_quiet(page)


async def test_eight_tabs_have_one_stream_and_one_sound_and_both_move_on_when_their_tab_is_closed(
    looking: Looking,
) -> None:
    office = looking.served.office
    first = await _olga(looking)
    await _turn_on(first)
    tabs = [first]
    for _ in range(7):
        tabs.append(await looking.tab(first.context))
        await tabs[-1].goto("/")
        await tabs[-1].get_by_text("Live · ringing in another tab").wait_for()
    assert office.app.state.streams.count == 1
    used, unused = tabs[1], tabs[2:]
    await used.mouse.click(5, 5)  # browsers let only those tabs be heard that their user has used
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    for tab in tabs:
        await card(tab, uma.sid, "ringing").wait_for()
    await _rings(first, "call")
    await _until(first, "started.length === 1")
    assert [await tab.evaluate("started.length") for tab in tabs] == [1] + [0] * 7
    await first.close()
    await used.get_by_text("Live · ringing in this tab").wait_for()
    await _rings(used, "call")
    await _until(used, "started.length === 1")
    clara = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    for tab in tabs[1:]:
        await card(tab, clara.sid, "waiting").wait_for()
        await expect(tab.locator("#calls article")).to_have_count(2)
    assert [await tab.evaluate("started.length") for tab in unused] == [0] * 6
    assert office.app.state.streams.count == 1


async def test_a_vip_sounds_different_and_goes_first(looking: Looking) -> None:
    office = looking.served.office
    page = await _olga(looking)
    await office.add_vip(label="Vera Fournier")
    await _turn_on(page)
    await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await _rings(page, "call")
    vera = await office.phones.place_call(cast.VERA, cast.LINE)
    await office.phones.settle()
    await _rings(page, "vip")
    await _until(page, "started.length === 2")
    await expect(page).to_have_title("(2) ★ Vera Fournier · Antichambre")
    assert (await page.locator("link[rel=icon]").get_attribute("href") or "").endswith("icon-ringing.svg")
    await vera.hang_up()
    await _rings(page, "call")


async def test_silence_is_for_me_alone_in_all_my_tabs_and_survives_a_reload(looking: Looking) -> None:
    office = looking.served.office
    olga, oscar = await _olga(looking), await _olga(looking, "oscar@example.org", cast.OSCAR)
    for page in (olga, oscar):
        await _turn_on(page)
    also_olga = await looking.tab(olga.context)
    await also_olga.goto("/")
    await is_live(also_olga)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    for page in (olga, oscar):
        await _rings(page, "call")
    await card(also_olga, call.sid).get_by_role("button", name="Silence").click()
    await _is_quiet(olga)
    for page in (olga, also_olga):
        await expect(card(page, call.sid).locator(".silenced")).to_have_text("silenced")
    await olga.reload()
    await card(olga, call.sid, "ringing").locator(".silenced").wait_for()
    await is_live(olga)
    await _is_quiet(olga)
    await expect(olga).to_have_title("Calls · Antichambre")
    await _rings(oscar, "call")
    assert await card(oscar, call.sid).locator(".silenced").count() == 0
    await olga.keyboard.press("s")
    await _rings(also_olga, "call")


async def test_an_answer_elsewhere_ends_the_ringing_everywhere(looking: Looking) -> None:
    office = looking.served.office
    olga, oscar = await _olga(looking), await _olga(looking, "oscar@example.org", cast.OSCAR)
    for page in (olga, oscar):
        await _turn_on(page)
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(60)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    for page in (olga, oscar):
        await _rings(page, "call")
    await office.phones.let_pass(10)
    for page in (olga, oscar):
        await _is_quiet(page)
    await card(olga, call.sid, "answered").wait_for()
    assert await card(oscar, call.sid, "ringing").count() == 0


async def test_a_card_stops_ringing_by_itself(looking: Looking) -> None:
    office = looking.served.office
    page = await _olga(looking)
    await _turn_on(page)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await _rings(page, "call")
    await card(page, call.sid).get_by_text("ringing at your telephone").wait_for()
    assert await card(page, call.sid).get_attribute("data-ring-until") == "2026-07-24T08:01:00+00:00"
    # Every event draws the card anew, with its end, so it is set as often as it takes.
    over = "document.querySelector('#calls article').dataset.ringUntil = '2026-07-24T08:00:00+00:00'"
    quiet = "document.querySelector('#calls article').dataset.quiet === 'over'"
    await _until(page, f"{over}, !document.documentElement.dataset.ringing && {quiet}")
    await expect(page).to_have_title("Calls · Antichambre")


async def test_only_while_available_means_quiet_on_a_break(looking: Looking) -> None:
    office = looking.served.office
    page = await _olga(looking)
    await _turn_on(page)
    await page.locator("#live").click()
    await page.get_by_label("Only when I am available").check()
    await page.keyboard.press("Escape")
    await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await _rings(page, "call")
    await page.get_by_label("Are you taking calls?").select_option("On a break")
    await _is_quiet(page)


async def test_a_notification_names_the_caller_unless_names_are_hidden_and_closes_with_the_ringing(
    looking: Looking,
) -> None:
    office = looking.served.office
    await office.add_client()
    page = await _olga(looking)
    await page.locator("#live").click()
    await page.get_by_role("button", name="Turn on notifications").click()
    await page.get_by_role("button", name="Turn off notifications").wait_for()
    clara = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await _until(page, "notes.length === 1")
    note = await page.evaluate("(({title, body, tag, open}) => ({title, body, tag, open}))(notes[0])")
    assert note == {"title": "Clara", "body": "Ligne principale", "tag": f"call-{clara.sid}", "open": True}
    await page.get_by_label("Hide names").check()
    await clara.hang_up()
    await _until(page, "!notes[0].open")
    again = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await _until(page, "notes.length === 2")
    assert await page.evaluate("notes[1].title") == "A call"
    await card(page, again.sid).wait_for()


async def test_whoever_takes_no_calls_is_never_rung_and_told_so(looking: Looking) -> None:
    page = await looking.panel()
    await expect(page.locator("#live-words")).to_have_text("Live")
    await page.locator("#live").click()
    await page.get_by_text("Nothing rings here").wait_for()
    assert await page.get_by_label("Are you taking calls?").count() == 0
