"""What all schemas share: strict input, ids, pages, and times with a zone; and how the schemas of a change and of an answer
follow from that of a new row."""

import re
import types
from collections.abc import Mapping
from copy import copy
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Annotated, Any, Final, Generic, Literal, TypeVar, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationError,
    create_model,
)
from pydantic_core import CoreSchema, PydanticCustomError

from app.base import limits
from app.base.errors import Unprocessable
from app.base.language import LANGUAGES
from app.base.problems.requests import FieldNotValid, FieldsNotValid, TooLong
from app.base.text import can_be_seen

Item = TypeVar("Item")
Form = TypeVar("Form", bound="Input")


def _written(value: object) -> object:
    """Pydantic reads seconds since 1970 as well, and numbers in a text: nobody means these."""
    if isinstance(value, date) or (isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value)):
        return value
    raise PydanticCustomError("datetime_form", "This is no date as RFC 3339 has it.")


def _thinkable(moment: datetime) -> datetime:
    if limits.EARLIEST <= moment <= limits.LATEST:
        return moment
    raise PydanticCustomError("beyond_calendars", "Write a moment between 1900 and 2200.")


def _seen(text: str) -> str:
    if can_be_seen(text):
        return text
    raise PydanticCustomError("nothing_to_see", "Write something here.")


def _nearest(moment: datetime) -> datetime:
    return min(max(moment, limits.EARLIEST), limits.LATEST)


def _take_exactly(schema: object) -> None:
    """Make every boolean and number in a schema of Pydantic's core, however deep, strict."""
    if isinstance(schema, dict):
        if schema.get("type") in {"bool", "int", "float"}:
            schema["strict"] = True
        for name, part in schema.items():
            if name not in {"default", "metadata"}:
                _take_exactly(part)
    elif isinstance(schema, list | tuple):
        for part in schema:
            _take_exactly(part)


Id = Annotated[str, Field(pattern=r"^[0-9a-z]{1,40}$", description="An id of ours.", examples=["01kfx3v9q2abcdefghjk"])]
Moment = Annotated[
    AwareDatetime, BeforeValidator(_written), AfterValidator(_thinkable), Field(examples=["2026-12-31T18:00:00Z"])
]
SearchedMoment = Annotated[
    AwareDatetime, BeforeValidator(_written), AfterValidator(_nearest), Field(examples=["2026-12-31T18:00:00Z"])
]
"""A border of what is looked for: programs write the ends of their calendar for none."""
Day = Annotated[date, BeforeValidator(_written), Field(examples=["2026-12-24"])]
VISIBLE: Final = AfterValidator(_seen)
"""Of a name: nobody could find it in a list, or tell two of them apart."""
Name = Annotated[str, Field(min_length=1, max_length=limits.NAME, pattern=r"\S"), VISIBLE]
Language = Annotated[str, Field(pattern=f"^({'|'.join(sorted(LANGUAGES))})$")]
Spoken = Annotated[str, Field(max_length=limits.TEXT)]
"""Words, or the reference of a recording (``audio:<id>``)."""
LineReference = Annotated[
    str, Field(max_length=limits.LINE_NUMBER, description="A line's id or number.", examples=["+33199001000"])
]
CountryCode = Annotated[str, Field(min_length=2, max_length=2, examples=["FR"])]


class Input(BaseModel):
    """A body: a field that we do not know is an error and not a wish that goes unheard, and neither ``0`` nor ``"1"`` is a
    boolean, nor an integer ``"1"``."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Pydantic's strictness for all fields would refuse the texts of enums and times as well."""
        schema = handler(source)
        _take_exactly(schema)
        return schema


class Output(BaseModel):
    """An answer. Fields may be added to it."""


class Stored(Output):
    """A row."""

    id: str = Field(examples=["01kfx3v9q2abcdefghjk"])
    created_at: datetime = Field(description="RFC 3339, UTC.")


class Page(Output, Generic[Item]):
    """A part of a list, newest first."""

    items: list[Item]
    next_cursor: str | None = Field(description="Give it as `cursor` for the next part; null at the end.")


def patch_of(form: type[Input]) -> type[Input]:
    """The schema of changes: every field of ``form`` (``QueueIn``), none of them required (``QueuePatch``)."""
    loose: dict[str, Any] = {}
    for name, field in form.model_fields.items():
        if field.is_required():
            loose[name] = field.annotation, copy(field)
            loose[name][1].default = None  # never used: only fields that were sent are looked at
    doc = _doc(form)
    return create_model(f"{_stem(form)}Patch", __base__=form, __doc__=f"Changes of {doc[0].lower()}{doc[1:]}.", **loose)


def out_of(form: type[Input]) -> type[Stored]:
    """The schema of the row that ``form`` makes (``QueueOut``): the same fields, all there, and without the limits of
    what can be written, which may change."""
    fields: dict[str, Any] = {name: (bare(field.annotation), ...) for name, field in form.model_fields.items()}
    return create_model(f"{_stem(form)}Out", __base__=Stored, __doc__=f"{_doc(form)} as stored.", **fields)


def validated(form: type[Form], fields: Mapping[str, object]) -> Form:
    """What a page or a command has gathered, as ``form``. Raises :class:`Unprocessable` naming the field, by the same limits
    as the API's."""
    try:
        return form.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        if first["type"] == "string_too_long":
            raise Unprocessable(TooLong(first["ctx"]["max_length"]), field=field) from error
        raise Unprocessable(FieldsNotValid((FieldNotValid.of(field, first),)), field=field) from error


def bare(annotation: Any) -> Any:
    """A type without what limits its values."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return bare(parts[0])
    if origin is Literal:
        return type(parts[0])
    if origin in {Union, types.UnionType}:
        return reduce(or_, (bare(part) for part in parts))
    return origin[tuple(bare(part) for part in parts)] if origin else annotation


def _stem(form: type[Input]) -> str:
    return form.__name__.removesuffix("In")


def _doc(form: type[Input]) -> str:
    """``A queue``, from its docstring's first words."""
    return (form.__doc__ or form.__name__).partition(".")[0].partition(":")[0]
