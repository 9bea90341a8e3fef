"""Whether any number of a country's plan begins in a certain way, by the patterns of ``phonenumbers``.

Those are regular expressions over digits alone: classes, groups, alternatives and counts. Python's ``re`` cannot say
whether a text is the beginning of a match, so they are walked here.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

import phonenumbers

_TOKEN: Final = re.compile(r"(\(\?:|\(|\)|\|)|(\\d|[0-9]|\[[0-9-]+\])|(\?|\{[0-9]+(?:,[0-9]*)?\}|\*|\+)", re.ASCII)
_DIGITS: Final = frozenset("0123456789")
_MANY: Final = 16


class _Node(NamedTuple):
    """Digits (one of them), or alternatives that are each a sequence; ``least`` to ``most`` times in a row."""

    digits: frozenset[str]
    alternatives: tuple[tuple["_Node", ...], ...] = ()
    least: int = 1
    most: int = 1


@lru_cache(maxsize=4096)
def begins_a_number(prefix: str) -> bool:
    """Whether there can be a number that begins with ``prefix``, a plus and digits, or is it. False without a calling
    code."""
    for length in (1, 2, 3):
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(prefix[1 : 1 + length] or 0))
        if regions is not None:
            return any(_may_begin(region, prefix[1:], length) for region in regions)
    return False


def _may_begin(region: str, digits: str, code_length: int) -> bool:
    code, national = int(digits[:code_length]), digits[code_length:]
    metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if metadata is None or (general := metadata.general_desc) is None or not general.national_number_pattern:
        return True
    return _Walk(national).may_begin(_parsed(general.national_number_pattern))


class _Walk:
    """One walk through a pattern with the digits of a prefix."""

    def __init__(self, digits: str) -> None:
        self._digits = digits
        self._ran_out = False

    def may_begin(self, alternatives: tuple[tuple[_Node, ...], ...]) -> bool:
        """Whether the digits are used up within or at the end of the pattern."""
        ends = self._after_any(alternatives, frozenset({0}))
        return self._ran_out or len(self._digits) in ends

    def _after_any(self, alternatives: tuple[tuple[_Node, ...], ...], places: frozenset[int]) -> frozenset[int]:
        found: frozenset[int] = frozenset()
        for sequence in alternatives:
            here = places
            for node in sequence:
                here = self._after(node, here)
            found |= here
        return found

    def _after(self, node: _Node, places: frozenset[int]) -> frozenset[int]:
        found = places if node.least == 0 else frozenset[int]()
        for count in range(1, node.most + 1):
            places = (
                self._after_any(node.alternatives, places) if node.alternatives else self._after_digit(node, places)
            )
            if not places:
                break
            if count >= node.least:
                found |= places
        return found

    def _after_digit(self, node: _Node, places: frozenset[int]) -> frozenset[int]:
        self._ran_out = self._ran_out or len(self._digits) in places
        return frozenset(at + 1 for at in places if at < len(self._digits) and self._digits[at] in node.digits)


@lru_cache(maxsize=512)
def _parsed(pattern: str) -> tuple[tuple[_Node, ...], ...]:
    tokens = list(_TOKEN.finditer(pattern))
    alternatives, end = _group(tokens, 0)
    if end != len(tokens) or sum(len(token[0]) for token in tokens) != len(pattern):
        raise ValueError(pattern)
    return alternatives


def _group(tokens: list[re.Match[str]], at: int) -> tuple[tuple[tuple[_Node, ...], ...], int]:
    """The alternatives from the token ``at`` on to the end of their group, and the place behind them."""
    alternatives: list[list[_Node]] = [[]]
    while at < len(tokens) and tokens[at][0] != ")":
        sign, digits, count = tokens[at].groups()
        at += 1
        if sign == "|":
            alternatives.append([])
        elif sign is not None:
            within, at = _group(tokens, at)
            alternatives[-1].append(_Node(frozenset(), within))
            at += 1  # the bracket that closes it
        elif digits is not None:
            alternatives[-1].append(_Node(_class(digits)))
        else:
            least, most = _count(count)
            alternatives[-1][-1] = alternatives[-1][-1]._replace(least=least, most=most)
    return tuple(tuple(one) for one in alternatives), at


def _class(text: str) -> frozenset[str]:
    if text == r"\d":
        return _DIGITS
    return frozenset(one for one in _DIGITS if re.fullmatch(text, one))


def _count(text: str) -> tuple[int, int]:
    match text:
        case "?":
            return 0, 1
        case "*":
            return 0, _MANY
        case "+":
            return 1, _MANY
        case _:
            least, comma, most = text[1:-1].partition(",")
            return int(least), int(most) if most else _MANY if comma else int(least)
