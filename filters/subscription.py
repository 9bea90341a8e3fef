"""A list that somebody else keeps and the company has subscribed to. It never has the last word: whoever the company itself
has something to say about is received, or kept out, by that."""

from dataclasses import dataclass
from enum import StrEnum

from filters.list_entry import Treatment
from filters.subscribed_numbers import NO_NUMBERS, SubscribedNumbers


class SubscriptionState(StrEnum):
    """Whether a list blocks, is only watched, or is not looked at."""

    SHADOW = "shadow"
    ACTIVE = "active"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One list that is looked at. ``treatment`` is what its numbers get, None for the company's."""

    id: str
    name: str
    state: SubscriptionState
    numbers: SubscribedNumbers = NO_NUMBERS
    treatment: Treatment | None = None
