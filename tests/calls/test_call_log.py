"""The call log and a call's own page: what came in, why it went where it went, and what would happen now."""

import re
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.auth.roles import Role
from models import CallEvent
from tests import cast
from tests.api import signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


async def called(office: Office, caller: str, **parameters: str) -> str:
    """A call that came in and was given up a minute later."""
    call_id = f"CA{int(office.clock.now().timestamp() * 1000):032x}"
    await office.webhook("/twilio/voice", caller, CallSid=call_id, **parameters)
    await office.clock.sleep(60)
    await office.webhook("/twilio/status", caller, CallSid=call_id, CallStatus="completed", SequenceNumber="1")
    await office.settled()
    return call_id


def shown(page: httpx.Response) -> list[str]:
    """The ids of the calls on the page, in order."""
    assert page.status_code == 200, page.text
    return re.findall(r'<li class="logged[^"]*">\s*<a class="when" href="/calls/(\w+)"', page.text)


async def some_calls(office: Office) -> dict[str, str]:
    await office.add_vip()
    await office.add_blacklisted()
    await office.add_client(cast.CLARA, "Clara Petit")
    calls = {}
    for caller in (cast.VERA, cast.BORIS, cast.CLARA, cast.UMA, "anonymous"):
        calls[caller] = await called(office, caller, CallerName="UMA LOPEZ" if caller == cast.UMA else "")
    await office.clock.sleep(86_400)
    calls["tomorrow"] = await called(office, cast.UMA)
    return calls


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["tomorrow", "anonymous", cast.UMA, cast.CLARA, cast.BORIS, cast.VERA]),
        ("outcome=missed", ["tomorrow", "anonymous", cast.UMA, cast.CLARA, cast.VERA]),
        ("outcome=blocked", [cast.BORIS]),
        ("outcome=answered", []),
        ("outcome=running", []),
        ("outcome=other", []),
        ("reason=vip", [cast.VERA]),
        ("since=2026-07-25", ["tomorrow"]),
        ("until=2026-07-24&reason=withheld", ["anonymous"]),
        ("q=06 39 98 00 03", ["tomorrow", cast.UMA]),
        ("q=lopez", [cast.UMA]),
        ("q=petit", [cast.CLARA]),
        ("line=nothing", []),
    ],
)
async def test_filters_stand_in_the_address(office: Office, query: str, expected: list[str]) -> None:
    calls = await some_calls(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        page = await sofia.get(f"/calls?{query}")
    assert shown(page) == [calls[one] for one in expected]
    if not expected:
        assert "No calls match." in page.text


@pytest.mark.parametrize(
    "query", ["since=soon", "until=9999-99-99", "outcome=odd", "after=AAAA", "q=%00", "line=%00", "reason=%00"]
)
async def test_filters_that_make_no_sense_are_told(office: Office, query: str) -> None:
    async with signed_in(office, Role.OPERATOR) as olga:
        page = await olga.get(f"/calls?{query}")
    assert page.status_code in (200, 422)
    assert 'role="alert"' in page.text or "No calls match." in page.text


async def test_pages_follow_one_another(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.base.limits.ROWS_ON_PAGE", 2)
    for number in range(5):
        await office.webhook("/twilio/voice", cast.UMA, CallSid=f"CA{number:032x}")
    await office.settled()
    found: list[str] = []
    path = "/calls?q=0639980003"
    async with signed_in(office, Role.OPERATOR) as olga:
        while path:
            page = await olga.get(path)
            found += shown(page)
            following = re.search(r'href="([^"]+)" rel="next"', page.text)
            path = following[1].replace("&amp;", "&") if following else ""
    assert found == [f"CA{number:032x}" for number in (4, 3, 2, 1, 0)]


async def test_operators_never_learn_who_is_blacklisted(office: Office) -> None:
    calls = await some_calls(office)
    await office.add_blacklisted("+3363998", match="prefix", label="village of rogues", reason="Rogues")
    calls["vera again"] = await called(office, cast.VERA)
    async with signed_in(office, Role.OPERATOR) as olga:
        page = await olga.get("/calls")
        assert calls[cast.BORIS] not in page.text
        assert "lacklisted" not in page.text.replace("Is the caller blacklisted?", "")
        assert shown(await olga.get("/calls?outcome=blocked")) == []
        for path in ("", "/decision"):
            assert (await olga.get(f"/calls/{calls[cast.BORIS]}{path}")).status_code == 404
            # Uma is blacklisted now, and Vera's VIP entry decides over that.
            for caller in (cast.UMA, cast.VERA, "vera again"):
                told = (await olga.get(f"/calls/{calls[caller]}{path}")).text
                assert "rogues" not in told.lower()
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        blocked = (await sofia.get(f"/calls/{calls[cast.BORIS]}")).text
        assert "Blacklisted: +33 6 39 98 00 02 “Boris”." in blocked
        for caller in (cast.UMA, "vera again"):
            assert "village of rogues" in (await sofia.get(f"/calls/{calls[caller]}")).text


async def test_the_page_tells_what_would_happen_now(office: Office) -> None:
    call = await called(office, cast.UMA, StirVerstat="TN-Validation-Passed-C")
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        before = " ".join((await sofia.get(f"/calls/{call}/decision")).text.split())
        assert "What would happen now?</strong> The same." in before
        assert "gateway attestation (C)" in before
        await office.add_vip(cast.UMA, label="Uma")
        after = (await sofia.get(f"/calls/{call}/decision")).text
    assert "but the identity is unconfirmed" in after, "the attestation of then is asked about"
    assert len(re.findall('class="steps"', after)) == 2
    assert after.count('<strong class="decides">') == 2


async def test_a_call_is_told_from_beginning_to_end(office: Office) -> None:
    await office.add_operator()
    menu = await office.add_menu("Accueil", {"1": {"kind": "queue", "id": office.company.queue_id, "label": "Orders"}})
    await office.change_line(menu_id=menu["id"])
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(40)
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    call.plan_to_press(["1"])
    await call.ended()
    await office.settled()
    async with signed_in(office, Role.OPERATOR) as olga:
        page = (await olga.get(f"/calls/{call.sid}")).text
    story = [" ".join(re.sub("<[^>]+>", " ", one).split()) for one in re.findall(r"<li><time.*?</li>", page, re.DOTALL)]
    words = [one.split(" ", 1)[1] for one in story]
    expected = [
        "Came in: Hears the menu “Accueil”",
        "Chose 1 Orders in the menu",
        "Waits in the queue",
        "A phone is ringing Olga",
        "Answered Olga",
        "Ended",
    ]
    positions = [next(place for place, one in enumerate(words) if one.startswith(start)) for start in expected]
    assert positions == sorted(positions)


@pytest.mark.parametrize(
    ("role", "caller", "buttons"),
    [
        (Role.OPERATOR, cast.UMA, ["block"]),
        (Role.OPERATOR, cast.VERA, []),
        (Role.OPERATOR, "anonymous", []),
        (Role.SUPERVISOR, cast.UMA, ["block", "vip"]),
        (Role.SUPERVISOR, cast.BORIS, ["allow"]),
        (Role.SUPERVISOR, "+33162123456", ["allow", "vip"]),
        (Role.SUPERVISOR, cast.OLGA, []),
    ],
)
async def test_a_row_offers_what_fits_its_caller_now(
    office: Office, role: Role, caller: str, buttons: list[str]
) -> None:
    await office.add_operator()
    await office.add_vip()
    await office.add_blacklisted()
    spam = await office.add_blacklisted("+33162", match="prefix", label="Spam")
    call = await called(office, caller)
    async with signed_in(office, role) as somebody:
        page = (await somebody.get("/calls")).text
    assert re.findall(rf'(?:action|hx-get)="/calls/{call}/(?!decision)(\w+)"', page) == buttons
    assert (f"/lists/blacklist/{spam['id']}" in page) == (caller == "+33162123456")


async def test_a_block_asks_for_what_it_needs_when_it_is_opened(office: Office) -> None:
    call, withheld = await called(office, cast.UMA, CallerName="UMA LOPEZ"), await called(office, "anonymous")
    await office.add_blacklisted()
    blocked = await called(office, cast.BORIS)
    async with signed_in(office, Role.OPERATOR) as olga, signed_in(office, Role.SUPERVISOR) as sofia:
        asked = (await olga.get(f"/calls/{call}/block")).text
        assert f'hx-post="/calls/{call}/block"' in asked
        assert re.findall(r'name="(\w+)"', asked) == ["reason", "label"]
        assert 'value="UMA LOPEZ"' in asked
        assert f'href="/block?number=%2B{cast.UMA[1:]}"' in (await olga.get("/calls")).text, "works without a script"
        refused = [(await olga.get(f"/calls/{one}/block")).status_code for one in (withheld, blocked, "x")]
        assert refused == [404, 404, 404]
        assert (await sofia.get(f"/calls/{blocked}/block")).status_code == 200


async def test_names_that_callers_chose_stay_text(office: Office) -> None:
    call = await called(office, cast.UMA, CallerName="<script>alert(1)</script>")
    async with signed_in(office, Role.OPERATOR) as olga:
        pages: list[Any] = [await olga.get("/calls"), await olga.get(f"/calls/{call}")]
    for page in pages:
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert" in page.text


async def test_a_call_tells_what_it_was_answered_first(office: Office) -> None:
    await office.add_blacklisted()
    call_id = await called(office, cast.BORIS)
    async with signed_in(office, Role.SUPERVISOR) as browser:
        page = (await browser.get(f"/calls/{call_id}")).text
    assert "Plays the hold music" in page
    assert "Again: round 2" in page
    assert "&lt;Response" not in page


async def test_a_call_of_the_first_version_shows_its_document_as_it_was(office: Office) -> None:
    """Its record holds the provider's document in place of the answer."""
    call_id = await called(office, cast.UMA)
    document = '<Response><Say language="fr-FR">Bonjour</Say></Response>'
    async with office.board.sessions() as session, session.begin():
        event = await session.scalar(
            select(CallEvent).where(CallEvent.call_id == call_id, CallEvent.kind == "call.incoming")
        )
        assert event is not None
        event.payload = {name: value for name, value in event.payload.items() if name != "answer"} | {"twiml": document}
    async with signed_in(office, Role.SUPERVISOR) as browser:
        page = (await browser.get(f"/calls/{call_id}")).text
    assert "&lt;Response&gt;&lt;Say language=" in page
