"""One definition of missed, asked twice: in Python of a call in hand, in SQL when calls are counted."""

from itertools import product

import pytest
from sqlalchemy import select

from app.calls.missed_calls import WANTED_SOMEBODY, Shown, hidden, missed, shown_as, was_missed
from models import CallRecord
from routing.actions import Connect, FakeQueue, Menu, Message, Queue, Reject, RingOut, Voicemail
from routing.lifecycle import CallState
from routing.reasons import ReasonCode
from tests.office import FRIDAY_MORNING, Office

pytestmark = pytest.mark.anyio

ACTIONS = (
    Connect.name, FakeQueue.name, Menu.name, Message.name, Queue.name, Reject.name, RingOut.name, Voicemail.name,
)  # fmt: skip


REASONS = (ReasonCode.QUEUE, ReasonCode.BLACKLISTED, ReasonCode.NOBODY_SERVES, ReasonCode.VIP, ReasonCode.CLOSED)


async def test_python_and_sql_say_the_same_of_every_kind_of_call(office: Office) -> None:
    kinds = product(ACTIONS, CallState, REASONS, (None, FRIDAY_MORNING))
    calls = [
        CallRecord(
            tenant_id=office.company.tenant, call_id=f"CA{number:032x}", provider="twilio", state=state.value,
            caller_kind="number", caller_name="", line_number="+33199001000", action=action,
            reason_code=reason.value, decision={}, started_at=FRIDAY_MORNING, answered_at=answered,
            last_seen_at=FRIDAY_MORNING,
        )
        for number, (action, state, reason, answered) in enumerate(kinds)
    ]  # fmt: skip
    said = {call.call_id: (was_missed(call), shown_as(call) is Shown.HIDDEN) for call in calls}
    async with office.board.sessions() as session, session.begin():
        session.add_all(calls)
        await session.flush()
        rows = (await session.execute(select(CallRecord.call_id, missed(), hidden()))).all()
    assert {row[0]: (row[1], row[2]) for row in rows} == said
    assert {is_missed for is_missed, _ in said.values()} == {True, False}
    assert not any(is_missed and is_hidden for is_missed, is_hidden in said.values())
    assert {Connect.name, Queue.name, Menu.name} == WANTED_SOMEBODY


async def test_the_card_counts_neither_refused_nor_blacklisted_calls_as_missed(office: Office) -> None:
    """A caller who was told that the office is closed, or who waited in the fake queue, wanted nobody who was there."""
    for number, action in enumerate((Message.name, FakeQueue.name, Reject.name)):
        call = CallRecord(
            tenant_id=office.company.tenant, call_id=f"CA{number:032x}", provider="twilio", state="ended",
            caller_kind="number", caller_name="", line_number="+33199001000", action=action, reason_code="closed",
            decision={}, started_at=FRIDAY_MORNING, last_seen_at=FRIDAY_MORNING,
        )  # fmt: skip
        assert not was_missed(call)


@pytest.mark.parametrize(("reason", "is_missed"), [("nobody_serves", True), ("vip", True), ("closed", False)])
async def test_whoever_met_nobody_was_missed(office: Office, reason: str, is_missed: bool) -> None:
    call = CallRecord(
        tenant_id=office.company.tenant, call_id="CA" + "0" * 32, provider="twilio", state="ended",
        caller_kind="number", caller_name="", line_number="+33199001000", action=Message.name, reason_code=reason,
        decision={}, started_at=FRIDAY_MORNING, last_seen_at=FRIDAY_MORNING,
    )  # fmt: skip
    assert was_missed(call) is is_missed
