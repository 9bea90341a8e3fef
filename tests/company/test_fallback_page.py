"""The page of the fallback document in a browser: warned on the panel, seen, copied, and warned no more."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.looking import Looking
from tests.web.test_everybody_can_use_it import fits, screens, violations

pytestmark = pytest.mark.anyio


async def opened(looking: Looking, **context: Any) -> Page:
    page = await looking.panel(**context)
    await page.get_by_role("link", name="View the document").click()
    await expect(page.get_by_role("heading", name="Fallback document")).to_be_visible()
    return page


@screens
async def test_it_has_no_violation(looking: Looking, screen: dict[str, Any]) -> None:
    office = looking.served.office
    await office.add_manager()
    await office.keep_hours()
    page = await looking.panel(**screen)
    await expect(page.get_by_text("was never entered in the provider's console")).to_be_visible()
    assert await violations(page) == []
    assert await fits(page)
    await page.get_by_role("link", name="View the document").click()
    await expect(page.get_by_label("The document")).to_have_value(re.compile("<Dial"))
    assert await violations(page) == []
    assert await fits(page)


async def test_copying_it_is_remembered_without_a_reload(looking: Looking) -> None:
    page = await opened(looking)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await expect(page.locator("#when")).to_contain_text("Never exported")
    await page.get_by_role("button", name="Copy").click()
    await expect(page.locator("#when")).to_contain_text("It matches your settings")
    await expect(page.locator("#when")).to_contain_text("by adam@example.org")
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == await page.get_by_label("The document").input_value()
    await page.get_by_role("link", name="Calls").click()
    await expect(page.get_by_text("No calls right now")).to_be_visible()
    await expect(page.get_by_role("link", name="View the document")).to_have_count(0)


async def test_downloading_it_gives_the_document(looking: Looking) -> None:
    page = await opened(looking)
    shown = await page.get_by_label("The document").input_value()
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="Download").click()
    download = await waiting.value
    assert download.suggested_filename == "fallback-33199001000.xml"
    assert (await download.path()).read_text("utf-8") == shown
    await page.reload()
    await expect(page.locator("#when")).to_contain_text("It matches your settings")


async def test_the_lines_of_a_company_are_a_click_apart(looking: Looking) -> None:
    answer = await looking.served.program.post(
        "/api/v1/lines", json={"number": "+33199002000", "label": "<b>Second</b>"}
    )
    assert answer.status_code == 201
    page = await looking.panel()
    await expect(page.get_by_text("The fallback documents of 2 lines")).to_be_visible()
    await page.get_by_role("link", name="View the document").click()
    await page.get_by_role("link", name="<b>Second</b>").click()
    await expect(page.get_by_role("heading", name="+33 1 99 00 20 00")).to_be_visible()
