"""What is wrong with a line of a file, as JSON in the database, so that every reader gets the sentence in their own
language."""

from functools import cache
from typing import Final, get_args

from pydantic import TypeAdapter, ValidationError

from app.base.problems.entries import Protection
from app.base.problems.files import FileFault, FileProblem, LineFault, LineProblem
from app.plan.rows import Row

_KINDS: Final = {
    kind.__name__: kind for kind in (*get_args(LineProblem), *get_args(FileProblem), *get_args(Protection))
}


def problem_as_json(problem: LineProblem) -> Row:
    """The problem with its kind."""
    kind = type(problem).__name__
    return {"is": kind, "value": _adapter(kind).dump_python(problem, mode="json")}


def problem_of_json(stored: Row) -> LineProblem:
    """What :func:`problem_as_json` has stored; what an older version has stored otherwise is a line that cannot be read."""
    try:
        problem: LineProblem = TypeAdapter(_KINDS[stored["is"]]).validate_python(stored["value"])
    except (KeyError, ValidationError):
        return LineFault.NUMBER_MISSING
    return problem


def protection_as_json(protection: Protection) -> Row:
    """Why a number cannot be blocked."""
    kind = type(protection).__name__
    return {"is": kind, "value": _adapter(kind).dump_python(protection, mode="json")}


def protection_of_json(stored: Row) -> Protection:
    """What :func:`protection_as_json` has stored."""
    protection: Protection = TypeAdapter(_KINDS[stored["is"]]).validate_python(stored["value"])
    return protection


def file_problem_as_json(problem: FileProblem) -> Row:
    """What is wrong with a file as a whole, or stands against its import."""
    kind = type(problem).__name__
    return {"is": kind, "value": _adapter(kind).dump_python(problem, mode="json")}


def file_problem_of_json(stored: Row) -> FileProblem:
    """What :func:`file_problem_as_json` has stored."""
    try:
        problem: FileProblem = TypeAdapter(_KINDS[stored["is"]]).validate_python(stored["value"])
    except (KeyError, ValidationError):
        return FileFault.NO_LINE_READABLE
    return problem


@cache
def _adapter(kind: str) -> "TypeAdapter[LineProblem | FileProblem | Protection]":
    return TypeAdapter(_KINDS[kind])
