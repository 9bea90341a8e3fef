"""What is wrong when a call is judged, noted or asked about again, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.problems.calls import CallerTooLong, CallFault, CallProblem, SavedMeanwhile


def call_words(cause: CallProblem) -> str:
    """One sentence."""
    match cause:
        case CallFault():
            return _fault_words(cause)
        case CallerTooLong(limit):
            return _("At most %(limit)s characters; providers send no more.", limit=limit)
        case SavedMeanwhile(name):
            return _(
                "This number has been saved as %(name)s in the meantime; reload the page to see the card.", name=name
            )
        case _:
            assert_never(cause)


def _fault_words(fault: CallFault) -> str:
    match fault:
        case CallFault.SOMEBODY_ELSE_LISTED:
            return _("Somebody else listed this caller; a supervisor has to take it back.")
        case CallFault.NOT_ON_THE_BLACKLIST_ITSELF:
            return _("This number is not on the blacklist itself; see which entry covers it.")
        case CallFault.NO_NUMBER_TO_LIST:
            return _("This caller had no number to put on a list.")
        case CallFault.REASON_NEEDED:
            return _("Write down why this caller is blocked.")
        case CallFault.NO_NUMBER_TO_CALL_BACK:
            return _("This caller had no number to call back.")
        case CallFault.NO_NUMBER_FOR_A_CLIENT:
            return _("This caller had no number, so no client can be saved.")
        case CallFault.UNKNOWN_REASON:
            return _("Choose one of the reasons offered.")
        case CallFault.UNKNOWN_OUTCOME:
            return _("Choose one of the outcomes offered.")
        case CallFault.UNKNOWN_ATTESTATION:
            return _("The attestation is A, B, C, failed or none.")
        case CallFault.TIME_UNREADABLE:
            return _("Write the time like 2026-12-25T10:00 (the line's own clock) or 2026-12-25T09:00:00Z.")
        case CallFault.STILL_GOES_ON:
            return _("This call is still going on; note the outcome when it is over.")
        case CallFault.OUTCOME_OF_SOMEBODY_ELSE:
            return _("Only whoever took the call or a supervisor notes the outcome.")
        case CallFault.NUMBER_NOT_OF_THIS_CLIENT:
            return _("This client does not have this number.")
        case CallFault.CLIENT_UNKNOWN:
            return _("It is not known which client this is. Choose the client first.")
        case CallFault.DRAFTS_ARE_FOR_PEOPLE:
            return _("Drafts need a signed-in person. Sign in first.")
        case CallFault.NOT_IN_FAKE_QUEUE:
            return _("This call is not in the fake queue any more.")
        case _:
            assert_never(fault)
