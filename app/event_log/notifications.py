"""One LISTEN connection per process. It only gives hints: whoever waits for them also looks every second."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Final

import asyncpg
import structlog

from app.base.connect import connect
from app.event_log.shipper import Failure

RECONNECT_SECONDS: Final = 1.0
_CHECK_SECONDS: Final = 10.0

log = structlog.get_logger(__name__)


async def listen(dsn: str, hints: Mapping[str, asyncio.Event]) -> None:
    """Set ``hints[channel]`` for every notification on that channel; reconnects for ever."""
    while True:
        connection: asyncpg.Connection | None = None
        closed = asyncio.Event()
        try:
            connection = await connect(dsn, within=5, command_timeout=5)
            connection.add_termination_listener(lambda _, closed=closed: closed.set())
            for channel, hint in hints.items():
                await connection.add_listener(channel, lambda *_, hint=hint: hint.set())
            for hint in hints.values():
                hint.set()  # something may have happened while nobody listened
            while not connection.is_closed():
                # A connection that is cut says so; one that leads into a black hole has to be asked.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_CHECK_SECONDS):
                        await closed.wait()
                await connection.execute("SELECT 1")
        except Failure as error:
            log.warning("notifications.reconnecting", error=type(error).__name__)
        finally:
            if connection is not None:
                connection.terminate()
        await asyncio.sleep(RECONNECT_SECONDS)
