"""Numbers and patterns that cannot be read: the finding of :mod:`filters`, passed on."""

from dataclasses import dataclass

from filters.number import NumberUnreadable
from filters.pattern import PatternUnreadable


@dataclass(frozen=True, slots=True)
class NumberNotRead:
    """This is no telephone number."""

    error: NumberUnreadable


@dataclass(frozen=True, slots=True)
class PatternNotRead:
    """This names no number, prefix, range or country."""

    error: PatternUnreadable


NumberProblem = NumberNotRead | PatternNotRead
