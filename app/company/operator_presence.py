"""``/operators/{id}/presence``: whether somebody takes calls, said by themselves or by a supervisor."""

from datetime import datetime

from fastapi import Response
from pydantic import Field

from app.auth.require import Board, Who
from app.auth.rights import SETS_PRESENCE_OF_OTHERS
from app.auth.roles import Role, Scope
from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.company import CompanyFault
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, save
from app.event_log.records import FactKind, fact
from app.plan.rows import Row
from app.switchboard import Switchboard
from app.web.resource import ItemId, resource
from app.web.schema import Input, Moment, Output
from models import OperatorRecord
from models.base import new_id
from routing.presence import PresenceState

router = resource("operators", "", write=Role.OPERATOR)


class PresenceIn(Input):
    """Whether somebody takes calls."""

    state: PresenceState = Field(description="Only whoever is `available` is rung; a manager on a break comes last.")
    reason: str = Field("", max_length=limits.NAME, description="For colleagues to read.", examples=["Lunch"])
    until: Moment | None = Field(None, description="When they are available again; null: when they say so.")


class PresenceOut(Output):
    """Whether somebody takes calls."""

    state: PresenceState
    reason: str
    until: datetime | None
    since: datetime | None


@router.put("/{item_id}/presence", response_model=PresenceOut)
async def set_operator_presence(
    board: Board, who: Who, response: Response, item_id: ItemId, form: PresenceIn
) -> dict[str, object]:
    """Say whether an operator takes calls; live when this answers. Operators say it of themselves, supervisors of
    everybody."""
    if who.operator_id != item_id:
        who.require(SETS_PRESENCE_OF_OTHERS, Scope.WRITE)
    async with confirmed_edit(board, who, response) as edit:
        row = await change_presence(edit, item_id, form.state, form.reason, form.until)
    await tell_presence(board, who.tenant_id, row)
    return presence_in(row)


async def change_presence(
    edit: Edit, operator_id: str, state: PresenceState, reason: str = "", until: datetime | None = None, *,
    left: bool = False,
) -> Row:  # fmt: skip
    """Save what an operator does from now on; return their row. Raises :class:`app.base.errors.NotFound`, and
    :class:`Unprocessable` for an end that is not to come."""
    record = await find_or_404(edit, OperatorRecord, operator_id)
    if state is PresenceState.AVAILABLE:
        until = None
    if until is not None and until <= edit.now:
        raise Unprocessable(CompanyFault.PRESENCE_ENDS_IN_THE_PAST, field="until")
    fields: Row = presence_columns(state, edit.now) | {
        "presence_reason": reason.strip(), "presence_until": until, "presence_left": left,
    }  # fmt: skip
    return await save(edit, OperatorRecord, fields, record)


def presence_columns(state: PresenceState, now: datetime) -> Row:
    """The columns of somebody who does this from ``now`` on, without a reason or an end."""
    return {
        "presence": state.value, "presence_since": now, "presence_reason": "", "presence_until": None,
        "presence_left": False,
    }  # fmt: skip


def presence_in(row: Row) -> dict[str, object]:
    """What an operator's row says of it, as the API tells it."""
    return {
        "state": row["presence"], "reason": row["presence_reason"], "until": row["presence_until"],
        "since": row["presence_since"],
    }  # fmt: skip


async def tell_presence(board: Switchboard, tenant_id: str, row: Row) -> None:
    """Tell panels and programs. Call it when what was saved is committed."""
    payload = {"operator_id": row["id"], "name": row["name"], "presence": presence_in(row)}
    changed = fact(tenant_id, f"operator:{row['id']}", FactKind.PRESENCE_CHANGED, board.clock(), payload, new_id())
    await board.journal.append(changed)
