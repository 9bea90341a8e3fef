"""``/calls/{id}/fields``: what a program shows on the card of a running call."""

from collections.abc import Iterable

from pydantic import Field

from app.auth.require import Board, Who
from app.auth.roles import Role
from app.base import limits
from app.calls.card_fields import CardField, fields_of, looked_up_about, put_fields
from app.calls.visible_call import visible_call
from app.web.resource import ItemId, resource
from app.web.schema import Input, Output

router = resource("calls", "What came in, what was decided and why.", write=Role.OPERATOR)


class CardFieldIn(Input):
    """One line of the card."""

    label: str = Field(min_length=1, max_length=limits.TAG, examples=["Open invoices"])
    value: str = Field(min_length=1, max_length=limits.NAME, examples=["2 (140 €)"])
    link: str = Field(
        "", max_length=limits.TEXT, examples=["https://crm.example.org/invoices?client=7"],
        description="Where the value leads: https or http, without a user. It opens in a page of its own.",
    )  # fmt: skip


class CardFieldsIn(Input):
    """All fields of a card; those that were there go."""

    fields: list[CardFieldIn] = Field(
        max_length=limits.CARD_FIELDS, description="None: they are taken away.",
        examples=[[{"label": "Open invoices", "value": "2 (140 €)"}]],
    )  # fmt: skip


class CardFieldOut(Output):
    """One line of the card."""

    label: str
    value: str
    link: str


class CardFieldsOut(Output):
    """What the card shows, without characters that cannot be seen."""

    fields: list[CardFieldOut] = Field(description="What was put there.")
    looked_up: list[CardFieldOut] = Field(
        description="What look-ups have answered about the caller. The card shows eight of both: first what was put there, "
        "which also wins over what was looked up under the same label."
    )


@router.get("/{item_id}/fields", name="list_card_fields")
async def read(board: Board, who: Who, item_id: ItemId) -> CardFieldsOut:
    """What programs show on the call's card."""
    async with board.sessions() as session:
        call = await visible_call(session, who, item_id)
        return _out(await fields_of(session, who.tenant_id, call.call_id), await looked_up_about(session, call))


@router.put("/{item_id}/fields", name="replace_card_fields")
async def put(board: Board, who: Who, item_id: ItemId, form: CardFieldsIn) -> CardFieldsOut:
    """Show up to eight fields on the card of a call that goes on, in every panel at once; they go with the card. 409 once
    the call is over."""
    given = [CardField(one.label, one.value, one.link) for one in form.fields]
    fields = await put_fields(board, who, item_id, given)
    async with board.sessions() as session:
        call = await visible_call(session, who, item_id)
        return _out(fields, await looked_up_about(session, call))


def _out(put: Iterable[CardField], looked_up: Iterable[CardField]) -> CardFieldsOut:
    return CardFieldsOut(fields=[field_out(one) for one in put], looked_up=[field_out(one) for one in looked_up])


def field_out(one: CardField) -> CardFieldOut:
    """As the API answers it."""
    return CardFieldOut(label=one.label, value=one.value, link=one.link)
