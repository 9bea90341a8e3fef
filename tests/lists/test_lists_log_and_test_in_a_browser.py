"""Lists, call log and test page in a browser: by keyboard, with live answers and undo, in every look."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from app.base import limits
from models import BlacklistEntry
from tests import cast
from tests.looking import Looking
from tests.office import Office
from tests.web.test_everybody_can_use_it import fits, screens, violations

pytestmark = pytest.mark.anyio


async def lived_in(office: Office) -> None:
    await office.add_operator()
    await office.add_manager()
    await office.add_vip(label="Vera Fournier", reason="Orders for the whole hotel, and pays at once")
    await office.add_blacklisted(reason="Threats", expires_at=None)
    await office.add_blacklisted("+33162", match="prefix", label="Telephone sellers", treatment="busy")
    await office.add_blacklisted("+33639980150", match="range", to="+33639980180", label="floor 2")
    for caller in (cast.VERA, cast.BORIS, cast.UMA, "anonymous", "+33162123456"):
        await office.webhook("/twilio/voice", caller, CallerName="UMA LOPEZ" if caller == cast.UMA else "")
        await office.clock.sleep(60)
    await office.settled()


async def is_fine(page: Page, where: str) -> None:
    assert await violations(page) == [], where
    assert await fits(page), where


@screens
async def test_no_page_has_a_violation(looking: Looking, screen: dict[str, Any]) -> None:
    office = looking.served.office
    await lived_in(office)
    page = await looking.panel(**screen)
    await page.goto("/lists/blacklist")
    await page.locator("details.add > summary").click()
    await page.get_by_label("Numbers, one per line").fill(
        f"{cast.VERA}\nbanana\n+33639980077 Zed\n+3363998*\n{cast.OLGA}"
    )
    await expect(page.locator(".verdicts li")).to_have_count(5)
    await is_fine(page, "adding")
    await page.locator(".entry a.names").first.click()
    await is_fine(page, "entry")
    await page.goto("/calls")
    await page.locator(".open-why summary").nth(1).click()
    await expect(page.locator(".because .steps")).to_have_count(1)
    await page.locator(".block-ask summary").first.click()
    await expect(page.get_by_label("Reason").last).to_be_focused()
    await is_fine(page, "asking why")
    await page.keyboard.type("Threats")
    await page.get_by_role("button", name="Block").click()
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await is_fine(page, "log")
    await page.locator("a.when").first.click()
    await is_fine(page, "call")
    await page.goto(f"/test?from=%2B{cast.VERA[1:]}&attestation=failed")
    await is_fine(page, "test")


async def test_lines_are_pasted_judged_and_added_by_keyboard_alone(looking: Looking) -> None:
    await looking.served.office.add_vip(label="Anna F.")
    page = await looking.panel()
    await page.goto("/lists/blacklist")
    await page.get_by_label("Numbers, one per line").focus()
    await page.keyboard.type(f"{cast.VERA}\n06 39 98 00 77 Zed")
    await expect(page.locator("#verdicts")).to_contain_text("is a VIP (Anna F.).")
    await expect(page.locator("#verdicts")).to_contain_text("+33 6 39 98 00 77")
    await expect(page.locator("#verdicts")).to_contain_text("1 line can be added.")
    await page.get_by_label("Block anyway and remove from the VIP list").focus()
    await page.keyboard.press("Space")
    await expect(page.locator("#verdicts")).to_contain_text("2 lines can be added.")
    await page.get_by_role("button", name="Add to the blacklist").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("2 entries were added.")).to_be_visible()
    await expect(page.locator(".entry")).to_have_count(2)
    await page.get_by_role("button", name="Remove +33 6 39 98 00 01").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Undo")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry .acts").get_by_text("Undone")).to_be_visible()
    await expect(page.locator(".entry")).to_have_count(2)


async def test_a_caller_is_blocked_from_the_log_and_it_is_undone(looking: Looking) -> None:
    office = looking.served.office
    await office.webhook("/twilio/voice", cast.UMA, CallerName="UMA LOPEZ")
    await office.settled()
    page = await looking.panel()
    await page.goto("/calls")
    await page.locator(".block-ask summary").focus()
    await page.keyboard.press("Enter")
    reason = page.locator(".block-ask").get_by_label("Reason")
    await expect(reason).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator(".block-ask summary")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(reason).to_be_focused()
    await expect(page.get_by_label("Who it is")).to_have_value("UMA LOPEZ")
    await page.keyboard.press("Enter")
    assert (await looking.served.program.get("/api/v1/blacklist")).json()["items"] == [], "no block without a reason"
    await page.keyboard.type("Shouts at everybody")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("UMA LOPEZ is now blacklisted.")).to_be_visible()
    await expect(page.get_by_role("button", name="Undo")).to_be_focused()
    (entry,) = (await looking.served.program.get("/api/v1/blacklist")).json()["items"]
    assert (entry["number"], entry["reason"]) == (cast.UMA, "Shouts at everybody")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Undone: UMA LOPEZ is no longer blacklisted.")).to_be_visible()
    assert (await looking.served.program.get("/api/v1/blacklist")).json()["items"] == []


async def test_full_pages_are_light(looking: Looking) -> None:
    office = looking.served.office
    async with office.edit() as edit:
        for number in range(limits.ROWS_ON_PAGE):
            entry = BlacklistEntry(
                tenant_id=office.company.tenant, match="exact", number=f"+336399803{number:02}",
                label=f"Somebody {number}", reason="Called all night long",
            )  # fmt: skip
            await edit.record_added(entry)
    for number in range(limits.ROWS_ON_PAGE):
        await office.webhook("/twilio/voice", f"+336399802{number:02}", CallerName=f"CALLER NUMBER {number}")
    await office.settled()
    page = await looking.panel()
    for path in ("/calls", "/lists/blacklist", f"/test?from=%2B{cast.UMA[1:]}"):
        fresh = await looking.tab(page.context)
        devtools = await fresh.context.new_cdp_session(fresh)
        await devtools.send("Network.enable")
        await devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
        sizes: list[int] = []
        devtools.on("Network.loadingFinished", lambda event, into=sizes: into.append(int(event["encodedDataLength"])))
        await fresh.goto(path)
        await fresh.wait_for_load_state("load")
        assert sum(sizes) < 110_000, (path, sum(sizes), sizes)
        await fresh.close()
