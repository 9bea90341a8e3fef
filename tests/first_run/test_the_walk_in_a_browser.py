"""A newcomer's first run in a real browser, by keyboard where one would type: from the address that the service prints to a
card that pops. With ``ANTICHAMBRE_PICTURES=1`` it renews the pictures of docs/first-run.md."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests import cast
from tests.service import ROOT, running_service
from tests.web.test_everybody_can_use_it import fits, violations

pytestmark = pytest.mark.anyio
PICTURES = ROOT / "docs" / "images" / "first-run"


async def seen(page: Page, number: int, wrong: list[str]) -> None:
    """Look at a step: nobody is kept out of it, and nothing is cut off."""
    wrong += [f"{number}: {one}" for one in await violations(page)]
    if not await fits(page):
        wrong.append(f"{number}: has to be scrolled sideways")
    if os.environ.get("ANTICHAMBRE_PICTURES"):
        PICTURES.mkdir(exist_ok=True)
        await page.screenshot(path=PICTURES / f"{number}.png")


async def test_from_the_printed_address_to_the_first_card(data_dir: Path, database_url: str, browser: Browser) -> None:
    wrong: list[str] = []
    async with running_service(data_dir, database_url) as service:
        found = re.search(r"http\S+/setup\?token=\S+", (data_dir / "service.log").read_text())
        assert found is not None
        context: dict[str, Any] = {
            "locale": "en-GB",
            "reduced_motion": "reduce",
            "viewport": {"width": 1280, "height": 860},
        }
        profile = await browser.new_context(base_url=service.base_url, **context)
        page = await profile.new_page()
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        await page.goto(found[0])
        await page.get_by_label("Name").fill("Maison Uma")
        await page.get_by_label("Country").select_option("FR")
        await page.get_by_label("Time zone").fill("Europe/Paris")
        await page.get_by_label("A number that people call").fill("01 99 00 10 88")
        await page.get_by_label("E-mail").fill("uma@example.org")
        await page.get_by_label("Password").fill("a long password of hers")
        await seen(page, 1, wrong)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/setup/address")
        await page.get_by_role("button", name="Check the address").click()
        await expect(page.get_by_text("This service answers there.")).to_be_visible()
        await seen(page, 2, wrong)
        await page.get_by_role("button", name="Go on").click()
        await page.wait_for_url("**/setup/provider")
        await seen(page, 3, wrong)
        await page.get_by_role("link", name="Skip for now").click()
        await page.wait_for_url("**/setup/hours")
        await page.get_by_label("Saturday").fill("10:00-12:00")
        await seen(page, 4, wrong)
        await page.get_by_role("button", name="Save and go on").click()
        await page.wait_for_url("**/setup/people")
        for name, address in (("manager", cast.MARTIN), ("operator_0", cast.OLGA)):
            await page.locator(f"#{name}_name").fill("Martin" if name == "manager" else "Olga")
            await page.locator(f"#{name}_address").fill(address)
        await seen(page, 5, wrong)
        await page.get_by_role("button", name="Save and go on").click()
        await page.wait_for_url("**/setup/lists")
        await page.get_by_role("button", name="Add sample data").click()
        await expect(page.get_by_role("button", name="Remove the sample data")).to_be_visible()
        await seen(page, 6, wrong)
        await page.get_by_role("link", name="Phone booth").last.click()
        await page.wait_for_url("**/booth")
        await page.get_by_role("button", name="Vera Fournier, a VIP, at 3 a.m.").click()
        card = page.frame_locator("#beside").locator("#calls article")
        await expect(card.get_by_role("heading", name="Vera Fournier")).to_be_visible()
        if os.environ.get("ANTICHAMBRE_PICTURES"):
            await page.screenshot(path=PICTURES / "7.png")
        await page.goto("/setup/lists")
        await expect(page.get_by_text("A call has come in.")).to_be_visible()
        await profile.close()
    assert wrong == []
