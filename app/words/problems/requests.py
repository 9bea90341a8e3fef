"""What is wrong with a request, in words."""

from typing import assert_never

from app.auth.roles import Role
from app.base.language import gettext as _
from app.base.language import ngettext
from app.base.problems.requests import (
    FieldsNotValid,
    RefusedByFramework,
    RequestFault,
    RequestProblem,
    RoleMissing,
    ScopeMissing,
    TooLong,
    TooManyPanels,
    TooManyStreams,
    YearOutOfRange,
)


def request_words(cause: RequestProblem) -> str:
    """One sentence."""
    match cause:
        case RequestFault():
            return _fault_words(cause)
        case RoleMissing(needed):
            return _reserved_words(Role(needed))
        case ScopeMissing(scope):
            return _("This API key lacks the scope `%(scope)s`; make one that has it.", scope=scope)
        case TooLong(limit):
            return _("At most %(limit)s characters.", limit=limit)
        case YearOutOfRange(first, last):
            return _("Choose a year from %(first)s to %(last)s.", first=first, last=last)
        case TooManyStreams(limit):
            return ngettext(
                "At most %(num)s stream per API key; close one.",
                "At most %(num)s streams per API key; close one.",
                limit,
            )
        case TooManyPanels(limit):
            return ngettext(
                "At most %(num)s panel per sign-in; close a tab.",
                "At most %(num)s panels per sign-in; close a tab.",
                limit,
            )
        case FieldsNotValid():
            return _("Some fields cannot be read; each says why.")
        case RefusedByFramework(message):
            return message
        case _:
            assert_never(cause)


def _reserved_words(role: Role) -> str:
    match role:
        case Role.OPERATOR:
            return _("Only operators, supervisors and admins may do this.")
        case Role.SUPERVISOR:
            return _("Only supervisors and admins may do this.")
        case Role.ADMIN:
            return _("Only admins may do this.")
        case _:
            assert_never(role)


def _fault_words(fault: RequestFault) -> str:
    match fault:
        case RequestFault.NOT_FOUND:
            return _("Not found.")
        case RequestFault.METHOD_NOT_ALLOWED:
            return _("This address does not take that method.")
        case RequestFault.NOT_SIGNED_IN:
            return _("Sign in, or send a valid API key as `Authorization: Bearer …`.")
        case RequestFault.KEY_IN_ADDRESS:
            return _("Send the key in the Authorization header; in an address it ends up in logs.")
        case RequestFault.PAGES_ARE_FOR_PEOPLE:
            return _("Pages are for people; sign in.")
        case RequestFault.FROM_ANOTHER_SITE:
            return _("This request came from another site.")
        case RequestFault.PAGE_OUT_OF_DATE:
            return _("This page is out of date; reload it and try again.")
        case RequestFault.IDEMPOTENCY_KEY_REUSED:
            return _("This Idempotency-Key came with a different request; use a new one.")
        case RequestFault.CURSOR_UNREADABLE:
            return _("This cursor is not valid; start again without one.")
        case RequestFault.NOT_SEARCHABLE:
            return _("This cannot be searched for.")
        case RequestFault.TEXT_NOT_STORABLE:
            return _("This contains a character that is not text (NUL or half a character); remove it.")
        case RequestFault.PERIOD_ENDS_BEFORE_IT_BEGINS:
            return _("The last day lies before the first.")
        case RequestFault.PERIOD_TOO_LONG:
            return _("At most ten years at a time.")
        case RequestFault.DAY_UNREADABLE:
            return _("Write the date like 2026-12-31.")
        case RequestFault.SERVER_FULL:
            return _("This server has as many listeners as it can serve; try again later.")
        case RequestFault.BODY_UNREADABLE:
            return _("The body cannot be read; send JSON in UTF-8.")
        case RequestFault.TOO_LARGE:
            return _("This is too large; send less at once.")
        case RequestFault.MEDIA_NOT_TAKEN:
            return _("Files and content of this kind are not taken here.")
        case RequestFault.SECRET_SHOWN_ONCE:
            return _(
                "This request was carried out before, and its secret is shown only once. Revoke it and make another."
            )
        case RequestFault.DATABASE_AWAY:
            return _("The database is away; try again in a moment. Calls are answered meanwhile.")
        case RequestFault.FAILURE:
            return _("Something went wrong here; the server's log says what.")
        case _:
            assert_never(fault)
