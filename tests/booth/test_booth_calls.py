"""What the service makes of calls from the phone booth: decided as of the moment that was chosen, recorded as what they are,
and never in the way of a real call."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.answering.booth_ticket import BoothTicket, ticket_of, ticket_parameter
from app.calls.caller_history import history_of
from app.event_log.records import FactKind
from models import BlacklistEntry, CallRecord, ListHit
from routing.call_queue import in_order
from routing.lifecycle import CallState
from simulator import Call, Queued
from simulator.line import new_sid
from tests import cast
from tests.office import CHRISTMAS_NIGHT, FRIDAY_MORNING, Office

pytestmark = pytest.mark.anyio
TO_CHRISTMAS = int((CHRISTMAS_NIGHT - FRIDAY_MORNING).total_seconds())


async def from_the_booth(office: Office, caller: str, shift: int = 0) -> Call:
    """A call with a ticket."""
    sid = new_sid("CA")
    ticket = ticket_parameter(office.board.settings, sid, BoothTicket(shift))
    call = await office.phones.place_call(caller, cast.LINE, extra=ticket, call_sid=sid)
    await office.phones.settle()
    return call


async def record_of(office: Office, call: Call) -> CallRecord:
    """What is stored of it."""
    await office.settled()
    async with office.board.sessions() as session:
        return await session.get_one(CallRecord, {"tenant_id": office.company.tenant, "call_id": call.sid})


async def test_a_booth_call_is_decided_as_of_its_moment_and_logged_at_the_real_one(office: Office) -> None:
    await office.keep_hours()
    now = await record_of(office, await from_the_booth(office, cast.UMA))
    night = await record_of(office, await from_the_booth(office, cast.UMA, TO_CHRISTMAS))
    assert (now.reason_code, night.reason_code) == ("default", "closed")
    assert now.started_at == night.started_at == office.clock.now()
    assert datetime.fromisoformat(night.decision["as_of"]) == CHRISTMAS_NIGHT
    assert "as_of" not in now.decision
    assert {now.provider, night.provider} == {"booth"}


async def test_a_ticket_counts_for_its_own_call_and_moment_only(office: Office) -> None:
    settings, sid = office.board.settings, new_sid("CA")
    (parameter,) = ticket_parameter(settings, sid, BoothTicket(60)).values()
    assert ticket_of(settings, sid, parameter) == BoothTicket(60)
    assert ticket_of(settings, new_sid("CA"), parameter) is None
    shift, _, code = parameter.partition(".")
    for forged in ("", "60", f"61.{code}", f"-{shift}.{code}", f"{shift}.{'0' * 32}", f"{shift}.", "1.2.3", "9" * 60):
        assert ticket_of(settings, sid, forged) is None
    far = int(timedelta(days=400 * 365).total_seconds())
    (too_far,) = ticket_parameter(settings, sid, BoothTicket(far)).values()
    assert ticket_of(settings, sid, too_far) is None


async def test_a_call_with_a_forged_ticket_is_an_ordinary_call(office: Office) -> None:
    await office.keep_hours()
    forged = {"AntichambreBooth": f"{TO_CHRISTMAS}.{'0' * 32}"}
    call = await office.phones.place_call(cast.UMA, cast.LINE, extra=forged)
    await office.phones.settle()
    record = await record_of(office, call)
    assert (record.provider, record.reason_code) == ("twilio", "default")


async def test_the_moment_stays_with_the_call_when_the_lists_change_under_it(office: Office) -> None:
    await office.keep_hours()
    entry = await office.add_blacklisted()
    boris = await from_the_booth(office, cast.BORIS, TO_CHRISTMAS)
    async with office.edit() as edit:
        row = await edit.session.get_one(BlacklistEntry, {"tenant_id": office.company.tenant, "id": entry["id"]})
        await edit.record_deleted(row)
    await boris.ended()
    record = await record_of(office, boris)
    assert record.reason_code == "closed", "at Christmas the office is closed, although it is Friday morning"
    assert record.decision["as_of"].startswith("2026-12-25")


async def test_a_booth_call_neither_waits_before_a_real_one_nor_keeps_olga_from_it(office: Office) -> None:
    await office.add_operator()
    office.phones.phone(cast.OLGA).accepts_several = True
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(600)
    first = await from_the_booth(office, cast.UMA)
    await office.phones.let_pass(10)
    assert (await record_of(office, first)).state == CallState.ANSWERED
    waits = await from_the_booth(office, cast.BORIS)
    await office.phones.let_pass(10)
    assert (await record_of(office, waits)).state == CallState.RINGING, "in the booth's own world Olga is busy"
    real = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.let_pass(10)
    assert (await record_of(office, real)).state == CallState.ANSWERED
    queue, tenant = office.company.queue_id, office.company.tenant
    assert office.board.open_calls.waiting_in(tenant, queue) == []
    assert [one.call_id for one in office.board.open_calls.waiting_in(tenant, queue, booth=True)] == [waits.sid]


async def test_the_vip_overtakes_in_the_booths_queue(office: Office) -> None:
    await office.add_manager(ring_seconds=5)  # who does not pick up
    await office.add_vip()
    queued = []
    for caller in (cast.UMA, cast.CLARA, cast.VERA):
        call = await from_the_booth(office, caller)
        await office.phones.let_pass(8)
        queued.append(call)
        assert any(isinstance(event, Queued) for event in call.heard)
    await office.settled()
    waiting = office.board.open_calls.waiting_in(office.company.tenant, office.company.queue_id, booth=True)
    assert next(one.call_id for one in in_order(waiting, office.clock.now())) == queued[2].sid


async def test_no_statistics_count_the_booths_calls(office: Office) -> None:
    entry = await office.add_vip()
    for _ in range(3):
        await (await from_the_booth(office, cast.VERA)).hang_up_after(5)
    real = await office.phones.place_call(cast.VERA, cast.LINE)
    await real.hang_up_after(5)
    last = await from_the_booth(office, cast.VERA)
    record = await record_of(office, last)
    async with office.board.sessions() as session:
        history = await history_of(session, record, (), ZoneInfo("Europe/Paris"))
        hits = await session.get_one(ListHit, {"tenant_id": office.company.tenant, "entry_id": entry["id"]})
    assert history.last is not None
    assert history.last.call_id == real.sid
    assert history.this_month == 1
    assert hits.hits == 1


async def test_a_repeated_webhook_of_a_booth_call_is_answered_alike_and_recorded_once(office: Office) -> None:
    office.phones.duplicate_webhooks = 2
    call = await from_the_booth(office, cast.UMA, TO_CHRISTMAS)
    await call.hang_up_after(5)
    await record_of(office, call)
    assert len({answer.body for answer in office.phones.duplicates if answer.url.endswith("/voice")}) == 1
    events = await office.board.feed.after(0, office.company.tenant)
    assert [event.fact.kind for event in events].count(FactKind.INCOMING) == 1
