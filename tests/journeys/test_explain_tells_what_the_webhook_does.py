"""Explain and the webhook are one engine: a thousand random calls are explained first, then placed."""

import random
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
import pytest
from sqlalchemy import select

from app.calls.asked_again import asked_again
from app.event_log.read_decision import decision_of
from app.plan.build_plan import WEEKDAYS
from app.words.told_decision import tell_decision
from filters.attestation import Attestation
from models import CallRecord, HolidayRecord
from tests import cast
from tests.api import made
from tests.office import Office

pytestmark = pytest.mark.anyio

CASES = 1000
ATTESTATIONS = {
    "A": "TN-Validation-Passed-A",
    "B": "TN-Validation-Passed-B",
    "C": "TN-Validation-Passed-C",
    "failed": "TN-Validation-Failed",
    "none": "",
}


def _same(moment: datetime) -> datetime:
    return moment


async def furnish(office: Office) -> None:
    await office.keep_hours()
    await office.add(HolidayRecord(name="Jours fériés", country="FR"))
    menu = await office.add_menu("Accueil", {"1": {"kind": "queue", "id": office.company.queue_id}})
    await office.change_line(menu_id=menu["id"])
    trade = await office.add_category("Revendeur", queue_id=office.company.queue_id, priority=40)
    night = await office.add_category("Garde", queue_id=office.company.queue_id, ignores_hours=True)
    always = await made(
        office, "hours", name="Toujours", days={day: ["00:00-24:00"] for day in WEEKDAYS}, observes_holidays=False
    )
    partner = await office.add_category("Partenaire", queue_id=office.company.queue_id, hours_id=always["id"])
    await office.add_manager()
    await office.add_operator()
    await office.add_vip()
    await office.add_vip("+336399801", match="prefix", label="the hotel")
    await office.add_blacklisted()
    await office.add_blacklisted("+336399800", match="prefix", label="village", treatment="busy")
    await office.add_blacklisted("DE", match="country", label="elsewhere")
    await office.add_blacklisted("+33639980150", match="range", to="+33639980180", label="floor 2")
    await office.add_client("+33639980204", category_id=trade["id"])
    await office.add_client("+33639980205", "Nora", category_id=night["id"], standing="ordinary")
    await office.add_client("+33639980206", "Paul", category_id=partner["id"])
    await office.add_client("+33639980400", "Viktor", standing="vip")
    await office.add_client("+33639980400", "Viktoria", shared=True, standing="blacklisted")


async def test_explain_equals_what_the_webhook_did_for_a_thousand_random_calls(office: Office) -> None:
    await furnish(office)
    # These calls never end: the month's cap is another test's affair.
    await office.api.patch("/api/v1/company", json={"treatments": {"fake_queue_month_minutes": None}})
    dice = random.Random(1812)
    callers = [
        cast.VERA, cast.BORIS, cast.UMA, cast.CLARA, cast.LINE, cast.OLGA, "anonymous", "",
        "+33639980204", "+33639980205", "+33639980206", "+33639980400",
        "+266696687", "sip:uma@example.org", "client:uma", "112", "3949", "+4915112345678", "not a number",
    ]  # fmt: skip
    told: dict[str, dict[str, object]] = {}
    heard: dict[str, str] = {}
    found: set[str] = set()
    for _ in range(CASES):
        caller = dice.choice([*callers, f"+336399801{dice.randint(0, 99):02}", f"+3363998{dice.randint(0, 9999):04}"])
        attestation = dice.choice(list(ATTESTATIONS))
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randint(0, 525_599))
        office.board.clock = partial(_same, at)
        asked = {"from": caller, "to": cast.LINE, "at": at.isoformat(), "attestation": attestation}
        explained = await office.api.post("/api/v1/explain", json=asked)
        assert explained.status_code == 200, explained.text
        call_id = f"CA{dice.getrandbits(128):032x}"
        verstat = {"StirVerstat": ATTESTATIONS[attestation]} if ATTESTATIONS[attestation] else {}
        answered = await office.webhook("/twilio/voice", caller, CallSid=call_id, **verstat)
        assert answered.status_code == 200
        told[call_id] = explained.json()
        found |= {one["found"] for one in explained.json()["trace"]}
        heard[call_id] = attestation
    await office.settled()
    async with office.board.sessions() as session:
        calls = (await session.scalars(select(CallRecord))).all()
    stored = {one.call_id: decision_of(one) for one in calls}
    assert len(stored) == CASES
    assert {decision.reason.code for decision in stored.values()} >= {
        "vip", "vip_unconfirmed", "blacklisted", "category", "withheld", "own_number", "protected", "closed", "menu",
    }  # fmt: skip
    assert found >= {"category_hours", "category_decides"}
    for call_id, decision in stored.items():
        assert told[call_id] == msgspec.json.decode(msgspec.json.encode(tell_decision(decision)))
    tenant = office.board.live_plan.tenant(office.company.tenant)
    for call in calls:
        # The log asks again from what was stored: while nothing has changed the answer is the same, to the last step.
        again = asked_again(call, tenant, Attestation(heard[call.call_id]), call.started_at)
        assert again is not None
        assert (again.same, again.decision) == (True, stored[call.call_id])
