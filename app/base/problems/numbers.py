"""Numbers and patterns that cannot be read: what :mod:`filters` found wrong, without the exception that brought it."""

from dataclasses import dataclass

from filters.number import NumberFault, NumberUnreadable
from filters.pattern import PatternFault, PatternUnreadable


@dataclass(frozen=True, slots=True)
class NumberNotRead:
    """``text`` is no telephone number of ``country`` (ISO 3166 alpha-2)."""

    fault: NumberFault
    text: str
    country: str

    @classmethod
    def of(cls, error: NumberUnreadable) -> "NumberNotRead":
        """What ``error`` says."""
        return cls(error.fault, error.text, error.country)


@dataclass(frozen=True, slots=True)
class PatternNotRead:
    """``text`` names no number, prefix, range or country; national forms were read for ``country`` (ISO 3166 alpha-2)."""

    fault: PatternFault | NumberFault
    text: str
    country: str

    @classmethod
    def of(cls, error: PatternUnreadable) -> "PatternNotRead":
        """What ``error`` says."""
        return cls(error.fault, error.text, error.country)


NumberProblem = NumberNotRead | PatternNotRead
