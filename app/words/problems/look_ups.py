"""What is wrong with a look-up, in words."""

from typing import assert_never

from app.base import limits
from app.base.language import gettext as _
from app.base.language import ngettext
from app.base.problems.look_ups import LookUpFault, LookUpProblem, MoreThanACardShows


def look_up_problem_words(cause: LookUpProblem) -> str:
    """One sentence or two."""
    match cause:
        case MoreThanACardShows(limit):
            return ngettext("A card shows %(num)s field.", "A card shows %(num)s fields.", limit)
        case LookUpFault.TOO_MANY:
            return _("A company has at most %(limit)s look-ups. Delete one first.", limit=limits.LOOK_UPS)
        case LookUpFault.TOKEN_NOT_ASCII:
            return _("A token has only letters, digits and signs without spaces. Copy it once more.")
        case LookUpFault.TOKEN_OF_ANOTHER_SERVER:
            return _(
                "The token was given for another server and is not sent to this one. Give a token for it, or none."
            )
        case LookUpFault.NO_FIELD:
            return _("A field is an object with “label”, “value” and “link”.")
        case LookUpFault.NO_TEXT:
            return _("This has to be a text, and “label” and “value” have to be there and not empty.")
        case _:
            assert_never(cause)
