"""Forty-one callers whose names are attacks (CVE-2019-11408 was stored XSS by caller ID into an operator panel)."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from app.base.text import display_text
from tests import cast
from tests.looking import Looking, card, is_live, line

pytestmark = pytest.mark.anyio
HOSTILE = (Path(__file__).parents[1] / "data" / "hostile_caller_strings.txt").read_text("utf-8").split("\n")[:-1]


async def test_hostile_names_are_only_text_on_card_and_line(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    assert len(HOSTILE) == 41
    calls = {}
    for place, hostile in enumerate(HOSTILE):
        number = f"+336399802{place:02}"  # of their own: whoever calls more than three times at once is busy
        call = await office.phones.place_call(number, cast.LINE, caller_name=hostile)
        calls[call.sid] = display_text(hostile) or "New caller"
        await office.phones.settle()
    for sid, name in calls.items():
        await card(page, sid).wait_for()
        assert await card(page, sid).locator(".name").text_content() == name
    for sid in calls:
        await office.phones.calls[sid].hang_up_after(1)
    await expect(page.locator("#today article")).to_have_count(41)
    for reload in (False, True):
        if reload:
            await page.reload()
            await is_live(page)
        for sid, name in calls.items():
            assert await line(page, sid).locator(".name").text_content() == name
    assert await page.locator('script:not([src^="/static/"], [type="application/json"])').count() == 0, "only our own"
    assert await page.locator("img, iframe, object").count() == 0


async def test_hostile_caller_ids_are_read_and_never_drawn(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    for hostile in HOSTILE:
        await office.phones.place_call(hostile, cast.LINE)
        await office.phones.settle()
    last = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await card(page, last.sid).wait_for()
    assert await page.locator("#calls img, #calls script, #calls iframe").count() == 0


async def test_hostile_labels_notes_and_choices_are_only_text(looking: Looking) -> None:
    office = looking.served.office
    attack = """"><img src=x onerror=alert(1)><script>alert(2)</script>'{{7*7}}"""
    await office.add_client(name=attack, company=attack, pinned_note=attack, about=attack)
    page = await looking.panel()
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await card(page, call.sid).wait_for()
    assert await card(page, call.sid).locator(".name").text_content() == attack
    assert attack in (await card(page, call.sid).locator(".note").text_content() or "")
    assert await page.locator("#calls img, #calls script").count() == 0
