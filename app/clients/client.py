"""The one description of a client's card, which the API, the pages and the edits share. A new field is added here, to the
table, to the form, and to what merging calls it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeVar

from pydantic import BaseModel, Field

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.clients import ClientFault
from app.web.schema import Id, Input, Name, Stored, validated
from filters.clients import Standing


class NumberIn(Input):
    """A client's number."""

    number: str = Field(
        max_length=limits.TYPED_NUMBER,
        description="In any form dialled in the company's country.",
        examples=["06 39 98 00 04"],
    )
    shared: bool = Field(False, description="Others use it too (switchboard, family): no standing spreads to it.")


class ClientIn(Input):
    """A client."""

    name: Name = Field(examples=["Clara Martin"])
    company: str = Field("", max_length=limits.NAME, examples=["Ateliers Martin"])
    category_id: Id | None = Field(None, description="Or give `category`, by name.")
    category: str | None = Field(
        None, max_length=limits.NAME, description="The category's name.", examples=["Regulars"]
    )
    standing: Standing = Field(
        Standing.ORDINARY, description="Covers every number that is theirs alone. For supervisors."
    )
    language: str | None = Field(None, max_length=2, description="ISO 639-1; null: the line's.", examples=["fr"])
    about: str = Field("", max_length=limits.TEXT, examples=["Asked about the delivery on Friday"])
    pinned_note: str = Field(
        "", max_length=limits.PINNED_NOTE, description="Read while the phone rings.", examples=["Call back before noon"]
    )
    numbers: list[NumberIn | str] = Field(
        [], max_length=limits.NUMBERS_OF_CLIENT, description="Objects, or plain numbers."
    )


class NumberOut(BaseModel):
    """A client's number, in E.164."""

    number: str = Field(examples=["+33639980004"])
    shared: bool


class ClientOut(Stored):
    """A client as stored."""

    name: str
    company: str
    category_id: str | None
    category: str | None = Field(description="The category's name.")
    standing: Standing
    language: str | None
    about: str
    pinned_note: str
    numbers: list[NumberOut]
    updated_at: datetime


class ClientPatch(ClientIn):
    """Changes of a client."""

    name: Name = Field("-", examples=["Clara Martin"])


Card = TypeVar("Card", bound=ClientIn)

FIELDS: Final = tuple(name for name in ClientIn.model_fields if name not in {"category", "numbers"})
"""What a card says besides its numbers: columns of :class:`models.ClientCard`."""


def checked_card(form: type[Card], fields: Mapping[str, object]) -> Card:
    """What a page has gathered, as ``form``. Raises :class:`Unprocessable` naming the field."""
    if not str(fields.get("name", "-")).strip():
        raise Unprocessable(ClientFault.NAME_MISSING, field="name")
    return validated(form, fields)
