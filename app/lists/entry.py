"""The one description of an entry of the VIP list or the blacklist. The API, pages, pasted lines, edits and imports share
it; a new field is added here, to the table and, if calls are decided by it, to :class:`filters.list_entry.ListEntry`."""

from datetime import datetime
from typing import Final

from pydantic import Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError

from app.base import limits
from app.web.schema import CountryCode, Input, LineReference, Moment, Stored, validated
from filters.entries import Treatment
from filters.pattern import PatternKind
from filters.vip_pin import LONGEST, SHORTEST
from models.list_name import ListName


class EntryIn(Input):
    """An entry as typed. ``lines`` are line ids or numbers; national forms are read with ``country``, else with the country
    of the first of the lines, else with the company's."""

    number: str = Field(
        max_length=limits.TYPED_NUMBER, examples=["+33639980001"],
        description="A number in any form, a prefix such as `+33899`, the first number of a range, or a country's ISO code.",
    )  # fmt: skip
    match: PatternKind = Field(PatternKind.EXACT, description="What `number` is. The most specific match wins.")
    to: str | None = Field(
        None, max_length=limits.TYPED_NUMBER, description="The last number of a range.", examples=[None]
    )
    label: str = Field("", max_length=limits.NAME, description="Who this is, for people.", examples=["Vera"])
    reason: str = Field("", max_length=limits.TEXT, description="Why the entry is there.")
    expires_at: Moment | None = Field(None, description="When the entry ends; null: never.", examples=[None])
    lines: list[LineReference] = Field([], max_length=limits.LINES, description="Only on these lines; empty: on all.")
    country: CountryCode | None = Field(
        None, description="Reads national forms; else the country of the first of `lines`, else the company's."
    )
    review_at: Moment | None = Field(
        None,
        description="When somebody ought to look at the entry again; null: never. It ends nothing.",
        examples=[None],
    )
    owner: str | None = Field(
        None, max_length=limits.EMAIL, description="Who answers for it: the e-mail address of a user.", examples=[None]
    )
    evidence_call_id: str | None = Field(
        None, max_length=limits.ROW_ID, description="The call that led to it, as `/calls` has it.", examples=[None]
    )


class VipIn(EntryIn):
    """A VIP entry."""

    pin: SecretStr | None = Field(
        None, min_length=SHORTEST, max_length=LONGEST, json_schema_extra={"pattern": "^[0-9]*$"}, examples=[None],
        description="Digits by which the caller is known when the network doubts the number; null: none. Write only.",
    )  # fmt: skip


class BlacklistIn(EntryIn):
    """A blacklist entry."""

    label: str = Field("", max_length=limits.NAME, description="Who this is, for people.", examples=["Boris"])
    reason: str = Field("", max_length=limits.TEXT, description="Why.", examples=["Threatened an operator on 3 March"])
    treatment: Treatment | None = Field(
        None,
        description="What the caller gets; null: what the company has chosen. `allow` is an exception inside a broader "
        "entry: received like everybody else.",
        examples=["fake_queue"],
    )


class EntryOut(Stored):
    """An entry as it is stored."""

    number: str = Field(description="E.164, or an ISO country code.", examples=["+33639980001"])
    match: PatternKind
    to: str | None
    label: str
    reason: str
    expires_at: datetime | None
    lines: list[str] = Field(description="Ids of lines.")
    created_by: str = Field(examples=["user:adam@example.org"])
    review_at: datetime | None
    owner: str | None
    evidence_call_id: str | None
    warnings: list[str] = Field([], description="After a change: what the entry covers by the way.")


class VipOut(EntryOut):
    """A VIP entry as it is stored; of its PIN only whether there is one."""

    has_pin: bool
    pin_locked_until: datetime | None = Field(
        None, description="Until when nobody is asked for the PIN, because it was wrong too often; null: they are.",
        examples=[None],
    )  # fmt: skip


class BlacklistOut(EntryOut):
    """A blacklist entry as it is stored."""

    treatment: Treatment | None


class JudgementIn(Input):
    """What to note. Everything may be left out: the call tells who and from where."""

    label: str | None = Field(
        None,
        max_length=limits.NAME,
        examples=["Boris"],
        description="Who this is; else the client's or the caller's name.",
    )
    reason: str | None = Field(
        None, max_length=limits.TEXT, examples=["Rude"], description="Why; else which call it was."
    )
    expires_at: Moment | None = Field(None, description="When the entry ends; null: never.")
    lines: list[LineReference] = Field([], max_length=limits.LINES, description="Only on these lines; empty: on all.")


class BlockIn(JudgementIn):
    """What to note about a caller to be blocked."""

    treatment: Treatment | None = Field(None, description="What the caller gets; null: what the company has chosen.")

    @field_validator("treatment")
    @classmethod
    def blocks(cls, treatment: Treatment | None) -> Treatment | None:
        """To let a caller through is another act."""
        if treatment is Treatment.ALLOW:
            raise PydanticCustomError("allow_blocks_nobody", "“allow” blocks nobody.")
        return treatment


FORMS: Final[dict[ListName, type[EntryIn]]] = {ListName.VIP: VipIn, ListName.BLACKLIST: BlacklistIn}
PATTERN_FIELDS: Final = frozenset({"number", "match", "to", "lines", "country"})
"""What an entry names and where; the other fields are stored as they were typed."""


def entry_form(name: ListName, **fields: object) -> EntryIn:
    """The entry of the list ``name`` that a page or a command has gathered; what its list does not have is left out. Raises
    :class:`Unprocessable` naming the field, by the same limits as the API's."""
    form = FORMS[name]
    return validated(form, {key: value for key, value in fields.items() if key in form.model_fields})
