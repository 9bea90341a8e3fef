"""``/calls/{id}/note``: what was said in a call, and its outcome."""

from fastapi import Response
from pydantic import Field

from app.auth.require import Board, Who
from app.auth.roles import Role
from app.base import limits
from app.callbacks.save_note import save_note
from app.calls.call_notes import NotedOutcome
from app.web.resource import ItemId, resource
from app.web.schema import Input

router = resource("calls", "What came in, what was decided and why.", write=Role.OPERATOR)


class NoteIn(Input):
    """What is noted about a call."""

    text: str = Field("", max_length=limits.TEXT, examples=["Wants 40 chairs"])
    outcome: NotedOutcome | None = None


@router.post("/{item_id}/note", status_code=204)
async def note(board: Board, who: Who, item_id: ItemId, form: NoteIn) -> Response:
    """Note what was said, while the call lasts or after it; the outcome once it is over."""
    await save_note(board, who, item_id, form.outcome, form.text)
    return Response(status_code=204)
