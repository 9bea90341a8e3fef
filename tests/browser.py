"""A served office, and pages of a real browser (Debian's chromium) that look at it."""

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.looking import Looking
from tests.office import Office
from tests.served import ServedOffice, serve

expect.set_options(timeout=30_000)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    # Each window would begin with two pages for what is typed into its address bar, half of what a test's window costs. The
    # rest is Playwright's own list, of which the last one counts.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,"
    "PreconnectToSearch",
]  # fmt: skip


@pytest.fixture
async def served_office(office: Office) -> AsyncIterator[ServedOffice]:
    """A office at a loopback address."""
    async with serve(office) as served:
        yield served


@pytest.fixture(scope="session")
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    """One browser for all tests of a worker; each looks through a context of its own."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, headless=True, handle_sigint=False, handle_sigterm=False
        )
        yield browser
        await browser.close()


@pytest.fixture
async def looking(served_office: ServedOffice, browser: Browser) -> AsyncIterator[Looking]:
    """Pages that watch the served office; a dialog, a script error or a CSP violation fails the test."""
    look = Looking(served_office, browser)
    yield look
    await look.close()
    assert look.complaints == []
