"""The phone booth in a real browser: whole calls against the running service, seen and heard by whoever places them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import websockets
from playwright.async_api import Locator, Page, expect
from sqlalchemy import func, select
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.auth.roles import Role
from app.event_log.read_decision import decision_of
from app.words.told_decision import tell_decision
from models import CallEvent, CallRecord
from routing.lifecycle import CallState
from tests import cast
from tests.api import API
from tests.journeys.carriers import CARRIERS, Carrier
from tests.looking import Looking
from tests.office import Office
from tests.served import PASSWORD, ServedOffice
from tests.web.test_everybody_can_use_it import fits, screens, violations

pytestmark = pytest.mark.anyio
WIDE = {"viewport": {"width": 1500, "height": 1000}, "reduced_motion": "reduce"}

# Headless browsers have no voice, and say so by ending each sentence at once.
LISTEN = """() => {
  window.spoken = [];
  speechSynthesis.speak = (said) => { window.spoken.push([said.text, said.lang]); said.onend(); };
}"""


async def furnish(office: Office) -> None:
    """The whole cast, opening hours, and a menu that leads to Olga."""
    await office.add_manager(confirm=True)
    await office.add_operator()
    await office.add_vip(label="Vera Fournier")
    await office.add_blacklisted()
    await office.add_client()
    menu = await office.add_menu("Accueil", {"1": {"kind": "queue", "id": office.company.queue_id, "label": "Orders"}})
    await office.keep_hours()
    await office.change_line(menu_id=menu["id"])


async def in_the_booth(looking: Looking, **context: Any) -> Page:
    """The booth's page, with time at its fastest."""
    page = await looking.panel(**WIDE | context)
    await page.goto("/booth")
    if await page.locator("#fast").count():
        await page.evaluate("document.getElementById('fast').setAttribute('aria-pressed', 'true')")
    return page


def call_of(page: Page) -> Locator:
    """The call that is looked at."""
    return page.locator(".call:not([hidden])")


async def stored(office: Office, call_id: str | None) -> CallRecord:
    """The call as the service has recorded it."""
    await office.settled()
    async with office.board.sessions() as session:
        record = await session.get(CallRecord, {"tenant_id": office.company.tenant, "call_id": call_id})
    assert record is not None
    return record


async def test_vera_goes_straight_to_management_at_three_at_night(looking: Looking) -> None:
    office = looking.served.office
    await furnish(office)
    page = await in_the_booth(looking)
    await page.get_by_role("button", name="Vera Fournier, a VIP, at 3 a.m.").click()
    call = call_of(page)
    await expect(call.get_by_text("Rings Martin for 20 seconds and asks for a key press")).to_be_visible()
    await expect(call.locator('[data-is="hears"]')).to_have_text("Talks with Martin")
    record = await stored(office, await call.get_attribute("data-call"))
    assert (record.provider, record.action, record.reason_code) == ("booth", "connect", "vip")
    assert record.started_at == office.clock.now(), "the log has the real time"
    decision = decision_of(record)
    assert decision.as_of == datetime(2026, 7, 25, 1, tzinfo=UTC)
    # What is shown is what is stored: question by question, and the one that decides.
    asked = [step.text.replace(" ", "") for step in tell_decision(decision).trace]
    shown = [text.replace(" ", "") for text in await call.locator(".steps .found bdi").all_inner_texts()]
    assert shown == asked
    assert await call.locator(".steps li.decided").count() == 1
    # The panel beside it shows the card, marked.
    beside = page.frame_locator("#beside").locator(f'#calls article[data-call="{record.call_id}"]')
    await expect(beside.get_by_role("heading", name="Vera Fournier")).to_be_visible()
    await expect(beside.get_by_text("Phone booth")).to_be_visible()
    await page.locator("#people").get_by_role("button", name="Hang up").click()
    await expect(call).to_have_attribute("data-stage", "over")


async def test_boris_hears_the_fake_queue_and_no_card_pops(looking: Looking) -> None:
    office = looking.served.office
    await furnish(office)
    page = await in_the_booth(looking)
    await page.evaluate(LISTEN)
    async with page.expect_response("**/audio/hold-music.wav") as music:
        await page.get_by_role("button", name="Boris, blacklisted").click()
    assert (await (await music.value).body())[:4] == b"RIFF", "the real music"
    assert await page.evaluate("window.spoken[0]") == ["Veuillez patienter.", "fr-FR"]
    call = call_of(page)
    await expect(call.get_by_text("Fake queue, round 2")).to_be_visible()
    await expect(call.get_by_text("Operators do not see this call")).to_be_visible()
    record = await stored(office, await call.get_attribute("data-call"))
    assert record.action == "fake_queue"
    documents = await call.locator(".documents pre").all_text_contents()
    assert documents
    assert not [text for text in documents if "<Dial" in text or "<Enqueue" in text]
    assert await page.frame_locator("#beside").locator("#calls article").count() == 0
    await call.get_by_role("button", name="Hang up").click()
    await expect(call).to_have_attribute("data-stage", "over")
    assert (await stored(office, record.call_id)).state == CallState.ENDED


async def test_uma_goes_through_the_menu_to_olga_while_vera_talks(looking: Looking) -> None:
    office = looking.served.office
    await furnish(office)
    page = await in_the_booth(looking)
    await page.get_by_role("button", name="Vera Fournier, a VIP, at 3 a.m.").click()
    await expect(call_of(page).locator('[data-is="hears"]')).to_have_text("Talks with Martin")
    await page.get_by_label("Olga").select_option("silent")
    await page.get_by_role("button", name="Uma, a new caller").click()
    uma = call_of(page)
    await expect(uma).to_have_attribute("data-listening", "yes")
    await page.keyboard.press("1")
    await expect(uma.get_by_text("Rings Olga for 20 seconds")).to_be_visible()
    olga = page.locator(".person", has_text="Olga")
    await expect(olga).to_have_attribute("data-state", "rings")
    await olga.get_by_role("combobox").select_option("answers")  # while it rings
    await expect(uma.locator('[data-is="hears"]')).to_have_text("Talks with Olga")
    record = await stored(office, await uma.get_attribute("data-call"))
    assert (record.state, record.menu_choice) == (CallState.ANSWERED, "1 Orders")
    await expect(page.frame_locator("#beside").locator(f'article[data-call="{record.call_id}"]')).to_have_attribute(
        "data-state", "answered"
    )
    assert await page.get_by_role("tab").count() == 2
    await page.get_by_role("tab", name="Vera Fournier").click()
    await expect(call_of(page).locator('[data-is="hears"]')).to_have_text("Talks with Martin")
    # Whoever closes the page hangs up.
    await page.close()
    for _ in range(100):
        if (await stored(office, record.call_id)).state == CallState.ENDED and office.app.state.booths.quiet.is_set():
            break
        await office.board.feed.wait_for_news(office.board.feed.position, 0.1)
    assert (await stored(office, record.call_id)).outcome == "completed"
    assert office.app.state.booths.quiet.is_set()


async def test_what_no_line_or_network_takes_is_said_at_its_field(looking: Looking) -> None:
    await furnish(looking.served.office)
    page = await in_the_booth(looking)
    await page.get_by_text("Any other call").click()
    await page.get_by_label("Number, or a name").fill("ver")
    await expect(page.locator("#callers option")).to_have_count(1)
    assert await page.locator("#callers option").get_attribute("value") == cast.VERA
    await page.get_by_label("Date and time on the line").fill("1999-01-01T10:00")
    await page.get_by_role("button", name="Call", exact=True).click()
    await expect(page.locator("#wrong-at")).to_have_text("Choose a year from 2000 to 2100.")
    await page.get_by_label("Date and time on the line").fill("")
    await page.get_by_label("Calling as").select_option("garbage")
    await page.get_by_label("Caller name").fill("<b>Mallory</b>")
    await page.get_by_role("button", name="Call", exact=True).click()
    await expect(call_of(page).get_by_role("heading", name="<b>Mallory</b>")).to_be_visible()
    await expect(call_of(page).locator(".verdict")).to_be_visible()


async def test_the_booths_calls_are_marked_and_can_be_taken_out_of_the_log(looking: Looking) -> None:
    office = looking.served.office
    await furnish(office)
    real = await office.phones.place_call(cast.UMA, cast.LINE)
    await real.hang_up_after(5)
    page = await in_the_booth(looking)
    await page.get_by_role("button", name="Uma, a new caller").click()
    call = call_of(page)
    await expect(call.locator(".verdict")).to_be_visible()
    await call.get_by_role("button", name="Hang up").click()
    await expect(call).to_have_attribute("data-stage", "over")
    record = await stored(office, await call.get_attribute("data-call"))
    log = await page.context.request.get("/calls")
    assert "Phone booth</span>" in await log.text()
    await page.get_by_role("button", name="Remove booth calls from the log").click()
    await expect(page.locator(".note")).to_have_text("1 booth call was removed from the log.")
    async with office.board.sessions() as session:
        left = (await session.scalars(select(CallRecord.call_id))).all()
        events = await session.scalar(select(func.count()).where(CallEvent.call_id == record.call_id))
    assert (left, events) == ([real.sid], 0)


@screens
async def test_the_booth_has_no_violation(looking: Looking, screen: dict[str, Any]) -> None:
    await furnish(looking.served.office)
    page = await looking.panel(reduced_motion="reduce", **screen)
    await page.goto("/booth")
    await page.get_by_text("Any other call").click()
    assert await violations(page) == []
    assert await fits(page)
    await page.get_by_role("button", name="Boris, blacklisted").click()
    await expect(call_of(page).locator(".steps")).to_be_visible()
    await call_of(page).locator(".documents summary").first.click()
    assert await violations(page) == []
    assert await fits(page)


async def test_a_line_that_cannot_be_opened_is_said(looking: Looking) -> None:
    page = await in_the_booth(looking)
    # What a proxy makes of it that passes no WebSocket on.
    await page.evaluate(
        """() => {
          const Ours = WebSocket;
          window.WebSocket = class extends Ours { constructor(url) { super(new URL("/no-such-line", url)); } };
        }"""
    )
    await page.locator("#try-first").click()
    await expect(page.locator("#booth-wrong")).to_contain_text("no call was placed")
    await expect(page.locator("#booth-wrong")).to_contain_text("WebSocket")
    looking.complaints[:] = [one for one in looking.complaints if "WebSocket connection to" not in one]


async def first_words(served: ServedOffice, headers: dict[str, str], token: str) -> dict[str, Any]:
    """What the booth answers to whoever comes with these headers and this first word. Raises what refuses it."""
    address = served.url.replace("http", "ws", 1) + "/booth/line"
    connection: ClientConnection
    async with websockets.connect(address, additional_headers=headers, proxy=None) as connection:
        await connection.send(token)
        answer: dict[str, Any] = json.loads(await connection.recv())
        return answer


async def test_only_an_admin_on_our_own_page_with_its_token_gets_a_booth(served_office: ServedOffice) -> None:
    await furnish(served_office.office)
    await served_office.add_person("olga@example.org")
    await served_office.add_person("sven@example.org", Role.SUPERVISOR)
    ours = {"Origin": served_office.url}
    async with served_office.signed_in() as adam:
        page = (await adam.get("/booth")).text
        token = page.partition('data-token="')[2].partition('"')[0]
        cookie = {"Cookie": f"sid={adam.cookies['sid']}"}
    assert (await first_words(served_office, ours | cookie, token))["is"] == "open"
    for headers in (cookie, {"Origin": "https://evil.example"} | cookie, ours, {"Cookie": "sid=guessed"} | ours):
        with pytest.raises(InvalidStatus, match="403"):
            await first_words(served_office, headers, token)
    for wrong in ("", "0" * 64, "é"):
        with pytest.raises(ConnectionClosed) as refused:
            await first_words(served_office, ours | cookie, wrong)
        assert refused.value.rcvd is not None
        assert refused.value.rcvd.code == 4403
    for email in ("olga@example.org", "sven@example.org"):
        async with served_office.signed_in(email, PASSWORD) as other:
            assert (await other.get("/booth")).status_code == 403
            theirs = {"Cookie": f"sid={other.cookies['sid']}"}
        with pytest.raises(InvalidStatus, match="403"):
            await first_words(served_office, ours | theirs, token)


async def test_a_booth_takes_so_many_calls_and_no_more(served_office: ServedOffice) -> None:
    await furnish(served_office.office)
    async with served_office.signed_in() as adam:
        page = (await adam.get("/booth")).text
        headers = {"Cookie": f"sid={adam.cookies['sid']}", "Origin": served_office.url}
    token = page.partition('data-token="')[2].partition('"')[0]
    line = served_office.office.company.line_id
    address = served_office.url.replace("http", "ws", 1) + "/booth/line"
    async with websockets.connect(address, additional_headers=headers, proxy=None, max_queue=None) as booth:
        await booth.send(token)
        for text in ("nonsense", '{"do": "dial"}', '{"do": "call", "caller": "\\ud800", "line": "x"}'):
            await booth.send(text)
        call = {"do": "call", "caller": cast.BORIS, "line": line}
        for _ in range(6):
            await booth.send(json.dumps(call))
        told: list[dict[str, Any]] = []
        while not told or "enough calls at once" not in told[-1].get("detail", ""):
            told.append(json.loads(await booth.recv()))
        assert sum(one["is"] == "call" for one in told) == 5
        assert sum(one["is"] == "wrong" for one in told) == 4
        async with websockets.connect(address, additional_headers=headers, proxy=None) as second:
            await second.send(token)
            assert json.loads(await second.recv())["is"] == "open"
            async with websockets.connect(address, additional_headers=headers, proxy=None) as third:
                await third.send(token)
                assert json.loads(await third.recv())["is"] == "closed"


async def test_each_line_is_called_by_its_own_provider(served_office: ServedOffice) -> None:
    """As the real call would come in: at that provider's address and with its ids. Where only the provider can sign, the
    booth says so, and its other lines can still be called."""
    office = served_office.office
    await furnish(office)
    main = office.company.line_id
    second = await _line_of(office, CARRIERS["signalwire"], "+33199001001")
    third = await _line_of(office, CARRIERS["telnyx"], "+33199001002")
    async with served_office.signed_in() as adam:
        page = (await adam.get("/booth")).text
        headers = {"Cookie": f"sid={adam.cookies['sid']}", "Origin": served_office.url}
    address = served_office.url.replace("http", "ws", 1) + "/booth/line"
    told: dict[str, list[dict[str, Any]]] = {"call": [], "record": [], "wrong": []}
    async with websockets.connect(address, additional_headers=headers, proxy=None, max_queue=None) as booth:
        await booth.send(page.partition('data-token="')[2].partition('"')[0])
        for line in (main, second, third):
            await booth.send(json.dumps({"do": "call", "caller": cast.UMA, "line": line}))
        while not told["wrong"] or len({one["call"] for one in told["record"]}) < 2:
            one = json.loads(await booth.recv())
            told.setdefault(one["is"], []).append(one)
    assert told["wrong"][0]["detail"].startswith("Only the company's provider itself can sign")
    ids = [one["call"] for one in told["call"]]
    assert [call_id[:2] == "CA" for call_id in ids] == [True, False], "SignalWire's ids are UUIDs"
    assert (await stored(office, ids[1])).line_number == "+33199001001"


async def _line_of(office: Office, carrier: Carrier, number: str) -> str:
    account = {"provider": carrier.name, "account_sid": carrier.account, "token": carrier.key}
    line = {"number": number, "label": carrier.name, "provider": carrier.name}
    for path, body in (("accounts", account), ("lines", line)):
        made = await office.api.post(f"{API}/{path}", json=body)
        assert made.status_code == 201, made.text
    line_id: str = made.json()["id"]
    return line_id
