"""Health and metrics, for load balancers and monitoring."""

from typing import Final, assert_never

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from app.auth.principal import Principal
from app.auth.require import principal_or_none
from app.auth.roles import Scope
from app.base.errors import NotFound
from app.base.language import gettext as _
from app.base.language import ngettext, speak
from app.base.problems.requests import RequestFault
from app.health.degradation import Degradation, Part, degradation_of_the_worker
from app.switchboard import Switchboard

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
_PASSED_ON: Final = ("x-forwarded-for", "x-real-ip", "forwarded", "via")

router = APIRouter(include_in_schema=False, lifespan=degradation_of_the_worker)


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process runs and answers."""
    return {"status": "live"}


@router.get("/health/ready")
async def ready(request: Request) -> JSONResponse:
    """Whether calls are decided here, and what is degraded since when (RFC 3339). Calls are decided with the last plan
    while the database is away, so that alone leaves a worker ready. Answers from memory: it never hangs."""
    board: Switchboard = request.app.state.switchboard
    degradation: Degradation = request.app.state.degradation
    speak(None, request.headers.get("Accept-Language", ""))
    degraded = {
        part.value: {"since": since.isoformat(timespec="milliseconds"), "what": _words(part, degradation)}
        for part, since in degradation.since.items()
    }
    body = {"ready": board.live_plan.ready, "degraded": degraded, "plan_version": board.live_plan.version}
    if not board.live_plan.ready:
        body["why"] = _("no routing plan has been loaded; callers hear an apology")
    return JSONResponse(body, 200 if board.live_plan.ready else 503)


def _words(part: Part, degradation: Degradation) -> str:
    board = degradation.board
    fresh_at = board.live_plan.fresh_at.isoformat(timespec="seconds")
    match part:
        case Part.DATABASE:
            return _("does not answer; calls are decided with the lists as of %(fresh_at)s", fresh_at=fresh_at)
        case Part.PLAN:
            return _("could not be renewed; calls are decided with the lists as of %(fresh_at)s", fresh_at=fresh_at)
        case Part.DISK:
            return _(
                "refuses records or takes them too late (%(unwritten)s refused, %(late)s late); they are kept in memory too",
                unwritten=board.journal.unwritten,
                late=board.journal.late,
            )
        case Part.JOURNAL:
            return _("%(waiting)s records wait for the database", waiting=board.shipper.waiting)
        case Part.FEED:
            return _("the event log cannot be read; cards and events are late")
        case Part.SET_ASIDE:
            return ngettext(
                "%(num)s call record is refused by the database and set aside in the data folder (journal/set-aside); the "
                "log says why, docs/operating.md how to have it stored",
                "%(num)s call records are refused by the database and set aside in the data folder (journal/set-aside); the "
                "log says why, docs/operating.md how to have them stored",
                degradation.set_aside,
            )
        case Part.TELEPHONE:
            return _("a provider's REST API cannot be used; calls are moved when their next document is asked for")
        case _:
            assert_never(part)


def _may_read_metrics(who: Principal | None) -> bool:
    return who is not None and who.session_hash is None and Scope.METRICS in who.scopes


def _is_local(request: Request) -> bool:
    """Whether the request was made on this machine, and not passed on by a proxy on it."""
    host = request.client.host if request.client else ""
    return host in _LOOPBACK and not any(name in request.headers for name in _PASSED_ON)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """This worker's figures, in Prometheus' text format: for programs on this machine, and for keys with the scope
    ``metrics``. A stranger would learn from them how busy everybody is."""
    board: Switchboard = request.app.state.switchboard
    if not _is_local(request) and not _may_read_metrics(await principal_or_none(request, board)):
        raise NotFound(RequestFault.NOT_FOUND)
    degradation: Degradation = request.app.state.degradation
    registry, now = CollectorRegistry(), board.clock()
    figures = {
        "antichambre_ready": ("1 once calls are decided here, 0 before", int(board.live_plan.ready)),
        "antichambre_plan_version": ("Version of the routing plans served", board.live_plan.version),
        "antichambre_plan_fresh_timestamp_seconds": (
            "When the routing plans were last known to be the newest", board.live_plan.fresh_at.timestamp()
        ),
        "antichambre_feed_position": ("Position read in the event log", board.feed.position),
        "antichambre_facts_stored": ("Call facts stored in the database", board.shipper.stored),
        "antichambre_facts_waiting": ("Call facts waiting for the database", board.shipper.waiting),
        "antichambre_journal_late": ("Call facts answered before they were on disk", board.journal.late),
        "antichambre_journal_unwritten": ("Call facts that the disk refused", board.journal.unwritten),
        "antichambre_facts_set_aside": ("Call facts that the database finds impossible", board.shipper.set_aside),
        "antichambre_webhook_errors": ("Webhooks answered with the apology", board.unanswered_errors),
    }  # fmt: skip
    for name, (meaning, value) in figures.items():
        Gauge(name, meaning, ["worker"], registry=registry).labels(board.worker_id).set(value)
    degraded = Gauge(
        "antichambre_degraded_seconds", "For how long a part has been degraded; 0 while it is well", ["worker", "part"],
        registry=registry,
    )  # fmt: skip
    for part in Part:
        since = degradation.since.get(part)
        # At least a little: a clock that was put back must not make a degraded part look well.
        seconds = 0.0 if since is None else max(0.001, (now - since).total_seconds())
        degraded.labels(board.worker_id, part.value).set(seconds)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
