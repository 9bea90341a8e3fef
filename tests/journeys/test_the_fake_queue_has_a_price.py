"""The fake queue on a clock: its caps step it down, what it holds is counted, and callers are let go by an explicit act."""

from typing import Any

import pytest

from app.answering.sweep_lost_calls import sweep_lost_calls
from app.auth.roles import Role, Scope
from tests import cast
from tests.api import API, client, fault, key_with, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio

IVAN = "+33639980066"


async def treat(office: Office, **treatments: object) -> None:
    answer = await office.api.patch(f"{API}/company", json={"treatments": treatments})
    assert answer.status_code == 200, answer.text


async def fake_queue(office: Office) -> dict[str, Any]:
    await office.settled()
    answer = await office.api.get(f"{API}/fake-queue")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_months_cap_steps_the_fake_queue_down_and_the_next_month_begins_anew(office: Office) -> None:
    await office.add_blacklisted()
    await treat(office, fake_queue_month_minutes=20, ladder=["fake_queue", "reject"])
    first = await office.phones.place_call(cast.BORIS, cast.LINE)
    await first.hang_up_after(15 * 60)
    second = await office.phones.place_call(cast.BORIS, cast.LINE)
    await second.ended()  # the month's minutes end it
    assert 5 * 60 <= second.answered_seconds <= 6 * 60
    refused = await office.phones.place_call(cast.BORIS, cast.LINE)
    await refused.ended()
    assert refused.answered_seconds == 0
    await office.settled()
    stored = (await office.api.get(f"{API}/calls/{refused.sid}")).json()
    assert stored["action"] == "reject"
    assert stored["decision"]["reason"]["code"] == "blacklisted"
    assert "minutes are used up" in stored["reason"]["text"]
    await office.phones.let_pass(10 * 86_400)  # August
    held = await office.phones.place_call(cast.BORIS, cast.LINE)
    await office.phones.let_pass(60)
    assert held.answered_seconds >= 60
    await held.hang_up_after(1)


async def test_one_callers_minutes_are_no_other_callers(office: Office) -> None:
    await office.add_blacklisted()
    await office.add_blacklisted(IVAN, label="Ivan")
    await treat(office, fake_queue_number_minutes=1, ladder=["fake_queue", "busy"])
    await (await office.phones.place_call(cast.BORIS, cast.LINE)).hang_up_after(70)
    boris = await office.phones.place_call(cast.BORIS, cast.LINE)
    await boris.ended()
    assert boris.answered_seconds == 0
    ivan = await office.phones.place_call(IVAN, cast.LINE)
    await ivan.hang_up_after(30)
    assert ivan.answered_seconds >= 30


async def test_a_worker_that_starts_knows_what_the_month_has_used_up(office: Office) -> None:
    await office.add_blacklisted()
    await (await office.phones.place_call(cast.BORIS, cast.LINE)).hang_up_after(600)
    await office.phones.settle()  # the callback that tells of the end
    await office.settled()
    tenant, now = office.company.tenant, office.clock.now()
    before = office.board.open_calls.held_so_far(tenant, cast.LINE, cast.BORIS, now)
    assert 600 <= before.in_all <= 635
    assert before == (before.in_all,) * 3
    office.board.feed.epoch = ""
    await office.board.feed.read_on()
    after = office.board.open_calls.held_so_far(tenant, cast.LINE, cast.BORIS, now)
    assert after == pytest.approx(before, abs=1)


async def test_an_entry_that_is_removed_mid_wait_ends_the_stay_and_its_cost(office: Office) -> None:
    await office.add_operator()
    entry = await office.add_blacklisted()
    await treat(office, rate_per_minute=0.06, billing_increment_seconds=60, currency="EUR")
    call = await office.phones.place_call(cast.BORIS, cast.LINE)
    await office.phones.let_pass(100)
    now = (await fake_queue(office))["now"]
    assert [(one["call_id"], one["from"], one["entry_id"]) for one in now] == [(call.sid, cast.BORIS, entry["id"])]
    assert now[0]["cost"] == pytest.approx(0.12)
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(300)
    assert (await office.api.delete(f"{API}/blacklist/{entry['id']}")).status_code == 204
    await office.phones.let_pass(60)
    assert call.connected_to == cast.OLGA
    found = await fake_queue(office)
    assert found["now"] == []
    await call.ended()
    month = (await fake_queue(office))["month"]
    assert (month["month"], month["calls"]) == ("2026-07", 1)
    assert 100 <= month["seconds"] <= 140  # not the talk
    assert month["cost"] == month["saved_by_refusing"] == pytest.approx(0.12 if month["seconds"] <= 120 else 0.18)


async def held_for_a_minute(office: Office) -> None:
    call = await office.phones.place_call(cast.BORIS, cast.LINE)
    await call.hang_up_after(50)
    await office.phones.settle()


async def test_a_new_rate_prices_nothing_that_was_before(office: Office) -> None:
    await office.add_blacklisted()
    await held_for_a_minute(office)  # before anybody knew a rate: it counts by the first that is entered
    await treat(office, rate_per_minute=0.01, billing_increment_seconds=60, currency="EUR")
    await held_for_a_minute(office)
    running = await office.phones.place_call(cast.BORIS, cast.LINE)
    await office.phones.let_pass(10)
    await treat(office, rate_per_minute=0.50, billing_increment_seconds=600)
    found = await fake_queue(office)
    assert found["now"][0]["cost"] == pytest.approx(0.01), "it began at the old rate"
    assert found["month"]["cost"] == pytest.approx(0.03)
    assert found["rates"] == [{"line": None, "per_minute": 0.50, "increment_seconds": 600}]
    await running.hang_up_after(20)
    await held_for_a_minute(office)
    assert (await fake_queue(office))["month"]["cost"] == pytest.approx(0.03 + 5.00)
    await office.phones.let_pass(10 * 86_400)  # August
    await treat(office, rate_per_minute=None)
    await held_for_a_minute(office)
    august, july = (await fake_queue(office))["months"]
    assert (august["month"], august["cost"]) == ("2026-08", None), "since then nobody knows"
    assert (july["month"], july["calls"], july["cost"]) == ("2026-07", 4, pytest.approx(5.03))


async def test_a_lines_new_rate_prices_nothing_that_was_before(office: Office) -> None:
    await office.add_blacklisted()
    line = f"{API}/lines/{office.company.line_id}"
    await treat(office, rate_per_minute=0.01, billing_increment_seconds=60, currency="EUR")
    await held_for_a_minute(office)
    for rate in (0.20, None):
        assert (await office.api.patch(line, json={"rate_per_minute": rate})).status_code == 200
        await held_for_a_minute(office)
    assert (await fake_queue(office))["month"]["cost"] == pytest.approx(0.01 + 0.20 + 0.01)


async def test_money_of_two_currencies_is_not_added_up(office: Office) -> None:
    await office.add_blacklisted()
    await treat(office, rate_per_minute=0.01, billing_increment_seconds=60, currency="EUR")
    await held_for_a_minute(office)
    await treat(office, rate_per_minute=0.02, currency="USD")
    month = (await fake_queue(office))["month"]
    assert (month["cost"], month["currency"]) == (pytest.approx(0.01), "EUR")
    await held_for_a_minute(office)
    month = (await fake_queue(office))["month"]
    assert (month["calls"], month["cost"], month["currency"]) == (2, None, "USD")


@pytest.mark.parametrize(("away", "within"), [(False, 8), (True, 60)])
async def test_whoever_is_released_is_received_for_this_call_and_held_the_next_time(
    office: Office, away: bool, within: int
) -> None:
    office.phones.trouble.away = away
    await office.add_operator()
    await office.add_blacklisted()
    call = await office.phones.place_call(cast.BORIS, cast.LINE)
    await office.phones.let_pass(40)
    await office.settled()
    office.phones.phone(cast.OLGA).answers_after(2).talks_for(20)
    answer = await office.api.post(f"{API}/calls/{call.sid}/release")
    assert answer.status_code == 200, answer.text
    await office.phones.let_pass(within)
    assert call.connected_to == cast.OLGA
    await call.ended()
    assert call.errors == []
    await office.settled()
    assert (await office.api.get(f"{API}/calls/{call.sid}")).json()["action"] == "queue"
    again = await office.phones.place_call(cast.BORIS, cast.LINE)
    await office.phones.let_pass(200)
    assert again.connected_to is None
    await again.hang_up_after(1)


async def test_only_whoever_may_releases_and_only_from_the_fake_queue(office: Office) -> None:
    await office.add_operator()
    await office.add_blacklisted()
    held = await office.phones.place_call(cast.BORIS, cast.LINE)
    waiting = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(10)
    await office.settled()
    async with signed_in(office, Role.OPERATOR) as olga:
        for path in (f"calls/{held.sid}/release", "fake-queue/hang-up"):
            assert (await olga.post(f"{API}/{path}")).status_code == 403
        assert (await olga.get(f"{API}/fake-queue")).status_code == 403
    async with client(office, Authorization=f"Bearer {await key_with(office, Scope.READ)}") as reader:
        assert (await reader.post(f"{API}/calls/{held.sid}/release")).status_code == 403
    assert fault(await office.api.post(f"{API}/calls/{waiting.sid}/release"))[:2] == (409, "conflict")
    assert fault(await office.api.post(f"{API}/calls/CAnone/release"))[:2] == (404, "not-found")
    await office.phones.let_pass(100)
    assert held.connected_to is None
    for call in (held, waiting):
        await call.hang_up_after(1)


@pytest.mark.parametrize(("away", "within"), [(False, 12), (True, 45)])
async def test_all_are_hung_up_and_nobody_else(office: Office, away: bool, within: int) -> None:
    office.phones.trouble.away = away
    await office.add_operator()
    await office.add_blacklisted()
    await office.add_blacklisted(IVAN, label="Ivan")
    held = [await office.phones.place_call(caller, cast.LINE) for caller in (cast.BORIS, IVAN)]
    waiting = await office.phones.place_call(cast.UMA, cast.LINE)
    await office.phones.let_pass(10)
    await office.settled()
    answer = await office.api.post(f"{API}/fake-queue/hang-up")
    assert set(answer.json()["call_ids"]) == {call.sid for call in held}
    for call in held:
        await call.ended()
        assert call.answered_seconds <= within
        assert call.connected_to is None
    await office.phones.let_pass(60)
    assert not waiting.is_over
    await waiting.hang_up_after(1)
    assert (await fake_queue(office))["now"] == []


async def test_a_line_has_its_own_rate_and_no_rate_is_no_cost(office: Office) -> None:
    await office.add_blacklisted()
    await (await office.phones.place_call(cast.BORIS, cast.LINE)).hang_up_after(90)
    assert (await fake_queue(office))["month"]["cost"] is None
    await treat(office, rate_per_minute=0.01)
    line = f"{API}/lines/{office.company.line_id}"
    changed = await office.api.patch(line, json={"rate_per_minute": 0.6, "billing_increment_seconds": 1})
    assert changed.status_code == 200, changed.text
    found = await fake_queue(office)
    seconds = found["month"]["seconds"]
    assert found["month"]["cost"] == pytest.approx(seconds * 0.01, abs=0.01)
    assert found["currency"] == "EUR"
    assert {rate["line"] for rate in found["rates"]} == {None, cast.LINE}
    assert found["caps"] == {
        "call_seconds": 1800, "at_once": 20, "number_minutes": None, "line_minutes": None, "month_minutes": 6000,
    }  # fmt: skip


@pytest.mark.parametrize(
    "ladder",
    [
        ["busy"],
        ["busy", "fake_queue"],
        ["fake_queue", "voicemail"],
        ["fake_queue", "allow"],
        ["fake_queue", "busy", "busy"],
        [],
    ],
)
async def test_a_ladder_that_does_not_lead_down_is_refused(office: Office, ladder: list[str]) -> None:
    answer = await office.api.patch(f"{API}/company", json={"treatments": {"ladder": ladder}})
    status, _code, field = fault(answer)
    assert (status, (field or "").split(".")[:2]) == (422, ["treatments", "ladder"])


async def test_the_stay_ends_when_a_lost_call_was_last_heard_of(office: Office) -> None:
    await office.add_blacklisted()
    answer = await office.webhook("/twilio/voice", cast.BORIS)
    assert answer.status_code == 200
    await office.settled()
    await office.phones.let_pass(3600)
    assert await sweep_lost_calls(office.board) >= 1
    found = await fake_queue(office)
    assert found["now"] == []
    assert found["month"]["seconds"] == 0
