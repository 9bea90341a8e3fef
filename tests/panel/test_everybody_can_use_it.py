"""Accessibility of every page by axe-core, in light, dark and on a telephone's width."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from tests import cast
from tests.panel.looking import Looking, card, is_live

pytestmark = pytest.mark.anyio
AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
SCREENS = [
    {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
    {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
]
screens = pytest.mark.parametrize("screen", SCREENS, ids=["light", "dark", "light-390", "dark-390"])


async def violations(page: Page) -> list[str]:
    """What axe finds, in words. It is evaluated by the test and so needs no hole in the page's CSP."""
    await page.evaluate(AXE)
    found: dict[str, Any] = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


async def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@screens
async def test_the_sign_in_has_no_violation(looking: Looking, screen: dict[str, Any]) -> None:
    page = await looking.page(**screen)
    await page.goto("/sign-in")
    assert await violations(page) == []
    await page.get_by_label("E-mail").fill("adam@example.org")
    await page.get_by_label("Password").fill("wrong")
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_text("do not go together").wait_for()
    assert await violations(page) == []
    assert await fits(page)


@screens
async def test_the_panel_has_no_violation(looking: Looking, screen: dict[str, Any]) -> None:
    house = looking.served.house
    await house.add_operator()
    await house.add_vip(label="Vera Fournier")
    await house.add_client(
        cast.VERA, "Vera F.", company="Atelier Nord", pinned_note="Prefers a call back.", about="1042"
    )
    await house.add_client()
    await house.add_blacklisted()
    page = await looking.panel(reduced_motion="reduce", **screen)
    assert await violations(page) == []
    assert await fits(page)
    missed = await house.phones.place_call(cast.UMA, cast.LINE)
    await missed.hang_up_after(5)
    await house.phones.place_call(cast.BORIS, cast.LINE)
    house.phones.phone(cast.OLGA).answers_after(2).talks_for(600)
    talking = await house.phones.place_call(cast.CLARA, cast.LINE)
    await house.phones.let_pass(10)
    for caller in ("anonymous", cast.UMA):
        await house.phones.place_call(caller, cast.LINE)
    doubtful = await house.phones.place_call(cast.VERA, cast.LINE, attestation="failed")
    vera = await house.phones.place_call(cast.VERA, cast.LINE)
    await house.phones.settle()
    for call in (talking, doubtful, vera):
        await card(page, call.sid).wait_for()
    await page.reload()
    await is_live(page)
    assert await page.locator("#calls article").count() == 5
    assert await page.locator("#today article").count() == 2
    for details in await page.locator("details").all():
        await details.evaluate("one => one.open = true")
    assert await violations(page) == []
    assert await fits(page)


async def test_the_form_is_filled_and_sent_by_keyboard_alone(looking: Looking) -> None:
    house = looking.served.house
    page = await looking.panel()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Skip to the page"
    call = await house.phones.place_call(cast.UMA, cast.LINE)
    await house.phones.settle()
    await card(page, call.sid).wait_for()
    assert await page.evaluate("document.activeElement.textContent") == "Skip to the page", (
        "focus never jumps to a new card"
    )
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Uma")
    assert await card(page, call.sid).get_by_label("Name").input_value() == "Uma"
