"""What the service makes of calls from the phone booth: decided as of the moment that was chosen, recorded as what they are,
and never in the way of a real call."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.calls.booth_ticket import BoothTicket, ticket_of, ticket_parameter
from app.calls.records import FactKind
from app.clients.caller_history import history_of
from models import BlacklistEntry, CallRecord, ListHit
from routing.call_queue import in_order
from routing.lifecycle import CallState
from simulator import Call, Queued
from simulator.line import new_sid
from tests import cast
from tests.house import CHRISTMAS_NIGHT, FRIDAY_MORNING, House

pytestmark = pytest.mark.anyio
TO_CHRISTMAS = int((CHRISTMAS_NIGHT - FRIDAY_MORNING).total_seconds())


async def from_the_booth(house: House, caller: str, shift: int = 0) -> Call:
    """A call with a ticket."""
    sid = new_sid("CA")
    ticket = ticket_parameter(house.board.settings, sid, BoothTicket(shift))
    call = await house.phones.place_call(caller, cast.LINE, extra=ticket, call_sid=sid)
    await house.phones.settle()
    return call


async def record_of(house: House, call: Call) -> CallRecord:
    """What is stored of it."""
    await house.settled()
    async with house.board.sessions() as session:
        return await session.get_one(CallRecord, {"tenant_id": house.company.tenant, "call_id": call.sid})


async def test_a_booth_call_is_decided_as_of_its_moment_and_logged_at_the_real_one(house: House) -> None:
    await house.keep_hours()
    now = await record_of(house, await from_the_booth(house, cast.UMA))
    night = await record_of(house, await from_the_booth(house, cast.UMA, TO_CHRISTMAS))
    assert (now.reason_code, night.reason_code) == ("default", "closed")
    assert now.started_at == night.started_at == house.clock.now()
    assert night.decision["as_of"] == CHRISTMAS_NIGHT.isoformat()
    assert "as_of" not in now.decision
    assert {now.provider, night.provider} == {"booth"}


async def test_a_ticket_counts_for_its_own_call_and_moment_only(house: House) -> None:
    settings, sid = house.board.settings, new_sid("CA")
    (parameter,) = ticket_parameter(settings, sid, BoothTicket(60)).values()
    assert ticket_of(settings, sid, parameter) == BoothTicket(60)
    assert ticket_of(settings, new_sid("CA"), parameter) is None
    shift, _, code = parameter.partition(".")
    for forged in ("", "60", f"61.{code}", f"-{shift}.{code}", f"{shift}.{'0' * 32}", f"{shift}.", "1.2.3", "9" * 60):
        assert ticket_of(settings, sid, forged) is None
    far = int(timedelta(days=400 * 365).total_seconds())
    (too_far,) = ticket_parameter(settings, sid, BoothTicket(far)).values()
    assert ticket_of(settings, sid, too_far) is None


async def test_a_call_with_a_forged_ticket_is_an_ordinary_call(house: House) -> None:
    await house.keep_hours()
    forged = {"AntichambreBooth": f"{TO_CHRISTMAS}.{'0' * 32}"}
    call = await house.phones.place_call(cast.UMA, cast.LINE, extra=forged)
    await house.phones.settle()
    record = await record_of(house, call)
    assert (record.provider, record.reason_code) == ("twilio", "default")


async def test_the_moment_stays_with_the_call_when_the_lists_change_under_it(house: House) -> None:
    await house.keep_hours()
    entry = await house.add_blacklisted()
    boris = await from_the_booth(house, cast.BORIS, TO_CHRISTMAS)
    async with house.edit() as edit:
        row = await edit.session.get_one(BlacklistEntry, {"tenant_id": house.company.tenant, "id": entry["id"]})
        await edit.record_deleted(row)
    await boris.ended()
    record = await record_of(house, boris)
    assert record.reason_code == "closed", "at Christmas the house is closed, although it is Friday morning"
    assert record.decision["as_of"].startswith("2026-12-25")


async def test_a_booth_call_neither_waits_before_a_real_one_nor_keeps_olga_from_it(house: House) -> None:
    await house.add_operator()
    house.phones.phone(cast.OLGA).accepts_several = True
    house.phones.phone(cast.OLGA).answers_after(3).talks_for(600)
    first = await from_the_booth(house, cast.UMA)
    await house.phones.let_pass(10)
    assert (await record_of(house, first)).state == CallState.ANSWERED
    waits = await from_the_booth(house, cast.BORIS)
    await house.phones.let_pass(10)
    assert (await record_of(house, waits)).state == CallState.RINGING, "in the booth's own world Olga is busy"
    real = await house.phones.place_call(cast.CLARA, cast.LINE)
    await house.phones.let_pass(10)
    assert (await record_of(house, real)).state == CallState.ANSWERED
    queue, tenant = house.company.queue_id, house.company.tenant
    assert house.board.open_calls.waiting_in(tenant, queue) == []
    assert [one.call_id for one in house.board.open_calls.waiting_in(tenant, queue, booth=True)] == [waits.sid]


async def test_the_vip_overtakes_in_the_booths_queue(house: House) -> None:
    await house.add_vip()
    queued = []
    for caller in (cast.UMA, cast.CLARA, cast.VERA):
        call = await from_the_booth(house, caller)
        queued.append(call)
        assert any(isinstance(event, Queued) for event in call.heard)
    await house.settled()
    waiting = house.board.open_calls.waiting_in(house.company.tenant, house.company.queue_id, booth=True)
    assert next(one.call_id for one in in_order(waiting, house.clock.now())) == queued[2].sid


async def test_no_statistics_count_the_booths_calls(house: House) -> None:
    entry = await house.add_vip()
    for _ in range(3):
        await (await from_the_booth(house, cast.VERA)).hang_up_after(5)
    real = await house.phones.place_call(cast.VERA, cast.LINE)
    await real.hang_up_after(5)
    last = await from_the_booth(house, cast.VERA)
    record = await record_of(house, last)
    async with house.board.sessions() as session:
        history = await history_of(session, record, (), ZoneInfo("Europe/Paris"))
        hits = await session.get_one(ListHit, {"tenant_id": house.company.tenant, "entry_id": entry["id"]})
    assert history.last is not None
    assert history.last.call_id == real.sid
    assert history.this_month == 1
    assert hits.hits == 1


async def test_a_repeated_webhook_of_a_booth_call_is_answered_alike_and_recorded_once(house: House) -> None:
    house.phones.duplicate_webhooks = 2
    call = await from_the_booth(house, cast.UMA, TO_CHRISTMAS)
    await call.hang_up_after(5)
    await record_of(house, call)
    assert len({answer.body for answer in house.phones.duplicates if answer.url.endswith("/voice")}) == 1
    events = await house.board.feed.after(0, house.company.tenant)
    assert [event.fact.kind for event in events].count(FactKind.INCOMING) == 1
