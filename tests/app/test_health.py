"""Health and metrics: what a load balancer and a monitoring system see."""

import pytest

from app.database import create_engine
from tests import cast
from tests.house import House

pytestmark = pytest.mark.anyio


async def test_a_worker_with_a_plan_is_ready_and_says_which(house: House) -> None:
    assert (await house.api.get("/health/live")).json() == {"status": "live"}
    ready = await house.api.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json() == {"ready": True, "degraded": {}, "plan_version": house.board.live_plan.version}


async def test_without_the_database_a_worker_stays_ready_and_says_what_is_degraded(house: House) -> None:
    engine = house.board.engine
    house.board.engine = create_engine("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    ready = await house.api.get("/health/ready")
    assert ready.status_code == 200
    assert "calls are decided with the lists as of" in ready.json()["degraded"]["database"]
    answered = await house.webhook("/twilio/voice", cast.UMA)
    assert answered.status_code == 200
    assert "<Enqueue" in answered.text
    house.board.engine = engine


async def test_without_a_plan_callers_hear_a_sentence_and_the_worker_is_not_ready(house: House) -> None:
    house.board.live_plan.ready = False
    answered = await house.webhook("/twilio/voice", cast.VERA)
    assert answered.status_code == 200
    assert "<Say" in answered.text
    assert "<Dial" not in answered.text
    assert (await house.api.get("/health/ready")).status_code == 503
    assert house.board.unanswered_errors == 1


async def test_metrics_are_prometheus_text(house: House) -> None:
    await house.webhook("/twilio/voice", cast.UMA)
    await house.settled()
    metrics = await house.api.get("/metrics")
    assert metrics.status_code == 200
    assert 'antichambre_facts_stored{worker="' in metrics.text
