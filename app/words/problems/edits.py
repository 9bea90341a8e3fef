"""What is wrong with a change, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.language import ngettext
from app.base.problems.edits import EditFault, EditProblem, LanguageNotSpoken, StillUsedBy, User
from app.words.resource_words import resource_words


def edit_words(cause: EditProblem) -> str:
    """One sentence."""
    match cause:
        case EditFault():
            return _fault_words(cause)
        case LanguageNotSpoken(spoken):
            return _("The language must be one of %(languages)s.", languages=", ".join(spoken))
        case StillUsedBy(users, more):
            shown = ", ".join(map(_named, users))
            if more:
                return ngettext(
                    "Still used by %(users)s and %(num)s more; change that first.",
                    "Still used by %(users)s and %(num)s more; change those first.",
                    more,
                    users=shown,
                )
            return _("Still used by %(users)s; change that first.", users=shown)
        case _:
            assert_never(cause)


def _named(user: User) -> str:
    return f"{user.name} ({resource_words(user.resource)})"


def _fault_words(fault: EditFault) -> str:
    match fault:
        case EditFault.TOO_MANY_PRODUCTS:
            return _("A company has at most 1000 products; delete one that was never sold first.")
        case EditFault.DECIDED_ALREADY:
            return _("Somebody has decided this already; look at the list again.")
        case EditFault.CATEGORY_CHANGED_SINCE:
            return _(
                "Somebody has given this client another category since this was suggested; change it on the client's page."
            )
        case EditFault.BORDERS_CROSSED:
            return _("B ends where A does or later, Y where X does, and medium loyalty begins below high loyalty.")
        case EditFault.RATE_UNREADABLE:
            return _("Write each currency once, on a line of its own, like USD 0.92.")
        case EditFault.PRODUCT_SOLD:
            return _("This product was sold and stays; undo the import that sold it first.")
        case EditFault.NAME_TAKEN:
            return _("This name, number or address is already taken.")
        case EditFault.STILL_IN_USE:
            return _("Still in use; remove it from the lines, menus and categories that use it first.")
        case EditFault.UNKNOWN_ID:
            return _("There is nothing with this id; look the ids up in the list of that resource.")
        case EditFault.CONTRADICTION:
            return _("The change contradicts what is stored.")
        case EditFault.CHANGED_MEANWHILE:
            return _(
                "Somebody has changed this since you opened it. Below is what you typed; saving again puts it in place."
            )
        case EditFault.NOT_UNDONE:
            return _("Somebody has changed this since, so it was not undone.")
        case EditFault.LIST_IMPORT_UNDER_WAY:
            return _("One of your company's lists is being imported. Try again in a moment.")
        case EditFault.COUNTRY_UNKNOWN:
            return _("The country must be a two-letter ISO code such as FR.")
        case EditFault.NOT_REHEARSED:
            return _(
                "This changes nothing that decides calls, or cannot be done like that; see the description of `path`."
            )
        case EditFault.REHEARSAL_UNDER_WAY:
            return _("Another rehearsal of your company is under way. Wait for its end.")
        case EditFault.TIME_ZONE_UNKNOWN:
            return _("The time zone must be an IANA name such as Europe/Paris.")
        case _:
            assert_never(fault)
