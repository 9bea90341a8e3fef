"""Health and metrics, for load balancers and monitoring."""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.switchboard import Switchboard

router = APIRouter(include_in_schema=False)
_DATABASE_SECONDS = 1.0


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process runs and answers."""
    return {"status": "live"}


@router.get("/health/ready")
async def ready(request: Request) -> JSONResponse:
    """Whether calls are decided here, and what is degraded. Calls are decided with the last plan while the database is
    away, so that alone leaves a worker ready."""
    board: Switchboard = request.app.state.switchboard
    degraded: dict[str, str] = {}
    if not await _database_answers(board):
        age = int((board.clock() - board.live_plan.fresh_at).total_seconds())
        degraded["database"] = f"does not answer; calls are decided with the lists as of {age} s ago"
    if board.shipper.backlog:
        degraded["journal"] = f"{len(board.shipper.backlog)} batches of records wait for the database"
    if board.journal.unwritten:
        degraded["disk"] = f"{board.journal.unwritten} records could not be written to the journal"
    if not board.live_plan.ready:
        degraded["plan"] = "no routing plan has been loaded"
    body = {"ready": board.live_plan.ready, "degraded": degraded, "plan_version": board.live_plan.version}
    return JSONResponse(body, 200 if board.live_plan.ready else 503)


async def _database_answers(board: Switchboard) -> bool:
    try:
        async with asyncio.timeout(_DATABASE_SECONDS), board.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError, TimeoutError):
        return False
    return True


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """This worker's figures, in Prometheus' text format."""
    board: Switchboard = request.app.state.switchboard
    registry = CollectorRegistry()
    figures = {
        "antichambre_plan_version": ("Version of the routing plans served", board.live_plan.version),
        "antichambre_feed_position": ("Position read in the event log", board.feed.position),
        "antichambre_facts_stored": ("Call facts stored in the database", board.shipper.stored),
        "antichambre_batches_waiting": ("Batches of call facts waiting for the database", len(board.shipper.backlog)),
        "antichambre_journal_late": ("Call facts answered before they were on disk", board.journal.late),
        "antichambre_journal_unwritten": ("Call facts that the disk refused", board.journal.unwritten),
        "antichambre_facts_set_aside": ("Call facts that the database finds impossible", board.shipper.set_aside),
        "antichambre_webhook_errors": ("Webhooks answered with the apology", board.unanswered_errors),
    }
    for name, (meaning, value) in figures.items():
        Gauge(name, meaning, ["worker"], registry=registry).labels(board.worker_id).set(value)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
