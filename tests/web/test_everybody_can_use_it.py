"""Accessibility of every page by axe-core, in light, dark and on a telephone's width, in every language; and every page by
keyboard alone. ``ANTICHAMBRE_EVERY_SCREEN=1`` looks at every page on every screen in every language."""

import itertools
import os
import re
from gettext import NullTranslations
from pathlib import Path
from typing import Any, Final, Literal, get_args

import pytest
from playwright.async_api import Page, expect

from app.base import language, limits
from tests import cast
from tests.api import made
from tests.every_page import all_pages, opened, signed_in, too_heavy
from tests.looking import Looking, card, is_live

pytestmark = pytest.mark.anyio
AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text("utf-8")
SCREENS: list[dict[str, Any]] = [
    {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
    {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
]
Scheme = Literal["light", "dark"]
screens = pytest.mark.parametrize("screen", [SCREENS[0], SCREENS[2]], ids=["1280", "390"])
"""Both widths; :func:`violations` looks at both colour schemes of each."""
END_TRANSITIONS: Final = (
    "for (const one of document.getAnimations()) { try { one.finish(); } catch { /* it has no end */ } }"
)


async def violations(page: Page, *schemes: Scheme) -> list[str]:
    """What axe finds in light and in dark, in words. It is evaluated by the test and so needs no hole in the page's CSP."""
    await page.evaluate(AXE)
    told: list[str] = []
    is_dark = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    for scheme in schemes or get_args(Scheme):
        await page.emulate_media(color_scheme=scheme)
        await page.evaluate(END_TRANSITIONS)
        found: dict[str, Any] = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        told += [f"{scheme}: {one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]
    await page.emulate_media(color_scheme="dark" if is_dark else "light")
    return told


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
    await page.get_by_text("Wrong e-mail address or password").wait_for()
    assert await violations(page) == []
    assert await fits(page)


@screens
async def test_the_panel_has_no_violation(looking: Looking, screen: dict[str, Any]) -> None:
    office = looking.served.office
    await office.add_operator()
    await office.add_vip(label="Vera Fournier")
    await office.add_client(
        cast.VERA, "Vera F.", company="Atelier Nord", pinned_note="Prefers a call back.", about="1042"
    )
    await office.add_client()
    await office.add_blacklisted()
    page = await looking.panel(reduced_motion="reduce", **screen)
    assert await violations(page) == []
    assert await fits(page)
    missed = await office.phones.place_call(cast.UMA, cast.LINE)
    await missed.hang_up_after(5)
    await office.phones.place_call(cast.BORIS, cast.LINE)
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(600)
    talking = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.let_pass(10)
    for caller in ("anonymous", cast.UMA):
        await office.phones.place_call(caller, cast.LINE)
    doubtful = await office.phones.place_call(cast.VERA, cast.LINE, attestation="failed")
    vera = await office.phones.place_call(cast.VERA, cast.LINE)
    await office.phones.settle()
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
    office = looking.served.office
    page = await looking.panel()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Skip to content"
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await card(page, call.sid).wait_for()
    assert await page.evaluate("document.activeElement.textContent") == "Skip to content", (
        "focus never jumps to a new card"
    )
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(card(page, call.sid).get_by_role("button", name="Details")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.type("Uma")
    assert await card(page, call.sid).get_by_label("Name").input_value() == "Uma"


LOCALES: Final = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU"}
# Each language once, each screen once, each page on one of them; all sixteen when asked for.
SWEEP: Final = (
    list(itertools.product(range(len(SCREENS)), LOCALES))
    if os.environ.get("ANTICHAMBRE_EVERY_SCREEN")
    else list(zip(range(len(SCREENS)), LOCALES, strict=True))
)


@pytest.mark.parametrize(("screen", "spoken"), SWEEP)
async def test_every_page_is_for_everybody(looking: Looking, screen: int, spoken: str) -> None:
    paths = await all_pages(looking)
    if len(SWEEP) == len(SCREENS):
        paths = paths[screen :: len(SCREENS)]
    page = await signed_in(looking, reduced_motion="reduce", locale=LOCALES[spoken], **SCREENS[screen])
    wrong = []
    for path in paths:
        await opened(page, path)
        if await page.locator("html").get_attribute("lang") != spoken:
            wrong.append(f"{path}: in another language")
        if not await fits(page):
            wrong.append(f"{path}: has to be scrolled sideways")
        wrong += [f"{path}: {one}" for one in await violations(page, SCREENS[screen]["color_scheme"])]
    assert wrong == []


SHADES: Final = """() => [...document.querySelectorAll('.scrolls')].map((one) => {
    const { backgroundAttachment, backgroundImage } = getComputedStyle(one);
    return [one.scrollWidth > one.clientWidth, backgroundAttachment, backgroundImage.split('linear-gradient').length - 1];
})"""


@pytest.mark.parametrize("screen", SCREENS[2:], ids=["light", "dark"])
async def test_a_table_that_is_cut_off_shows_that_there_is_more(looking: Looking, screen: dict[str, Any]) -> None:
    await looking.served.office.add_queue("Commandes et livraisons de meubles de bureau")
    page = await signed_in(looking, **screen)
    cut_off = 0
    for path in ("/live", "/settings/fake-queue"):
        await opened(page, path)
        for is_cut_off, attachment, shades in await page.evaluate(SHADES):
            cut_off += is_cut_off
            # The covers move with the table, the shadows stay at the edges.
            assert (attachment, shades) == ("local, local, scroll, scroll, scroll", 4), path
        if folder := os.environ.get("ANTICHAMBRE_SCREENSHOTS"):
            name = f"scrolls{path.replace('/', '-')}-{screen['color_scheme']}.png"
            await page.screenshot(path=f"{folder}/{name}", full_page=True)
        assert await violations(page) == []
    assert cut_off


class Longer(NullTranslations):
    """English with every vowel doubled: about a third longer, word by word, as other languages are."""

    def gettext(self, message: str) -> str:
        parts = re.split(r"(%\(\w+\)s)", message)
        return "".join(re.sub("([aeiouy])", r"\1\1", part) if not part.startswith("%(") else part for part in parts)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


async def test_longer_words_fit_on_a_telephone(looking: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_catalogue", lambda _spoken: Longer())
    assert language.gettext("Sign in as %(name)s", name="Adam") == "Siign iin aas Adam"
    paths = await all_pages(looking)
    page = await signed_in(looking, **SCREENS[2])
    wrong = []
    for path in paths:
        await opened(page, path)
        if not await fits(page):
            wrong.append(path)
    assert wrong == []


async def test_a_name_of_one_long_word_fits_on_a_telephone(looking: Looking) -> None:
    office, word = looking.served.office, "W" * limits.QUEUE_NAME
    queue = await made(office, "queues", name=word)
    menu = await made(office, "menus", name="Reception", prompts={"fr": "Tapez 1."}, keys={"1": {"kind": "repeat"}})
    await office.change_line(label=word, menu_id=menu["id"])
    page = await signed_in(looking, **SCREENS[2])
    for path in (f"/settings/queues/{queue['id']}/delete", "/settings/menus"):
        await opened(page, path)
        assert await fits(page), path


CONTROLS: Final = """(fromMain) => {
    const main = document.getElementById("main");
    const able = "a[href], button, input, select, textarea, summary, audio[controls], [tabindex]";
    const groups = new Set();
    const found = [...document.querySelectorAll(able)].filter((one) => {
        if (fromMain && main?.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING) return false;
        if (one.disabled || one.tabIndex < 0 || one.type === "hidden" || one.closest("[inert]")) return false;
        if (!one.checkVisibility({ visibilityProperty: true })) return false;
        if (one.type !== "radio" || !one.name) return true;
        // Arrow keys move within a group of radio buttons; Tab reaches one of them.
        const group = `${one.form?.action} ${one.name}`;
        const checked = document.querySelector(`input[type=radio][name="${CSS.escape(one.name)}"]:checked`);
        if (groups.has(group) || (checked && checked !== one && checked.form === one.form)) return false;
        groups.add(group);
        return true;
    });
    window.walk = new Map(found.map((one) => [one, one.outerHTML.slice(0, 120)]));
    document.activeElement?.blur?.();
    if (fromMain) main?.focus();
    return found.length;
}"""
"""The bar above the page is the same everywhere, and is walked through once."""
STEP: Final = """() => {
    const here = document.activeElement;
    if (!here || here === document.body) return null;
    const known = window.walk.delete(here);
    const seen = ["", "::after", "::before"].some((part) => {
        const style = getComputedStyle(here, part || null);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    });
    return { known, seen, text: here.outerHTML.slice(0, 120) };
}"""
LEFT: Final = "() => [...window.walk.values()]"


async def test_every_page_is_light_and_walked_through_by_keyboard_alone(looking: Looking) -> None:
    paths = await all_pages(looking)
    page = await signed_in(looking, reduced_motion="reduce")
    wrong = []
    for number, path in enumerate(paths):
        await opened(page, path)
        wrong += await too_heavy(page, path)
        controls = int(await page.evaluate(CONTROLS, number > 0))
        assert controls > 0 or number > 0, path
        for _ in range(controls + 10):
            await page.keyboard.press("Tab")
            here = await page.evaluate(STEP)
            if here and here["known"] and not here["seen"]:
                wrong.append(f"{path}: focus is not seen on {here['text']}")
        wrong += [f"{path}: not reached: {one}" for one in await page.evaluate(LEFT)]
    assert wrong == []
