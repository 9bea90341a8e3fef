"""What a person at the browser does and sees."""

from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Dialog, Locator, Page

from tests import cast
from tests.served import ServedOffice

_EXPECTED = ("Failed to load resource", "net::ERR_", "The AudioContext was not allowed to start")
"""Chromium's own words for answers that are no success, for connections that a test cut, and for a page that has not been
used yet and asks whether it may be heard."""


@dataclass  # no slots: playwright keeps its wrappers on the object whose methods it calls
class Looking:
    """``complaints`` gathers what must never happen: dialogs, script errors, CSP violations."""

    served: ServedOffice
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    async def page(self, **context: Any) -> Page:
        """A page in a fresh browser profile."""
        profile = await self.browser.new_context(base_url=self.served.url, **({"reduced_motion": "reduce"} | context))
        self._contexts.append(profile)
        return await self.tab(profile)

    async def tab(self, profile: BrowserContext) -> Page:
        """A further tab of a profile."""
        page = await profile.new_page()
        page.set_default_timeout(30_000)
        page.on("dialog", self._on_dialog)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("console", self._on_console)
        return page

    async def panel(
        self, email: str = cast.ADAM_EMAIL, password: str = cast.ADAM_PASSWORD, *, script: str = "", **context: Any
    ) -> Page:
        """The operator panel, signed in and live. ``script`` runs before each page's own."""
        page = await self.page(**context)
        await page.context.add_init_script(script)
        await page.goto("/")
        await page.get_by_label("E-mail").fill(email)
        await page.get_by_label("Password").fill(password)
        await page.get_by_role("button", name="Sign in").click()
        await is_live(page)
        return page

    async def close(self) -> None:
        """Close every page."""
        for profile in self._contexts:
            await profile.close()

    async def _on_dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_EXPECTED):
            self.complaints.append(f"console: {message.text}")


async def is_live(page: Page) -> None:
    """Wait until the page hears the live channel."""
    await page.wait_for_selector('#live[data-live="yes"]')


def card(page: Page, call_id: str, state: str = "") -> Locator:
    """A call's card among the calls of now."""
    return page.locator(f'#calls article[data-call="{call_id}"]' + (f'[data-state="{state}"]' if state else ""))


def line(page: Page, call_id: str) -> Locator:
    """A call's line of the day."""
    return page.locator(f'#today article[data-call="{call_id}"]')
