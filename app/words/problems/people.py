"""What is wrong with users, keys, one's own settings and a new company, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.problems.people import PasswordTooShort, PeopleFault, PeopleProblem, ScopeNotOwn


def people_words(cause: PeopleProblem) -> str:
    """One sentence."""
    match cause:
        case PeopleFault():
            return _fault_words(cause)
        case PasswordTooShort(least):
            return _("A password needs at least %(count)s characters.", count=least)
        case ScopeNotOwn(scope):
            return _("This API key lacks the scope `%(scope)s` itself and cannot hand it out.", scope=scope)
        case _:
            assert_never(cause)


def _fault_words(fault: PeopleFault) -> str:
    match fault:
        case PeopleFault.OWN_NAME_MISSING:
            return _("Enter a name for your colleagues to see.")
        case PeopleFault.PASSWORD_WRONG:
            return _("This is not your current password.")
        case PeopleFault.PASSWORDS_DIFFER:
            return _("The two passwords differ.")
        case PeopleFault.PASSWORD_EASILY_GUESSED:
            return _(
                "This password is one of the first that somebody would try. Choose another, such as four unrelated words."
            )
        case PeopleFault.TOO_MANY_GUESSES:
            return _("Too many attempts; wait a minute and try again.")
        case PeopleFault.NO_OPERATOR:
            return _("Your account does not take calls. An admin can link it to an operator.")
        case PeopleFault.UNKNOWN_OPERATOR:
            return _("There is no operator with this id.")
        case PeopleFault.KEY_EXPIRY_IN_THE_PAST:
            return _("The expiry is in the past; choose a later one, or none.")
        case PeopleFault.NOBODY_IS_RUNG:
            return _("Give the telephone of at least one person, or skip this step.")
        case PeopleFault.KEY_WITHOUT_SCOPE:
            return _("Choose what the key may do.")
        case PeopleFault.EMAIL_NOT_VALID:
            return _("People sign in with an e-mail address: write it alone, without brackets or commas.")
        case PeopleFault.EMAIL_TAKEN:
            return _("Somebody already signs in with this e-mail address; choose another one.")
        case PeopleFault.LAST_ADMIN:
            return _("This is the last admin who can sign in; make somebody else an admin first.")
        case PeopleFault.COMPANY_NAME_MISSING:
            return _("The company needs a name.")
        case PeopleFault.SET_UP_ALREADY:
            return _("There is a company here already. Sign in.")
        case PeopleFault.ACCOUNT_TAKEN:
            return _("This provider account already belongs to a company.")
        case PeopleFault.MAY_NOT_BLOCK:
            return _("You may not block callers; ask an admin for the right, or a supervisor to do it.")
        case PeopleFault.LINK_NOT_VALID:
            return _(
                "This link is no longer valid: it was used, taken back, or is too old. Ask an admin for a new one."
            )
        case PeopleFault.ALREADY_INVITED:
            return _("This e-mail address is already invited; send that invitation again, or cancel it.")
        case PeopleFault.CODE_WRONG:
            return _("This code is not right, or was used already. Wait for the next one.")
        case PeopleFault.CODES_LOCKED:
            return _("Too many wrong codes. Wait an hour, or ask an admin to reset your second factor.")
        case PeopleFault.SECOND_FACTOR_ON:
            return _("Your second factor is on already; turn it off first.")
        case PeopleFault.SECOND_FACTOR_NEEDED:
            return _("Your company requires a second factor; it cannot be turned off.")
        case PeopleFault.NO_SECOND_FACTOR:
            return _("There is no second factor; turn it on first.")
        case PeopleFault.DISABLED:
            return _("This person is deactivated; let them in again first.")
        case _:
            assert_never(fault)
