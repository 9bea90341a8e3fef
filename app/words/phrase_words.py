"""The standard sentences by what they are for: the names on the page where a company words them anew."""

from app.base.language import gettext as _
from routing.actions import Phrase


def phrase_title(phrase: Phrase) -> str:  # one answer for each phrase
    """When callers, or those who are rung, hear it."""
    match phrase:
        case Phrase.APOLOGY:
            return _("When a call cannot be taken")
        case Phrase.CALLBACK_OFFER:
            return _("Offer to be called back")
        case Phrase.CALLBACK_TAKEN:
            return _("When a call-back was chosen")
        case Phrase.CALLEE_CONFIRM:
            return _("To whoever is rung: press 1")
        case Phrase.CALLEE_GONE:
            return _("To whoever was rung and pressed nothing")
        case Phrase.CALLER_GONE:
            return _("To whoever is rung: the caller has hung up")
        case Phrase.CLOSED:
            return _("When the line is closed")
        case Phrase.CLOSED_VOICEMAIL:
            return _("When the line is closed, before a message is recorded")
        case Phrase.GOODBYE:
            return _("Goodbye")
        case Phrase.HOLD:
            return _("While somebody waits")
        case Phrase.MENU_NO_INPUT:
            return _("Menu: no key was pressed")
        case Phrase.MENU_WRONG_KEY:
            return _("Menu: a key without a meaning")
        case Phrase.NOBODY_SERVES:
            return _("When nobody serves the queue")
        case Phrase.NOT_IN_SERVICE:
            return _("Number not in service, to blocked callers")
        case Phrase.PIN_ASKED:
            return _("VIP: asks for the PIN")
        case Phrase.PIN_WRONG:
            return _("VIP: the PIN was wrong")
        case Phrase.PLACE:
            return _("The place in the queue")
        case Phrase.PLEASE_HOLD:
            return _("Please hold")
        case Phrase.SATISFACTION_ASKED:
            return _("After a talk: how satisfied was the caller?")
        case Phrase.UNKNOWN_LINE:
            return _("A number that is no line")
        case Phrase.URGENT_OFFERED:
            return _("VIP: is it urgent?")
        case Phrase.DICTATION:
            return _("Before a recording is spoken by telephone")
        case Phrase.VOICEMAIL:
            return _("When no message can be recorded")
        case Phrase.VOICEMAIL_GREETING:
            return _("Before a message is recorded")
        case Phrase.VOICEMAIL_TAKEN:
            return _("After a message was recorded")
        case Phrase.WAITED_TOO_LONG:
            return _("After too long a wait")
        case Phrase.WAIT_ABOUT:
            return _("The estimated wait")
        case Phrase.WILL_CALL_BACK:
            return _("When somebody will be called back")
