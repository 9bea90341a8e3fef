"""``/calls/{id}/release``: let a caller out of the fake queue."""

from datetime import datetime

from pydantic import BaseModel

from app.auth.require import Board, Who
from app.auth.rights import RELEASES
from app.fake_queue.let_go import release_caller
from app.web.resource import ItemId, resource

router = resource("calls", "", write=RELEASES)


class ReleasedOut(BaseModel):
    """A caller who was let out. The call goes on at once, or at its next round (at latest after half a minute) where
    the provider cannot be told."""

    call_id: str
    released_at: datetime


@router.post("/{item_id}/release")
async def release_call(board: Board, who: Who, item_id: ItemId) -> ReleasedOut:
    """Let a caller out of the fake queue, for this one call: it is then received like anybody else's. The caller stays
    blacklisted. It takes a supervisor."""
    return ReleasedOut(call_id=item_id, released_at=await release_caller(board, who, item_id))
