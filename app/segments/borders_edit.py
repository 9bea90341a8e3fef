"""A company's borders between segments, as the API and the page change them."""

import re
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import select

from app.base.errors import Unprocessable
from app.base.problems.edits import EditFault
from app.edits.edit import Edit
from app.edits.in_turn import take_turn
from app.plan.rows import Row
from app.sales.borders import ID, Borders
from app.sales.segment_codes import SEGMENTS
from app.sales.segments_wanted import want_segments
from app.web.schema import Id, Input
from models import CategoryRule, SegmentBorders

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_LARGEST_RATE: Final = 1_000_000

Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Months = Annotated[int, Field(ge=1, le=60)]


class BordersIn(Input):
    """The borders between segments."""

    months: Months = Field(12, description="Months of revenue that count, the current one included.")
    abc_a: Percent = Field(50, description="To this cumulated share of revenue clients are A.")
    abc_b: Percent = Field(79, description="To this one B, the rest C.")
    xyz_x: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = Field(
        10, description="To this variation of the monthly amounts clients are X."
    )
    xyz_y: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = Field(
        25, description="To this one Y, the rest Z."
    )
    new_months: Months = Field(3, description="So long a client is new after the first sale, or restored.")
    lost_months: Months = Field(3, description="After so long without a sale a client is lost.")
    loyal_high: Percent = Field(75, description="From this share of months with a sale on, loyalty is high.")
    loyal_medium: Percent = Field(40, description="From this one on medium.")
    rates: dict[str, Annotated[float, Field(gt=0, le=_LARGEST_RATE, allow_inf_nan=False)]] = Field(
        {}, max_length=50, examples=[{"USD": 0.92}],
        description="What one of another currency is worth in the company's. Sales without a rate bring no revenue.",
    )  # fmt: skip
    suggests: dict[str, Id] = Field(
        {}, max_length=len(SEGMENTS), examples=[{}],
        description="The category that a segment suggests, by its code. Without any, `A` suggests the category with the "
        "highest priority.",
    )  # fmt: skip

    @field_validator("rates")
    @classmethod
    def are_currencies(cls, rates: dict[str, float]) -> dict[str, float]:
        """ISO 4217."""
        if any(not _CURRENCY.fullmatch(one) for one in rates):
            raise PydanticCustomError("currency_form", "A currency has three capital letters.")
        return rates

    @field_validator("suggests")
    @classmethod
    def are_segments(cls, suggests: dict[str, str]) -> dict[str, str]:
        """Codes that there are."""
        if set(suggests) - set(SEGMENTS):
            raise PydanticCustomError("enum", "There is no such segment.", {"expected": ", ".join(SEGMENTS)})
        return suggests

    @classmethod
    def of(cls, borders: Borders) -> "BordersIn":
        """The borders as they are."""
        return cls(
            months=borders.months, abc_a=float(borders.abc_a), abc_b=float(borders.abc_b), xyz_x=float(borders.xyz_x),
            xyz_y=float(borders.xyz_y), new_months=borders.new_months, lost_months=borders.lost_months,
            loyal_high=float(borders.loyal_high), loyal_medium=float(borders.loyal_medium),
            rates={one: float(rate) for one, rate in borders.rates.items()}, suggests=dict(borders.suggests),
        )  # fmt: skip


async def save_borders(edit: Edit, form: BordersIn) -> None:
    """Put them in force; the segments are computed anew within a minute. Raises :class:`Unprocessable` for a category that
    there is not, and for a second border that is before the first."""
    in_order = {"abc_b": form.abc_a <= form.abc_b, "xyz_y": form.xyz_x <= form.xyz_y,
        "loyal_medium": form.loyal_medium <= form.loyal_high}  # fmt: skip
    if wrong := [name for name, is_right in in_order.items() if not is_right]:
        raise Unprocessable(EditFault.BORDERS_CROSSED, field=wrong[0])
    await take_turn(edit)
    wanted = set(form.suggests.values())
    known = select(CategoryRule.id).where(CategoryRule.tenant_id == edit.tenant_id, CategoryRule.id.in_(wanted))
    if wanted - set(await edit.session.scalars(known)):
        raise Unprocessable(EditFault.UNKNOWN_ID, field="suggests")
    fields: Row = {
        name: Decimal(str(value)).quantize(Decimal("0.01")) if isinstance(value, float) else value
        for name, value in form.model_dump(exclude={"rates"}).items()
    }
    fields["rates"] = {one: str(Decimal(str(rate))) for one, rate in form.rates.items()}
    record = await edit.session.get(SegmentBorders, {"tenant_id": edit.tenant_id, "id": ID})
    before: Row | None = None
    if record is None:
        record = SegmentBorders(tenant_id=edit.tenant_id, id=ID, **fields)
        edit.session.add(record)
    else:
        before = BordersIn.model_validate(
            {name: getattr(record, name) for name in BordersIn.model_fields}, strict=False
        ).model_dump()
        for name, value in fields.items():
            setattr(record, name, value)
    await edit.session.flush()
    edit.record_act("change", SegmentBorders.__tablename__, ID, before, form.model_dump())
    await want_segments(edit.session, edit.tenant_id, edit.now)
