"""A walk by keyboard alone through a rush of calls: text typed into every field stays text, whatever comes and goes
around it, and a key that changes something only asks."""

import asyncio
from itertools import cycle
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from sqlalchemy import func, select

from models import AuditEntry, BlacklistEntry, CallNote, ClientCard
from tests import cast
from tests.looking import Looking, card, line
from tests.office import Office
from tests.served import PASSWORD

pytestmark = pytest.mark.anyio
TEXT = "No b 40 chairs so soon, job 1234 / ok?"


async def _olga(looking: Looking, talks_for: int = 600) -> Page:
    office = looking.served.office
    operator = await office.add_operator()
    await looking.served.add_person("olga@example.org", operator_id=operator["id"])
    office.phones.phone(cast.OLGA).answers_after(1).talks_for(talks_for)
    return await looking.panel("olga@example.org", PASSWORD)


async def _talking(looking: Looking, page: Page, number: str = cast.UMA) -> Any:
    call = await looking.served.office.phones.place_call(number, cast.LINE)
    await looking.served.office.phones.let_pass(8)
    await card(page, call.sid, "answered").wait_for()
    return call


async def _counts(office: Office) -> list[int]:
    await office.settled()
    async with office.board.sessions() as session:
        return [
            await session.scalar(select(func.count()).select_from(table)) or 0
            for table in (BlacklistEntry, CallNote, ClientCard, AuditEntry)
        ]


async def _rush(office: Office, done: asyncio.Event) -> None:
    """Calls come and go until ``done``."""
    running: list[Any] = []
    for last in cycle(range(40)):
        if done.is_set():
            break
        running.append(await office.phones.place_call(f"+336399820{last:02}", cast.LINE))
        await office.phones.let_pass(1)
        if len(running) > 3:
            await running.pop(0).hang_up()
        await asyncio.sleep(0.15)
    for call in running:
        await call.hang_up()


async def _tab_to(page: Page, field: Locator, key: str = "Tab") -> None:
    for _ in range(80):
        if await field.evaluate("one => one === document.activeElement"):
            return
        await page.keyboard.press(key)
    raise AssertionError(f"no way to {field} by Tab")


async def _write(page: Page, field: Locator) -> None:
    await expect(field).to_be_focused()
    await page.keyboard.type(TEXT, delay=15)
    await expect(field).to_have_value(TEXT)
    await expect(field).to_be_focused()


async def test_text_for_every_field_of_a_card_changes_nothing_in_a_rush(looking: Looking) -> None:
    office = looking.served.office
    page = await _olga(looking)
    mine = await _talking(looking, page)
    before, done, own = await _counts(office), asyncio.Event(), card(page, mine.sid)
    rush = asyncio.create_task(_rush(office, done))
    try:
        await page.keyboard.press("n")
        await _write(page, own.get_by_label("Note about this call"))
        await page.keyboard.press("Escape")
        await page.keyboard.press("b")
        await _write(page, own.get_by_label("Reason"))
        await page.keyboard.press("Escape")
        await expect(own.get_by_label("Reason")).to_be_hidden()
        for label, key in (("Name", "Shift+Tab"), ("What is it about?", "Tab")):
            field = own.get_by_label(label, exact=True)
            await _tab_to(page, field, key)
            await _write(page, field)
        find = own.locator("details.join > summary")
        await _tab_to(page, find)
        await page.keyboard.press("Enter")
        await _write(page, own.get_by_label("Find the client"))
        await page.keyboard.press("Control+k")
        await _write(page, page.get_by_role("combobox", name="A number, a name or an action"))
        await page.keyboard.press("Escape")
    finally:
        done.set()
        await rush
    assert await _counts(office) == before
    box = await own.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 300, "one's own call is in sight"


async def test_a_block_asks_who_and_why_and_enter_confirms_and_the_card_takes_it_back(looking: Looking) -> None:
    office = looking.served.office
    page = await _olga(looking)
    mine = await _talking(looking, page)
    own, before = card(page, mine.sid), (await _counts(office))[0]
    await page.keyboard.press("b")
    await expect(own.get_by_label("Reason")).to_be_focused()
    await page.keyboard.press("Enter")
    assert (await _counts(office))[0] == before, "no block without a reason"
    await page.keyboard.type("Shouts at everybody")
    await page.keyboard.press("Enter")
    await own.get_by_text("Blocked by olga@example.org").wait_for()
    assert (await _counts(office))[0] == before + 1
    assert await own.get_by_text("Block…").count() == 0
    await own.get_by_role("button", name="Undo the block").press("Enter")
    await own.get_by_text("Block…").wait_for()
    assert (await _counts(office))[0] == before


async def test_text_typed_after_a_call_is_its_note_and_no_outcome(looking: Looking) -> None:
    office = looking.served.office
    page = await _olga(looking, talks_for=5)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.ended()
    asked = card(page, call.sid, "ended")
    await asked.wait_for()
    before = await _counts(office)
    await page.keyboard.type("40 chairs", delay=15)
    await page.keyboard.press("Enter")
    assert await _counts(office) == before, "4 asks for Spam, and the rest of the text says no"
    await page.wait_for_timeout(1600)
    await page.keyboard.type("nWants 40 chairs", delay=15)
    await expect(asked.get_by_label("Note about this call")).to_have_value("Wants 40 chairs")
    assert await _counts(office) == before
    await page.keyboard.press("Escape")
    await page.keyboard.press("4")
    await asked.get_by_text("Press Enter to save “Spam”").wait_for()
    await page.keyboard.press("2")
    await page.keyboard.press("Enter")
    await expect(line(page, call.sid).locator(".noted")).to_have_text("Call back · Wants 40 chairs")


async def test_a_note_is_written_while_the_call_goes_on_and_stays_when_it_ends(looking: Looking) -> None:
    page = await _olga(looking, talks_for=60)
    mine = await _talking(looking, page)
    own = card(page, mine.sid)
    await page.keyboard.press("n")
    await page.keyboard.type("Wants 40")
    await mine.ended()
    await card(page, mine.sid, "ended").wait_for()
    await page.keyboard.type(" chairs")
    await expect(own.get_by_label("Note about this call")).to_have_value("Wants 40 chairs")
    await page.keyboard.press("Escape")
    await page.keyboard.press("1")
    await page.keyboard.press("Enter")
    await expect(line(page, mine.sid).locator(".noted")).to_have_text("Done · Wants 40 chairs")


async def test_letters_for_a_field_that_was_taken_away_do_nothing(looking: Looking) -> None:
    office = looking.served.office
    page = await _olga(looking)
    mine = await _talking(looking, page)
    before, own = await _counts(office), card(page, mine.sid)
    await page.keyboard.press("n")
    await page.keyboard.type("So")
    await page.evaluate("document.activeElement.remove()")
    await page.keyboard.type(" nobody can say 4 b", delay=15)
    await expect(own.get_by_label("Reason")).to_be_hidden()
    assert await _counts(office) == before
