"""Facts about a call that are worth a second look: what it is, and what to do."""

from typing import NamedTuple, assert_never

from app.base.language import gettext as _
from filters.checks import Check


class Checked(NamedTuple):
    """A fact in words, and what to do."""

    fact: str
    do: str


def check_words(check: Check, shown_name: str) -> Checked:
    """Two sentences; ``shown_name`` is the name that the network shows."""
    match check:
        case Check.WITHHELD:
            return Checked(_("No number is shown."), _("Ask for the name and a number to call back."))
        case Check.FORGED:
            return Checked(
                _("The network could not confirm the number."),
                _("Call back on the number of the card before you decide."),
            )
        case Check.COUNTRY:
            return Checked(
                _("The number is of another country than the card's."),
                _("Ask where they call from, and note the number."),
            )
        case Check.NAMES:
            return Checked(_("Several people use this number."), _("Ask who is speaking, and choose below."))
        case Check.OTHER_NAME:
            return Checked(
                _("The network shows the name “%(name)s”.", name=shown_name),
                _("Ask who is speaking before you read out."),
            )
        case Check.THIN:
            return Checked(
                _("The card has a name and a number, nothing else."), _("Ask for one thing more, and write it down.")
            )
        case _:
            assert_never(check)
