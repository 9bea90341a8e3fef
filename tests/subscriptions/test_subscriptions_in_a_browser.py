"""The pages of lists of others and of reviews in Chromium: accessible, on both widths and in both colour schemes."""

import os
from typing import Any

import pytest

from tests import cast
from tests.looking import Looking
from tests.web.test_everybody_can_use_it import fits, screens, violations

pytestmark = pytest.mark.anyio


@screens
async def test_lists_of_others_and_reviews_are_for_everybody(looking: Looking, screen: dict[str, Any]) -> None:
    office, program = looking.served.office, looking.served.program
    made = await program.post("/api/v1/subscriptions", json={"name": "Démarchage", "source": "arcep"})
    assert (await program.post(f"/api/v1/subscriptions/{made.json()['id']}/renew")).json()["entries"] == 17
    gone = {"name": "Gone", "source": "url", "url": "https://gone.invalid/list.csv", "state": "active"}
    fetched = await program.post("/api/v1/subscriptions", json=gone)
    assert (await program.post(f"/api/v1/subscriptions/{fetched.json()['id']}/renew")).json()["fault"]
    file = await program.post("/api/v1/subscriptions", json={"name": "File", "source": "file", "state": "off"})
    await office.add_blacklisted(label="Boris", reason="Shouts", review_at=office.clock.now(), owner="adam@example.org")
    await office.add_blacklisted(cast.UMA, label="Uma", review_at=office.clock.now())
    page = await looking.panel(**screen)
    for path in (
        "/settings/subscriptions", "/settings/subscriptions/new", f"/settings/subscriptions/{made.json()['id']}",
        f"/settings/subscriptions/{file.json()['id']}", f"/settings/subscriptions/{fetched.json()['id']}/delete",
        "/lists/blacklist", "/lists/blacklist/review", "/lists/blacklist/review?kept=x&review=&expires=",
    ):  # fmt: skip
        await page.goto(path)
        assert await violations(page) == [], path
        assert await fits(page), path
        if folder := os.environ.get("ANTICHAMBRE_SHOTS"):
            width = screen["viewport"]["width"]
            await page.screenshot(path=f"{folder}/{width}{path.split('?')[0].replace('/', '_')}.png", full_page=True)
    # Reviewed by keyboard.
    await page.goto("/lists/blacklist/review")
    await page.get_by_role("button", name="6 months").first.focus()
    await page.keyboard.press("Enter")
    await page.get_by_text("1 entry due for review").wait_for()
    await page.get_by_role("button", name="Undo").click()
    await page.get_by_text("2 entries due for review").wait_for()
