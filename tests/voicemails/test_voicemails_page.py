"""``/voicemails`` in a browser: live, played, marked as heard and deleted."""

import pytest
from playwright.async_api import expect

from app.voicemails.fetch_voicemails import fetch_voicemails
from tests import cast
from tests.api import API
from tests.looking import Looking, is_live
from tests.panel.sse import listening

pytestmark = pytest.mark.anyio


async def test_a_message_comes_by_itself_and_is_played_beside_who_it_is(looking: Looking) -> None:
    office = looking.served.office
    menu = await office.add_menu("Accueil", {"1": {"kind": "voicemail"}})
    await office.change_line(menu_id=menu["id"])
    clara = await office.add_client(name="Clara Martin")
    page = await looking.panel()
    await page.goto("/voicemails")
    await is_live(page)
    await expect(page.get_by_text("No messages.")).to_be_visible()
    async with listening(looking.served.program) as stream:
        call = await office.phones.place_call(cast.CLARA, cast.LINE)
        await office.phones.settle()
        await call.press("1")
        await call.ended()
        await office.settled()
        told = [(await stream.take(1))[0]]
        while told[-1].data["type"] != "voicemail.received":
            told += await stream.take(1)
    assert told[-1].data["client"]["id"] == clara["id"]
    row = page.locator("[data-voicemail]")
    await expect(row).to_contain_text("Clara Martin")
    await office.phones.let_pass(30)
    await fetch_voicemails(office.board)
    assert await row.locator("audio").evaluate("one => { one.preload = 'metadata'; one.load(); return true }")
    await expect(row.locator("audio")).to_have_js_property("duration", 5)
    await row.get_by_role("button", name="Mark as heard").click()
    await expect(row).to_contain_text("heard by adam@example.org")
    await page.get_by_role("link", name="New").click()
    await expect(page.get_by_text("No messages.")).to_be_visible()
    await page.get_by_role("link", name="All", exact=True).click()
    await row.get_by_text("Delete…").click()
    await row.get_by_role("button", name="Delete the message for good").click()
    await expect(row).to_have_count(0)
    assert (await looking.served.program.get(f"{API}/voicemails")).json()["items"] == []
