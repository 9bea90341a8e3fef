"""What all schemas share: strict input, ids, pages, and times with a zone."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Item = TypeVar("Item")

Id = Annotated[str, Field(pattern=r"^[0-9a-z]{1,40}$", description="An id of ours.", examples=["01kfx3v9q2abcdefghjk"])]
Moment = Annotated[AwareDatetime, Field(examples=["2026-12-31T18:00:00Z"])]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
Spoken = Annotated[str, Field(max_length=1000)]
LineReference = Annotated[str, Field(max_length=60, description="A line's id or number.", examples=["+33199001000"])]
CountryCode = Annotated[str, Field(min_length=2, max_length=2, examples=["FR"])]


class Input(BaseModel):
    """A body: a field that we do not know is an error and not a wish that goes unheard."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


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
