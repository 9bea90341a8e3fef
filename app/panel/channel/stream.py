"""``GET /events``: the live channel as server-sent events.

A plain streaming response rather than FastAPI's own SSE (``fastapi.sse``): frames are made once and the same bytes go to
every listener, where that encodes a model per listener and event; its keep-alive is a comment, which no watchdog in a
browser can see; and a write that nobody reads has to time out.

Streams pull: each listener reads the feed from its own position when its last write is through, so one that does not
read costs a position, not a growing buffer. No database session is held between two reads.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

import structlog
from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Message, Receive, Scope, Send

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed, principal_or_none
from app.auth.rights import WATCHES
from app.auth.roles import Scope as KeyScope
from app.auth.tenant import tenant_of
from app.calls.caller_history import open_calls
from app.calls.pieces import STILL_OPEN, draw_card, draw_line, lines_of_today, now_shown
from app.calls.seat import Viewer
from app.event_log.feed import PAGE, FeedEvent
from app.event_log.positions import TakeUp, take_up, written
from app.event_log.records import CLIENT_KINDS, FactKind
from app.health.degradation import Degradation, Part
from app.panel.channel.event_json import call_json
from app.panel.channel.frames import frame
from app.panel.channel.open_streams import OpenStreams, streams_of_the_worker
from app.panel.channel.prepared import PreparedEvents
from app.panel.notices import draw_notices
from app.switchboard import Switchboard

PING_SECONDS: Final = 10.0
CHECK_SECONDS: Final = 30.0
"""Besides at once when somebody's access was changed: sessions also end by time, and people are let in by commands."""
WRITE_SECONDS: Final = 30.0
RETRY_MS: Final = 1000
MOST_REPLAYED: Final = 1000
"""A panel that has missed more than this is drawn anew, which is cheaper than catching up."""

QUIET: Final = frozenset({FactKind.STATUS, FactKind.SEEN, FactKind.NOTED, *CLIENT_KINDS})
"""Facts by which nothing moves for whoever watches."""
_UNREACHABLE: Final = (SQLAlchemyError, OSError, TimeoutError)

log = structlog.get_logger(__name__)
router = APIRouter(tags=["live events"], lifespan=streams_of_the_worker, dependencies=[Depends(allowed())])


@dataclass(slots=True)
class Listening:
    """One open stream, of a person (``viewer``) or of a program. Whoever ``watches`` is told only that something has moved,
    and asks for the whole picture at their own pace. ``still_allowed`` asks again whether the session or key is
    living."""

    board: Switchboard
    streams: OpenStreams
    degradation: Degradation
    prepared: PreparedEvents
    who: Principal
    viewer: Viewer | None
    still_allowed: Callable[[], Awaitable[bool]]
    watches: bool = False
    position: int = 0
    _next_ping: float = field(default=0.0)
    _next_check: float = field(default=0.0)
    _noticed: int = 0

    async def frames(self, start: TakeUp) -> AsyncIterator[bytes]:
        """Everything the listener is sent, from ``start`` on, until the worker stops or the right is lost."""
        feed, loop = self.board.feed, asyncio.get_running_loop()
        self.position = start.position
        self._next_ping, self._next_check = loop.time() + PING_SECONDS, loop.time() + CHECK_SECONDS
        if start.reset:
            yield frame("reset", {"type": "reset"})
        hello = {"type": "hello", "pos": written(feed, self.position), "now": self.board.clock().isoformat()}
        if self.viewer is not None:
            hello |= self._notices()
        yield frame("hello", hello, retry_ms=RETRY_MS)
        while not self.streams.closing.is_set():
            if self._noticed != self.degradation.version:
                notices = self._notices()
                if self.viewer is not None:
                    yield frame("notices", notices)
                elif self.watches:
                    yield frame("moved", {"type": "moved", "call": None, "kind": "notices"})
            async for piece in self._news():
                yield piece
            if loop.time() >= self._next_check:
                self._next_check = loop.time() + CHECK_SECONDS
                # Nobody can be locked out while the database is away, and pings must not wait for it.
                if Part.DATABASE not in self.degradation.since and not await self.still_allowed():
                    return
            if loop.time() >= self._next_ping:
                self._next_ping = loop.time() + PING_SECONDS
                yield frame("ping", {"type": "ping"})
            await self._wait(min(self._next_ping, self._next_check) - loop.time())

    def _moved(self, event: FeedEvent) -> bytes | None:
        if event.fact.kind in QUIET:
            return None
        told = {"type": "moved", "call": event.fact.call_id, "kind": event.fact.kind.value}
        return frame("moved", told, written(self.board.feed, event.position))

    def _notices(self) -> dict[str, str]:
        self._noticed = self.degradation.version
        tenant = self.board.live_plan.tenant(self.who.tenant_id)
        return {"notices": draw_notices(self.degradation, tenant), "now": self.board.clock().isoformat()}

    async def _news(self) -> AsyncIterator[bytes]:
        feed = self.board.feed
        try:
            while not self.streams.closing.is_set():
                read_to = feed.position
                events = await feed.after(self.position, self.who.tenant_id)
                is_full = len(events) >= PAGE
                if is_full and self.viewer is not None:
                    missed = await feed.count_after(self.position, self.who.tenant_id)
                    if missed > MOST_REPLAYED:
                        self.position = read_to
                        yield frame("reset", {"type": "reset"})
                        return
                for event in events:
                    if event.position <= self.position:
                        continue
                    if event.fact.kind is FactKind.ACCESS_CHANGED:
                        # Before anything that came after it: looked into right after this.
                        self.position, self._next_check = event.position, 0.0
                        return
                    piece = self._moved(event) if self.watches else await self.prepared.frame_of(event, self.viewer)
                    # Moved on before the yield: what has been handed over is never handed over again.
                    self.position = event.position
                    if piece is not None:
                        yield piece
                if not is_full:
                    # Only now is everything up to there read: behind a full page there may be more.
                    self.position = max(self.position, read_to)
                if self.position >= feed.position:
                    return
        except _UNREACHABLE as error:
            log.warning("stream.waits", error=type(error).__name__)
            await asyncio.sleep(1)

    async def _wait(self, seconds: float) -> None:
        """Until there is news, something breaks or is mended, the worker stops, or ``seconds`` have passed."""
        reasons = [
            asyncio.create_task(self.board.feed.wait_for_news(self.position, max(0.0, seconds))),
            asyncio.create_task(self.degradation.change_after(self._noticed)),
            asyncio.create_task(self.streams.closing.wait()),
        ]
        try:
            await asyncio.wait(reasons, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in reasons:
                task.cancel()
            await asyncio.gather(*reasons, return_exceptions=True)


class EventStream(StreamingResponse):
    """Gives its place back when it ends, however it ends, and gives up on a reader that does not read."""

    media_type = "text/event-stream"

    def __init__(self, pieces: AsyncIterator[bytes], give_back: Callable[[], None]) -> None:
        super().__init__(pieces, headers={"X-Accel-Buffering": "no"})
        self._pieces, self._give_back = pieces, give_back

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream."""

        async def timely(message: Message) -> None:
            async with asyncio.timeout(WRITE_SECONDS):
                await send(message)

        try:
            with contextlib.suppress(TimeoutError):
                await super().__call__(scope, receive, timely)
        finally:
            self._give_back()


@dataclass(frozen=True, slots=True)
class Watching:
    """Somebody asks for a stream that tells only that something has moved: a supervisor, or a screen on the wall."""

    request: Request
    board: Switchboard
    who: Principal
    still_allowed: Callable[[], Awaitable[bool]]

    async def stream(self, since: str | None) -> "EventStream":
        """The stream from ``since`` on. Raises :class:`app.base.errors.TooManyRequests`."""
        return await _opened(self.request, self.board, self.who, self.still_allowed, since, watches=True)


async def _opened(
    request: Request, board: Switchboard, who: Principal, still_allowed: Callable[[], Awaitable[bool]],
    since: str | None, *, viewer: Viewer | None = None, watches: bool = False,
) -> "EventStream":  # fmt: skip
    state = request.app.state
    streams: OpenStreams = state.streams
    if not hasattr(state, "prepared_events"):
        state.prepared_events = PreparedEvents(board)
    streams.take(who)
    try:
        start = await take_up(board.feed, since)
    except BaseException:
        streams.give_back(who)
        raise
    listening = Listening(board, streams, state.degradation, state.prepared_events, who, viewer, still_allowed, watches)
    return EventStream(listening.frames(start), lambda: streams.give_back(who))


@router.get("/events", response_class=EventStream, status_code=200, summary="Live events (server-sent events)")
async def events(
    request: Request,
    board: Board,
    who: Who,
    since: str | None = None,
    last_event_id: Annotated[str | None, Header()] = None,
    view: Annotated[Literal["", "live"], Query(description="`live`: only that something has moved.")] = "",
) -> Response:
    """Every change of a call as it happens, resumable by ``Last-Event-ID`` or ``?since=``.

    With an API key each event's data is ``{"type": "call.incoming", "call": {…}, "client": {…} or null}``; further types
    are ``call.answered``, ``call.ended`` and so on. ``hello`` tells the position, ``ping`` comes every ten seconds, and
    ``reset`` says that what was missed cannot be told (read ``/api/v1/calls`` and go on). A session gets markup for the
    panel instead, of the calls that concern its user, and no blacklisted calls.
    """

    async def still_allowed() -> bool:
        try:
            now = await principal_or_none(request, board)
            # Another seat or role is taken up by a new stream, which the browser opens by itself.
            return now is not None and (now.operator_id, now.role) == (who.operator_id, who.role)
        except _UNREACHABLE:
            return True  # asked again in half a minute

    if view:
        who.require(WATCHES, KeyScope.READ)
        return await Watching(request, board, who, still_allowed).stream(last_event_id or since)
    viewer = None if who.session_hash is None else Viewer.of(who)
    return await _opened(request, board, who, still_allowed, last_event_id or since, viewer=viewer)


@router.get("/events/state", summary="The calls of this moment")
async def events_state(board: Board, who: Who, since: str | None = None) -> JSONResponse:
    """What goes on now, with the position from which ``/events`` tells the rest: ``{"pos", "calls"}``, for a panel its
    pieces ``{"pos", "now", "reset", "cards", "lines"}``."""
    start = await take_up(board.feed, since)
    pos, now = written(board.feed, board.feed.position), board.clock()
    tenant = await tenant_of(board, who)
    body: dict[str, object] = {"pos": pos, "reset": start.reset}
    async with board.sessions() as session:
        if who.session_hash is None:
            running = await open_calls(session, who.tenant_id, now - STILL_OPEN)
            return JSONResponse(body | {"calls": [call_json(call) for call in running]})
        shown = await now_shown(board, session, who, tenant, now)
        lines = await lines_of_today(board, session, who, tenant, now)
    body["left"] = shown.left
    body["now"] = now.isoformat()
    body["cards"] = [
        {"id": one.card.call_id, "html": draw_card(one.card, one.seat, tenant, one.draft)} for one in shown.pieces
    ]
    body["lines"] = [{"id": one.card.call_id, "html": draw_line(one.card, one.seat, tenant)} for one in lines]
    return JSONResponse(body)
