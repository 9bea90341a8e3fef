"""What is typed into a new caller's card is kept while one types: for the writer alone, on whatever computer."""

import pytest
from playwright.async_api import expect
from sqlalchemy import func, select

from models import CallDraft
from tests import cast
from tests.looking import Looking, card, line
from tests.served import PASSWORD

pytestmark = pytest.mark.anyio


async def test_a_draft_is_there_on_another_computer_and_for_nobody_else(looking: Looking) -> None:
    office = looking.served.office
    await looking.served.add_person("olga@example.org")
    await office.add_operator()
    office.phones.phone(cast.OLGA).answers_after(8).talks_for(60)
    page = await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await card(page, call.sid).get_by_label("Name").fill("Uma Thu")
    await expect(card(page, call.sid).get_by_text("draft saved")).to_be_visible()
    elsewhere, olga = await looking.panel(), await looking.panel("olga@example.org", PASSWORD)
    await expect(card(elsewhere, call.sid).get_by_label("Name")).to_have_value("Uma Thu")
    await expect(card(olga, call.sid).get_by_label("Name")).to_have_value("")
    await office.phones.let_pass(20)
    await card(elsewhere, call.sid, "answered").wait_for()
    await expect(card(elsewhere, call.sid).get_by_label("Name")).to_have_value("Uma Thu")
    await card(elsewhere, call.sid).get_by_role("button", name="Save card").click()
    await expect(card(page, call.sid).locator(".name")).to_have_text("Uma Thu")
    async with office.board.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(CallDraft)) == 0


async def test_a_draft_for_a_past_call_is_kept_too(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.hang_up_after(5)
    past = page.locator(f'#today article[data-call="{call.sid}"]')
    await past.get_by_text("Who was it?").click()
    await past.get_by_label("What is it about?").fill("Chairs")
    await past.get_by_text("draft saved").wait_for()
    other = await looking.panel()
    past = other.locator(f'#today article[data-call="{call.sid}"]')
    await past.get_by_text("Who was it?").click()
    await expect(past.get_by_label("What is it about?")).to_have_value("Chairs")


async def test_a_form_unfolded_on_a_line_stays_while_the_line_is_drawn_anew(looking: Looking) -> None:
    office = looking.served.office
    page, other = await looking.panel(), await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.hang_up_after(5)
    await line(page, call.sid).get_by_text("Who was it?").click()
    about = line(page, call.sid).get_by_label("What is it about?")
    await about.evaluate("field => { field.unfoldedFirst = true; }")
    await line(other, call.sid).get_by_role("button", name="Mark as done").click()
    await line(page, call.sid).get_by_text("called back").wait_for()
    assert await about.evaluate("field => field.unfoldedFirst === true")
    await about.fill("Chairs")
    await line(page, call.sid).get_by_text("draft saved").wait_for()


async def test_what_cannot_be_kept_is_left_out(looking: Looking) -> None:
    office = looking.served.office
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await office.settled()
    async with looking.served.signed_in() as adam:
        token = (await adam.get("/")).text.partition('name="csrf_token" value="')[2].partition('"')[0]
        for fields, status in (({"name": "a\0b"}, 200), ({"name": "x" * 3000}, 422), ({}, 200)):
            answer = await adam.post(f"/calls/{call.sid}/draft", data=fields | {"csrf_token": token})
            assert answer.status_code == status, fields
            assert "kept" not in answer.text
        answer = await adam.post(f"/calls/CA{'0' * 32}/draft", data={"name": "x", "csrf_token": token})
        assert answer.status_code == 404
