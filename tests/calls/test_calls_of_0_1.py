"""Calls that release 0.1 decided are still listed and explained, in the words that it stored."""

import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.auth.roles import Role
from app.event_log.call_store import store
from app.event_log.records import CallFact, FactKind, fact
from tests import cast
from tests.api import API, signed_in
from tests.event_log.facts import dsn_of
from tests.office import FRIDAY_MORNING, Office

pytestmark = pytest.mark.anyio
DECISIONS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "decisions_of_0_1.jsonl").read_text("utf-8").splitlines()
]


def as_recorded(office: Office, number: int, decision: dict[str, Any]) -> CallFact:
    """The record of a call as 0.1 wrote it into its journal and into the database."""
    call_id, line, caller = f"CA{number:032x}", decision["line"] or {"id": None, "label": ""}, decision["caller"]
    payload: dict[str, Any] = {
        "call": {
            "id": call_id, "at": FRIDAY_MORNING.isoformat(),
            "caller": {"kind": caller["kind"], "number": caller["number"], "name": ""}, "provider": "twilio",
            "line": {"id": line["id"], "number": cast.LINE, "label": line["label"]}, "attestation": "none",
        },
        "decision": decision, "client_id": None, "client_ids": [], "twiml": "<Response/>",
    }  # fmt: skip
    return fact(office.company.tenant, call_id, FactKind.INCOMING, FRIDAY_MORNING, payload)


async def with_calls_of_0_1(office: Office) -> dict[str, dict[str, Any]]:
    """All of them are stored; by call id."""
    facts = [as_recorded(office, number, decision) for number, decision in enumerate(DECISIONS, start=1)]
    connection = await asyncpg.connect(dsn_of(office.database_url))
    try:
        assert await store(connection, facts) == len(facts)
    finally:
        await connection.close()
    return {one.call_id: decision for one, decision in zip(facts, DECISIONS, strict=True)}


async def test_the_api_explains_them(office: Office) -> None:
    calls = await with_calls_of_0_1(office)
    listed = (await office.api.get(f"{API}/calls?limit=100")).json()["items"]
    assert {one["id"]: one["reason"] for one in listed} == {id_: one["reason"] for id_, one in calls.items()}
    for call_id, decision in calls.items():
        told = (await office.api.get(f"{API}/calls/{call_id}")).json()["decision"]
        assert [(step["question"], step["text"]) for step in told["trace"]] == [
            (step["question"], step["found"]) for step in decision["trace"]
        ]
        assert {step["found"] for step in told["trace"]} == {"old_words"}
        assert [one["entry"] for one in told["matches"] if one["deciding"]] == [
            one["entry"] for one in decision["matches"] if one["deciding"]
        ]


async def test_the_log_and_the_page_of_a_call_show_them(office: Office) -> None:
    calls = await with_calls_of_0_1(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        log = await sofia.get("/calls")
        assert log.status_code == 200
        for call_id in calls:
            page, part = await sofia.get(f"/calls/{call_id}"), await sofia.get(f"/calls/{call_id}/decision")
            assert (page.status_code, part.status_code) == (200, 200)
            assert "Came in:" in page.text
            assert 'class="steps"' in part.text


async def test_their_entries_are_counted_when_a_journal_of_0_1_is_shipped(office: Office) -> None:
    calls = await with_calls_of_0_1(office)
    by_a_list = [one for one in calls.values() if one["reason"]["code"] in ("vip", "vip_unconfirmed", "blacklisted")]
    deciding = {match["entry"] for one in by_a_list for match in one["matches"] if match["deciding"]}
    connection = await asyncpg.connect(dsn_of(office.database_url))
    try:
        assert {row["entry_id"] for row in await connection.fetch("SELECT entry_id FROM list_hit")} == deciding
    finally:
        await connection.close()
