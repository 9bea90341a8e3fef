"""``/lines/{id}/by-hand``: a line is open or closed now, whatever its hours say, until a moment or until further notice."""

from datetime import datetime
from enum import StrEnum

from fastapi import Response
from pydantic import Field

from app.auth.require import Board, Who
from app.auth.rights import OPENS_LINES
from app.base.errors import Unprocessable
from app.base.problems.company import CompanyFault
from app.company.lines import LineOut
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, save, take_turn
from app.plan.rows import Row
from app.web.resource import ItemId, resource
from app.web.schema import Input, Moment
from models import LineRecord

router = resource("lines", "", write=OPENS_LINES)


class HandState(StrEnum):
    """What somebody says of a line."""

    OPEN = "open"
    CLOSED = "closed"
    BY_HOURS = "by_hours"


class ByHandIn(Input):
    """What somebody says of a line."""

    state: HandState = Field(description="`by_hours` takes back what was said before.", examples=["closed"])
    until: Moment | None = Field(
        None, description="When its hours count again; null: when somebody says so.", examples=["2026-12-24T18:00:00Z"]
    )


@router.put("/{item_id}/by-hand", response_model=LineOut)
async def set_line_by_hand(board: Board, who: Who, response: Response, item_id: ItemId, form: ByHandIn) -> Row:
    """Open or close a line now; live when this answers. Whoever waits on a line that is closed hears so within a minute."""
    async with confirmed_edit(board, who, response) as edit:
        return await change_by_hand(edit, item_id, form.state, form.until)


async def change_by_hand(edit: Edit, line_id: str, state: HandState, until: datetime | None) -> Row:
    """Save it; return the line's row. Raises :class:`app.base.errors.NotFound`, and :class:`Unprocessable` for an end that
    is not to come."""
    await take_turn(edit)
    line = await find_or_404(edit, LineRecord, line_id)
    if until is not None and state is HandState.BY_HOURS:
        raise Unprocessable(CompanyFault.END_WITHOUT_A_STATE, field="until")
    if until is not None and until <= edit.now:
        raise Unprocessable(CompanyFault.ENDS_IN_THE_PAST, field="until")
    said = None if state is HandState.BY_HOURS else state.value
    return await save(edit, LineRecord, {"by_hand": said, "by_hand_until": until}, line)
