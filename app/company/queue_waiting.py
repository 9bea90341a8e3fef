"""``/queues/{id}/waiting``: who waits in a queue now, the next one first, those included who keep a place to be called
back."""

from datetime import datetime
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from app.auth.require import Board, Who
from app.web.resource import ItemId, read_row
from app.web.schema import Output
from models import CallRecord, QueueRecord
from routing.actions import QueuePriority
from routing.call_queue import in_order

Class = Literal["vip", "vip_unconfirmed", "priority", "ordinary"]


class WaitingOut(Output):
    """A caller who waits."""

    call_id: str
    from_: str = Field(alias="from", description="The caller's address; empty for a caller without one.")
    client_id: str | None
    class_: Class = Field(alias="class")
    since: datetime = Field(description="When the call came in.")
    position: int = Field(description="1 is next.")
    offered_to: list[str] = Field(description="The operators (ids) whose telephones ring for this caller.")
    callback_id: str | None = Field(
        None,
        description="Who has hung up and keeps the place: the call-back. `call_id` is the call in which they asked.",
    )


class WaitingList(Output):
    """Everybody who waits in a queue, the next one first."""

    items: list[WaitingOut]


async def list_waiting(board: Board, who: Who, item_id: ItemId) -> dict[str, object]:
    """Who waits in this queue now, or is being offered to operators, in the order in which they are served."""
    await read_row(board, who, QueueRecord, item_id)
    calls, now = board.open_calls, board.clock()
    ordered = in_order(calls.places_in(who.tenant_id, item_id, now), now)
    kept = {one.place.call_id: one for one in calls.calls_back.places(who.tenant_id, now)}
    order = [one.call_id for one in ordered]
    query = select(CallRecord.call_id, CallRecord.caller_address, CallRecord.client_id).where(
        CallRecord.tenant_id == who.tenant_id, CallRecord.call_id.in_(order)
    )
    async with board.sessions() as session:
        known = {row.call_id: row for row in await session.execute(query)}
    items = []
    for position, place in enumerate(ordered, 1):
        call_id = place.call_id
        row, one, call = known.get(call_id), kept.get(call_id), calls.of_call(who.tenant_id, call_id)
        items.append(
            {
                "call_id": call_id,
                "from": row.caller_address if row else "",
                "client_id": row.client_id if row else None,
                "class": class_of(place.priority),
                "since": place.since,
                "position": position,
                "offered_to": sorted(call.queue.offers) if call is not None and call.queue is not None else [],
                "callback_id": one.callback_id if one is not None else None,
            }
        )
    return {"items": items}


def class_of(priority: int) -> Class:
    """What a priority is called."""
    if priority >= QueuePriority.VIP:
        return "vip"
    if priority == QueuePriority.VIP_UNCONFIRMED:
        return "vip_unconfirmed"
    return "priority" if priority > QueuePriority.ORDINARY else "ordinary"
