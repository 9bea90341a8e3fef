"""The report about calls: every call is counted once, days are the company's, and there is one definition of missed."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.auth.roles import Role
from models import CallRecord
from tests import cast
from tests.api import API, fault, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio

NIGHT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
"""02:30 in Paris, for the first time: at 01:00 UTC the clocks go back from 3:00 to 2:00."""


async def report(office: Office, **asked: str) -> dict[str, Any]:
    await office.settled()
    answer = await office.api.get(f"{API}/reports/calls", params=asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def put(office: Office, *calls: dict[str, Any]) -> None:
    """Calls as they are stored; each is an ordinary one that was answered after 10 s unless it says otherwise."""
    async with office.board.sessions() as session, session.begin():
        for place, fields in enumerate(calls):
            at = fields.pop("at", NIGHT)
            usual = {
                "tenant_id": office.company.tenant, "call_id": f"CA{place:04}", "provider": "twilio", "state": "ended",
                "outcome": "completed", "caller_kind": "number", "caller_number": cast.UMA, "caller_name": "",
                "line_id": office.company.line_id, "line_number": cast.LINE, "action": "queue", "reason_code": "queue",
                "decision": {}, "queue_id": office.company.queue_id, "answered_by": office.nina, "started_at": at,
                "answered_at": at + timedelta(seconds=10), "ended_at": at + timedelta(seconds=70), "last_seen_at": at,
            }  # fmt: skip
            session.add(CallRecord(**(usual | fields)))


UNANSWERED: dict[str, Any] = {"answered_at": None, "answered_by": None}
LATE: dict[str, Any] = {"answered_at": NIGHT + timedelta(seconds=40)}


async def test_every_call_is_one_of_four_things(office: Office) -> None:
    await put(
        office, {}, LATE, UNANSWERED | {},
        UNANSWERED | {"action": "connect", "reason_code": "vip"},
        UNANSWERED | {"action": "fake_queue", "reason_code": "blacklisted"},
        UNANSWERED | {"action": "reject", "reason_code": "blacklisted", "outcome": "busy"},
        UNANSWERED | {"action": "reject", "reason_code": "too_many_calls", "outcome": "busy"},
        UNANSWERED | {"action": "message", "reason_code": "closed"},
        UNANSWERED | {"action": "message", "reason_code": "nobody_serves"},
        UNANSWERED | {"state": "ringing", "outcome": None, "ended_at": None},
        {"provider": "booth"},
    )  # fmt: skip
    told = await report(office, **{"from": "2026-10-25", "to": "2026-10-25"})
    whole = told["total"]
    assert whole == {
        "calls": 10, "answered": 2, "abandoned": 3, "missed_vips": 1, "average_wait_seconds": 52.0,
        "longest_wait_seconds": 70, "service_level": 0.2, "blocked": 3, "other": 2,
    }  # fmt: skip
    assert whole["calls"] == whole["answered"] + whole["abandoned"] + whole["blocked"] + whole["other"]


async def test_a_day_of_25_hours_is_one_day_and_its_hour_that_comes_twice_one_hour(office: Office) -> None:
    await put(
        office, {"at": NIGHT}, {"at": NIGHT + timedelta(hours=1)}, {"at": datetime(2026, 10, 24, 21, 59, tzinfo=UTC)},
        {"at": datetime(2026, 10, 24, 22, 0, tzinfo=UTC)}, {"at": datetime(2026, 10, 25, 22, 59, tzinfo=UTC)},
        {"at": datetime(2026, 10, 25, 23, 0, tzinfo=UTC)},
    )  # fmt: skip
    days = await report(office, **{"from": "2026-10-23", "to": "2026-10-26"})
    assert [(one["key"], one["calls"]) for one in days["items"]] == [
        ("2026-10-23", 0), ("2026-10-24", 1), ("2026-10-25", 4), ("2026-10-26", 1),
    ]  # fmt: skip
    assert days["time_zone"] == "Europe/Paris"
    hours = await report(office, **{"from": "2026-10-25", "to": "2026-10-25", "by": "hour"})
    assert [(int(one["key"]), one["calls"]) for one in hours["items"] if one["calls"]] == [(0, 1), (2, 2), (23, 1)]
    assert len(hours["items"]) == 24


async def test_groups_have_names_and_calls_without_one_are_not_lost(office: Office) -> None:
    category = await office.add_category("Regulars")
    clara = await office.add_client(category_id=category["id"])
    await put(office, {"client_id": clara["id"]}, {}, UNANSWERED | {"queue_id": None, "action": "menu"})
    day = {"from": "2026-10-25", "to": "2026-10-25"}
    by = {name: (await report(office, **day, by=name))["items"] for name in ("queue", "operator", "category", "reason")}
    assert [(one["key"], one["calls"]) for one in by["queue"]] == [(office.company.queue_id, 2), ("", 1)]
    assert [(one["label"], one["calls"]) for one in by["operator"]] == [("Nina", 2), ("answered by nobody", 1)]
    assert [(one["label"], one["calls"]) for one in by["category"]] == [("no category", 2), ("Regulars", 1)]
    assert [(one["label"], one["calls"]) for one in by["reason"]] == [("Line's queue", 3)]
    assert by["category"][0]["service_level"] == 0.5


async def test_what_the_log_calls_missed_is_what_the_report_calls_abandoned(office: Office) -> None:
    await office.add_blacklisted()
    await office.add_vip()
    for caller in (cast.UMA, cast.BORIS, cast.VERA):
        await (await office.phones.place_call(caller, cast.LINE)).hang_up_after(30)
    whole = (await report(office))["total"]
    assert (whole["calls"], whole["abandoned"], whole["missed_vips"], whole["blocked"]) == (3, 2, 1, 1)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        log = (await sofia.get("/calls?outcome=missed")).text
    assert log.count('class="logged') == whole["abandoned"]


async def test_it_is_for_supervisors_and_for_one_company(office: Office) -> None:
    await put(office, {})
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await olga.get(f"{API}/reports/calls")).status_code == 403
        assert (await olga.get("/reports/calls")).status_code == 403
        assert "/reports/calls" not in (await olga.get("/")).text
    async with neighbour(office) as (api, _company):
        told = (await api.get(f"{API}/reports/calls", params={"from": "2026-10-25", "to": "2026-10-25"})).json()
        assert told["total"]["calls"] == 0
        assert told["total"]["service_level"] is None


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from": "soon"}, "from"), ({"to": "2026-13-01"}, "to"), ({"to": "0001-01-01"}, "to"), ({"by": "mood"}, "by"),
        ({"from": "2026-07-24", "to": "2026-07-23"}, "to"), ({"from": "2000-01-01", "to": "2026-01-01"}, "from"),
        ({"within": "0"}, "within"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_names_the_field(office: Office, asked: dict[str, str], field: str) -> None:
    answer = await office.api.get(f"{API}/reports/calls", params=asked)
    assert fault(answer) == (422, "unprocessable", field)


async def test_the_page_has_pictures_and_behind_each_a_table_with_the_same_figures(office: Office) -> None:
    await put(office, {}, LATE, UNANSWERED | {})
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        page = (await sofia.get("/reports/calls?from=2026-10-24&to=2026-10-25")).text
        assert page.count("<svg class=") == page.count("<details>") == 2
        assert "33 %" in page
        assert (await sofia.get("/reports/calls?from=soon")).status_code == 422
        assert "No calls in these days" in (await sofia.get("/reports/calls?from=2020-01-01&to=2020-01-02")).text
        file = await sofia.get("/reports/calls.csv?from=2026-10-24&to=2026-10-25")
    rows = list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert [(row["key"], row["calls"], row["answered"], row["abandoned"]) for row in rows] == [
        ("2026-10-24", "0", "0", "0"), ("2026-10-25", "3", "2", "1"),
    ]  # fmt: skip


async def test_no_name_in_the_file_is_carried_out_by_a_spreadsheet(office: Office) -> None:
    category = await office.add_category("=cmd|' /C calc'!A0")
    clara = await office.add_client(category_id=category["id"])
    await put(office, {"client_id": clara["id"]})
    answer = await office.api.get(
        f"{API}/reports/calls", params={"from": "2026-10-25", "to": "2026-10-25", "by": "category", "format": "csv"}
    )
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "'=cmd" in answer.text
