"""One worker of all hosts does what only one may do: whoever holds a lock of the database's. It is gone with the connection,
so that a worker that dies or is cut off holds nobody up."""

from dataclasses import dataclass, field
from typing import Final

import asyncpg
import structlog

from app.base.connect import connect

_ANSWER_SECONDS: Final = 2.0
_FAILURE: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class OneOfAll:
    """The lock ``key`` of the database ``dsn``. ``is_mine`` and ``is_taken``, by this worker or by another one, are what was
    seen when it was last asked; neither while the database does not answer."""

    dsn: str
    key: int
    is_mine: bool = False
    is_taken: bool = False
    _connection: asyncpg.Connection | None = field(default=None, repr=False)

    async def ask(self) -> bool:
        """Take the lock if nobody has it; return whether this worker has it now."""
        try:
            if self._connection is None or self._connection.is_closed():
                self.is_mine = False
                self._connection = await connect(self.dsn, within=_ANSWER_SECONDS, command_timeout=_ANSWER_SECONDS)
            if self.is_mine:
                await self._connection.execute("SELECT 1")
            else:
                self.is_mine = bool(await self._connection.fetchval("SELECT pg_try_advisory_lock($1)", self.key))
            self.is_taken = True
        except _FAILURE as error:
            if self.is_taken:
                log.warning("one_of_all.lost", error=type(error).__name__)
            self.drop()
        return self.is_mine

    def drop(self) -> None:
        """Let the lock go, with its connection."""
        self.is_mine = self.is_taken = False
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
