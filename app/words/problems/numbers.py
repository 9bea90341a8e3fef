"""Numbers and patterns that cannot be read, in words."""

from typing import assert_never

from app.base.problems.numbers import NumberNotRead, NumberProblem, PatternNotRead
from app.words.decision_words import said


def number_words(cause: NumberProblem) -> str:
    """One sentence."""
    match cause:
        case NumberNotRead(error):
            return said(str(error))
        case PatternNotRead(error):
            return said(str(error))
        case _:
            assert_never(cause)
