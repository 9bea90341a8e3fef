"""The day's calls beside the cards: filtered, handled with one click, and the click taken back with another."""

import pytest
from playwright.async_api import Page, expect

from tests import cast
from tests.looking import Looking, is_live, line
from tests.served import PASSWORD

pytestmark = pytest.mark.anyio


async def stand_in_order(page: Page, *calls: str) -> None:
    """Their lines, from top to bottom, all looked at in the same moment: what stands above them comes and goes."""
    await page.wait_for_function(
        """calls => {
          const lineOf = (id) => document.querySelector(`#today article[data-call="${id}"]`);
          const tops = calls.map((id) => lineOf(id)?.getBoundingClientRect().top);
          return tops.every((top, index) => index === 0 ? top > 0 : tops[index - 1] < top);
        }""",
        arg=list(calls),
    )


async def test_a_missed_vip_waits_on_top_until_somebody_called_back(looking: Looking) -> None:
    office = looking.served.office
    await office.add_vip(label="Vera Fournier")
    page, other = await looking.panel(), await looking.panel()
    vera = await office.phones.place_call(cast.VERA, cast.LINE)
    await vera.hang_up_after(22)
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await uma.hang_up_after(5)
    missed = line(page, vera.sid)
    await line(page, uma.sid).wait_for()
    assert "Missed · Vera Fournier" in await missed.inner_text()
    assert "waited 0:22" in await missed.inner_text()
    await stand_in_order(page, vera.sid, uma.sid)
    assert await missed.get_by_role("link", name="Call back").get_attribute("href") == f"tel:{cast.VERA}"
    await missed.get_by_role("button", name="Mark as done").click()
    for place in (page, other):
        await expect(line(place, vera.sid)).to_contain_text("called back")
    await stand_in_order(page, uma.sid, vera.sid)
    await page.get_by_label("Hide handled").check()
    await expect(missed).to_be_hidden()
    await page.get_by_label("Hide handled").uncheck()
    await missed.get_by_role("button", name="Undo").click()
    for place in (page, other):
        await line(place, vera.sid).get_by_role("link", name="Call back").wait_for()


async def test_a_call_that_ends_late_stands_where_it_began(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    clara = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.clock.sleep(5)
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    for call in (uma, clara):
        await call.hang_up_after(5)
        await line(page, call.sid).wait_for()
    there = page.locator("#today article")
    assert [await one.get_attribute("data-call") for one in await there.all()] == [uma.sid, clara.sid]
    await page.reload()
    assert [await one.get_attribute("data-call") for one in await there.all()] == [uma.sid, clara.sid]


async def test_the_day_is_counted_and_filtered_and_the_address_knows(looking: Looking) -> None:
    office = looking.served.office
    operator = await office.add_operator()
    await office.add_blacklisted()
    await looking.served.add_person("olga@example.org", operator_id=operator["id"])
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(20)
    boris = await office.phones.place_call(cast.BORIS, cast.LINE)
    await boris.hang_up_after(60)
    olga, adam = await looking.panel("olga@example.org", PASSWORD), await looking.panel()
    assert await olga.locator("#day").inner_text() == "My day: 0 answered · 0 missed"
    taken = await office.phones.place_call(cast.CLARA, cast.LINE)
    await taken.ended()
    office.phones.phone(cast.OLGA).never_answers()
    missed = await office.phones.place_call(cast.UMA, cast.LINE)
    await missed.hang_up_after(30)
    await expect(olga.locator("#day")).to_have_text("My day: 1 answered · 1 missed")
    await expect(adam.locator("#day")).to_have_text("Team today: 1 answered · 1 missed")
    await olga.reload()
    assert await olga.locator("#day").inner_text() == "My day: 1 answered · 1 missed"
    assert await olga.get_by_label("Show").locator("option").count() == 3, "the blacklist is for supervisors"
    await adam.get_by_label("Show").select_option("missed")
    assert adam.url.endswith("/?show=missed")
    await expect(line(adam, taken.sid)).to_be_hidden()
    await expect(line(adam, missed.sid)).to_be_visible()
    await adam.reload()
    await is_live(adam)
    await expect(line(adam, taken.sid)).to_be_hidden()
    for chosen, shown in (("blacklisted", boris.sid), ("all", taken.sid)):
        await adam.get_by_label("Show").select_option(chosen)
        await expect(line(adam, shown)).to_be_visible()
    await adam.get_by_label("Show").select_option("mine")
    await expect(adam.get_by_text("No calls today match.")).to_be_visible()


async def test_a_block_asks_a_vip_is_one_click_and_undo_another(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.hang_up_after(5)
    past = line(page, call.sid)
    lists = office.board.live_plan.tenant(office.company.tenant).rows

    def numbers(name: str) -> list[str]:
        return [row["number"] for row in lists[name].values()]

    await past.get_by_text("Block…").click()
    await past.get_by_label("Reason").fill("Shouts")
    assert numbers("blacklist_entry") == [], "it asks first"
    await past.get_by_label("Reason").press("Enter")
    await past.get_by_text("Blocked by adam@example.org").wait_for()
    assert numbers("blacklist_entry") == [cast.UMA]
    await past.get_by_role("button", name="Undo the block").click()
    await past.get_by_text("Block…").wait_for()
    assert numbers("blacklist_entry") == []
    await past.get_by_role("button", name="VIP").click()
    await past.get_by_text("is now a VIP").wait_for()
    assert numbers("vip_entry") == [cast.UMA]
    await past.get_by_role("button", name="Undo").click()
    await past.get_by_text("Undone").wait_for()


async def test_why_is_told_on_every_row(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.hang_up_after(5)
    await line(page, call.sid).get_by_text("Why?").click()
    await line(page, call.sid).get_by_text("Whose line is this?").wait_for()
    assert await line(page, call.sid).get_by_role("link", name="Call details").get_attribute("href") == (
        f"/calls/{call.sid}"
    )


async def test_operators_learn_nothing_of_blacklisted_calls(looking: Looking) -> None:
    office = looking.served.office
    await office.add_blacklisted()
    await looking.served.add_person("olga@example.org")
    boris = await office.phones.place_call(cast.BORIS, cast.LINE)
    await boris.hang_up_after(60)
    await office.settled()
    async with looking.served.signed_in("olga@example.org", PASSWORD) as olga:
        assert boris.sid not in (await olga.get("/")).text
        for part in ("why", "form", "after", "join"):
            expected = 200 if part == "join" else 404
            assert (await olga.get(f"/calls/{boris.sid}/{part}")).status_code == expected
