"""What a line does, in words."""

from typing import assert_never

from app.base.language import gettext as _
from routing.plan import ClosedTreatment


def closed_words(treatment: ClosedTreatment) -> str:
    """What callers get while the line is closed, as a sentence."""
    match treatment:
        case ClosedTreatment.MESSAGE:
            return _("While it is closed, callers hear a message.")
        case ClosedTreatment.VOICEMAIL:
            return _("While it is closed, callers hear a message and can leave one.")
        case _:
            assert_never(treatment)


def closed_treatment_words(treatment: ClosedTreatment) -> str:
    """The same as a choice."""
    match treatment:
        case ClosedTreatment.MESSAGE:
            return _("hear a message")
        case ClosedTreatment.VOICEMAIL:
            return _("hear a message and can leave one")
        case _:
            assert_never(treatment)
