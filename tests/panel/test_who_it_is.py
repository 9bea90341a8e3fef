"""Several clients on one number, and numbers that may be somebody's: said as what it is, chosen by people, remembered."""

from typing import Any

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import select

from app.clients.similar_clients import similar_clients
from models import AuditEntry
from tests import cast
from tests.looking import Looking, card
from tests.office import Office

pytestmark = pytest.mark.anyio


async def ringing(looking: Looking, number: str = cast.UMA) -> Any:
    """A call that rings, with its record stored."""
    call = await looking.served.office.phones.place_call(number, cast.LINE)
    await looking.served.office.phones.settle()
    return call


async def numbers_of(office: Office, client: dict[str, Any]) -> list[str]:
    await office.board.live_plan.catch_up()
    row = office.board.live_plan.tenant(office.company.tenant).rows["client"][client["id"]]
    return [one["number"] for one in row["numbers"]]


async def test_one_of_several_is_chosen_shown_and_offered_first_the_next_time(looking: Looking) -> None:
    office = looking.served.office
    await office.add_client(cast.CLARA, "Clara", shared=True, pinned_note="Speaks slowly.")
    await office.add_client(cast.CLARA, "Carl", shared=True, pinned_note="Deaf in one ear.")
    page, other = await looking.panel(), await looking.panel()
    call = await ringing(looking, cast.CLARA)
    popped = card(page, call.sid)
    await popped.wait_for()
    assert "Speaks slowly." not in await popped.inner_text()
    await popped.get_by_role("radio", name="Carl").check()
    await popped.get_by_role("button", name="Choose").click()
    for place in (popped, card(other, call.sid)):
        await expect(place.locator(".badge")).to_have_text("CLIENT")
        await expect(place.locator(".note")).to_contain_text("Deaf in one ear.")
    await popped.get_by_text("change", exact=True).click()
    await popped.get_by_role("radio", name="Carl").check()
    await popped.get_by_role("button", name="Choose").click()
    await expect(popped.get_by_role("button", name="Choose")).to_have_count(0)
    async with office.board.sessions() as session:
        logged = (await session.scalars(select(AuditEntry).where(AuditEntry.subject == "caller_memory"))).all()
    assert len(logged) == 1, "the same choice again is no news"
    again = card(page, (await ringing(looking, cast.CLARA)).sid)
    await expect(again.locator(".badge")).to_have_text("? 2 possible")
    assert await again.get_by_label("Carl").is_checked()
    details = again.get_by_role("button", name="Details")
    if await details.get_attribute("aria-expanded") != "true":  # another card may be open, and then this one is not
        await details.click()
    await expect(again.get_by_text("last time")).to_be_visible()


async def test_a_number_on_a_client_s_card_may_be_that_client(looking: Looking) -> None:
    office = looking.served.office
    mario = await office.add_client(name="Mario", about="Brother: 06 39 98 00 03", pinned_note="Owes us 500.")
    page = await looking.panel()
    call = await ringing(looking)
    popped = card(page, call.sid)
    await expect(popped.locator(".badge")).to_have_text("? MAYBE")
    assert await popped.locator(".name").inner_text() == "Mario?"
    assert "Owes us 500." not in await popped.inner_text(), "a guess opens nothing"
    await popped.get_by_role("button", name="This is Mario").click()
    await expect(popped.locator(".badge")).to_have_text("CLIENT")
    assert await numbers_of(office, mario) == [cast.CLARA, cast.UMA]
    await popped.get_by_role("button", name="Undo").click()
    await expect(popped.locator(".badge")).to_have_text("NEW")
    assert await numbers_of(office, mario) == [cast.CLARA]
    again = card(page, (await ringing(looking)).sid)
    await expect(again.locator(".badge")).to_have_text("NEW")


async def test_a_guess_that_is_wrong_is_not_made_again(looking: Looking) -> None:
    office = looking.served.office
    await office.add_client("+34639980003", "Maria")
    page = await looking.panel()
    popped = card(page, (await ringing(looking)).sid)
    await popped.get_by_text("Maria has a similar number: +34 639 98 00 03").wait_for()
    await popped.get_by_role("button", name="Not Maria").click()
    await expect(popped.locator(".badge")).to_have_text("NEW")
    again = card(page, (await ringing(looking)).sid)
    await expect(again.locator(".badge")).to_have_text("NEW")


async def test_a_new_number_is_joined_to_a_client_who_is_found(looking: Looking) -> None:
    office = looking.served.office
    clara = await office.add_client(about="Order 7")
    page = await looking.panel()
    popped = card(page, (await ringing(looking)).sid)
    await popped.get_by_label("What is it about?").fill("Calls from her mobile")
    await popped.get_by_text("Add to an existing client").click()
    await popped.get_by_label("Find the client").press_sequentially("cla")
    await popped.get_by_role("button", name="Clara").click()
    await expect(popped.locator(".name")).to_have_text("Clara")
    assert await numbers_of(office, clara) == [cast.CLARA, cast.UMA]
    assert "Order 7" in await popped.inner_text(), "what was known stays"


async def test_what_is_said_of_a_client_reaches_every_panel_at_once(looking: Looking) -> None:
    office = looking.served.office
    await office.add_client(pinned_note="Before")
    page, other = await looking.panel(), await looking.panel()
    call = await ringing(looking, cast.CLARA)
    await card(other, call.sid).wait_for()
    popped = card(page, call.sid)
    await _pin(popped.page, "After")
    await expect(card(other, call.sid).locator(".note")).to_contain_text("After")
    await expect(popped.locator(".note")).to_contain_text("After")
    await popped.get_by_role("button", name="Undo").click()
    await expect(card(other, call.sid).locator(".note")).to_contain_text("Before")


async def _pin(page: Page, note: str) -> None:
    await page.locator("#calls summary[data-act=pin]").click()
    await page.get_by_label("Shown whenever Clara calls").fill(note)
    await page.get_by_role("button", name="Pin", exact=False).last.click()


async def test_hostile_names_are_only_text_wherever_they_are_chosen(looking: Looking) -> None:
    office = looking.served.office
    attack = """"><img src=x onerror=alert(1)><script>alert(2)</script>'{{7*7}}"""
    for _ in range(2):
        await office.add_client(cast.CLARA, attack, shared=True, company=attack)
    await office.add_client(cast.VERA, attack, about=cast.UMA)
    page = await looking.panel()
    several, maybe = await ringing(looking, cast.CLARA), await ringing(looking)
    for call in (several, maybe):
        await card(page, call.sid).wait_for()
    await card(page, several.sid).locator("input[type=radio]").first.check()
    await card(page, several.sid).get_by_role("button", name="Choose").click()
    await expect(card(page, several.sid).locator(".name")).to_have_text(attack)
    await card(page, maybe.sid).get_by_text("Someone else").click()
    await card(page, maybe.sid).get_by_text("Add to an existing").click()
    await card(page, maybe.sid).get_by_label("Find the client").press_sequentially("img")
    await card(page, maybe.sid).locator(".found button").first.wait_for()
    assert await page.locator("#calls img, #calls script").count() == 0


async def test_whoever_calls_from_another_time_zone_is_greeted_by_their_clock(looking: Looking) -> None:
    page = await looking.panel()
    new_york, madrid = await ringing(looking, "+12125550123"), await ringing(looking, "+34612345678")
    assert "United States · 04:00 there" in await card(page, new_york.sid).inner_text()
    await (
        card(page, madrid.sid).get_by_role("button", name="Details").click()
    )  # the first caller's card is the open one
    assert "mobile · Spain" in await card(page, madrid.sid).inner_text()
    assert "there" not in await card(page, madrid.sid).inner_text(), "the clocks show the same"


async def test_somebody_else_at_a_clients_number_gets_a_card_of_their_own(looking: Looking) -> None:
    office = looking.served.office
    clara = await office.add_client(pinned_note="Owes us 500.")
    page = await looking.panel()
    popped = card(page, (await ringing(looking, cast.CLARA)).sid)
    await popped.get_by_role("button", name="Somebody else").click()
    await expect(popped.locator(".badge")).to_have_text("NEW")
    assert "Owes us 500." not in await popped.inner_text()
    await popped.get_by_role("button", name="Undo").click()
    await expect(popped.locator(".badge")).to_have_text("CLIENT")
    await popped.get_by_role("button", name="Somebody else").click()
    await popped.get_by_label("Name", exact=True).fill("Carl")
    await popped.get_by_role("button", name="Save card").click()
    await expect(popped.locator(".name")).to_have_text("Carl")
    assert await numbers_of(office, clara) == [cast.CLARA], "the number stays hers too"
    tenant = office.board.live_plan.tenant(office.company.tenant)
    for row in tenant.rows["client"].values():
        assert await similar_clients(tenant, row) == [], "who was said to be somebody else is no duplicate"
    again = card(page, (await ringing(looking, cast.CLARA)).sid)
    await expect(again.locator(".badge")).to_have_text("? 2 possible")


async def test_none_of_several_is_an_answer_too(looking: Looking) -> None:
    office = looking.served.office
    for name in ("Clara", "Carl"):
        await office.add_client(cast.CLARA, name, shared=True)
    page = await looking.panel()
    popped = card(page, (await ringing(looking, cast.CLARA)).sid)
    await popped.get_by_role("radio", name="Somebody else").check()
    await popped.get_by_role("button", name="Choose").click()
    await expect(popped.locator(".badge")).to_have_text("NEW")
    await popped.get_by_text("change", exact=True).click()
    await popped.get_by_role("radio", name="Carl").check()
    await popped.get_by_role("button", name="Choose").click()
    await expect(popped.locator(".name")).to_have_text("Carl")
