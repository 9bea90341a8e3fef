"""Segments are computed when somebody wants them, and once a day, beside those who answer calls."""

import asyncio
import time
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.currency import companys_currency
from app.base.database import create_engine
from app.clients.edit_client_gone import forget_gone
from app.sales.borders import borders_of
from app.segments.compute_segments import Asked, compute_segments, hold_segments
from app.segments.suggest import suggest
from app.switchboard import Switchboard
from models import Company, SegmentState, SegmentWish

LOOK_SECONDS: Final = 15.0

log = structlog.get_logger(__name__)


async def compute_now(board: Switchboard, tenant_id: str, *, if_wanted: bool = False) -> None:
    """Compute the segments of a company, over a connection of its own: a million sales take longer than other statements
    may. ``if_wanted``: unless another worker has done so meanwhile."""
    engine = create_engine(board.settings.database_url or "", pool_size=1, command_timeout=None)
    began = time.perf_counter()
    try:
        async with AsyncSession(engine) as session, session.begin():
            company = await session.get_one(Company, tenant_id)
            now = board.clock()
            asked = Asked(
                tenant_id, now.astimezone(ZoneInfo(company.time_zone)).date(), now,
                companys_currency(company.treatments, company.country),
            )  # fmt: skip
            await hold_segments(session, tenant_id)
            if if_wanted and not await _is_wanted(session, asked):
                return
            await forget_gone(session, tenant_id, now)
            borders = await borders_of(session, tenant_id)
            await compute_segments(session, asked, borders)
            await suggest(session, tenant_id, borders, now)
    finally:
        await engine.dispose()
    log.info("segments.computed", tenant=tenant_id, seconds=round(time.perf_counter() - began, 2))


async def _is_wanted(session: AsyncSession, asked: Asked) -> bool:
    wish = select(SegmentWish.id).where(SegmentWish.tenant_id == asked.tenant_id).limit(1)
    if await session.scalar(wish) is not None:
        return True
    state = await session.get(SegmentState, asked.tenant_id)
    return state is not None and state.day != asked.day


async def compute_what_is_wanted(board: Switchboard) -> int:
    """Compute the segments of the companies for which somebody wants them, or for which it is another day. Returns of how
    many. Raises SQLAlchemyError and OSError."""
    async with board.sessions() as session:
        wanted = set(await session.scalars(select(SegmentWish.tenant_id).distinct()))
        computed = await session.execute(
            select(SegmentState.tenant_id, SegmentState.day, Company.time_zone).join(
                Company, Company.id == SegmentState.tenant_id
            )
        )
        now = board.clock()
        for tenant_id, day, time_zone in computed:
            if now.astimezone(ZoneInfo(time_zone)).date() != day:
                wanted.add(tenant_id)
    for tenant_id in sorted(wanted):
        await compute_now(board, tenant_id, if_wanted=True)
    return len(wanted)


async def keep_segments(board: Switchboard) -> None:
    """Look every quarter of a minute, for ever."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await compute_what_is_wanted(board)
        except (SQLAlchemyError, OSError) as error:
            log.warning("segments.not_computed", why=type(error).__name__)
