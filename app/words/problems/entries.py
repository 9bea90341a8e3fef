"""What stands against an entry of a list, in words."""

from typing import assert_never

from app.base.language import day_in_words
from app.base.language import gettext as _
from app.base.problems.entries import (
    CannotBeBlocked,
    ChosenByCompany,
    ClientSaysOtherwise,
    EntryFault,
    EntryProblem,
    ListedEntry,
    OnTheOtherList,
    OnThisList,
    OperatorsNumber,
    OwnLine,
    Protection,
)
from app.words.entry_words import entry_words
from app.words.number_words import grouped
from filters.vip_pin import LONGEST, SHORTEST
from models.list_name import ListName


def entry_problem_words(cause: EntryProblem) -> str:
    """One sentence."""
    match cause:
        case EntryFault():
            return _fault_words(cause)
        case OnTheOtherList(entry):
            return _on_the_other_list(entry)
        case OnThisList(entry, None):
            return _("%(entry)s is already on this list; change that entry instead.", entry=_named(entry))
        case OnThisList(entry, expires):
            date = day_in_words(expires) if expires is not None else ""
            return _(
                "%(entry)s is already on this list (it expires on %(date)s); change that entry instead.",
                entry=_named(entry),
                date=date,
            )
        case ClientSaysOtherwise():
            return _client_says_otherwise(cause)
        case CannotBeBlocked(number, why):
            return _blocked_in_vain(grouped(number), why)
        case _:
            assert_never(cause)


def protection_words(why: Protection) -> str:
    """Why a number cannot be blocked."""
    match why:
        case ChosenByCompany():
            return _("on the company's list of protected numbers")
        case OperatorsNumber(name):
            return _("the number of the operator %(operator)s", operator=name)
        case OwnLine(label):
            return _("your own line %(line)s", line=label)
        case _:
            assert_never(why)


def _blocked_in_vain(number: str, why: Protection) -> str:
    return _("%(number)s cannot be blocked: it is %(protected)s.", number=number, protected=protection_words(why))


def _on_the_other_list(entry: ListedEntry) -> str:
    match entry.list:
        case ListName.VIP:
            return _("%(entry)s is already on the VIP list; remove it there, or leave it.", entry=_named(entry))
        case ListName.BLACKLIST:
            return _("%(entry)s is already on the blacklist; remove it there, or leave it.", entry=_named(entry))
        case _:
            assert_never(entry.list)


def _client_says_otherwise(cause: ClientSaysOtherwise) -> str:
    number, client = grouped(cause.number), cause.client_name
    match cause.standing:
        case ListName.VIP:
            return _(
                "%(number)s belongs to the client %(client)s, who is a VIP; change the client's status or mark the number "
                "as shared first.",
                number=number,
                client=client,
            )
        case ListName.BLACKLIST:
            return _(
                "%(number)s belongs to the client %(client)s, who is blacklisted; change the client's status or mark the "
                "number as shared first.",
                number=number,
                client=client,
            )
        case _:
            assert_never(cause.standing)


def _named(entry: ListedEntry) -> str:
    names = entry_words(entry.pattern).names
    return f"{names} “{entry.label}”" if entry.label else names


def _fault_words(fault: EntryFault) -> str:
    match fault:
        case EntryFault.EXPIRY_WITHOUT_ZONE:
            return _("The expiry needs a time zone, like 2026-12-31T18:00:00Z.")
        case EntryFault.EXPIRY_IN_THE_PAST:
            return _("The expiry is in the past; choose a later one, or none.")
        case EntryFault.REVIEW_TOO_FAR_AWAY:
            return _("This review is too far away. Choose an earlier day, or none.")
        case EntryFault.OWNER_UNKNOWN:
            return _("Nobody who signs in here has this e-mail address.")
        case EntryFault.EVIDENCE_UNKNOWN:
            return _("There is no such call.")
        case EntryFault.EXPIRY_TOO_FAR_AWAY:
            return _("The expiry is too far away; leave it out for an entry without an end.")
        case EntryFault.UNKNOWN_TREATMENT:
            return _("Choose one of the treatments offered.")
        case EntryFault.NOTHING_WRITTEN:
            return _("Enter at least one number.")
        case EntryFault.ALREADY_ON_ITS_LIST:
            return _("This entry is already on its list.")
        case EntryFault.PIN_NOT_DIGITS:
            return _(
                "A PIN has %(shortest)s to %(longest)s digits and nothing else.", shortest=SHORTEST, longest=LONGEST
            )
        case EntryFault.PIN_GUESSED_FIRST:
            return _("This PIN is guessed first: choose one that is neither a digit repeated nor digits in a row.")
        case EntryFault.OWN_COUNTRY:
            return _("This blocks every caller from your own country. Tick the box if you mean it.")
        case _:
            assert_never(fault)
