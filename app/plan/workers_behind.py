"""Which workers do not serve a version yet: an edit, or an import, is live when there are none."""

import asyncio
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from models import Worker

LIVING_SECONDS: Final = 3
CONFIRM_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 0.01
_ALIVE: Final = func.now() - Worker.seen_at < func.make_interval(0, 0, 0, 0, 0, 0, LIVING_SECONDS)


async def workers_behind(engine: AsyncEngine, version: int, seconds: float = CONFIRM_SECONDS) -> list[str]:
    """Wait until every living worker serves ``version``; after ``seconds``, return the ids of those that do not."""
    deadline = asyncio.get_running_loop().time() + seconds
    while behind := await _behind(engine, version):
        if asyncio.get_running_loop().time() > deadline:
            return behind
        await asyncio.sleep(_LOOK_SECONDS)
    return []


async def living_workers(engine: AsyncEngine) -> int:
    """How many workers live."""
    async with engine.connect() as connection:
        return await connection.scalar(select(func.count()).select_from(Worker).where(_ALIVE)) or 0


async def _behind(engine: AsyncEngine, version: int) -> list[str]:
    async with engine.connect() as connection:
        found = await connection.execute(select(Worker.id).where(_ALIVE, Worker.serves_version < version))
        return list(found.scalars())
