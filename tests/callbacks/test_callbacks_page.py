"""``/callbacks`` and its parts on other pages: live, taken, put off, done, and taken back."""

import pytest
from playwright.async_api import Page, expect

from app.auth.roles import Role
from tests import cast
from tests.api import signed_in
from tests.looking import Looking, is_live
from tests.office import Office
from tests.served import PASSWORD

pytestmark = pytest.mark.anyio


async def missed_call(office: Office, number: str) -> str:
    call = await office.phones.place_call(number, cast.LINE)
    await call.hang_up_after(20)
    await office.settled()
    return str(call.sid)


async def callbacks(looking: Looking) -> Page:
    page = await looking.panel()
    await page.goto("/callbacks")
    await is_live(page)
    return page


async def test_a_missed_caller_comes_by_itself_and_leaves_when_they_are_answered(looking: Looking) -> None:
    office = looking.served.office
    page, panel = await callbacks(looking), await looking.panel()
    await expect(page.get_by_text("Nobody waits for a call.")).to_be_visible()
    await missed_call(office, cast.UMA)
    for place in (page.locator(".to-call"), panel.locator("#todo .to-call")):
        await expect(place).to_contain_text("+33 6 39 98 00 03 · missed")
        await expect(place).to_contain_text("nobody's yet")
    await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(20)
    again = await office.phones.place_call(cast.UMA, cast.LINE)
    await again.ended()
    await expect(page.locator(".to-call")).to_have_count(0)
    await expect(panel.locator("#todo .to-call")).to_have_count(0)
    await page.get_by_role("link", name="Closed", exact=True).click()
    await expect(page.locator(".to-call")).to_contain_text("done: they were on the phone")


async def test_taken_put_off_done_and_back(looking: Looking) -> None:
    office = looking.served.office
    await looking.served.add_person("olga@example.org")
    await missed_call(office, cast.UMA)
    page, olga = await callbacks(looking), await looking.panel("olga@example.org", PASSWORD)
    row, hers = page.locator(".to-call"), olga.locator("#todo .to-call")
    await expect(row).to_contain_text("14:00 Paris")
    await row.get_by_role("button", name="Take it").click()
    await expect(row).to_contain_text("yours")
    await expect(hers).to_contain_text("adam@example.org")
    await page.wait_for_timeout(700)  # the list has been fetched anew
    await row.get_by_text("Later…").click()
    await row.get_by_role("button", name="Tomorrow morning").click()
    await expect(row).to_contain_text("09:00 Paris")
    await row.get_by_role("button", name="Done", exact=True).click()
    await expect(row).to_contain_text("done by adam@example.org")
    await expect(hers).to_have_count(0)
    await row.get_by_role("button", name="Undo").click()
    await expect(hers).to_have_count(1)
    await hers.get_by_role("button", name="No need").click()
    await expect(hers).to_contain_text("cancelled by olga@example.org")
    await expect(row).to_have_count(0)
    await hers.get_by_role("button", name="Undo").click()
    await expect(row).to_contain_text("yours")


async def test_a_missed_vip_is_on_every_supervisor_s_page_until_somebody_takes_it(looking: Looking) -> None:
    office = looking.served.office
    await office.add_vip(label="Vera Fournier")
    for email, role in (("sofia@example.org", Role.SUPERVISOR), ("olga@example.org", Role.OPERATOR)):
        await looking.served.add_person(email, role)
    sofia, adam = await looking.panel("sofia@example.org", PASSWORD), await looking.panel()
    olga = await looking.panel("olga@example.org", PASSWORD)
    await adam.goto("/clients")
    await is_live(adam)
    await missed_call(office, cast.VERA)
    for page in (sofia, adam):
        await expect(page.get_by_role("alert").filter(has_text="VIP")).to_contain_text(
            "A VIP reached nobody: Vera Fournier"
        )
    await expect(olga.locator("#todo .is-vip")).to_contain_text("missed VIP")
    assert await olga.locator("#alerts").count() == 0
    await sofia.goto("/callbacks")
    await is_live(sofia)
    await adam.get_by_role("button", name="I will call back").click()
    for page in (sofia, adam):
        await expect(page.locator(".alert")).to_have_count(0)
    await expect(sofia.locator(".to-call.is-vip")).to_contain_text("adam@example.org")


async def test_every_button_works_without_a_script(office: Office) -> None:
    call = await missed_call(office, cast.UMA)
    async with signed_in(office, Role.OPERATOR) as olga:
        page = (await olga.get("/callbacks")).text
        assert f"/calls/{call}" in page
        callback = page.partition('data-callback="')[2].partition('"')[0]
        for what, told in (
            ("take", "yours"),
            ("done", "done by"),
            ("undo", "yours"),
            ("later", "by 24 Jul 2026, 11:00"),
        ):
            answer = await olga.post(f"/callbacks/{callback}/{what}")
            assert (answer.status_code, answer.headers["Location"]) == (303, "/callbacks")
            assert told in (await olga.get("/callbacks")).text
        assert (await olga.get("/callbacks/alerts")).status_code == 403
        assert (await olga.post("/callbacks/nobody/take")).status_code == 404


@pytest.mark.parametrize("show", ["open", "mine", "free", "late", "closed", "nonsense"])
async def test_each_filter_is_an_address(office: Office, show: str) -> None:
    await missed_call(office, cast.UMA)
    await office.clock.sleep(5 * 3600)
    async with signed_in(office, Role.OPERATOR) as olga:
        page = (await olga.get(f"/callbacks?show={show}")).text
        assert ("data-callback=" in page) is (show not in ("mine", "closed"))


async def test_an_outcome_says_what_is_left_to_do(office: Office) -> None:
    call = await missed_call(office, cast.UMA)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.post(f"/calls/{call}/after", data={"outcome": "call_back"})).status_code == 200
        page = (await sofia.get("/callbacks")).text
        assert "promised" in page
        assert "yours" in page
        await sofia.post(f"/calls/{call}/after", data={"outcome": "wrong_number"})
        assert "done by supervisor@people.example" in (await sofia.get("/callbacks")).text


async def test_whoever_has_no_number_or_is_blocked_is_not_to_be_called(office: Office) -> None:
    await office.add_blacklisted()
    for caller in (cast.BORIS, "anonymous"):
        await missed_call(office, caller)
    async with signed_in(office, Role.ADMIN) as adam:
        assert "Nobody waits for a call." in (await adam.get("/callbacks")).text
