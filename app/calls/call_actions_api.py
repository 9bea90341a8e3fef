"""``/calls/{id}/…``: what an operator does with a running call."""

from fastapi import Response
from pydantic import Field

from app.auth.require import Board, Who
from app.auth.roles import Role
from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.calls import CallFault
from app.calls.move_call import When, ask_first, end_call, end_word, take_call, transfer_call
from app.web.resource import ItemId, resource
from app.web.schema import Input, Output
from models.base import new_id
from routing.move import Move, MoveTo

router = resource("calls", "What came in, what was decided and why.", write=Role.OPERATOR)


class Destination(Input):
    """One of these."""

    operator_id: str | None = Field(None, max_length=40, pattern=r"^[0-9a-z]+$")
    queue_id: str | None = Field(None, max_length=40, pattern=r"^[0-9a-z]+$")
    number: str | None = Field(
        None, max_length=limits.TYPED_NUMBER, description="An outside number of a country that the company calls."
    )

    def move(self) -> Move:
        """Raises :class:`Unprocessable`."""
        given = [
            Move(new_id(), kind, target)
            for kind, target in (
                (MoveTo.OPERATOR, self.operator_id), (MoveTo.QUEUE, self.queue_id), (MoveTo.NUMBER, self.number),
            )
            if target
        ]  # fmt: skip
        if len(given) != 1:
            raise Unprocessable(CallFault.ONE_DESTINATION, field="to")
        return given[0]


class Transfer(Input):
    """Where a call goes."""

    to: Destination
    word_first: bool = Field(
        False,
        description="You speak with them first, while the caller is on hold. Hang up, or `/transfer/complete`, and the two "
        "are connected; if they hang up, or by `/transfer/back`, you have the caller again.",
    )


class Sent(Output):
    """What becomes of it."""

    when: When = Field(
        description="`now`, or `soon` where the provider's REST API cannot be used: at the next tick of its queue, when the "
        "telephones have rung in vain, or when its talk is over."
    )


@router.post("/{item_id}/take")
async def take(board: Board, who: Who, item_id: ItemId) -> Sent:
    """Have a call ring at your own telephone: one that waits or rings elsewhere; as a supervisor, one that somebody has."""
    return Sent(when=await take_call(board, who, item_id))


@router.post("/{item_id}/transfer")
async def transfer(board: Board, who: Who, item_id: ItemId, form: Transfer) -> Sent:
    """Send a call to an operator, a queue or an outside number. If nobody takes it there it comes back to whoever had it."""
    move = form.to.move()
    if form.word_first:
        await ask_first(board, who, item_id, move)
        return Sent(when=When.NOW)
    return Sent(when=await transfer_call(board, who, item_id, move))


@router.post("/{item_id}/transfer/complete", status_code=204)
async def complete(board: Board, who: Who, item_id: ItemId) -> Response:
    """Leave the caller and whom you asked first to each other."""
    await end_word(board, who, item_id, join=True)
    return Response(status_code=204)


@router.post("/{item_id}/transfer/back", status_code=204)
async def back(board: Board, who: Who, item_id: ItemId) -> Response:
    """Go back to the caller, without whom you asked first."""
    await end_word(board, who, item_id, join=False)
    return Response(status_code=204)


@router.post("/{item_id}/hang-up")
async def hang_up(board: Board, who: Who, item_id: ItemId) -> Sent:
    """End a call that you are in; any call as a supervisor."""
    return Sent(when=await end_call(board, who, item_id))
