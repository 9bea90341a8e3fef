"""Why a fallback document is out of date, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.problems.fallback import OutOfDate


def out_of_date_words(why: OutOfDate) -> str:
    """Half a sentence, to stand in a list."""
    match why:
        case OutOfDate.NEVER_EXPORTED:
            return _("never exported")
        case OutOfDate.LANGUAGE:
            return _("the line's language changed")
        case OutOfDate.GREETING:
            return _("the “please hold” text changed")
        case OutOfDate.DIAL:
            return _("the number to ring changed")
        case OutOfDate.RING_SECONDS:
            return _("the ringing time changed")
        case OutOfDate.APOLOGY:
            return _("the apology changed")
        case OutOfDate.HOURS:
            return _("the opening hours changed")
        case _:
            assert_never(why)
