"""``/calls/{id}/note``: what was said in a call, its outcome, and when the caller is to be called."""

from fastapi import Response
from pydantic import Field

from app.auth.require import Board, Who
from app.auth.roles import Role
from app.base import limits
from app.callbacks.save_note import Noted, save_note
from app.calls.call_notes import MOST_SATISFIED, NotedOutcome
from app.web.resource import ItemId, resource
from app.web.schema import Input, Moment

router = resource("calls", "What came in, what was decided and why.", write=Role.OPERATOR)


class NoteIn(Input):
    """What is noted about a call. What is left out stays as it was."""

    text: str | None = Field(None, max_length=limits.TEXT, examples=["Wants 40 chairs"])
    outcome: NotedOutcome | None = None
    next_contact_at: Moment | None = Field(
        None,
        description="The caller is promised a call then, in the future: a call-back of yours that is due at that time.",
    )
    satisfaction: int | None = Field(
        None,
        ge=1,
        le=MOST_SATISFIED,
        description="How satisfied the caller was, 5 being the best; null takes it back. What the caller keyed in stays.",
    )


@router.post("/{item_id}/note", status_code=204)
async def note(board: Board, who: Who, item_id: ItemId, form: NoteIn) -> Response:
    """Note what was said, while the call lasts or after it; the outcome once it is over."""
    takes_back = "satisfaction" in form.model_fields_set and form.satisfaction is None
    satisfaction = 0 if takes_back else form.satisfaction
    await save_note(board, who, item_id, Noted(form.outcome, form.text, form.next_contact_at, satisfaction))
    return Response(status_code=204)
