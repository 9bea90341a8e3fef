"""A form that is on its way is not sent a second time."""

import pytest
from playwright.async_api import expect

from tests.looking import Looking

pytestmark = pytest.mark.anyio


async def test_who_clicks_twice_adds_one(looking: Looking) -> None:
    page = await looking.panel()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    await page.goto("/settings/scripts/new")
    await page.locator("[name=name]").fill("Difficult callers")
    await page.locator("[name=steps_en]").fill("Listen.")
    await page.get_by_role("button", name="Add").evaluate(
        "button => { button.click(); setTimeout(() => button.click(), 1) }"
    )
    await expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    assert len([url for url in sent if url.endswith("/settings/scripts/new")]) == 1
