"""Health and metrics: what a load balancer and a monitoring system see."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.event_log.records import CallFact, FactKind
from app.event_log.segment import set_aside, set_aside_path
from tests import cast
from tests.chaos.database_proxy import DatabaseProxy, database_proxy
from tests.office import Office, open_office

pytestmark = pytest.mark.anyio


async def test_a_worker_with_a_plan_is_ready_and_says_which(office: Office) -> None:
    assert (await office.api.get("/health/live")).json() == {"status": "live"}
    ready = await office.api.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json() == {"ready": True, "degraded": {}, "plan_version": office.board.live_plan.version}


async def degraded(office: Office, *parts: str) -> dict[str, Any]:
    """What is degraded, as soon as these parts are, or, without any, nothing is."""
    for _ in range(200):
        ready = await office.api.get("/health/ready")
        found: dict[str, Any] = ready.json()["degraded"]
        if set(parts) <= set(found) and bool(parts) == bool(found):
            assert ready.status_code == 200
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"degraded is {found}, not {parts}")


@pytest.fixture
async def proxy(database_url: str) -> AsyncIterator[DatabaseProxy]:
    """The way to the database, which can be cut."""
    async with database_proxy(database_url) as opened:
        yield opened


@pytest.fixture
async def office_behind_proxy(proxy: DatabaseProxy, data_dir: Path) -> AsyncIterator[Office]:
    """A office whose way to the database leads through ``proxy``."""
    async with open_office(proxy.url, data_dir) as opened:
        yield opened


async def test_without_the_database_a_worker_stays_ready_and_says_since_when_it_is_degraded(
    office_behind_proxy: Office, proxy: DatabaseProxy
) -> None:
    office = office_behind_proxy
    proxy.black_hole = True
    found = (await degraded(office, "database"))["database"]
    assert datetime.fromisoformat(found["since"]) == office.clock.now()
    assert found["what"] == "does not answer; calls are decided with the lists as of 2026-07-24T08:00:00+00:00"
    answered = await office.webhook("/twilio/voice", cast.UMA)
    assert "<Enqueue" in answered.text
    await degraded(office, "database", "journal")
    figures = (await office.api.get("/metrics")).text
    assert re.search(r'degraded_seconds\{part="database",worker="\w+"\} 0.001', figures)
    assert re.search(r'degraded_seconds\{part="disk",worker="\w+"\} 0.0', figures)
    proxy.black_hole = False
    await degraded(office)


async def test_a_hundred_questions_while_the_database_hangs_take_no_connection_from_those_who_work(
    office_behind_proxy: Office, proxy: DatabaseProxy
) -> None:
    office = office_behind_proxy
    proxy.black_hole = True
    before = office.board.engine.pool.status()
    async with asyncio.timeout(5):
        answers = await asyncio.gather(*(office.api.get("/health/ready") for _ in range(100)))
    assert {answer.status_code for answer in answers} == {200}
    assert office.board.engine.pool.status() == before


async def test_a_disk_that_refuses_records_is_told_until_it_takes_them_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(type(office.board.journal), "_write", refuse)
        disk.setattr(os, "fdatasync", refuse)
        await office.webhook("/twilio/voice", cast.UMA)
        found = await degraded(office, "disk")
        assert found["disk"]["what"].startswith("refuses records or takes them too late (1 refused, 0 late)")
    await degraded(office)


async def test_without_a_plan_callers_hear_a_sentence_and_the_worker_is_not_ready(office: Office) -> None:
    office.board.live_plan.ready = False
    answered = await office.webhook("/twilio/voice", cast.VERA)
    assert answered.status_code == 200
    assert "<Say" in answered.text
    assert "<Dial" not in answered.text
    assert (await office.api.get("/health/ready")).status_code == 503
    assert office.board.unanswered_errors == 1


async def test_metrics_are_prometheus_text(office: Office) -> None:
    await office.webhook("/twilio/voice", cast.UMA)
    await office.settled()
    metrics = await office.api.get("/metrics")
    assert metrics.status_code == 200
    assert 'antichambre_facts_stored{worker="' in metrics.text


async def test_records_that_the_database_refuses_are_counted_until_they_are_stored(office: Office) -> None:
    journal = office.board.journal.folder.parent
    fact = CallFact(
        "set-aside-1", office.company.tenant, "CA1", FactKind.STATUS, office.clock.now(), {"status": "ringing"}
    )
    set_aside(set_aside_path(journal), fact)
    found = (await degraded(office, "set_aside"))["set_aside"]
    assert found["what"].startswith("1 call record is refused by the database and set aside")
    set_aside(set_aside_path(journal), fact)
    await asyncio.sleep(0.6)
    assert (await degraded(office, "set_aside"))["set_aside"]["what"].startswith("2 call records are refused")
    # What docs/operating.md tells to do when the cause is mended.
    (journal / "again").mkdir()
    set_aside_path(journal).rename(journal / "again" / "1.segment")
    async with asyncio.timeout(20):
        while (journal / "again").exists():
            await asyncio.sleep(0.1)
    await degraded(office)
