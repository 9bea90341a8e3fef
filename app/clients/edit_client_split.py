"""One card on which two people stand becomes two. A merge takes it back."""

from typing import Final

from pydantic import Field
from sqlalchemy import CursorResult, select, update

from app.base import limits
from app.base.errors import NotAllowed, Unprocessable
from app.base.problems.clients import ClientFault, NotOnTheCard
from app.calls.merged_clients import ids_known_as
from app.clients.client import Address, ClientIn, Email, NumberIn
from app.clients.edit_client import add_client, change_client, read_numbers
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.plan.rows import Row
from app.web.schema import Id, Input, Name
from filters.clients import Standing
from models import Callback, CallerMemory, CallNote, CallRecord, ClientCard, ClientNote, Company, Matter

_AS_BEFORE: Final = ("category_id", "standing", "language", "responsible_operator_id", "tags", "keep_until")
"""What both are: everything that decides how their calls are received, and until when they are kept."""


class SplitIn(Input):
    """Who stands on the card too, and what of it is theirs."""

    name: Name = Field(examples=["Paul Martin"])
    numbers: list[str] = Field(
        [], max_length=limits.NUMBERS_OF_CLIENT, examples=[["+33639980044"]],
        description="Numbers of the card that are theirs, with the calls from them.",
    )  # fmt: skip
    shared_numbers: list[str] = Field(
        [], max_length=limits.NUMBERS_OF_CLIENT, description="Numbers of the card that both use from now on."
    )
    emails: list[Email] = Field([], max_length=limits.EMAILS_OF_CLIENT)
    addresses: list[Address] = Field([], max_length=limits.ADDRESSES_OF_CLIENT)
    notes: list[Id] = Field([], max_length=limits.LONGEST_PAGE, description="Ids of the notes that are about them.")


async def split_client(edit: Edit, client_id: str, form: SplitIn, *, may_judge: bool) -> Row:
    """Make a second card out of ``client_id``, and return its row. Both are received as the card was before: category,
    status, tags, language and responsible operator are copied. What else is on the card stays there, sales too.

    Raises :class:`Unprocessable`, :class:`NotFound`, and :class:`NotAllowed` when the card is a VIP's or blacklisted and a
    supervisor has to do it.
    """
    await take_turn(edit)
    card = await find_or_404(edit, ClientCard, client_id)
    if card.standing != Standing.ORDINARY and not may_judge:
        raise NotAllowed(ClientFault.SPLITTING_NEEDS_SUPERVISOR)
    if not (form.numbers or form.shared_numbers or form.emails or form.addresses or form.notes):
        raise Unprocessable(ClientFault.NOTHING_TO_SPLIT, field="numbers")
    before = {one.number: one.shared for one in card.numbers}
    own = await _numbers_of(edit, "numbers", form.numbers, before)
    both = await _numbers_of(edit, "shared_numbers", form.shared_numbers, before)
    if twice := set(own) & set(both):
        raise Unprocessable(NotOnTheCard(min(twice)), field="shared_numbers")
    for field, given in (("emails", form.emails), ("addresses", form.addresses)):
        if unknown := [one for one in given if one not in getattr(card, field)]:
            raise Unprocessable(NotOnTheCard(unknown[0][: limits.NAME]), field=field)
    as_before = {name: getattr(card, name) for name in _AS_BEFORE}
    stays = [
        NumberIn.model_construct(number=number, shared=shared or number in both)
        for number, shared in before.items()
        if number not in own
    ]
    changes: Row = {
        "numbers": stays, "emails": [one for one in card.emails if one not in form.emails],
        "addresses": [one for one in card.addresses if one not in form.addresses],
    }  # fmt: skip
    await change_client(edit, client_id, changes, edit.now, may_judge=may_judge, act="split")
    numbers: list[NumberIn | str] = [
        NumberIn.model_construct(number=one, shared=before[one] or one in both) for one in (*own, *both)
    ]
    second = ClientIn.model_construct(
        **(as_before | {"standing": Standing(as_before["standing"])}), name=form.name, numbers=numbers,
        emails=list(dict.fromkeys(form.emails)), addresses=list(dict.fromkeys(form.addresses)),
    )  # fmt: skip
    row = await add_client(edit, second, edit.now, may_judge=may_judge)
    await _move_notes(edit, client_id, row["id"], form.notes)
    if own:
        await _move_calls(edit, client_id, row["id"], own)
    return row


async def _numbers_of(edit: Edit, field: str, given: list[str], before: dict[str, bool]) -> list[str]:
    """In E.164. Raises :class:`Unprocessable` for one that is not on the card."""
    company = await edit.session.get_one(Company, edit.tenant_id)
    try:
        numbers = list(read_numbers(given, company.country))
    except Unprocessable as problem:
        raise Unprocessable(problem.cause, field=field) from problem
    if unknown := [one for one in numbers if one not in before]:
        raise Unprocessable(NotOnTheCard(unknown[0]), field=field)
    return numbers


async def _move_notes(edit: Edit, client_id: str, to: str, notes: list[str]) -> None:
    wanted = set(notes)
    moved = await edit.session.execute(
        update(ClientNote)
        .where(
            ClientNote.tenant_id == edit.tenant_id, ClientNote.id.in_(wanted), ClientNote.removed_at.is_(None),
            ClientNote.client_id.in_(ids_known_as(edit.tenant_id, client_id)),
        )
        .values(client_id=to)
    )  # fmt: skip
    if isinstance(moved, CursorResult) and moved.rowcount != len(wanted):
        raise Unprocessable(ClientFault.NOTE_NOT_FOUND, field="notes")


async def _move_calls(edit: Edit, client_id: str, to: str, numbers: list[str]) -> None:
    """The calls from these numbers, and what followed from them."""
    tenant_id = edit.tenant_id
    from_them = select(CallRecord.call_id).where(
        CallRecord.tenant_id == tenant_id, CallRecord.caller_number.in_(numbers)
    )

    moves = (
        (CallNote, CallNote.call_id.in_(from_them)), (Matter, Matter.call_id.in_(from_them)),
        (CallRecord, CallRecord.caller_number.in_(numbers)), (Callback, Callback.number.in_(numbers)),
        (CallerMemory, CallerMemory.number.in_(numbers)),
    )  # fmt: skip
    for model, theirs in moves:
        of_card = model.client_id.in_(ids_known_as(tenant_id, client_id))
        await edit.session.execute(
            update(model).where(model.tenant_id == tenant_id, of_card, theirs).values(client_id=to)
        )
