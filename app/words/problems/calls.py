"""What is wrong when a call is judged, noted or asked about again, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.problems.calls import (
    CallerTooLong,
    CallFault,
    CallProblem,
    NotDone,
    NotMovedThere,
    NumberNotRung,
    SavedMeanwhile,
)
from app.base.problems.telephone import Fault
from app.words.number_words import grouped
from routing.dialling import AddressFault
from routing.move import MoveFault


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
        case NumberNotRung(number, fault):
            return _not_rung_words(grouped(number), fault)
        case NotDone(fault):
            return _telephone_words(fault)
        case NotMovedThere(fault):
            return _move_words(fault)
        case _:
            assert_never(cause)


def _not_rung_words(number: str, fault: AddressFault) -> str:
    match fault:
        case AddressFault.OTHER_COUNTRY:
            return _("%(number)s is in a country that may not be rung; an admin can add the country.", number=number)
        case AddressFault.SATELLITE | AddressFault.NO_ORDINARY_NUMBER | AddressFault.PRIVATE_HOST:
            return _("%(number)s is not an ordinary number, so it is not rung from here.", number=number)
        case _:
            assert_never(fault)


def _telephone_words(fault: Fault) -> str:
    match fault:
        case Fault.GONE:
            return _("The provider says that this call is over.")
        case Fault.REFUSED:
            return _("The provider has refused this. The log says why.")
        case Fault.TOO_MANY:
            return _("The provider takes no more commands at the moment. Try again in a few seconds.")
        case Fault.UNREACHABLE:
            return _("The provider does not respond. Try again in a moment.")
        case Fault.NOT_POSSIBLE_THERE:
            return _("This line's provider cannot do that.")
        case _:
            assert_never(fault)


def _move_words(fault: MoveFault) -> str:
    match fault:
        case MoveFault.NOBODY_OF_THAT_ID:
            return _("There is no operator with this id.")
        case MoveFault.NO_QUEUE_OF_THAT_ID:
            return _("There is no queue with this id.")
        case MoveFault.NOT_RUNG:
            return _("This number cannot be called: its country or its kind is not among those the company calls.")
        case MoveFault.BEYOND:
            return _("The provider of this line cannot ring operators in a browser.")
        case MoveFault.OWN_LINE:
            return _("This is one of the company's own lines. Choose a queue instead.")
        case MoveFault.BLACKLISTED:
            return _("This number is on the blacklist. Take it off the list first.")
        case MoveFault.NOBODY_SERVES:
            return _("Nobody serves this queue at the moment.")
        case _:
            assert_never(fault)


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
        case CallFault.NEXT_CONTACT_IS_PAST:
            return _("The next contact is in the past; choose a time to come.")
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
        case CallFault.UNKNOWN_CALL:
            return _("There is no such call.")
        case CallFault.CLIENT_UNKNOWN:
            return _("It is not known which client this is. Choose the client first.")
        case CallFault.CALL_IS_OVER:
            return _("This call is over.")
        case CallFault.NOTHING_TO_SEE:
            return _("There is nothing to see in this text. Give at least one visible character.")
        case CallFault.NO_WEB_ADDRESS:
            return _("Give a link like https://crm.example.org/clients/7, without a user, spaces or quotation marks.")
        case CallFault.CALLER_IS_BLOCKED:
            return _("This caller is on the blacklist and reaches nobody. Take them off the list first.")
        case CallFault.NOT_YOUR_CALL:
            return _("Only whoever is in the call or a supervisor can do this.")
        case CallFault.YOU_TAKE_NO_CALLS:
            return _("You have no telephone here. An admin can give you one.")
        case CallFault.YOURS_ALREADY:
            return _("You are in this call already.")
        case CallFault.NOBODY_TALKS:
            return _("Nobody is talking with this caller, so there is nobody to ask first.")
        case CallFault.NOBODY_IS_ASKED:
            return _("Nobody is being asked about this call.")
        case CallFault.ONE_DESTINATION:
            return _("Give one destination: an operator, a queue or a number.")
        case CallFault.QUEUES_ARE_NOT_ASKED:
            return _("Only an operator or a number can be asked first, not a queue.")
        case CallFault.NO_REST_KEY:
            return _("This needs the provider's REST API, for which no key has been given. An admin can add it.")
        case CallFault.OPERATOR_IS_BUSY:
            return _("This operator is in another call.")
        case CallFault.YOU_ARE_BUSY:
            return _("You are in another call, or your telephone rings for one. Take this one when you are free.")
        case CallFault.SOMEBODY_IS_ASKED:
            return _("Somebody is being asked about this call already. Go back to the caller first.")
        case CallFault.DRAFTS_ARE_FOR_PEOPLE:
            return _("Drafts need a signed-in person. Sign in first.")
        case CallFault.CALLBACK_CLOSED:
            return _("This call-back is closed.")
        case CallFault.CALLBACK_OPEN_ALREADY:
            return _("There is an open call-back for this number already.")
        case CallFault.CALLBACK_WITHOUT_TELEPHONE:
            return _("Calling from here needs an owner with a telephone that may be rung.")
        case CallFault.CALLBACK_OF_BLOCKED:
            return _("This caller is blocked by now. Allow the number before you call back.")
        case CallFault.CALLBACK_OWNER_TALKS:
            return _("The owner is in a call. Call back when it is over.")
        case CallFault.CALLBACK_RINGS_ALREADY:
            return _("Somebody is calling them back at this moment.")
        case CallFault.DATE_TOO_FAR:
            return _("Choose a date within the next five years.")
        case CallFault.UNKNOWN_OPERATOR:
            return _("Choose one of the operators.")
        case CallFault.NO_PROVIDER_API:
            return _(
                "The provider's account has no API key, so no call can be made from here. Dial the number yourself."
            )
        case CallFault.PROVIDER_REFUSES:
            return _("The provider refuses to make this call. Dial the number yourself.")
        case CallFault.SOUND_NOT_FETCHED:
            return _("The provider has not handed out this recording yet. It is tried again by itself.")
        case CallFault.PROVIDER_AWAY:
            return _("The provider does not answer. Try again in a minute, or dial the number yourself.")
        case CallFault.NOT_IN_FAKE_QUEUE:
            return _("This call is not in the fake queue any more.")
        case _:
            assert_never(fault)
