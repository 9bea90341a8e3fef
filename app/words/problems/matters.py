"""What is wrong with a matter, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.problems.matters import MatterFault, MatterProblem


def matter_problem_words(cause: MatterProblem) -> str:
    """One sentence."""
    match cause:
        case MatterFault.TEXT_MISSING:
            return _("Write in a sentence what it is about.")
        case MatterFault.UNKNOWN_CLIENT:
            return _("There is no client with this id.")
        case MatterFault.CHANGED_MEANWHILE:
            return _("Somebody else has changed this in the meantime. Save again to keep what you have typed.")
        case _:
            assert_never(cause)
