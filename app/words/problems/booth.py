"""What is wrong with a command to the phone booth, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.problems.booth import BoothFault, BoothProblem


def booth_words(cause: BoothProblem) -> str:
    """One sentence."""
    match cause:
        case BoothFault.NOT_SET_UP:
            return _("The booth needs a line and a provider account. Add them first.")
        case BoothFault.NOBODY_CAN_SIGN:
            return _("Only the company's provider itself can sign calls; the booth cannot place any.")
        case BoothFault.COMMAND_UNREADABLE:
            return _("The booth does not understand this command.")
        case BoothFault.UNKNOWN_ADDRESS:
            return _("Nobody has this address.")
        case BoothFault.UNKNOWN_LINE:
            return _("Choose one of your lines.")
        case BoothFault.UNKNOWN_CALL:
            return _("This booth has no such call.")
        case BoothFault.TOO_MANY_CALLS:
            return _("That is enough calls at once; hang up one of them first.")
        case BoothFault.TOO_MANY_BOOTHS:
            return _("You have too many booths open. Close one of them.")
        case BoothFault.ALL_BOOTHS_TAKEN:
            return _("All booths are in use. Try again later.")
        case BoothFault.CALLER_NOT_SENDABLE:
            return _("No telephone network can carry these characters.")
        case BoothFault.TIME_UNREADABLE:
            return _("Write the time like 2026-12-25T03:00.")
        case _:
            assert_never(cause)
