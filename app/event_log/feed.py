"""One reader of the event log per process. The log in the database is the truth; notifications, and the worker's own
shipper, only say that it is time to look."""

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final

import structlog
from sqlalchemy import Select, Text, cast, func, select, text, tuple_
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.base.clock import Clock
from app.event_log.calls_back import HEARD_OF_FOR
from app.event_log.held_time import HeldSum
from app.event_log.open_calls import OpenCalls
from app.event_log.pin_attempts import REMEMBERED_FOR
from app.event_log.recent_calls import KEPT, LOOKED_BACK
from app.event_log.records import BOOTH, CALLBACK_KINDS, CallFact, FactKind
from models import CallEvent, CallRecord, FeedEpoch
from routing.lifecycle import CallState

POLL_SECONDS: Final = 1.0
_KEPT: Final = 5000
PAGE: Final = 250
"""Small enough that reading a page holds up no call for more than a few milliseconds."""
_STILL_OPEN: Final = timedelta(hours=5)
_AFTER_CALL: Final = timedelta(hours=1)
"""The longest after-call time of a queue."""
_LOOKED_BACK: Final = 20_000
"""So many of the last events are looked through when a worker starts: a few milliseconds."""
_OF_TALKS: Final = (FactKind.QUEUED, FactKind.ANSWERED, FactKind.ENDED)

_OF_CALL: Final = tuple_(CallEvent.tenant_id, CallEvent.call_id)
"""By both, as the log's index has them: it is long, and a worker that starts must not read all of it."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """A fact and its position in the log."""

    position: int
    fact: CallFact


@dataclass(slots=True)
class Feed:
    """``position`` is the last one read. ``hint`` is set by whoever thinks that there is something new. ``unread_since``
    is when the log was first found unreadable, None while it can be read."""

    engine: AsyncEngine
    open_calls: OpenCalls
    clock: Clock
    hint: asyncio.Event = field(default_factory=asyncio.Event)
    epoch: str = ""
    position: int = 0
    unread_since: datetime | None = None
    _recent: deque[FeedEvent] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _recent_from: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def start(self) -> None:
        """Take up the log at its end, with the calls that still go on; later, if the database does not answer."""
        try:
            await self._take_up()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            self.unread_since = self.clock()
            log.warning("feed.waits", error=type(error).__name__)

    async def _take_up(self) -> None:
        async with self.engine.connect() as connection:
            epoch = await connection.scalar(select(FeedEpoch.epoch)) or ""
            self.position = await connection.scalar(select(func.max(CallEvent.position))) or 0
            self._recent_from = self.position
            still_open = select(CallRecord.tenant_id, CallRecord.call_id).where(
                CallRecord.state != CallState.ENDED, CallRecord.started_at > self.clock() - _STILL_OPEN
            )
            recent = CallEvent.position > self.position - _LOOKED_BACK
            just_over = select(CallEvent.tenant_id, CallEvent.call_id).where(
                recent, CallEvent.kind == FactKind.ENDED, CallEvent.at > self.clock() - _AFTER_CALL
            )
            # Of calls that are just over: whose talks they were, for the after-call time that a queue leaves.
            talks = _events().where(recent, _OF_CALL.in_(just_over), CallEvent.kind.in_(_OF_TALKS))
            for event in await _read(connection, talks):
                self.open_calls.apply(event.fact)
            for event in await _read(connection, _events().where(_OF_CALL.in_(still_open))):
                self.open_calls.apply(event.fact)
            # Places that are kept by callers who are to be called back, and who is calling them.
            about_them = CallEvent.kind.in_(sorted(CALLBACK_KINDS)), CallEvent.at > self.clock() - HEARD_OF_FOR
            for event in await _read(connection, _events().where(*about_them)):
                self.open_calls.apply(event.fact)
            wrong_pins = CallEvent.kind == FactKind.PIN_WRONG, CallEvent.at > self.clock() - REMEMBERED_FOR
            for event in await _read(connection, _events().where(*wrong_pins)):
                self.open_calls.pin_attempts.apply(event.fact)
            for came in await connection.execute(
                _CAME_LATELY, {"since": self.clock() - LOOKED_BACK, "most": KEPT, "booth": BOOTH}
            ):
                self.open_calls.recent_calls.note(*came)
            self.open_calls.held_time.take(await held_this_month(connection, self.clock()), self.clock())
        self.epoch = epoch

    async def follow(self) -> None:
        """Read on whenever hinted, and every second all the same; never returns."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self.hint.wait()
            self.hint.clear()
            try:
                await self.read_on()
                self.unread_since = None
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                self.unread_since = self.unread_since or self.clock()
                log.warning("feed.waits", error=type(error).__name__, position=self.position)
            except Exception:
                self.unread_since = self.unread_since or self.clock()
                log.exception("feed.unreadable", position=self.position)

    async def read_on(self) -> None:
        """Read what is new and wake everybody who waits for it."""
        async with self._reading:
            if not self.epoch:
                await self._take_up()
            await self._read_pages()

    async def _read_pages(self) -> None:
        while True:
            async with self.engine.connect() as connection:
                page = await _read(connection, _events().where(CallEvent.position > self.position).limit(PAGE))
            for event in page:
                self._recent.append(event)
                if _tells_to_forget(event.fact):
                    self._recent.clear()
                    self._recent_from = event.position
                self.open_calls.apply(event.fact)
                self.position = event.position
            if page:
                if len(self._recent) == _KEPT:
                    self._recent_from = self._recent[0].position - 1
                news, self._news = self._news, asyncio.Event()
                news.set()
            if len(page) < PAGE:
                return

    async def after(self, position: int, tenant_id: str) -> list[FeedEvent]:
        """The tenant's events after ``position``, from memory or, if they are older, from the log. A full page
        (:data:`PAGE`) may not be the last one: ask again from its end."""
        if position >= self._recent_from:
            # From the newest backwards: listeners are nearly always at the end.
            newer = list(takewhile(lambda one: one.position > position, reversed(self._recent)))
            return [one for one in reversed(newer) if one.fact.tenant_id == tenant_id][:PAGE]
        async with self.engine.connect() as connection:
            mine = _events().where(CallEvent.position > position, CallEvent.tenant_id == tenant_id).limit(PAGE)
            return await _read(connection, mine)

    async def count_after(self, position: int, tenant_id: str) -> int:
        """How many events the tenant has after ``position``."""
        if position >= self._recent_from:
            newer = takewhile(lambda one: one.position > position, reversed(self._recent))
            return sum(one.fact.tenant_id == tenant_id for one in newer)
        mine = (CallEvent.position > position, CallEvent.tenant_id == tenant_id)
        async with self.engine.connect() as connection:
            return await connection.scalar(select(func.count()).where(*mine)) or 0

    async def wait_for_news(self, position: int, seconds: float) -> None:
        """Return when there is something after ``position``, or after ``seconds``."""
        news = self._news
        if self.position > position:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await news.wait()


def _tells_to_forget(fact: CallFact) -> bool:
    """Somebody was erased: what is remembered of the log is not what it says any more."""
    return fact.kind is FactKind.NOTED and bool(fact.payload.get("erased"))


_HELD_THIS_MONTH: Final = text("""
    SELECT tenant_id, line_number, caller_number, extract(epoch FROM sum(ended_at - began_at))::float8
    FROM fake_queue_stay JOIN company ON company.id = tenant_id
    WHERE ended_at IS NOT NULL AND began_at >= date_trunc('month', cast(:now AS timestamptz), company.time_zone)
    GROUP BY 1, 2, 3
""")


_CAME_LATELY: Final = text("""
    SELECT tenant_id, caller_number, call_id, started_at FROM call
    WHERE started_at > :since AND caller_number IS NOT NULL AND provider <> :booth
        AND tenant_id IN (SELECT tenant_id FROM rule WHERE jsonb_exists("when", 'calls') AND state <> 'off')
    ORDER BY started_at DESC LIMIT :most
""")
"""The calls of the last day, of companies whose rules count them."""


async def held_this_month(connection: AsyncConnection, now: datetime) -> list[HeldSum]:
    """What the fake queues have held since each company's month began, of the stays that are over."""
    return [HeldSum(*row) for row in await connection.execute(_HELD_THIS_MONTH, {"now": now})]


def _events() -> Select[int, str, str, str, str, datetime, str]:
    # Columns, not objects of the mapper: there are many, and nobody changes them. Most payloads are never looked into.
    return select(
        CallEvent.position, CallEvent.event_id, CallEvent.tenant_id, CallEvent.call_id, CallEvent.kind, CallEvent.at,
        cast(CallEvent.payload, Text).label("told"),
    ).order_by(CallEvent.position)  # fmt: skip


async def _read(connection: AsyncConnection, query: Select[int, str, str, str, str, datetime, str]) -> list[FeedEvent]:
    rows = await connection.execute(query)
    return [
        FeedEvent(
            row.position,
            CallFact(row.event_id, row.tenant_id, row.call_id, FactKind(row.kind), row.at, row.told.encode()),
        )
        for row in rows
    ]
