"""Numbers and patterns that cannot be read, in words."""

from typing import assert_never

from app.base.problems.numbers import NumberNotRead, NumberProblem, PatternNotRead
from app.words.number_problems import number_problem, pattern_problem


def number_words(cause: NumberProblem) -> str:
    """One sentence."""
    match cause:
        case NumberNotRead(error):
            return number_problem(error)
        case PatternNotRead(error):
            return pattern_problem(error)
        case _:
            assert_never(cause)
