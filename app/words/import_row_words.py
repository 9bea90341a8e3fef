"""Imports and their lines, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.problems.import_lines import LeftBecause, RowKind, SkipReason
from models.list_name import ListName


def twice_words(first_line: str) -> str:
    """About a line that repeats another one."""
    return _("The same as line %(line)s, which counts.", line=first_line)


def same_client_words() -> str:
    """About a line that says nothing new of a client."""
    return _("Known already, just so.")


def same_sale_words() -> str:
    """About a line whose sale is there already."""
    return _("This sale is there already.")


def protected_words(why: str) -> str:
    """About a number that cannot be blocked; ``why`` is whose it is."""
    return _("Protected, it cannot be blocked: %(why)s.", why=why)


def why_words(why: SkipReason, name: ListName, about: str) -> str:
    """Why a line is not imported into the list ``name``; ``about`` is what is in the way."""
    match why:
        case SkipReason.EXPIRED:
            return _("This has expired already.")
        case SkipReason.LISTED:
            return _("On the list already, just so.")
        case SkipReason.TWICE:
            return twice_words(about)
        case SkipReason.PROTECTED:
            return _("This number is protected and cannot be blocked.")
        case SkipReason.OPPOSITE if name.other is ListName.VIP:
            return _("This is on the VIP list (%(name)s); remove it there first.", name=about or "–")
        case SkipReason.OPPOSITE:
            return _("This is on the blacklist (%(name)s); remove it there first.", name=about or "–")
        case SkipReason.CLIENT if name.other is ListName.VIP:
            return _("This is the client %(name)s, who is a VIP; change their status first.", name=about)
        case SkipReason.CLIENT:
            return _("This is the client %(name)s, who is blacklisted; change their status first.", name=about)
        case _:
            assert_never(why)


def left_words(why: LeftBecause) -> str:
    """Why an undo has left something as it is."""
    match why:
        case LeftBecause.EDITED:
            return _("somebody has changed it since")
        case LeftBecause.CONFLICT:
            return _("something contradicts it by now")
        case LeftBecause.WRITTEN_ABOUT:
            return _("something has been noted about them, or sold to them, since")
        case LeftBecause.MERGED:
            return _("merged with another client since")
        case LeftBecause.LATER_IMPORT:
            return _("a later import has changed it: undo that one first")
        case LeftBecause.GONE:
            return _("something that it named before is not there any more")
        case _:
            assert_never(why)


def kind_words(kind: RowKind) -> str:
    """What becomes of lines, as the name of a tab."""
    match kind:
        case RowKind.ADD:
            return _("Add")
        case RowKind.CHANGE:
            return _("Change")
        case RowKind.SAME:
            return _("There already")
        case RowKind.TWICE:
            return _("Twice in the file")
        case RowKind.ERROR:
            return _("Errors")
        case _:
            assert_never(kind)


def column_words(field: str) -> str:
    """What a column of a file can be; empty for one that is not read."""
    match field:
        case "number":
            return _("Number")
        case "match":
            return _("Match")
        case "to":
            return _("Last number of a range")
        case "label" | "name":
            return _("Name")
        case "first_name":
            return _("First name")
        case "last_name":
            return _("Last name")
        case "company":
            return _("Company")
        case "shared_number":
            return _("Number that others use too")
        case "category":
            return _("Category")
        case "standing":
            return _("Standing")
        case "language":
            return _("Language")
        case "about":
            return _("About")
        case "pinned_note":
            return _("Pinned note")
        case "id":
            return _("The client's id")
        case "email":
            return _("E-mail")
        case "address":
            return _("Address")
        case "address_part":
            return _("Part of an address")
        case "kind":
            return _("Person or company")
        case "card_number":
            return _("Card number")
        case "responsible":
            return _("Responsible operator")
        case "tags":
            return _("Tags")
        case "consent":
            return _("Consent")
        case "consented_at":
            return _("Consent given on")
        case "keep_until":
            return _("Keep until")
        case "reason":
            return _("Reason")
        case "expires_at":
            return _("Expires on")
        case "lines":
            return _("Lines")
        case "treatment":
            return _("Treatment")
        case "review_at":
            return _("Look at it again on")
        case "owner":
            return _("Who answers for it")
        case "evidence_call_id":
            return _("The call that led to it")
        case "enabled":
            return _("Switched on or off")
        case "direction":
            return _("Calls that come in or go out")
        case "country":
            return _("Country")
        case "client":
            return _("Client (number, card number or id)")
        case "date":
            return _("Date")
        case "amount":
            return _("Amount")
        case "product":
            return _("Product")
        case "currency":
            return _("Currency")
        case "reference":
            return _("Receipt or invoice")
        case _ if field.startswith("field:"):
            return field.removeprefix("field:")
        case _:
            return _("not read")


def phase_words(phase: str) -> str:
    """What goes on while an import is worked on."""
    match phase:
        case "read":
            return _("Reading the file")
        case "wait":
            return _("Waiting for another change to end")
        case "merge":
            return _("Writing the list")
        case "remove" | "restore":
            return _("Taking it back")
        case "number file":
            return _("Making it live")
        case _:
            return _("Comparing with what is there")
