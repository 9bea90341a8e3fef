"""Why a fallback document is out of date, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.problems.fallback import OutOfDate


def out_of_date_words(why: OutOfDate) -> str:
    """Half a sentence, to stand in a list."""
    match why:
        case OutOfDate.NEVER_EXPORTED:
            return _("it was never exported")
        case OutOfDate.LANGUAGE:
            return _("the line's language changed")
        case OutOfDate.GREETING:
            return _("the wording of “please hold” changed")
        case OutOfDate.DIAL:
            return _("the number that is rung changed")
        case OutOfDate.RING_SECONDS:
            return _("how long it rings changed")
        case OutOfDate.APOLOGY:
            return _("the wording of the apology changed")
        case OutOfDate.HOURS:
            return _("the opening hours changed")
        case _:
            assert_never(why)
