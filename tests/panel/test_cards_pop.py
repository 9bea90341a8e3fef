"""A call comes in and its card is there: in a real browser, over a real connection."""

import pytest

from simulator import Prompt
from tests import cast
from tests.looking import Looking, card, is_live, line

pytestmark = pytest.mark.anyio


async def test_vera_s_card_pops_with_everything_that_matters(looking: Looking) -> None:
    office = looking.served.office
    await office.add_manager()
    await office.add_vip(label="Vera Fournier")
    await office.add_client(
        cast.VERA, "Vera F.", company="Atelier Nord", pinned_note="Prefers a call back after 17:00.", language="en"
    )
    page = await looking.panel()
    assert "No calls right now" in await page.locator("main").inner_text()
    call = await office.phones.place_call(cast.VERA, cast.LINE)
    await office.phones.settle()
    popped = card(page, call.sid, "ringing")
    await popped.wait_for()
    text = await popped.inner_text()
    assert await popped.locator(".badge").inner_text() == "★ VIP"
    assert await popped.locator(".name").inner_text() == "Vera Fournier"
    assert "Atelier Nord" in text
    assert "+33 6 39 98 00 01" in text
    assert "to Ligne principale · greet in English" in text
    assert "Prefers a call back after 17:00." in text
    assert "Straight to Martin" in text
    assert (await page.title()).startswith("(1) ★ Vera Fournier")
    assert await page.locator("#said").inner_text() == "VIP, Vera Fournier, Atelier Nord, on Ligne principale, ringing."
    await popped.get_by_text("Why this call is ringing here").click()
    await popped.locator(".steps li").first.wait_for()
    trace = await popped.locator(".steps li").all_text_contents()
    assert "Whose line is this?" in trace[0]
    assert "Is the caller a VIP?" in trace[-1]
    assert trace[-1].strip().endswith("decides")


async def test_a_card_is_answered_and_ends_as_a_line_of_the_day(looking: Looking) -> None:
    office = looking.served.office
    await office.add_operator()
    await office.add_client()
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(70)
    page = await looking.panel()
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await card(page, call.sid, "ringing").wait_for()
    await office.phones.let_pass(15)
    answered = card(page, call.sid, "answered")
    await answered.wait_for()
    assert "talking with Olga" in await answered.inner_text()
    assert await page.title() == "Calls · Antichambre"
    await call.ended()
    await line(page, call.sid).wait_for()
    assert await card(page, call.sid).count() == 0
    past = await line(page, call.sid).inner_text()
    assert "Clara" in past
    assert "1:10 · Olga" in past
    assert await line(page, call.sid).get_attribute("data-state") == "ended"


async def test_a_call_that_nobody_took_is_called_missed(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await card(page, call.sid).wait_for()
    await call.hang_up_after(30)
    await line(page, call.sid).wait_for()
    assert "Missed · New caller" in await line(page, call.sid).inner_text()
    second = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await card(page, second.sid).wait_for()
    assert "1 missed today" in await card(page, second.sid).inner_text()


async def test_the_menu_choice_appears_on_the_card(looking: Looking) -> None:
    office = looking.served.office
    menu = await office.add_menu("Accueil", {"2": {"kind": "queue", "id": office.company.queue_id, "label": "Orders"}})
    await office.change_line(menu_id=menu["id"])
    page = await looking.panel()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.hears(Prompt)
    await card(page, call.sid).wait_for()
    await call.press("2")
    await card(page, call.sid).get_by_text("menu 2 Orders").wait_for()


async def test_a_reload_brings_running_cards_back(looking: Looking) -> None:
    office = looking.served.office
    await office.add_client()
    page = await looking.panel()
    ringing = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await card(page, ringing.sid, "waiting").wait_for()
    await page.reload()
    await is_live(page)
    assert await card(page, ringing.sid, "waiting").count() == 1
    another = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await card(page, another.sid, "waiting").wait_for()
    assert await page.locator("#calls article").count() == 2


async def test_boris_pops_for_nobody_and_only_supervisors_find_him_in_the_log(looking: Looking) -> None:
    office = looking.served.office
    await office.add_blacklisted()
    await looking.served.add_person("olga@example.org")
    admin, operator = await looking.panel(), await looking.panel("olga@example.org", "a password of more than ten")
    boris = await office.phones.place_call(cast.BORIS, cast.LINE)
    uma = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    for page in (admin, operator):
        await card(page, uma.sid).wait_for()
        assert await page.locator(f'[data-call="{boris.sid}"]').count() == 0
        await page.reload()
        await is_live(page)
        assert await card(page, boris.sid).count() == 0
    assert "⊘ Blacklist → fake queue" in await line(admin, boris.sid).inner_text()
    assert await line(operator, boris.sid).count() == 0


async def test_a_withheld_number_says_so_and_asks_nothing(looking: Looking) -> None:
    office = looking.served.office
    page = await looking.panel()
    call = await office.phones.place_call("anonymous", cast.LINE)
    await office.phones.settle()
    await card(page, call.sid).wait_for()
    assert await card(page, call.sid).locator(".badge").inner_text() == "WITHHELD"
    assert "Number withheld" in await card(page, call.sid).inner_text()
    assert await card(page, call.sid).locator("form").count() == 0


async def test_several_clients_of_one_number_are_never_guessed(looking: Looking) -> None:
    office = looking.served.office
    await office.add_client(cast.CLARA, "Clara", shared=True)
    await office.add_client(cast.CLARA, "Carl", shared=True)
    page = await looking.panel()
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.settle()
    await card(page, call.sid).wait_for()
    assert await card(page, call.sid).locator(".badge").inner_text() == "? 2 possible"
    assert await card(page, call.sid).locator(".name").inner_text() in {"Clara or Carl", "Carl or Clara"}


async def test_a_vip_with_a_doubtful_number_is_marked_and_tells_nothing(looking: Looking) -> None:
    office = looking.served.office
    await office.add_vip(label="Vera Fournier")
    await office.add_client(cast.VERA, "Vera F.", pinned_note="The door code is 4711.", about="Invoice 1042")
    page = await looking.panel()
    call = await office.phones.place_call(cast.VERA, cast.LINE, attestation="failed")
    await office.phones.settle()
    await card(page, call.sid).wait_for()
    forged = card(page, call.sid)
    text = await forged.inner_text()
    assert text.startswith("⚠ Not verified: check who is speaking"), "the warning is the first that one reads"
    assert "★" not in text
    assert await forged.locator(".name").inner_text() == "Caller not verified"
    assert "calls with the number of Vera Fournier, a VIP" in text
    assert await forged.get_attribute("data-tone") == "beware"
    sizes = await page.evaluate(
        """id => [...document.querySelectorAll(`#calls article[data-call="${id}"] *`)]
          .filter((one) => one.textContent.trim()).map((one) => parseFloat(getComputedStyle(one).fontSize))""",
        call.sid,
    )
    warning = await page.evaluate(
        'id => parseFloat(getComputedStyle(document.querySelector(`article[data-call="${id}"] .beware strong`)).fontSize)',
        call.sid,
    )
    assert warning == max(sizes), "and the biggest"
    assert "★" not in await page.title()
    assert "4711" not in text
    assert "1042" not in text
