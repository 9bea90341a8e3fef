"""Where an installation without a company is set up."""

import asyncio

import asyncpg

from app.base.connect import connect
from app.base.settings import Settings
from app.first_run.one_time_address import close_first_run, offer_first_run
from app.plan.plan_database import UNREACHABLE

_SECONDS = 3.0


def first_run_address(settings: Settings) -> str | None:
    """The one-time address; None when a company is there already, or when the database does not say so."""
    try:
        is_empty = asyncio.run(_is_empty(settings.database_url or ""))
    except (*UNREACHABLE, asyncpg.UndefinedTableError):
        return None
    if not is_empty:
        close_first_run(settings.data_dir)
        return None
    return offer_first_run(settings.data_dir, settings.base_url)


async def _is_empty(url: str) -> bool:
    connection = await connect(url, name="antichambre first run", within=_SECONDS, command_timeout=_SECONDS)
    try:
        return not await connection.fetchval("SELECT EXISTS (SELECT FROM company)")
    finally:
        await connection.close()
