"""``/docs`` in a real browser: it draws under the strict policy and complains about nothing."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.browser import CHROMIUM, FLAGS
from tests.office import Office
from tests.served import ServedOffice, serve

pytestmark = pytest.mark.anyio


@pytest.fixture
async def served_office(office: Office) -> AsyncIterator[ServedOffice]:
    async with serve(office) as served:
        yield served


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        await started.close()


async def test_the_description_can_be_read_and_opened(served_office: ServedOffice, browser: Browser) -> None:
    page = await browser.new_page()
    complaints: list[str] = []
    elsewhere: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: elsewhere.append(request.url))
    await page.goto(f"{served_office.url}/docs")
    await expect(page.get_by_text("/api/v1/vip", exact=True).first).to_be_visible(timeout=20_000)
    await page.locator(".opblock-summary-control").first.click()
    await expect(page.locator(".opblock-body").first).to_be_visible()
    assert complaints == []
    assert [url for url in elsewhere if not url.startswith((served_office.url, "data:"))] == []
