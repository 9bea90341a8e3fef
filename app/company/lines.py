"""``/lines``: the numbers that people call (DIDs)."""

from datetime import datetime
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from app.base import limits
from app.base.errors import NameTaken, Unprocessable
from app.base.problems.company import CompanyFault, LineExists, LineRingsOperator
from app.base.problems.numbers import NumberNotRead
from app.edits.edit import Edit
from app.edits.place import check_place
from app.edits.texts_kept import texts_apart
from app.plan.rows import Row
from app.web.resource import Resource
from app.web.schema import CountryCode, Id, Input, Language, Name, Spoken, out_of
from filters.number import NumberUnreadable, read_number
from models import Company, LineRecord, OperatorRecord, ProviderAccount
from routing.plan import ClosedTreatment


class LineIn(Input):
    """A line."""

    number: str = Field(
        max_length=limits.LINE_NUMBER, description="In any form dialled in `country`.", examples=["+33199001000"]
    )
    label: Name = Field(examples=["Main line"])
    country: CountryCode | None = Field(None, description="The company's when left out.")
    time_zone: str = Field(
        "", max_length=limits.TIME_ZONE, description="IANA; the company's when left out.", examples=["Europe/Paris"]
    )
    language: str = Field(
        "", max_length=2, description="en, es, fr or ru; the company's when left out.", examples=["fr"]
    )
    greeting: Spoken = Field("", description="Said before the menu or the queue.")
    provider: str = Field(
        "", max_length=limits.NAME, examples=["twilio"],
        description="Who carries it, one of the company's `/accounts`; the oldest account's when left out.",
    )  # fmt: skip
    closed_text: Spoken = Field("", description="Said outside the opening hours; empty: the standard sentence.")
    closed_treatment: ClosedTreatment = Field(
        ClosedTreatment.MESSAGE, description="What follows `closed_text`: nothing, or callers may leave a message.",
        examples=["voicemail"],
    )  # fmt: skip
    greetings: dict[Language, Spoken] = Field({}, description="`greeting` in other languages than the line's.")
    closed_texts: dict[Language, Spoken] = Field({}, description="`closed_text` in other languages than the line's.")
    hours_id: Id | None = Field(None, description="Opening hours; null: always open.")
    menu_id: Id | None = Field(None, description="The menu that callers meet first.")
    queue_id: Id | None = Field(None, description="Where callers wait; null: in the company's first queue.")
    rate_per_minute: float | None = Field(
        None,
        ge=0,
        le=100,
        examples=[0.0085],
        description="What the provider bills for an answered minute, in the company's currency; null: the company's rate.",
    )
    billing_increment_seconds: int | None = Field(
        None, ge=1, le=3600, examples=[60],
        description="Seconds by which the provider counts, each begun one whole; null: the company's.",
    )  # fmt: skip


class LineOut(out_of(LineIn)):  # type: ignore[misc]  # a schema made of a schema
    """A line as stored."""

    by_hand: Literal["open", "closed"] | None = Field(
        description="What was last said by PUT to `by-hand`; it may be over."
    )
    by_hand_until: datetime | None


class Lines(Resource[LineRecord]):
    """A number is one line of one company, and nobody's who takes calls. A line to which list entries are limited is not
    deleted: without it they would apply to no line, and without their limit to every one."""

    async def check(self, edit: Edit, fields: Row, record: LineRecord | None) -> None:
        """Country, time zone and language are the company's where none is given. Raises :class:`Unprocessable` and
        :class:`NameTaken`."""
        company = await edit.session.get_one(Company, edit.tenant_id)
        for name in ("country", "time_zone", "language"):
            if (record is None or name in fields) and not fields.get(name):
                fields[name] = getattr(company, name)
        check_place(fields)
        if record is not None and fields.get("language", record.language) != record.language:
            _keep_language_of_texts(fields, record)
        if record is None or "provider" in fields:
            fields["provider"] = await _provider(edit, fields.get("provider", ""))
        if "number" in fields:
            country = fields.get("country") or (record.country if record else company.country)
            fields["number"] = await _number(edit, fields["number"], country, record.id if record else None)


LINES = Lines(
    LineRecord, LineIn, "line", out=LineOut, finds=[LineRecord.label], finds_number=LineRecord.number, numbers=True,
    about="The numbers that people call.", lists="The lines.", reads="One line.",
    adds="Add a line. At the provider its webhooks have to point here.",
    deletes="Delete a line. Calls to its number are then told that it is not in use.",
)  # fmt: skip


def _keep_language_of_texts(fields: Row, line: LineRecord) -> None:
    """What is not written anew stays a text of the language that it was written in."""
    for one, several in (("greeting", "greetings"), ("closed_text", "closed_texts")):
        if one not in fields:
            others = fields.get(several, getattr(line, several))
            fields[one], fields[several] = texts_apart(getattr(line, one), others, line.language, fields["language"])


async def _provider(edit: Edit, wanted: str) -> str:
    names = await edit.session.scalars(
        select(ProviderAccount.provider)
        .where(ProviderAccount.tenant_id == edit.tenant_id)
        .order_by(ProviderAccount.created_at, ProviderAccount.id)
    )
    there = [*names]
    if wanted and wanted not in there:
        raise Unprocessable(CompanyFault.LINE_WITHOUT_ACCOUNT, field="provider")
    return wanted or next(iter(there), "twilio")


async def _number(edit: Edit, text: str, country: str, line_id: str | None) -> str:
    try:
        number = read_number(text, country)
    except NumberUnreadable as error:
        raise Unprocessable(NumberNotRead.of(error), field="number") from error
    taken = select(LineRecord.id).where(
        LineRecord.tenant_id == edit.tenant_id, LineRecord.number == number, LineRecord.id != (line_id or "")
    )
    if await edit.session.scalar(taken):
        raise NameTaken(LineExists(number), field="number")
    operator = await edit.session.scalar(
        select(OperatorRecord.name).where(OperatorRecord.tenant_id == edit.tenant_id, OperatorRecord.address == number)
    )
    if operator is not None:
        raise Unprocessable(LineRingsOperator(number, operator), field="number")
    return number
