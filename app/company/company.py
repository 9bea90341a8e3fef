"""``/company``: its name and place, what it does with unwanted and hidden callers, and whom nobody can block."""

from collections.abc import Collection
from datetime import datetime

import phonenumbers
from fastapi import Response
from pydantic import BaseModel, Field, field_validator
from pydantic_core import PydanticCustomError

from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.auth.second_factor_rule import SecondFactorRule, is_stricter
from app.base import limits
from app.base.currency import companys_currency
from app.base.errors import Unprocessable
from app.base.problems.company import CompanyFault
from app.base.problems.numbers import NumberNotRead
from app.base.text import refuse_unstorable
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import take_turn
from app.edits.place import check_place
from app.edits.texts_kept import keep_language_of_texts
from app.plan.rows import Row, as_row
from app.web.resource import resource
from app.web.schema import CountryCode, Input, Name
from filters.entries import Treatment
from filters.number import NumberUnreadable, read_number
from filters.vip import VipPolicy
from models import Company
from routing.fake_queue import RUNGS
from routing.plan import HiddenTreatment

router = resource(
    "company", "Its name and place, what it does with unwanted and hidden callers, and whom nobody can block."
)


class TreatmentsPatch(Input):
    """The choices that are to change."""

    blacklist: Treatment = Field(Treatment.FAKE_QUEUE, description="For entries without a treatment of their own.")
    fake_queue_cap_seconds: int = Field(1800, ge=30, le=14_400, description="Then the fake queue lets a call go.")
    fake_queue_at_once: int = Field(20, ge=0, le=1000, description="Calls that it holds; more get the ladder's next.")
    fake_queue_number_minutes: int | None = Field(
        None, ge=0, le=limits.MINUTES_A_MONTH, description="Minutes a month for one caller's number; null: no limit."
    )
    fake_queue_line_minutes: int | None = Field(
        None, ge=0, le=limits.MINUTES_A_MONTH, description="Minutes a month on one line; null: no limit."
    )
    fake_queue_month_minutes: int | None = Field(
        6000, ge=0, le=limits.MINUTES_A_MONTH, description="Minutes a month in all; null: no limit."
    )
    ladder: list[Treatment] = Field(
        [Treatment.FAKE_QUEUE, Treatment.BUSY],
        min_length=1,
        max_length=limits.RUNGS,
        examples=[["fake_queue", "ring_out", "reject"]],
        description="The fake queue, and what callers get once it has reached a limit, in this order: `ring_out`, `busy`, "
        "`reject`, `not_in_service`. When a limit of the month is reached, what answers the call is passed over.",
    )
    rate_per_minute: float | None = Field(
        None,
        ge=0,
        le=100,
        examples=[0.0085],
        description="What the provider bills for an answered minute, in `currency`; null: not entered, so no cost is shown.",
    )
    billing_increment_seconds: int = Field(
        60, ge=1, le=3600, description="Seconds by which the provider counts, each begun one whole."
    )
    currency: str = Field(
        "", max_length=3, pattern=limits.CURRENCY_PATTERN, examples=["EUR"],
        description="ISO 4217; empty: that of the company's country.",
    )  # fmt: skip
    longest_wait_seconds: int = Field(
        1800, ge=60, le=14_400, description="Then whoever waits for an operator is told that nobody could answer."
    )
    voicemail_days: int = Field(30, ge=1, le=3650, description="Then messages that callers have left are deleted.")
    withheld: HiddenTreatment = Field(HiddenTreatment.ORDINARY, description="Callers who withhold their number.")
    unavailable: HiddenTreatment = Field(HiddenTreatment.ORDINARY, description="Callers whose number is not told.")
    vip_policy: VipPolicy = Field(VipPolicy.UNLESS_DOUBTFUL, description="How well a VIP's number must be vouched for.")

    @field_validator("blacklist")
    @classmethod
    def blocks(cls, treatment: Treatment) -> Treatment:
        """An exception is for single entries."""
        if treatment is Treatment.ALLOW:
            raise PydanticCustomError("allow_is_an_exception", "“allow” is for entries.")
        return treatment

    @field_validator("ladder")
    @classmethod
    def leads_down(cls, ladder: list[Treatment]) -> list[Treatment]:
        """Nobody comes nearer to a person by it."""
        if ladder[0] is not Treatment.FAKE_QUEUE:
            raise PydanticCustomError("ladder_begins", "A ladder begins with “fake_queue”.")
        if not set(ladder[1:]) <= RUNGS:
            raise PydanticCustomError("ladder_of", "This treatment has no place in a ladder.")
        if len(set(ladder)) < len(ladder):
            raise PydanticCustomError("ladder_twice", "Each treatment stands in the ladder once.")
        return ladder


class CompanyPatch(Input):
    """Changes of the company."""

    name: Name = Field("-", examples=["Maison Vera"])
    country: CountryCode = Field("", description="National forms of numbers are read with it.")
    time_zone: str = Field("", max_length=limits.TIME_ZONE, examples=["Europe/Paris"])
    language: str = Field("", max_length=2, examples=["fr"])
    treatments: TreatmentsPatch = Field(TreatmentsPatch(), description="What is left out stays.")
    second_factor: SecondFactorRule = Field(
        SecondFactorRule.OPTIONAL, description="Who has to sign in with a code besides the password: nobody, admins or "
        "everybody. Whoever has none yet can put it off for seven days. Needs the scope `keys`.",
    )  # fmt: skip
    countries: list[CountryCode] = Field(
        [], max_length=limits.COUNTRIES, examples=[["DE"]],
        description="Countries, besides those of the lines, whose numbers may be rung; replaces them all. Needs the scope "
        "`keys`: whoever can choose them can spend the company's money abroad.",
    )  # fmt: skip
    protected: list[str] = Field(
        [], max_length=limits.PROTECTED, description="Numbers that nobody can block; replaces them all."
    )


class TreatmentsOut(BaseModel):
    """Every choice, made or by default."""

    blacklist: Treatment
    fake_queue_cap_seconds: int
    fake_queue_at_once: int
    fake_queue_number_minutes: int | None
    fake_queue_line_minutes: int | None
    fake_queue_month_minutes: int | None
    ladder: list[Treatment]
    rate_per_minute: float | None
    billing_increment_seconds: int
    currency: str
    longest_wait_seconds: int
    voicemail_days: int
    withheld: HiddenTreatment
    unavailable: HiddenTreatment
    vip_policy: VipPolicy


class CompanyOut(BaseModel):
    """The company."""

    id: str
    name: str
    country: str
    time_zone: str
    language: str
    treatments: TreatmentsOut
    second_factor: SecondFactorRule
    countries: list[str]
    protected: list[str]


@router.get("")
async def get_company(board: Board, who: Who) -> CompanyOut:
    """The company of whoever asks."""
    return _shown(board.live_plan.tenant(who.tenant_id).rows[Company.__tablename__][who.tenant_id])


@router.patch("")
async def update_company(board: Board, who: Who, response: Response, form: CompanyPatch) -> CompanyOut:
    """Change the fields that are given."""
    if form.model_fields_set & {"countries", "second_factor"}:
        who.require(Role.ADMIN, Scope.KEYS)
    async with confirmed_edit(board, who, response) as edit:
        return _shown(await change_company(edit, form.model_dump(mode="json", exclude_unset=True)))


def _shown(row: Row) -> CompanyOut:
    return CompanyOut.model_validate(
        row
        | {"treatments": treatments_of(row), "countries": row["treatments"].get("countries", [])}
        | {"second_factor": row.get("second_factor", SecondFactorRule.OPTIONAL)}
    )


def treatments_of(row: Row) -> Row:
    """Every choice of a company (its row), made or by default, as it is stored; the currency by its country's."""
    defaults = TreatmentsPatch().model_dump(mode="json")
    chosen = {name: row["treatments"].get(name, default) for name, default in defaults.items()}
    return chosen | {"currency": companys_currency(chosen, row["country"])}


async def change_company(edit: Edit, fields: Row, retold: Collection[str] = ()) -> Row:
    """Give ``fields`` (columns of :class:`models.Company`) new values. ``treatments`` are merged into what was chosen
    before. With another language, texts stay what they are in theirs, but for those of the tables ``retold``, which are
    written anew in the same edit. Raises :class:`Unprocessable`."""
    await take_turn(edit)
    company = await edit.session.get_one(Company, edit.tenant_id)
    before = as_row(company)
    check_place(fields)
    if "treatments" in fields:
        fields["treatments"] = company.treatments | fields["treatments"]
    if (countries := fields.pop("countries", None)) is not None:
        for position, country in enumerate(countries):
            if country not in phonenumbers.SUPPORTED_REGIONS:
                raise Unprocessable(CompanyFault.COUNTRY_NOT_DIALLED, field=f"countries.{position}")
        fields["treatments"] = (fields.get("treatments") or company.treatments) | {"countries": sorted(set(countries))}
    if "second_factor" in fields:
        _date_second_factor(company, fields, edit.now)
    if "protected" in fields:
        fields["protected"] = _numbers(fields["protected"], fields.get("country", company.country))
    for name, value in fields.items():
        refuse_unstorable(value, name)
        setattr(company, name, value)
    if company.language != before["language"]:
        await keep_language_of_texts(edit, before["language"], company.language, retold)
    return await edit.record_changed(company, before)


def _date_second_factor(company: Company, fields: Row, now: datetime) -> None:
    """When it is required of more people, all get the whole grace."""
    chosen = SecondFactorRule(fields["second_factor"])
    if is_stricter(chosen, SecondFactorRule(company.second_factor)):
        fields["second_factor_since"] = now


def _numbers(texts: list[str], country: str) -> list[str]:
    numbers: list[str] = []
    for position, text in enumerate(texts):
        try:
            numbers.append(read_number(text, country))
        except NumberUnreadable as error:
            raise Unprocessable(NumberNotRead.of(error), field=f"protected.{position}") from error
    return list(dict.fromkeys(numbers))
