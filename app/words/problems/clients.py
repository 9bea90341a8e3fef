"""What is wrong with a client's card, in words."""

from typing import assert_never

from app.base import limits
from app.base.language import gettext as _
from app.base.language import ngettext
from app.base.problems.clients import (
    ClientFault,
    ClientProblem,
    EmailNotValid,
    FieldHasValues,
    FieldNotRead,
    NotChosenInMerge,
    NoteTooLong,
    NotOnTheCard,
    NumberTwice,
    NumberUnderAnotherName,
    SeveralClients,
    TagNotValid,
    TooManyFields,
    TooManyNumbers,
    TooManyOfThese,
    UnknownCategory,
    UnknownField,
    UnknownResponsible,
)
from app.words.number_words import grouped


def client_words(cause: ClientProblem) -> str:
    """One sentence."""
    match cause:
        case ClientFault():
            return _fault_words(cause)
        case TooManyNumbers(limit):
            return ngettext("A client has at most %(num)s number.", "A client has at most %(num)s numbers.", limit)
        case NumberTwice(number):
            return _("%(number)s is here twice; remove one of them.", number=grouped(number))
        case NoteTooLong(limit):
            return _("A note can have at most %(limit)s characters. Split it in two.", limit=limit)
        case UnknownCategory(name):
            return _("There is no category “%(name)s”; add it under Settings, or correct the name.", name=name)
        case SeveralClients(names):
            return _(
                "Several clients have this number (%(names)s); change the right one on its card, or give its id.",
                names=", ".join(names),
            )
        case NotChosenInMerge(fields):
            return _("These fields cannot be chosen: %(fields)s.", fields=", ".join(fields))
        case NotOnTheCard(text):
            return _("“%(text)s” is not on this card, or is chosen twice.", text=text)
        case EmailNotValid(text):
            return _("“%(text)s” is no e-mail address; write it like name@example.org.", text=text)
        case TagNotValid(text):
            return _("“%(text)s” is no tag: a tag is a word or a few, without commas and semicolons.", text=text)
        case TooManyOfThese(limit):
            return ngettext("At most %(num)s here. Remove some.", "At most %(num)s here. Remove some.", limit)
        case UnknownField(name):
            return _("There is no client field “%(name)s”; add it under Settings, or correct the name.", name=name)
        case FieldNotRead():
            return _field_words(cause)
        case FieldHasValues(clients):
            return ngettext(
                "%(num)s client has a value here that would be lost. Change it first, or add another field.",
                "%(num)s clients have values here that would be lost. Change them first, or add another field.",
                clients,
            )
        case TooManyFields(limit):
            return _("There can be at most %(limit)s client fields. Delete one first.", limit=limit)
        case UnknownResponsible(name):
            return _("There is no operator “%(name)s”; correct the name, or leave it empty.", name=name)
        case NumberUnderAnotherName(line, name):
            return _(
                "Line %(line)s has this client's number under another name (%(name)s), and counts. If two people share the "
                "number, write “shared” behind it in both lines.",
                line=line,
                name=name,
            )
        case _:
            assert_never(cause)


def _field_words(cause: FieldNotRead) -> str:
    match cause.kind:
        case "number":
            return _("“%(name)s” is a number, like 12 or 12.5.", name=cause.name)
        case "date":
            return _("“%(name)s” is a day, like 2026-12-24.", name=cause.name)
        case "choice":
            return _("“%(name)s” is one of: %(choices)s.", name=cause.name, choices=", ".join(cause.choices))
        case _:
            return _("“%(name)s” is a text of at most %(limit)s characters.", name=cause.name, limit=limits.OWN_FIELD)


def _fault_words(fault: ClientFault) -> str:
    match fault:
        case ClientFault.NOT_FOUND:
            return _("This client does not exist.")
        case ClientFault.PERHAPS_DELETED:
            return _("This client does not exist. The card may have been deleted.")
        case ClientFault.GONE_MEANWHILE:
            return _("This client no longer exists.")
        case ClientFault.NAME_MISSING:
            return _("A client needs a name.")
        case ClientFault.UNKNOWN_CATEGORY:
            return _("There is no category with this name.")
        case ClientFault.TWO_CATEGORIES:
            return _("`category` and `category_id` name different categories; give one of them.")
        case ClientFault.CHANGED_MEANWHILE:
            return _("Somebody else has changed this client in the meantime.")
        case ClientFault.STANDING_NEEDS_SUPERVISOR:
            return _("Only supervisors can change who is a VIP or blacklisted.")
        case ClientFault.NUMBERS_NEED_SUPERVISOR:
            return _("This client is a VIP or blacklisted. Ask a supervisor to change the numbers.")
        case ClientFault.DELETING_NEEDS_SUPERVISOR:
            return _("This client is a VIP or blacklisted. Ask a supervisor to delete the card.")
        case ClientFault.ERASING_NEEDS_SUPERVISOR:
            return _("Only a supervisor or an admin may erase somebody for good, or hand out all that is known.")
        case ClientFault.ON_THE_LINE:
            return _("This client is on the line now. Erase them when the call is over.")
        case ClientFault.RESTORING_NEEDS_SUPERVISOR:
            return _("This client is a VIP or blacklisted. Ask a supervisor to restore the card.")
        case ClientFault.MERGING_NEEDS_SUPERVISOR:
            return _("One of them is a VIP or blacklisted. Ask a supervisor to merge them.")
        case ClientFault.SPLITTING_NEEDS_SUPERVISOR:
            return _("This client is a VIP or blacklisted. Ask a supervisor to split the card.")
        case ClientFault.NOTHING_TO_SPLIT:
            return _("Choose at least one number, address or note that is the other person's.")
        case ClientFault.NOTHING_TO_UNDO:
            return _("There is nothing to undo.")
        case ClientFault.ALREADY_BACK:
            return _("This client is already here.")
        case ClientFault.MERGED_WITH_ITSELF:
            return _("This is the same client. Choose another one.")
        case ClientFault.ABOUT_TOO_LONG_TOGETHER:
            return _("The two “About” texts are too long together. Shorten one first.")
        case ClientFault.NOT_A_MERGE:
            return _("This was not a merge.")
        case ClientFault.NOTE_EMPTY:
            return _("Write something first.")
        case ClientFault.NOTE_NOT_FOUND:
            return _("This note does not exist.")
        case ClientFault.NOTE_OF_SOMEBODY_ELSE:
            return _("Only a supervisor removes other people's notes.")
        case ClientFault.UNKNOWN_STANDING:
            return _("A standing is ordinary, vip or blacklisted; leave it empty for no change.")
        case ClientFault.STANDINGS_CONTRADICT:
            return _("An earlier line gives one of these numbers to somebody of the opposite standing.")
        case ClientFault.UNKNOWN_OPERATOR:
            return _("This operator does not exist. Choose another one.")
        case ClientFault.UNKNOWN_KIND:
            return _("A client is a person or a company; leave it empty for a person.")
        case ClientFault.DAY_UNREADABLE:
            return _("Write the day like 2026-12-24.")
        case ClientFault.FIELD_NEEDS_CHOICES:
            return _("Give the choices, one on each line.")
        case ClientFault.FIELD_TAKES_NO_CHOICES:
            return _("Only a field of the kind “choice” has choices.")
        case ClientFault.PAGE_UNREADABLE:
            return _("This page does not exist; start again at the first one.")
        case _:
            assert_never(fault)
