"""Numbers as most files have them, read without ``phonenumbers``' parser: twenty times as fast.

It answers only where the full reader (:func:`filters.number.read_number`) can answer nothing else, which follows from the
plan of the country: the digits have a length that is possible there, no trunk prefix but a plain zero can be meant, and
nothing in them can be taken for a calling code. A property test compares the two over all countries.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import phonenumbers

from filters.no_caller import no_caller_in_digits
from filters.number import calling_code, is_canonical, read_number
from filters.number_plan import begins_a_number

_PLAIN: Final = re.compile(r"\+?[0-9]+(?:[ .\-][0-9]+)*", re.ASCII)
_SEPARATORS: Final = str.maketrans("", "", " .-")
_DECIMAL: Final = re.compile(r"\+?[0-9]{6,}\.0{1,2}", re.ASCII)
_LEAST_DIGITS: Final = 7


@dataclass(frozen=True, slots=True)
class _NumberPlan:
    """``lengths`` of a national number that are possible whatever its type. ``zero_belongs``: numbers may begin with a zero,
    which spreadsheets eat."""

    calling_code: str
    lengths: frozenset[int]
    trunk_zero: bool
    trunk: re.Pattern[str] | None
    abroad: re.Pattern[str] | None
    national: re.Pattern[str]
    zero_belongs: bool = False


def read_quickly(text: str, country: str) -> str:
    """As :func:`filters.number.read_number`, with the same answers and errors."""
    if is_canonical(text):
        return text
    return _quick(text, country) or read_number(text, country)


def _quick(text: str, country: str) -> str | None:
    """The number in E.164, or None where only the full reader can tell."""
    if len(text) > 30 or not _PLAIN.fullmatch(text):
        return None
    digits = text.translate(_SEPARATORS)
    if _DECIMAL.fullmatch(text) or no_caller_in_digits(digits):
        return None
    if digits[0] == "+":
        code = calling_code(digits)
        plan = _plan_of_code(code) if code is not None and is_canonical(digits) else None
        if plan is None or not _is_whole(plan, digits[1 + len(plan.calling_code) :]):
            return None
        return digits
    plan = _plan_of(country)
    if plan is None or len(digits) < _LEAST_DIGITS or digits.startswith(plan.calling_code):
        return None
    if plan.abroad is not None and plan.abroad.match(digits):  # what is dialled before a foreign number, 00 or 010
        return None
    if digits[0] == "0":
        # Where the zero could belong to the number, or more than a zero could be a prefix, it is not for us to say.
        trunk = plan.trunk.match(digits) if plan.trunk_zero and plan.trunk is not None else None
        if trunk is None or trunk[0] != "0" or digits[1] == "0" or plan.national.fullmatch(digits):
            return None
        national = digits[1:]
        if no_caller_in_digits(f"+{plan.calling_code}{national}"):
            return None
        return f"+{plan.calling_code}{national}" if len(national) in plan.lengths else None
    if no_caller_in_digits(f"+{plan.calling_code}{digits}"):
        return None
    return f"+{plan.calling_code}{digits}" if _is_whole(plan, digits) and not plan.zero_belongs else None


def _is_whole(plan: _NumberPlan, digits: str) -> bool:
    """Whether ``digits`` are a national number from which nothing is taken away."""
    return len(digits) in plan.lengths and not (plan.trunk is not None and plan.trunk.match(digits))


@cache
def _plan_of(country: str) -> _NumberPlan | None:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(country)
    if metadata is None or (general := metadata.general_desc) is None:
        return None
    plan = _plan_of_code(str(metadata.country_code))
    prefix = metadata.national_prefix_for_parsing
    if plan is None or not is_canonical(f"+{metadata.country_code}{'2' * 9}"):  # countries with two spellings
        return None
    return _NumberPlan(
        plan.calling_code,
        plan.lengths & frozenset(general.possible_length),
        not metadata.national_prefix_transform_rule,
        re.compile(prefix) if prefix else None,
        re.compile(metadata.international_prefix) if metadata.international_prefix else None,
        re.compile(general.national_number_pattern or ""),
        begins_a_number(f"+{metadata.country_code}0"),
    )


@cache
def _plan_of_code(code: str) -> _NumberPlan | None:
    """The plan by which a number in international form is read: that of the main country of its calling code."""
    region = phonenumbers.region_code_for_country_code(int(code))
    metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
    if metadata is None or (general := metadata.general_desc) is None:
        return None
    prefix = metadata.national_prefix_for_parsing
    return _NumberPlan(
        code,
        # E.164 has 15 digits at most, whatever a plan says; unknown lengths are given as -1.
        frozenset(one for one in general.possible_length if 0 < one <= 15 - len(code)),
        False,
        re.compile(prefix) if prefix else None,
        None,
        re.compile(general.national_number_pattern or ""),
    )
