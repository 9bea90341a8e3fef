"""The clients' pages in a browser: found while typing, and a card with many numbers written by keyboard alone."""

import pytest
from playwright.async_api import expect

from tests import cast
from tests.every_page import signed_in
from tests.looking import Looking

pytestmark = pytest.mark.anyio


async def test_the_list_follows_what_is_typed_and_the_address_keeps_it(looking: Looking) -> None:
    office = looking.served.office
    category = await office.add_category("Regulars")
    await office.add_client(cast.CLARA, "Lucía Ortiz", category_id=category["id"])
    await office.add_client(cast.UMA, "Uma")
    page = await signed_in(looking)
    await page.goto("/clients")
    names = page.locator(".people .name")
    await expect(names).to_have_count(2)
    await page.get_by_label("Name, company or number").type("ortiz luc")
    await expect(names).to_have_text(["Lucía Ortiz"])
    await expect(page.locator("#said-found")).to_have_text("1 client")
    await expect(page).to_have_url(f"{looking.served.url}/clients?q=ortiz+luc")
    await page.get_by_label("Name, company or number").fill("0639980003")
    await expect(names).to_have_text(["Uma"])
    await page.reload()
    await expect(names).to_have_text(["Uma"])
    await page.get_by_label("Name, company or number").fill("")
    await page.get_by_label("Category").select_option("Regulars")
    await expect(names).to_have_text(["Lucía Ortiz"])
    await names.first.press("Enter")
    await expect(page.get_by_role("heading", name="Lucía Ortiz")).to_be_visible()


async def test_a_card_with_three_numbers_is_written_by_keyboard_alone_and_brought_back(looking: Looking) -> None:
    page = await signed_in(looking)
    await page.goto("/clients/new")
    await page.keyboard.type("Clara Martin")
    for _ in range(3):
        await page.keyboard.press("Tab")
    for number in ("06 39 98 00 04", "01 99 00 44 44", "+34 600 00 00 01"):
        await page.keyboard.type(number)
        await page.keyboard.press("Tab")
        if number.startswith("01"):
            await page.keyboard.press("Space")
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.get_by_text("Saved.").wait_for()
    await page.keyboard.press("e")
    await page.get_by_role("button", name="Save").wait_for()
    numbers = page.locator("#numbers input[type=tel]")
    assert [await one.input_value() for one in await numbers.all()] == [
        "+33 6 39 98 00 04", "+33 1 99 00 44 44", "+34 600 00 00 01", "",
    ]  # fmt: skip
    assert [await one.is_checked() for one in await page.locator("#numbers input[type=checkbox]").all()] == [
        False, True, False, False,
    ]  # fmt: skip
    await page.get_by_role("link", name="Cancel").press("Enter")
    await page.get_by_role("button", name="Delete").press("Enter")
    await page.get_by_text("Clara Martin was deleted.").wait_for()
    await page.get_by_role("button", name="Undo").press("Enter")
    await page.get_by_text("The card was restored.").wait_for()
    await expect(page.locator(".known a[href^='tel:']")).to_have_count(3)


async def test_without_scripts_everything_works_too(looking: Looking) -> None:
    office = looking.served.office
    await office.add_client(cast.CLARA, "Clara")
    await office.add_client(cast.UMA, "Uma")
    page = await signed_in(looking, java_script_enabled=False)
    await page.goto("/clients")
    await page.get_by_label("Name, company or number").fill("clara")
    await page.get_by_role("button", name="Search", exact=True).last.click()
    await expect(page.locator(".people .name")).to_have_text(["Clara"])
    await page.goto(str(await page.locator(".people .name").get_attribute("href")))
    await page.get_by_label("New note").fill("Wants it before Christmas.")
    await page.get_by_role("button", name="Add note").click()
    await page.get_by_text("Wants it before Christmas.").wait_for()
    await page.get_by_role("link", name="Merge with…").click()
    await page.get_by_label("Name, company or number").fill("uma")
    await page.locator("main").get_by_role("button", name="Search").click()
    await page.get_by_role("link", name="Uma").click()
    await page.get_by_label("Uma").check()
    await page.get_by_role("button", name="Merge").click()
    await expect(page.get_by_role("heading", name="Uma", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Undo merge").click()
    await page.get_by_text("Merge undone: both cards are back.").wait_for()
    await expect(page.get_by_role("heading", name="Clara", exact=True)).to_be_visible()
