"""Keys press the buttons that name them, the palette finds numbers, names and actions, and presence is one choice."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from app.auth.roles import Role
from tests import cast
from tests.looking import Looking, card, is_live
from tests.served import PASSWORD, ServedOffice
from tests.web.test_everybody_can_use_it import SCREENS, fits, violations

pytestmark = pytest.mark.anyio


async def _olga(looking: Looking, **context: Any) -> Page:
    operator = await looking.served.office.add_operator()
    await looking.served.add_person("olga@example.org", operator_id=operator["id"])
    return await looking.panel("olga@example.org", PASSWORD, **context)


def _options(page: Page, *, selected: bool | None = None) -> Locator:
    return page.get_by_role("listbox", name="Results").get_by_role("option", selected=selected)


async def _choices(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in await _options(page).all_inner_texts()]


async def _available(served: ServedOffice) -> bool:
    board, tenant = served.office.board, served.office.company.tenant
    await board.live_plan.catch_up()
    (olga,) = (row for row in board.live_plan.tenant(tenant).rows["operator"].values() if row["address"] == cast.OLGA)
    return bool(olga["presence"] == "available")


async def test_keys_go_from_card_to_card_and_press_the_button_that_names_them(looking: Looking) -> None:
    office = looking.served.office
    page = await _olga(looking)
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    clara = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    for call in (uma, clara):
        await card(page, call.sid).wait_for()
    await page.keyboard.press("j")
    await expect(card(page, uma.sid)).to_be_focused()  # she rings at Olga's telephone, Clara waits
    await page.keyboard.press("j")
    await expect(card(page, clara.sid)).to_be_focused()
    await page.keyboard.press("s")
    await expect(card(page, clara.sid)).to_have_attribute("data-quiet", "silenced")
    assert await card(page, uma.sid).get_attribute("data-quiet") is None
    await page.keyboard.press("k")
    await expect(card(page, uma.sid)).to_be_focused()
    # S has another letter on a Russian keyboard, which Playwright does not have.
    await page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'ы', code: 'KeyS', bubbles: true}))"
    )
    await expect(card(page, uma.sid)).to_have_attribute("data-quiet", "silenced")


async def test_keys_are_letters_while_somebody_writes_and_can_be_turned_off(looking: Looking) -> None:
    office = looking.served.office
    page = await _olga(looking)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    field = card(page, call.sid).get_by_label("Name", exact=True)
    await field.press_sequentially("Jess/?")
    assert await field.input_value() == "Jess/?"
    await page.keyboard.press("Escape")
    await expect(card(page, call.sid)).to_be_focused()
    assert await field.input_value() == "Jess/?", "the draft stays"
    await page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keys")
    await help_.wait_for()
    await page.keyboard.press("s")
    await help_.get_by_label("Use single keys").uncheck()
    await page.keyboard.press("Escape")
    await expect(help_).to_be_hidden()
    await page.keyboard.press("s")
    await page.keyboard.press("?")
    await expect(help_).to_be_hidden()
    assert await card(page, call.sid).get_attribute("data-quiet") is None
    await page.reload()
    await is_live(page)
    await page.keyboard.press("?")
    await expect(help_).to_be_hidden()
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox", name="A number, a name or an action").wait_for()


async def test_ctrl_enter_saves_what_somebody_writes(looking: Looking) -> None:
    office = looking.served.office
    page = await _olga(looking)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await card(page, call.sid).get_by_label("Name", exact=True).fill("Uma Thuring")
    await page.keyboard.press("Control+Enter")
    await card(page, call.sid).locator(".badge").get_by_text("CLIENT").wait_for()
    assert await card(page, call.sid).locator(".name").inner_text() == "Uma Thuring"


async def test_the_palette_finds_a_client_by_a_part_of_the_name_and_opens_it_with_enter(looking: Looking) -> None:
    office = looking.served.office
    client = await office.add_client(cast.CLARA, "Lucía Órtega", company="Sillas del Sur")
    await office.add_client(cast.UMA, "Uma Thuring")
    page = await looking.panel()
    await page.keyboard.press("/")
    field = page.get_by_role("combobox", name="A number, a name or an action")
    await expect(field).to_be_focused()
    await page.keyboard.type("sur lucia")
    await expect(_options(page)).to_have_count(1)
    assert await _choices(page) == ["Client Lucía Órtega Sillas del Sur · +33 6 39 98 00 04"]
    chosen = await field.get_attribute("aria-activedescendant")
    assert chosen == await _options(page, selected=True).get_attribute("id")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/clients/{client['id']}")


async def test_a_number_in_the_palette_can_be_tested_and_blocked_by_whoever_may(served_office: ServedOffice) -> None:
    await served_office.add_person("sofia@example.org", Role.SUPERVISOR)
    await served_office.add_person("olga@example.org")
    offered: dict[str, dict[str, str]] = {}
    for email, password in (
        (cast.ADAM_EMAIL, cast.ADAM_PASSWORD), ("sofia@example.org", PASSWORD), ("olga@example.org", PASSWORD)
    ):  # fmt: skip
        async with served_office.signed_in(email, password) as person:
            answer = await person.get("/palette", params={"q": "06 39 98 00 03"})
            choices = re.findall(r'href="(.+?)"><span class="kind">(.+?)</span> <bdi>(.+?)</bdi>', answer.text)
            assert {name for _, _, name in choices} == {"+33 6 39 98 00 03"}
            offered[email] = {kind: path for path, kind, _ in choices}
            for path in offered[email].values():
                page = await person.get(path)
                assert page.status_code == 200
                assert "+33639980003" in page.text, path
    assert [list(kinds) for kinds in offered.values()] == [
        ["Calls of", "Test", "Block", "Make a VIP of"], ["Calls of", "Test", "Block", "Make a VIP of"],
        ["Calls of", "Block"],
    ]  # fmt: skip


async def test_arrows_choose_actions_show_what_they_name_and_nothing_found_is_said(looking: Looking) -> None:
    page = await _olga(looking)
    await page.keyboard.press("Control+k")
    await _options(page).first.wait_for()
    names = await _choices(page)
    assert names[:3] == ["Go to Calls", "Go to Call log", "Go to Call-backs"]
    await page.keyboard.press("ArrowDown")
    await expect(_options(page, selected=True)).to_contain_text("Call log")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await expect(_options(page, selected=True)).to_contain_text("Keys")
    await page.keyboard.press("Enter")
    await page.get_by_role("dialog", name="Keys").wait_for()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("nobody of this name")
    await page.get_by_text("Nothing found.").wait_for()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_hostile_name_is_only_a_name_in_the_palette(looking: Looking) -> None:
    await looking.served.office.add_client(cast.CLARA, "<img src=x onerror=alert(1)>")
    page = await looking.panel()
    await page.keyboard.press("/")
    await page.keyboard.type("<img")
    await _options(page).get_by_text("<img src=x onerror=alert(1)>").wait_for()


async def test_a_break_is_taken_at_once_and_seen_in_the_other_tab(looking: Looking) -> None:
    page = await _olga(looking)
    other = await looking.tab(page.context)
    await other.goto("/clients")
    choice = page.get_by_label("Are you taking calls?")
    await choice.select_option("On a break")
    await expect(other.get_by_label("Are you taking calls?")).to_have_value("no")
    assert not await _available(looking.served)
    await page.reload()
    await expect(choice).to_have_value("no")
    await other.get_by_label("Are you taking calls?").select_option("Available")
    await expect(choice).to_have_value("yes")
    assert await _available(looking.served)


async def test_a_break_that_is_refused_is_taken_back_with_a_word(looking: Looking) -> None:
    page = await _olga(looking)
    await page.locator("#presence [name=csrf_token]").evaluate("field => { field.value = 'stale' }")
    choice = page.get_by_label("Are you taking calls?")
    await choice.select_option("On a break")
    await page.get_by_text("Not changed. This page is out of date").wait_for()
    await expect(choice).to_have_value("yes")
    assert await _available(looking.served)


async def test_presence_works_without_a_script_and_only_for_people_who_take_calls(looking: Looking) -> None:
    served = looking.served
    operator = await served.office.add_operator()
    await served.add_person("olga@example.org", operator_id=operator["id"])
    as_a_form = {"Accept": "text/html", "Referer": f"{served.url}/clients?q=x"}
    async with served.signed_in("olga@example.org", PASSWORD) as olga, served.signed_in() as adam:
        for person, status in ((olga, 303), (adam, 404)):
            token = (await person.get("/")).text.partition('name="csrf_token" value="')[2].partition('"')[0]
            form = {"available": "no", "csrf_token": token}
            answer = await person.post("/presence", data=form, headers=as_a_form)
            assert answer.status_code == status
        assert (await olga.get("/presence")).json() == {"available": False}
        assert (await adam.get("/presence")).json() == {"available": None}
        assert (await olga.post("/presence", data={"available": "yes"})).status_code == 403, "without the token"
    assert not await _available(served)


@pytest.mark.parametrize("screen", [SCREENS[0], SCREENS[3]], ids=["light", "dark-390"])
async def test_dialogs_and_the_ringing_box_have_no_violation(looking: Looking, screen: dict[str, Any]) -> None:
    office = looking.served.office
    await office.add_client(cast.CLARA, "Clara Fontaine-Delacroix", company="Établissements Fontaine et fils")
    page = await _olga(looking, reduced_motion="reduce", **screen)
    await page.locator("#live").click()
    await page.get_by_role("button", name="Turn on ringing").wait_for()
    assert await violations(page) == []
    assert await fits(page)
    await page.get_by_role("button", name="Turn on ringing").click()
    await page.get_by_role("button", name="Turn off ringing").wait_for()
    assert await violations(page) == []
    await page.keyboard.press("Control+k")
    await page.keyboard.type("cla")
    await _options(page).get_by_text("Clara").wait_for()
    assert await violations(page) == []
    assert await fits(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await page.get_by_role("dialog", name="Keys").wait_for()
    assert await violations(page) == []
    assert await fits(page)
