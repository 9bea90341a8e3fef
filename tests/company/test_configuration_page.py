"""The configuration in a browser: seen, downloaded, compared, applied, and gone back to."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.every_page import signed_in
from tests.looking import Looking
from tests.web.test_everybody_can_use_it import SCREENS, fits, violations

pytestmark = pytest.mark.anyio
PATH = "/settings/configuration"


async def opened(looking: Looking, **context: Any) -> Page:
    page = await signed_in(looking, **context)
    await page.goto(PATH)
    return page


async def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("ANTICHAMBRE_SHOTS"):
        await page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("screen", [SCREENS[0], SCREENS[3]], ids=["1280", "390"])
async def test_it_has_no_violation(looking: Looking, screen: dict[str, Any]) -> None:
    office = looking.served.office
    await office.keep_hours()
    await office.add_queue("<b>Orders</b>" + "o" * 40)
    page = await opened(looking, **screen)
    width = str(screen["viewport"]["width"])
    text = await page.get_by_label("The document").input_value()
    await page.get_by_label("Document (YAML)").fill(
        text.replace("observes_holidays", "x").replace("label: ", "label: 2 ")
    )
    await shot(page, f"page-{width}")
    assert await violations(page) == []
    assert await fits(page)
    await page.get_by_role("button", name="Compare").click()
    await expect(page.get_by_role("heading", name="What this document would change")).to_be_visible()
    await shot(page, f"compared-{width}")
    assert await violations(page) == []
    assert await fits(page)
    await page.goto(f"{PATH}/versions/2")
    await shot(page, f"version-{width}")
    assert await violations(page) == []
    assert await fits(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_a_document_is_compared_applied_and_taken_back(looking: Looking, scripts: bool) -> None:
    page = await opened(looking, java_script_enabled=scripts)
    before = await page.get_by_label("The document").input_value()
    field = page.get_by_label("Document (YAML)")
    await field.fill("queues:\n  Sales: {max_wait: 5}\n")
    await page.get_by_role("button", name="Compare").click()
    await expect(page.locator("#document-fault")).to_contain_text("queues.Sales.max_wait (line 2)")
    wanted = before.replace("queues:\n", "queues:\n  Sales: {}\n")
    assert await field.input_value() == "queues:\n  Sales: {max_wait: 5}\n"
    await field.fill(wanted)
    await page.get_by_role("button", name="Compare").click()
    await expect(page.get_by_role("listitem").filter(has_text="queues.Sales added")).to_be_visible()
    await page.get_by_role("button", name="Apply").click()
    await expect(page.locator("p.done")).to_contain_text("Applied as version 2")
    assert "Sales: {}" in await page.get_by_label("The document").input_value()
    await page.get_by_role("link", name="Version 1", exact=True).click()
    await expect(page.get_by_label("What going back would change")).to_contain_text("-  Sales: {}")
    await page.get_by_role("button", name="Go back to version 1").click()
    await expect(page.locator("p.done")).to_contain_text("Applied as version 3")
    assert await page.get_by_label("The document").input_value() == before


async def test_what_was_not_seen_is_not_overwritten(looking: Looking) -> None:
    page = await opened(looking)
    text = await page.get_by_label("The document").input_value()
    await page.get_by_label("Document (YAML)").fill(text.replace("queues:\n", "queues:\n  Sales: {}\n"))
    await page.get_by_role("button", name="Compare").click()
    await looking.served.office.api.post("/api/v1/queues", json={"name": "Meanwhile"})
    await page.get_by_role("button", name="Apply").click()
    await expect(page.locator("#document-fault")).to_contain_text("changed meanwhile")
    assert "Meanwhile" in await page.get_by_label("The document").input_value()


async def test_a_file_is_read_and_the_document_downloaded(looking: Looking, tmp_path: Path) -> None:
    page = await opened(looking)
    text = await page.get_by_label("The document").input_value()
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="Download").click()
    download = await waiting.value
    assert download.suggested_filename == "configuration-1.yaml"
    file = Path(await download.path())
    assert file.read_text("utf-8") == text
    chosen = tmp_path / "mine.yaml"
    chosen.write_text("queues:\n  Привет: {}\n", "utf-8")
    await page.get_by_label("or choose a file").set_input_files(chosen)
    await expect(page.get_by_label("Document (YAML)")).to_have_value("queues:\n  Привет: {}\n")
