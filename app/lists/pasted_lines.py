"""Read what somebody pastes into the box of a list: a number a line, with a name before or behind it; prefixes, ranges and
countries too, whose code stands alone or before a comma. Pure: whether a number is one is decided later, where the country
is known."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from app.base import limits
from filters.pattern import PatternKind

_RUN: Final = re.compile(r"[+(]?[0-9](?:[ .()/\-\u00a0\u202f]*+[0-9])++")
"""Digits with what stands between them, as far as they go: looked for once along the line, whatever is in it."""
_TO_WITHIN: Final = re.compile(r" +- +|\.{2,3}")
_TO_BETWEEN: Final = re.compile(r" *(?:–|—|\.\.\.?|…) *| +(?:-|to|à|a|до) +")
_OPEN_END: Final = re.compile(r"[ -]*(?:\*+|…|•[• .\-]*|[xX]{2,}[xX .\-]*)")
_COUNTRY: Final = re.compile(r"(?P<first>[A-Z]{2})(?=$|[\t,;:])")
_AROUND: Final = " \t,;:|\"'“”«»–—-<>[]()\u00a0"
_FEWEST_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One line: ``number`` and ``to`` as typed, ``label`` what else stood there. ``text`` is the line itself."""

    text: str
    match: PatternKind
    number: str
    to: str | None = None
    label: str = ""


def read_pasted(text: str) -> list[PastedLine]:
    """The lines that are not empty, at most :data:`app.base.limits.PASTED_LINES` of them."""
    lines = [line.strip()[: limits.PASTED_LINE] for line in text.splitlines() if line.strip()]
    return [_read(line) for line in lines[: limits.PASTED_LINES]]


def _read(line: str) -> PastedLine:
    runs = list(_RUN.finditer(line))
    if (found := _range(line, runs)) is not None:
        return found
    for run in runs:
        if (open_end := _OPEN_END.match(line, run.end())) is not None:
            return PastedLine(line, PatternKind.PREFIX, run[0], label=_rest(line, run.start(), open_end.end()))
    for run in runs:
        if _digits(run[0]) >= _FEWEST_DIGITS:
            return PastedLine(line, PatternKind.EXACT, run[0], label=_rest(line, *run.span()))
    if (country := _COUNTRY.match(line)) is not None:
        return PastedLine(line, PatternKind.COUNTRY, country["first"], label=_rest(line, *country.span()))
    return PastedLine(line, PatternKind.EXACT, line)


def _range(line: str, runs: list[re.Match[str]]) -> PastedLine | None:
    """Two numbers with a sign or a word for "to" between them, which may look like a part of one long number."""
    for run in runs:
        for to in _TO_WITHIN.finditer(run[0]):
            first, last = run[0][: to.start()], run[0][to.end() :]
            if min(_digits(first), _digits(last)) >= _FEWEST_DIGITS:
                return PastedLine(line, PatternKind.RANGE, first, last, _rest(line, *run.span()))
    for one, other in pairwise(runs):
        if min(_digits(one[0]), _digits(other[0])) >= _FEWEST_DIGITS and _TO_BETWEEN.fullmatch(
            line, one.end(), other.start()
        ):
            return PastedLine(line, PatternKind.RANGE, one[0], other[0], _rest(line, one.start(), other.end()))
    return None


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)


def _rest(line: str, start: int, end: int) -> str:
    before, behind = line[:start].strip(_AROUND), line[end:].strip(_AROUND)
    return " ".join(part for part in (before, behind) if part)[: limits.NAME]
