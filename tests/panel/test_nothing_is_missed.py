"""Nothing is missed in silence: every event once and in order, or a reset; and every tab learns what one of them knows."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from app.event_log import feed
from app.panel.channel import stream
from tests import cast
from tests.looking import Looking, card, is_live
from tests.panel.sse import listening
from tests.served import ServedOffice

pytestmark = pytest.mark.anyio
PAGE = 60
MANY = PAGE + 40


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missed fills more than a page of the feed; with the service's own pages that takes three hundred calls."""
    for module in (feed, stream):
        monkeypatch.setattr(module, "PAGE", PAGE)


async def _calls(served: ServedOffice, number: int) -> list[str]:
    calls = [f"CA{one:032}" for one in range(number)]
    for place, call in enumerate(calls):  # each from a number of its own: whoever calls too often at once is busy
        await served.office.webhook("/twilio/voice", f"+3363998{place:04}", CallSid=call)
    await served.office.settled()
    return calls


async def test_a_program_that_was_away_is_told_of_every_call_once_and_in_order(served_office: ServedOffice) -> None:
    since = (await served_office.program.get("/events/state")).json()["pos"]
    calls = await _calls(served_office, MANY)
    async with listening(served_office.program, f"/events?since={since}") as told, asyncio.timeout(60):
        heard = [one.data for one in await told.take(MANY)]
    assert [one["call"]["id"] for one in heard if one["type"] == "call.incoming"] == calls


async def test_a_panel_that_was_away_is_told_of_every_call_or_to_start_afresh(
    served_office: ServedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served_office.signed_in() as adam:
        since = (await adam.get("/events/state")).json()["pos"]
        calls = await _calls(served_office, MANY)
        async with listening(adam, f"/events?since={since}") as told, asyncio.timeout(60):
            heard = [one.data["call"]["id"] for one in await told.take(MANY)]
        assert heard == calls
        monkeypatch.setattr(stream, "MOST_REPLAYED", PAGE + 10)
        async with listening(adam, f"/events?since={since}") as told, asyncio.timeout(60):
            assert [one.name for one in await told.take(1)] == ["reset"]


async def test_both_tabs_show_a_call_that_came_while_a_proxy_answered_for_the_service(looking: Looking) -> None:
    office = looking.served.office
    leader = await looking.panel()
    other = await looking.tab(leader.context)
    await other.goto("/")
    await is_live(other)

    async def bad_gateway(route: Route) -> None:
        await route.fulfill(status=502, content_type="text/html", body="<h1>502 Bad Gateway</h1>")

    await leader.context.route("**/events*", bad_gateway)
    await leader.context.route("**/events/**", bad_gateway)
    office.app.state.streams.closing.set()
    for tab in (leader, other):
        await tab.locator('#live[data-live="no"]').wait_for()
        await tab.evaluate("window.sameAsBefore = true")
    office.app.state.streams.closing.clear()
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.settle()
    await office.settled()
    await leader.wait_for_timeout(4_000)  # the leading tab has asked, in vain
    await leader.context.unroute("**/events*")
    await leader.context.unroute("**/events/**")
    for tab in (leader, other):
        await is_live(tab)
        await card(tab, call.sid).wait_for()
        await expect(tab.locator("#calls article")).to_have_count(1)
        assert await tab.evaluate("window.sameAsBefore"), "without a reload"
