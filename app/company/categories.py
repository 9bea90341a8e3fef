"""``/categories``: kinds of clients, and how their calls are received."""

from typing import Literal

from pydantic import Field

from app.web.resource import Resource
from app.web.schema import Id, Input, Language, Name, Spoken
from models import CategoryRule


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


CATEGORIES = Resource(
    CategoryRule, CategoryIn, "category", finds=[CategoryRule.name],
    about="Kinds of clients, and how their calls are received.", lists="All categories.", reads="One category.",
    adds="Add a category; clients get it when they are registered.", deletes="Delete a category that no client has.",
)  # fmt: skip
