"""``/rehearsals``: which calls of the last days would have gone elsewhere, had a change been made before them."""

from datetime import datetime
from typing import Literal

from fastapi import Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from app.auth.require import Board, Who
from app.auth.rights import READS_LISTS
from app.base.errors import NotFound
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.event_log.read_decision import read_decision
from app.rehearsals.apply_changes import Changes, changing
from app.rehearsals.rehearse import MOST_DAYS, of_company, rehearse
from app.switchboard import Switchboard
from app.web.paging import Part, read_page
from app.web.resource import ItemId, Wanted, resource
from app.web.schema import Input, Page
from app.words.told_decision import ToldDecision, tell_decision
from models import Rehearsal, RehearsalDifference

router = resource(
    "rehearsals", "What a change would have done with the calls of the last days, before it is made.", read=READS_LISTS
)


class RehearsalIn(Input):
    """Changes that nobody has made yet."""

    changes: Changes = Field(description="Requests to this API; made one after the other, and never kept.")
    days: int = Field(30, ge=1, le=MOST_DAYS, examples=[30], description="The calls of how many days back.")


class RehearsalOut(BaseModel):
    """How far a rehearsal is."""

    id: str
    state: Literal["running", "done", "failed"]
    days: int
    calls: int = Field(description="Decided again so far.")
    of: int = Field(description="Calls in these days.")
    different: int = Field(description="Would have gone elsewhere, or for another reason.")
    not_recorded: int = Field(description="Filled in later from the provider's list: they cannot be decided again.")
    created_at: datetime


class DifferenceOut(BaseModel):
    """A call that would have gone elsewhere: decided by the set-up as it is, and as it would be."""

    call_id: str
    before: ToldDecision
    after: ToldDecision


@router.post("", status_code=202, name="create_rehearsal")
async def begin_rehearsal(board: Board, who: Who, response: Response, form: RehearsalIn) -> RehearsalOut:
    """Begin. What the API would refuse is refused here, with `changes.N.` before the field. One at a time; results are kept
    for a day. Operators count as present, and the fake queue as having room."""
    rehearsal_id = await rehearse(board, who.tenant_id, who.actor, changing(board, form.changes), form.days)
    response.headers["Location"] = f"{router.prefix}/{rehearsal_id}"
    return _shown(await _found(board, who.tenant_id, rehearsal_id))


@router.get("/{item_id}", name="get_rehearsal")
async def read_rehearsal(board: Board, who: Who, item_id: ItemId) -> RehearsalOut:
    """How far it is."""
    return _shown(await _found(board, who.tenant_id, item_id))


@router.get("/{item_id}/differences", name="list_rehearsal_differences")
async def list_differences(board: Board, who: Who, item_id: ItemId, page: Wanted) -> Page[DifferenceOut]:
    """The calls that would have gone elsewhere, the oldest first: at most 5,000 of them, `different` counts all."""
    await _found(board, who.tenant_id, item_id)
    of_it = RehearsalDifference.tenant_id == who.tenant_id, RehearsalDifference.rehearsal_id == item_id
    part = Part(select(RehearsalDifference).where(*of_it), (RehearsalDifference.place,), descending=False)
    async with board.sessions() as session:
        rows = await read_page(session, page, part)
    return Page(items=[_told(row[0]) for row in rows.items], next_cursor=rows.after)


async def _found(board: Switchboard, tenant_id: str, rehearsal_id: str) -> Rehearsal:
    found = await of_company(board, tenant_id, rehearsal_id) if is_storable(rehearsal_id) else None
    if found is None:
        raise NotFound(RequestFault.NOT_FOUND)
    return found


def _told(one: RehearsalDifference) -> DifferenceOut:
    before, after = (tell_decision(read_decision(stored)) for stored in (one.before, one.after))
    return DifferenceOut(call_id=one.call_id, before=before, after=after)


def _shown(one: Rehearsal) -> RehearsalOut:
    return RehearsalOut.model_validate(one, from_attributes=True)
