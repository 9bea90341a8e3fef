"""The database: the engine for edits and pages, and whether it answers. Calls are decided without it."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

import asyncpg
import orjson
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from app.base.clock import Clock
from app.base.connect import CONNECT_SECONDS, connect

COMMAND_TIMEOUT_SECONDS: Final = 10.0
ASK_SECONDS: Final = 1.0
ANSWER_SECONDS: Final = 1.0

log = structlog.get_logger(__name__)


def create_engine(
    url: str, *, pool_size: int = 10, command_timeout: float | None = COMMAND_TIMEOUT_SECONDS
) -> AsyncEngine:
    """An engine for ``url``; a statement that hangs fails after ten seconds, unless it is one that may take its time."""
    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=partial(connect, url, within=CONNECT_SECONDS, command_timeout=command_timeout),
        pool_size=pool_size,
        max_overflow=10,
        pool_timeout=5,
        pool_pre_ping=True,
        json_deserializer=orjson.loads,
    )


def session_maker(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions whose objects stay readable after commit, since answers are built from them."""
    return async_sessionmaker(engine, expire_on_commit=False)


@dataclass(slots=True)
class DatabaseProbe:
    """Asks every second whether the database answers, over a connection of its own: what it finds is read from memory,
    so whoever wants to know never waits for a database that hangs, nor takes a connection from those who work.

    ``silent_since`` is when it answered last, None while it does."""

    url: str
    clock: Clock
    silent_since: datetime | None = None
    _answered_at: datetime = field(init=False)
    _connection: asyncpg.Connection | None = None

    def __post_init__(self) -> None:
        self._answered_at = self.clock()

    async def run(self) -> None:
        """Ask for ever."""
        try:
            while True:
                await self.ask()
                await asyncio.sleep(ASK_SECONDS)
        finally:
            self._drop_connection()

    async def ask(self) -> None:
        """Ask now. A connection that has broken says nothing yet, the database may have been restarted: a fresh one is
        asked before it counts as silent."""
        if await self._answers() or await self._answers():
            if self.silent_since is not None:
                log.info("database.answers", silent_since=self.silent_since.isoformat())
            self.silent_since, self._answered_at = None, self.clock()
        elif self.silent_since is None:
            self.silent_since = self._answered_at
            log.error("database.silent", since=self.silent_since.isoformat())

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                if self._connection is None:
                    self._connection = await connect(self.url, within=ANSWER_SECONDS)
                await self._connection.execute("SELECT 1")
        except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError):
            self._drop_connection()
            return False
        return True

    def _drop_connection(self) -> None:
        # close() waits for the server, which may be the very thing that does not answer.
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
