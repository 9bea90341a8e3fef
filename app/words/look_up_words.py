"""What comes of asking other programs, in words."""

from typing import assert_never

from app.base.language import gettext as _
from models.look_up import AnswerFault


def answer_fault_words(fault: AnswerFault, status: int | None) -> str:  # one answer for each fault
    """Why there is nothing to show, and what to do. ``status`` is the program's, if it answered."""
    match fault:
        case AnswerFault.TIMEOUT:
            return _("There was no whole answer in time.")
        case AnswerFault.NO_CONNECTION:
            return _("Nobody answers at this address, or not by HTTP, or the certificate is not valid.")
        case AnswerFault.PRIVATE_TARGET:
            return _("The address is not https, or leads into a private network. Nobody is asked there.")
        case AnswerFault.REDIRECTED:
            return _("The address leads on to another one (%(status)s). Enter that one.", status=status or "?")
        case AnswerFault.REFUSED:
            return _(
                "The program answered %(status)s. It should be 200, or 204 where it knows nothing.",
                status=status or "?",
            )
        case AnswerFault.TOO_LARGE:
            return _("The answer is larger than 64 KiB.")
        case AnswerFault.UNREADABLE:
            return _("The answer is not JSON like {“fields”: [{“label”: …, “value”: …, “link”: …}]}.")
        case AnswerFault.SECRET_UNREADABLE:
            return _("The secret or the token cannot be decrypted any more. Delete this look-up and add it again.")
        case _:
            assert_never(fault)
