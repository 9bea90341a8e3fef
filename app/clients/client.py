"""The one description of a client's card, which the API, the pages and the edits share. A new field is added here, to the
table, to the form, and to what merging calls it."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, Field

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.clients import ClientFault
from app.clients.own_fields import Value
from app.sales.client_segments import SegmentsOut
from app.web.schema import Day, Id, Input, Name, Stored, validated
from filters.clients import Standing

_FIELDS: list[dict[str, Value]] = [{"Contract": "A-17", "Discount": 5}]
Email = Annotated[str, Field(max_length=limits.EMAIL)]
Address = Annotated[str, Field(max_length=limits.ADDRESS)]
Tag = Annotated[str, Field(max_length=limits.TAG)]


class ClientKind(StrEnum):
    """Whether a card is of somebody, or of a company and whoever calls for it."""

    PERSON = "person"
    COMPANY = "company"


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
    kind: ClientKind = Field(ClientKind.PERSON, description="Whether the card is of somebody or of a company.")
    emails: list[Email] = Field([], max_length=limits.EMAILS_OF_CLIENT, examples=[["clara@example.org"]])
    addresses: list[Address] = Field(
        [], max_length=limits.ADDRESSES_OF_CLIENT, description="Postal addresses, each in as many lines as it has."
    )
    card_number: str = Field("", max_length=limits.CARD_NUMBER, description="Of a loyalty card.", examples=["4410-22"])
    responsible_operator_id: Id | None = Field(
        None, description="Who looks after this client; rung first where the category says so."
    )
    tags: list[Tag] = Field(
        [], max_length=limits.TAGS_OF_CLIENT, examples=[["newsletter", "fair 2026"]],
        description="Words by which clients are found, and by which `/rules` may mean them. Without commas and semicolons.",
    )  # fmt: skip
    fields: dict[str, Value | None] = Field(
        {}, max_length=limits.OWN_FIELDS, examples=_FIELDS,
        description="The company's own fields (`/client-fields`) by name or id. A change leaves those that it does not "
        "name; null empties one.",
    )  # fmt: skip
    consent: str = Field("", max_length=limits.TEXT, description="What was agreed about keeping this.")
    consented_at: Day | None = Field(None, description="When that was agreed.")
    keep_until: Day | None = Field(None, description="The last day for which it was; null: no end was agreed.")
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
    kind: ClientKind = ClientKind.PERSON
    emails: list[str] = Field([])
    addresses: list[str] = Field([])
    card_number: str = ""
    responsible_operator_id: str | None = None
    tags: list[str] = Field([])
    fields: dict[str, Value] = Field({}, description="The company's own fields that are filled in, by name.")
    consent: str = ""
    consented_at: date | None = None
    keep_until: date | None = None
    numbers: list[NumberOut]
    segments: SegmentsOut = Field(description="What their sales say.")
    updated_at: datetime
    next_contact_at: datetime | None = Field(None, description="When they were promised a call.")
    satisfaction: int | None = Field(None, description="The mark, 1 to 5, of the last call that has one.")


class ClientPatch(ClientIn):
    """Changes of a client."""

    name: Name = Field("-", examples=["Clara Martin"])


Card = TypeVar("Card", bound=ClientIn)

FIELDS: Final = tuple(name for name in ClientIn.model_fields if name not in {"category", "numbers"})
"""What a card says besides its numbers: columns of :class:`models.ClientCard`."""
LISTS: Final = ("emails", "addresses", "tags")
"""Those of which a card has several; ``fields`` are the company's own."""
PLAIN: Final = tuple(name for name in FIELDS if name not in {*LISTS, "fields"})
"""Those that are one value."""


def checked_card(form: type[Card], fields: Mapping[str, object]) -> Card:
    """What a page has gathered, as ``form``. Raises :class:`Unprocessable` naming the field."""
    if not str(fields.get("name", "-")).strip():
        raise Unprocessable(ClientFault.NAME_MISSING, field="name")
    return validated(form, fields)
