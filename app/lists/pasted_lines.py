"""Read what somebody pastes into the box of a list: a number a line, with a name before or behind it; prefixes, ranges and
countries too, whose code stands alone or before a comma. Pure: whether a number is one is decided later, where the country
is known."""

import re
from dataclasses import dataclass
from typing import Final

from app.base import limits
from filters.pattern import PatternKind

_RUN: Final = r"[+(]?[0-9][0-9 .()/\-\u00a0\u202f]*[0-9]"
_RANGE: Final = re.compile(rf"(?P<first>{_RUN})(?: +- +| *(?:–|—|\.\.\.?|…) *| +(?:to|à|a|до) +)(?P<last>{_RUN})")
_PREFIX: Final = re.compile(rf"(?P<first>{_RUN})[ -]*(?:\*+|…|•[• .\-]*|[xX]{{2,}}[xX .\-]*)")
_NUMBER: Final = re.compile(_RUN)
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
    for both in _RANGE.finditer(line):
        if min(_digits(both["first"]), _digits(both["last"])) >= _FEWEST_DIGITS:
            return PastedLine(line, PatternKind.RANGE, both["first"], both["last"], _rest(line, both))
    if (beginning := _PREFIX.search(line)) is not None:
        return PastedLine(line, PatternKind.PREFIX, beginning["first"], label=_rest(line, beginning))
    for number in _NUMBER.finditer(line):
        if _digits(number[0]) >= _FEWEST_DIGITS:
            return PastedLine(line, PatternKind.EXACT, number[0], label=_rest(line, number))
    if (country := _COUNTRY.match(line)) is not None:
        return PastedLine(line, PatternKind.COUNTRY, country["first"], label=_rest(line, country))
    return PastedLine(line, PatternKind.EXACT, line)


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)


def _rest(line: str, match: re.Match[str]) -> str:
    before, behind = line[: match.start()].strip(_AROUND), line[match.end() :].strip(_AROUND)
    return " ".join(part for part in (before, behind) if part)[: limits.NAME]
