"""What is wrong with a line of a file of clients: as a sentence, and as JSON in the database, so that every reader gets
it in their own language."""

from typing import Final, get_args

from pydantic import TypeAdapter, ValidationError

from app.base.problems import Cause
from app.base.problems.files import LineFault, LineProblem
from app.plan.rows import Row
from app.words.problems import cause_words
from app.words.problems.files import line_words

Fault = Cause | LineProblem
_KINDS: Final = {kind.__name__: kind for kind in get_args(Fault)}


def fault_words(fault: Fault) -> str:
    """One sentence."""
    return line_words(fault) if isinstance(fault, LineProblem) else cause_words(fault)


def fault_as_json(fault: Fault) -> Row:
    """The fault with its kind."""
    kind = type(fault).__name__
    return {"is": kind, "value": TypeAdapter(_KINDS[kind]).dump_python(fault, mode="json")}


def fault_of_json(stored: Row) -> Fault:
    """What :func:`fault_as_json` has stored; what an older version has stored otherwise is a line that cannot be read."""
    try:
        fault: Fault = TypeAdapter(_KINDS[stored["is"]]).validate_python(stored["value"])
    except (KeyError, ValidationError):
        return LineFault.NUMBER_MISSING
    return fault
