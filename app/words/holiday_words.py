"""What to know about a country's holidays, in words for whoever enters them."""

from collections.abc import Sequence
from typing import Final

from app.base.language import day_in_words, ngettext
from app.base.language import gettext as _
from app.plan.country_holidays import DayOfParts
from app.words.number_words import grouped

_NAMED_AT_MOST: Final = 8
_PARTS_AT_MOST: Final = 6


def parts_differ_words(days: Sequence[DayOfParts]) -> str:
    """Which days only some parts of the country observe."""
    named = "; ".join(_day(one) for one in days[:_NAMED_AT_MOST])
    said = _("These days are holidays in parts of the country only: %(days)s.", days=named)
    if (more := len(days) - _NAMED_AT_MOST) > 0:
        said += " " + ngettext("%(num)s more day differs.", "%(num)s more days differ.", more)
    return said + " " + _("Give the part of the country that your lines are in to observe the right ones.")


def _day(one: DayOfParts) -> str:
    parts = ", ".join(one.parts[:_PARTS_AT_MOST]) + (" …" if len(one.parts) > _PARTS_AT_MOST else "")
    return f"{day_in_words(one.day)} {one.name} ({parts})"


def other_country_words(numbers: Sequence[str]) -> str:
    """Which lines close on another country's holidays."""
    named = ", ".join(grouped(number) for number in numbers[:_NAMED_AT_MOST])
    return _(
        "These lines are in another country and will close on these days too: %(lines)s. Choose the lines that observe "
        "them to avoid that.",
        lines=named,
    )
