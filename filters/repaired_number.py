"""Spellings of a number that no network should send, and that let a blacklisted caller through if they were not read."""

import re
from typing import Final

import phonenumbers

from filters.number import NumberUnreadable, is_valid, read_long_number, read_number

_SERVICE_PREFIX: Final = re.compile(r"(?:[*#]{1,2}[0-9]{2,3}[#*]|\*(?:67|82))(?=[0-9+]{6})", re.ASCII)
_DECIMAL_END: Final = re.compile(r"(?<=[0-9]{6})[.,]0{1,2}$", re.ASCII)
_FEWEST: Final = len("+") + 9
_FEWEST_OF_ANOTHER: Final = 6


def repaired_number(text: str, country: str) -> str | None:
    """The number that a spelling nobody should use can only mean."""
    text = _SERVICE_PREFIX.sub("", text, count=1).partition(";")[0]
    if any(one.isalpha() for one in text):
        return None
    if (long := read_long_number(text)) is not None:
        return long
    text = _DECIMAL_END.sub("", text)
    international = text.lstrip("([ -.").startswith("+")
    whole = re.sub(r"[^0-9]", "", text)
    first = re.sub(r"[^0-9]", "", re.split(r"[/|,&#]|(?<=[0-9)]) *\+", text.strip("/|,&# "), maxsplit=1)[0])
    # A second number is as long as one; fewer digits behind a sign belong to the first.
    in_turn = (first, whole) if len(whole) - len(first) >= _FEWEST_OF_ANOTHER else (whole, first)
    found = [
        number
        for digits in dict.fromkeys(in_turn)
        for spelling in _spellings(digits, country, international=international)
        if (number := _number_or_none(spelling, country)) is not None
    ]
    zeros = len(whole) - len(whole.lstrip("0"))
    if found and len(found[0]) > _FEWEST and (zeros > 2 or (international and zeros != 1)):
        return found[0]  # nobody dials within a country like that
    # A number that the library's plan does not know is believed only where it was meant to be dialled as a whole.
    whole_numbers = found if international or whole.startswith("0") else []
    return next(filter(is_valid, found), next((one for one in whole_numbers if len(one) > _FEWEST), None))


def _spellings(digits: str, country: str, *, international: bool) -> list[str]:
    """What the digits may mean, the likelier first: zeros before them are a prefix for abroad or a trunk prefix."""
    bare = digits.lstrip("0")
    zeros = len(digits) - len(bare)
    if not zeros:
        return [f"+{digits}"] if international else [digits, f"+{digits}"]
    own = str(phonenumbers.country_code_for_region(country))
    if bare.startswith(own) or zeros > 2 or (international and zeros > 1):
        return [f"+{bare}", f"0{bare}", bare]
    return [f"0{bare}", bare, f"+{bare}"]


def _number_or_none(spelling: str, country: str) -> str | None:
    try:
        return read_number(spelling, country)
    except NumberUnreadable:
        return None
