"""After a call whoever took it is asked what came of it: for half a minute, with one key, and never in the way."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from app.auth.roles import Role
from tests import cast
from tests.looking import Looking, card, is_live, line
from tests.served import PASSWORD

pytestmark = pytest.mark.anyio


@pytest.fixture
async def olga(looking: Looking) -> Page:
    """Olga's panel; she answers after two seconds and talks for twenty."""
    office = looking.served.office
    operator = await office.add_operator()
    await looking.served.add_person("olga@example.org", operator_id=operator["id"])
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(20)
    return await looking.panel("olga@example.org", PASSWORD)


async def finished(looking: Looking, number: str = cast.UMA) -> Any:
    call = await looking.served.office.phones.place_call(number, cast.LINE)
    await call.ended()
    return call


async def test_one_key_notes_what_came_of_a_call(looking: Looking, olga: Page) -> None:
    await looking.served.office.add_client()
    adam = await looking.panel()
    call = await finished(looking, cast.CLARA)
    asked = card(olga, call.sid, "ended")
    await asked.get_by_label("Note about this call").fill("Wants 40 chairs")
    await card(adam, call.sid).wait_for(state="detached")
    await line(olga, call.sid).wait_for()
    await asked.get_by_label("Note about this call").press("Escape")
    await olga.keyboard.press("2")
    await asked.get_by_text("Press Enter to save “Call back”").wait_for()
    assert await line(olga, call.sid).locator(".noted").count() == 0, "a key alone changes nothing"
    await olga.keyboard.press("Enter")
    for page in (olga, adam):
        await expect(line(page, call.sid).locator(".noted")).to_have_text("Call back · Wants 40 chairs")
        await line(page, call.sid).get_by_role("link", name="Call back").wait_for()
    await expect(card(olga, call.sid)).to_have_count(0)
    again = await looking.served.office.phones.place_call(cast.CLARA, cast.LINE)
    await looking.served.office.phones.settle()
    await expect(card(olga, again.sid)).to_contain_text("0:20 · Olga · Call back")
    await expect(card(olga, again.sid)).to_contain_text("Wants 40 chairs")


async def test_the_next_contact_and_how_satisfied_the_caller_is(looking: Looking, olga: Page) -> None:
    call = await finished(looking)
    asked = card(olga, call.sid, "ended")
    await asked.get_by_label("Next contact").fill("2000-01-01T09:00")
    await asked.get_by_label("How satisfied is the caller?").select_option("4")
    await asked.get_by_role("button", name="Done").click()
    await expect(asked.get_by_role("alert")).to_have_text("The next contact is in the past; choose a time to come.")
    await expect(asked.get_by_label("Next contact")).to_have_attribute("aria-invalid", "true")
    await expect(asked.get_by_label("How satisfied is the caller?")).to_have_value("4")
    await asked.get_by_label("Next contact").fill("2026-07-28T09:30")
    await asked.get_by_role("button", name="Done").click()
    await expect(line(olga, call.sid).locator(".noted")).to_have_text("Done · satisfied: 4 of 5")
    await expect(olga.locator("#todo .when")).to_contain_text("by 28 Jul 2026, 09:30")
    await expect(olga.locator("#todo .when")).to_contain_text("yours")
    await olga.goto(f"/calls/{call.sid}")
    await expect(olga.get_by_text("satisfied: 4 of 5")).to_be_visible()


async def test_a_guess_can_be_confirmed_after_the_call(looking: Looking, olga: Page) -> None:
    office = looking.served.office
    works = await office.add_client(f"{cast.UMA[:-3]}555", "Range Industries", kind="company")
    call = await finished(looking)
    asked = card(olga, call.sid, "ended")
    await expect(asked.locator(".badge")).to_have_text("? MAYBE")
    await expect(asked.get_by_role("button", name="Not Range Industries")).to_be_visible()
    await asked.get_by_role("button", name="This is Range Industries").click()
    await expect(asked.locator(".badge")).to_have_text("CLIENT")
    await expect(asked.locator(".name")).to_have_text("Range Industries")
    await expect(line(olga, call.sid).locator(".name")).to_have_text("Range Industries")
    await office.board.live_plan.catch_up()
    row = office.board.live_plan.tenant(office.company.tenant).rows["client"][works["id"]]
    assert cast.UMA in [one["number"] for one in row["numbers"]]
    await asked.get_by_role("button", name="Undo").click()
    await expect(asked.locator(".badge")).to_have_text("NEW")


async def test_a_guess_can_be_confirmed_on_the_line(looking: Looking, olga: Page) -> None:
    office = looking.served.office
    for extension, name in (("555", "Range Industries"), ("556", "Range Works")):
        await office.add_client(f"{cast.UMA[:-3]}{extension}", name, kind="company")
    call = await finished(looking)
    await card(olga, call.sid, "ended").get_by_role("button", name="Done").click()
    await expect(card(olga, call.sid)).to_have_count(0)
    past = line(olga, call.sid)
    for verdict, badge in (("Not Range Works", "NEW"), ("This is Range Industries", "CLIENT")):
        await expect(past.locator(".badge")).to_have_text("NEW")  # a line guesses nothing
        await past.get_by_text("Who was it?").click()
        await past.get_by_role("button", name=verdict).click()
        await expect(past.get_by_role("button", name=verdict)).to_have_count(0)
        await expect(past.locator(".badge")).to_have_text(badge)
    await olga.reload()
    await is_live(olga)
    await expect(line(olga, call.sid).locator(".name")).to_have_text("Range Industries")


async def test_the_outcome_can_be_changed_on_the_line(looking: Looking, olga: Page) -> None:
    call = await finished(looking)
    await card(olga, call.sid, "ended").get_by_role("button", name="Spam").click()
    await expect(line(olga, call.sid).locator(".noted")).to_have_text("Spam")
    await line(olga, call.sid).get_by_text("Change the outcome").click()
    await line(olga, call.sid).get_by_role("button", name="Done").click()
    await expect(line(olga, call.sid).locator(".noted")).to_have_text("Done")


async def test_the_question_outlives_a_reload_leaves_by_itself_and_blocks_nothing(looking: Looking, olga: Page) -> None:
    office = looking.served.office
    call = await finished(looking)
    await card(olga, call.sid, "ended").wait_for()
    await olga.reload()
    await is_live(olga)
    assert await card(olga, call.sid, "ended").count() == 1
    office.phones.phone(cast.OLGA).never_answers()
    following = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await card(olga, following.sid, "ringing").wait_for()
    # What has just been opened holds its place for two seconds; then what rings stands first.
    await expect(olga.locator("#calls article").first).to_have_attribute("data-call", following.sid)
    await expect(olga.locator("#calls article").nth(1)).to_have_attribute("data-call", call.sid)
    await office.phones.let_pass(31)
    await olga.reload()
    await is_live(olga)
    assert await card(olga, call.sid).count() == 0


async def test_a_draft_of_the_note_stays_when_the_time_is_over(looking: Looking, olga: Page) -> None:
    call = await finished(looking)
    asked = card(olga, call.sid, "ended")
    await asked.get_by_label("Note about this call").fill("Wants")
    await asked.evaluate("one => { one.dataset.leaves = new Date(0).toISOString(); }")
    await olga.wait_for_timeout(1_500)
    await expect(asked.get_by_label("Note about this call")).to_have_value("Wants")
    await asked.get_by_label("Note about this call").fill("")
    await olga.mouse.move(0, 0)
    await asked.get_by_label("Note about this call").evaluate("one => one.blur()")
    await asked.evaluate("one => { one.dataset.leaves = new Date(0).toISOString(); }")
    await asked.wait_for(state="detached")


async def test_others_are_not_asked_and_may_not_answer(looking: Looking, olga: Page) -> None:
    office = looking.served.office
    await looking.served.add_person("oskar@example.org")
    await looking.served.add_person("sam@example.org", Role.SUPERVISOR)
    running = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.let_pass(10)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await running.ended()
    await call.ended()
    await office.settled()
    for person, status in (("oskar@example.org", 403), ("sam@example.org", 200)):
        async with looking.served.signed_in(person, PASSWORD) as way:
            assert (await way.get("/events/state")).json()["cards"] == []
            token = (await way.get("/")).text.partition('name="csrf_token" value="')[2].partition('"')[0]
            form = {"outcome": "done", "csrf_token": token}
            assert (await way.post(f"/calls/{call.sid}/after", data=form)).status_code == status
            answer = await way.post(f"/calls/{call.sid}/after", data=form | {"outcome": "nonsense"})
            assert answer.status_code == 422
