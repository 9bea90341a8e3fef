"""``/categories``: kinds of clients, and how their calls are received."""

from typing import Literal

from pydantic import Field

from app.base import limits
from app.web.resource import Resource
from app.web.schema import Id, Input, Language, Name, Spoken
from models import CategoryRule

Colour = Literal["", "grey", "blue", "green", "teal", "amber", "red", "violet"]


class Guidance(Input):
    """How operators treat these clients, in the company's words."""

    opening: str = Field("", max_length=limits.TEXT, description="How to open.")
    avoid: str = Field("", max_length=limits.TEXT, description="What to avoid.")
    offer: str = Field("", max_length=limits.TEXT, description="What may be offered.")


class CategoryIn(Input):
    """A category."""

    name: Name = Field(examples=["Regulars"])
    queue_id: Id | None = Field(None, description="Their queue; null: the line's.")
    menu_id: Id | None = Field(None, description="Their menu; it goes before the queue.")
    priority: int = Field(0, ge=0, le=100, description="Added to their place in the queue; 100 is the highest.")
    greeting: Spoken = Field(
        "", description="Said first, in the company's language; for the treatment `message`, all that is said."
    )
    greetings: dict[Language, Spoken] = Field({}, description="`greeting` in other languages than the company's.")
    treatment: Literal["message", "voicemail"] | None = Field(None, description="Something else than being received.")
    ignores_hours: bool = Field(False, description="Received outside the opening hours too.")
    hours_id: Id | None = Field(
        None,
        description="Opening hours that count for them in the place of the line's, by the clock of its place; null: the "
        "line's. `ignores_hours` goes before them, and so does whoever opens or closes the line by hand.",
    )
    responsible_first: bool = Field(
        False, description="In a queue that they serve, the client's responsible operator is rung first, and the others "
        "after one ring. Who cannot be rung is not waited for."
    )  # fmt: skip
    colour: Colour = Field("", description="Of the word on the card.")
    word: str = Field(
        "", max_length=limits.WORD, description="What to do, beside the name on the card; empty: the category's name.",
        examples=["Prepayment only"],
    )  # fmt: skip
    required_treatment: str = Field(
        "",
        max_length=limits.TEXT,
        description="What operators must do.",
        examples=["Take the payment before the order."],
    )
    guidance: Guidance = Field(Guidance(), description="One key away on the card.")
    script_id: Id | None = Field(None, description="What to say, step by step.")


CATEGORIES = Resource(
    CategoryRule, CategoryIn, "category", finds=[CategoryRule.name],
    about="Kinds of clients, and how their calls are received.", lists="All categories.", reads="One category.",
    adds="Add a category; clients get it when they are registered.", deletes="Delete a category that no client has.",
)  # fmt: skip
