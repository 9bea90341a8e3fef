"""``/segments``: what sales say about the clients, and the borders by which."""

from datetime import date, datetime

from fastapi import Response
from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.edits.confirmed_edit import confirmed_edit
from app.sales.borders import borders_of
from app.segments.borders_edit import BordersIn, save_borders
from app.segments.keep_segments import compute_now
from app.web.resource import resource
from models import ClientSegment, SegmentState

router = resource(
    "segments", "What sales say about the clients: computed, explained, and only suggested.", read=Role.SUPERVISOR,
    write=Role.SUPERVISOR,
)  # fmt: skip


class SegmentOut(BaseModel):
    """How many clients are of a segment, and what they bring."""

    segment: str = Field(examples=["A"])
    clients: int
    revenue: float


class SegmentsStateOut(BaseModel):
    """All segments, as they were computed at `computed_at` (null: never). Clients without any sale are potential, and not
    among them."""

    computed_at: datetime | None
    day: date | None = Field(description="For which it was computed.")
    since: date | None = Field(description="From this day on revenue counts.")
    currency: str | None
    clients: int
    sales: int
    not_counted: int = Field(description="Sales in a currency without a rate.")
    revenue: float
    repeat_share: float | None = Field(description="Percent of what was paid that did not come with a first purchase.")
    seconds: float = Field(description="How long it took.")
    items: list[SegmentOut]


class BordersOut(BordersIn):
    """The borders as they are."""


@router.get("", name="list_segments")
async def list_segments(board: Board, who: Who) -> SegmentsStateOut:
    """The segments, with how many clients are of each and what they bring."""
    async with board.sessions() as session:
        return await state_of(session, who.tenant_id)


@router.post("/compute", name="compute_segments")
async def compute(board: Board, who: Who) -> SegmentsStateOut:
    """Compute the segments now. They are computed by themselves within a minute after an import, and every day."""
    await compute_now(board, who.tenant_id)
    async with board.sessions() as session:
        return await state_of(session, who.tenant_id)


@router.get("/borders", name="get_segment_borders")
async def get_borders(board: Board, who: Who) -> BordersOut:
    """The borders between segments."""
    async with board.sessions() as session:
        return BordersOut.model_validate(BordersIn.of(await borders_of(session, who.tenant_id)).model_dump())


@router.put("/borders", name="replace_segment_borders")
async def put_borders(board: Board, who: Who, response: Response, form: BordersIn) -> BordersOut:
    """Change the borders, which admins may; what is left out is as everybody begins. The segments follow within a minute."""
    who.require(Role.ADMIN, Scope.WRITE)
    async with confirmed_edit(board, who, response) as edit:
        await save_borders(edit, form)
    return BordersOut.model_validate(form.model_dump())


async def state_of(session: AsyncSession, tenant_id: str) -> SegmentsStateOut:
    """The segments of a company as they were computed last."""
    state = await session.get(SegmentState, tenant_id)
    items = []
    for column in (ClientSegment.abc, ClientSegment.xyz, ClientSegment.life_cycle):
        rows = await session.execute(
            select(column, func.count(), func.coalesce(func.sum(ClientSegment.revenue), 0))
            .where(ClientSegment.tenant_id == tenant_id, column.is_not(None))
            .group_by(column)
            .order_by(column)
        )
        items += [
            SegmentOut(segment=name, clients=clients, revenue=float(revenue or 0)) for name, clients, revenue in rows
        ]
    return SegmentsStateOut(
        computed_at=state.computed_at if state else None, day=state.day if state else None,
        since=state.since if state else None, currency=state.currency if state else None,
        clients=state.clients if state else 0, sales=state.sales if state else 0,
        not_counted=state.not_counted if state else 0, revenue=float(state.revenue) if state else 0,
        repeat_share=round(float(100 * state.repeated / state.paid), 2) if state and state.paid else None,
        seconds=round(state.seconds, 3) if state else 0, items=items,
    )  # fmt: skip
