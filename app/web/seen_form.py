"""A form says with what it was drawn. When that is no longer so, saving all of its fields would take somebody's change back
without a word: it is refused once, and whoever was told may save over it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Final

from app.base.errors import ChangedMeanwhile, Problem
from app.base.problems.edits import EditFault

_Fields = Mapping[str, str | Sequence[str]]
SEEN: Final = "seen"
"""The hidden field in which a form says with what it was drawn."""
_DIGEST: Final = 32


def refuse_if_changed(seen: str, now: _Fields) -> None:
    """``seen`` is the form's field, empty in a form that does not ask; ``now`` is what it would show now, read inside the
    edit's turn. Raises :class:`ChangedMeanwhile`."""
    if seen and seen != _digest(now):
        raise ChangedMeanwhile(EditFault.CHANGED_MEANWHILE)


def seen_in(shown: _Fields, typed: str, problem: Problem | None) -> str:
    """The field's value in a form that shows ``shown``. ``typed`` is its value in the form that is drawn again, empty for
    a new one: another refusal than :class:`ChangedMeanwhile` leaves the question open."""
    return _digest(shown) if not typed or has_changed(problem) else typed


def has_changed(problem: Problem | None) -> bool:
    """Whether the form was refused because somebody has changed it meanwhile."""
    return isinstance(problem, ChangedMeanwhile)


def _digest(shown: _Fields) -> str:
    """By which two states of a form can be told apart."""
    return hashlib.sha256(json.dumps(dict(shown), sort_keys=True).encode()).hexdigest()[:_DIGEST]
