"""Register clients and change their cards. A standing is judged like an entry of its list."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.base import limits
from app.base.errors import ChangedMeanwhile, NotAllowed, Unprocessable
from app.base.problems.clients import ClientFault, NumberTwice, TooManyNumbers
from app.base.problems.numbers import NumberNotRead
from app.base.text import refuse_unstorable
from app.clients.client import FIELDS, LISTS, ClientIn, ClientKind, ClientPatch, NumberIn, checked_card
from app.clients.own_fields import Value, read_values, stored_fields
from app.clients.several_values import read_several
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.edits.place import check_language
from app.lists.conflicts import refuse_opposite_numbers, refuse_opposite_standing, refuse_protected
from app.plan.rows import Row, as_row
from filters.clients import Standing
from filters.number import NumberUnreadable, read_number
from models import CategoryRule, ClientCard, ClientNumber, Company, OperatorRecord
from models.list_name import list_of


async def add_client(edit: Edit, form: ClientIn, now: datetime, *, may_judge: bool) -> Row:
    """Register a client. ``may_judge``: whether this person may decide who is a VIP or blacklisted.

    Raises :class:`Unprocessable`, :class:`NotAllowed`, or a :class:`Conflict` when the
    standing contradicts a list entry or another client's standing.
    """
    await take_turn(edit)
    return await _save(edit, form, now, None, may_judge)


async def change_client(
    edit: Edit, client_id: str, changes: Mapping[str, object], now: datetime, *,
    may_judge: bool, as_of: datetime | None = None, act: str = "change", is_whole: bool = False,
) -> Row:  # fmt: skip
    """Give the fields of :class:`app.clients.client.ClientIn` in ``changes`` new values; ``as_of`` is the ``updated_at`` of
    the card that was seen, ``act`` what the audit trail calls it. Of the company's own fields those that are not named stay
    as they are, unless ``changes`` are the whole card.

    Raises as :func:`add_client`, :class:`NotFound`, and :class:`ChangedMeanwhile` when the card is not the one
    that was seen.
    """
    await take_turn(edit)
    card = await find_or_404(edit, ClientCard, client_id)
    if as_of is not None and card.updated_at != as_of:
        raise ChangedMeanwhile(ClientFault.CHANGED_MEANWHILE)
    as_it_is = _as_it_is(card)
    # What stays as it is may be longer than could be written today.
    changed = {name: value for name, value in changes.items() if value != getattr(as_it_is, name)}
    checked = checked_card(ClientPatch, changed)
    update = {name: getattr(checked, name) for name in changed}
    if changes.get("category") is not None or ("category" in changes and "category_id" not in changes):
        update["category_id"] = changes.get("category_id")
    if is_whole and "fields" in update:
        update["fields"] = dict.fromkeys(as_it_is.fields) | update["fields"]
    return await _save(edit, as_it_is.model_copy(update=update), now, card, may_judge, act)


async def save_caller_form(
    edit: Edit, caller_number: str, name: str, category_id: str | None, about: str, client_id: str | None = None, *,
    is_shared: bool = False,
) -> Row:  # fmt: skip
    """What an operator noted about a caller: a new client with the number (E.164), or the client of ``client_id``, who
    gets the number if it is not theirs yet.

    A number that is added to a VIP or a blacklisted client this way is marked as shared, so that the standing does not
    spread to it before a supervisor has looked. One that others use too (``is_shared``) is marked so for all of them, but
    for those whose standing counts for it: that is a supervisor's affair. Raises as :func:`add_client`.
    """
    await take_turn(edit)
    if is_shared:
        await _mark_as_shared(edit, caller_number)
    name = name.replace("\0", "").strip()[: limits.NAME]
    about = about.replace("\0", "").strip()[: limits.TEXT]
    if client_id is None:
        new = ClientIn.model_construct(name=name, category_id=category_id, about=about)
        return await _write(edit, new, {caller_number: is_shared}, None)
    card = await find_or_404(edit, ClientCard, client_id)
    numbers = {one.number: one.shared for one in card.numbers}
    numbers.setdefault(caller_number, is_shared or card.standing != Standing.ORDINARY)
    noted = {"name": name, "category_id": category_id, "about": about}
    form = _as_it_is(card).model_copy(update={key: value for key, value in noted.items() if value})
    return await _write(edit, form, numbers, card)


async def _mark_as_shared(edit: Edit, number: str) -> None:
    owners = (
        select(ClientCard.id)
        .join(ClientNumber, (ClientNumber.tenant_id == ClientCard.tenant_id) & (ClientNumber.client_id == ClientCard.id))
        .where(
            ClientNumber.tenant_id == edit.tenant_id, ClientNumber.number == number, ClientNumber.shared.is_(False),
            ClientCard.standing == Standing.ORDINARY.value,
        )
    )  # fmt: skip
    for client_id in (await edit.session.scalars(owners)).all():
        card = await find_or_404(edit, ClientCard, client_id)
        numbers = {one.number: one.shared or one.number == number for one in card.numbers}
        await _write(edit, _as_it_is(card), numbers, card)


def _as_it_is(card: ClientCard) -> ClientIn:
    numbers = [NumberIn.model_construct(number=one.number, shared=one.shared) for one in card.numbers]
    values: Row = {name: getattr(card, name) for name in FIELDS}
    enums = {"standing": Standing(card.standing), "kind": ClientKind(card.kind)}
    return ClientIn.model_construct(**(values | enums | {"numbers": numbers}))


async def _save(
    edit: Edit, form: ClientIn, now: datetime, card: ClientCard | None, may_judge: bool, act: str = "change"
) -> Row:
    company = await edit.session.get_one(Company, edit.tenant_id)
    numbers = read_numbers(form.numbers, company.country)
    _refuse_judging(form, numbers, card, may_judge)
    await refuse_contradictions(edit, form.standing, numbers, company, now, card.id if card else None)
    return await _write(edit, form, numbers, card, act)


async def _write(
    edit: Edit, form: ClientIn, numbers: dict[str, bool], card: ClientCard | None, act: str = "change"
) -> Row:
    if not form.name.strip():
        raise Unprocessable(ClientFault.NAME_MISSING, field="name")
    check_language(form.language)
    typed = {name: getattr(form, name) for name in FIELDS}
    fields: Row = {name: value.strip() if isinstance(value, str) else value for name, value in typed.items()}
    fields["category_id"] = await _category_id(edit, form)
    for name in LISTS:
        as_it_was = getattr(card, name) if card is not None else []
        fields[name] = as_it_was if fields[name] == as_it_was else read_several(name, fields[name])
    fields["fields"] = await _own_fields(edit, form, card)
    if form.responsible_operator_id != (card.responsible_operator_id if card is not None else None):
        await _refuse_unknown_operator(edit, form.responsible_operator_id)
    for name, value in fields.items():
        refuse_unstorable(value, name)
    if card is None:
        card = ClientCard(tenant_id=edit.tenant_id, numbers=[], **fields)
        put_numbers(card, numbers)
        return await edit.record_added(card)
    before = as_row(card)
    for name, value in fields.items():
        setattr(card, name, value)
    put_numbers(card, numbers)
    card.updated_at = func.now()  # also when nothing but the numbers changes
    return await edit.record_changed(card, before, act)


def read_numbers(forms: Sequence[NumberIn | str], country: str) -> dict[str, bool]:
    """E.164 numbers and whether they are shared, in their order. Raises :class:`Unprocessable`."""
    if len(forms) > limits.NUMBERS_OF_CLIENT:
        raise Unprocessable(TooManyNumbers(limits.NUMBERS_OF_CLIENT), field="numbers")
    numbers: dict[str, bool] = {}
    for position, form in enumerate(forms):
        at = f"numbers.{position}.number"
        text, shared = (form, False) if isinstance(form, str) else (form.number, form.shared)
        try:
            number = read_number(text, country)
        except NumberUnreadable as error:
            raise Unprocessable(NumberNotRead.of(error), field=at) from error
        if number in numbers:
            raise Unprocessable(NumberTwice(number), field=at)
        numbers[number] = shared
    return numbers


def _refuse_judging(form: ClientIn, numbers: dict[str, bool], card: ClientCard | None, may_judge: bool) -> None:
    if may_judge:
        return
    if form.standing != (card.standing if card else Standing.ORDINARY):
        raise NotAllowed(ClientFault.STANDING_NEEDS_SUPERVISOR)
    own_before = {one.number: one.shared for one in card.numbers} if card else {}
    if card is not None and card.standing != Standing.ORDINARY and numbers != own_before:
        raise NotAllowed(ClientFault.NUMBERS_NEED_SUPERVISOR)


async def refuse_contradictions(
    edit: Edit, standing: Standing, numbers: dict[str, bool], company: Company, now: datetime, client_id: str | None
) -> None:
    """Raises :class:`Conflict` when a client of this ``standing`` cannot have ``numbers`` to themselves."""
    name = list_of(standing)
    own = [number for number, shared in numbers.items() if not shared]
    if name is None or not own:
        return
    if standing is Standing.BLACKLISTED:
        await refuse_protected(edit, company, own, "numbers")
    await refuse_opposite_numbers(edit, name, own, "numbers", now)
    await refuse_opposite_standing(edit, name, own, "numbers", client_id)


async def _category_id(edit: Edit, form: ClientIn) -> str | None:
    if form.category is None:
        return form.category_id
    refuse_unstorable(form.category, "category")
    category_id = await edit.session.scalar(
        select(CategoryRule.id).where(CategoryRule.tenant_id == edit.tenant_id, CategoryRule.name == form.category)
    )
    if category_id is None:
        raise Unprocessable(ClientFault.UNKNOWN_CATEGORY, field="category")
    if form.category_id not in (None, category_id):
        raise Unprocessable(ClientFault.TWO_CATEGORIES, field="category")
    return category_id


async def _own_fields(edit: Edit, form: ClientIn, card: ClientCard | None) -> dict[str, Value]:
    """The values of the company's own fields that the card will have, by id: those it has, and over them the form's."""
    before: dict[str, Value] = card.fields if card is not None else {}
    if form.fields == before:
        return before
    given = read_values(form.fields, await stored_fields(edit.session, edit.tenant_id))
    return {name: value for name, value in (before | given).items() if value is not None}


async def _refuse_unknown_operator(edit: Edit, operator_id: str | None) -> None:
    there = select(OperatorRecord.id).where(
        OperatorRecord.tenant_id == edit.tenant_id, OperatorRecord.id == operator_id
    )
    if operator_id is not None and await edit.session.scalar(there) is None:
        raise Unprocessable(ClientFault.UNKNOWN_OPERATOR, field="responsible_operator_id")


def put_numbers(card: ClientCard, numbers: dict[str, bool]) -> None:
    """Give ``card`` these numbers (E.164, and whether they are shared), in their order."""
    # Rows of numbers that stay are kept: the same primary key must not be deleted and inserted in one go.
    kept = {one.number: one for one in card.numbers}
    card.numbers = [
        kept.get(number) or ClientNumber(tenant_id=card.tenant_id, number=number, shared=shared, position=position)
        for position, (number, shared) in enumerate(numbers.items())
    ]
    for position, one in enumerate(card.numbers):
        one.position, one.shared = position, numbers[one.number]
