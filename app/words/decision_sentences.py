"""Every sentence that a decision may leave behind, as a pattern with named places. Kept beside the words of
:mod:`routing.decision` by a test that takes decisions of every kind and looks each of their sentences up here."""

from typing import Final


def N_(message: str) -> str:  # noqa: N802  # gettext's own name: marks a message that is looked up later
    """``message`` itself, marked for translators."""
    return message


WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

TITLES: Final = (
    N_("Whose line is this?"),
    N_("Is it our own number calling us?"),
    N_("Is the number protected?"),
    N_("Is the caller a VIP?"),
    N_("Is the caller blacklisted?"),
    N_("What does the client's category say?"),
    N_("Is the number hidden?"),
    N_("Is the line closed?"),
    N_("Does the line have a menu?"),
    N_("Does the line have a queue?"),
    N_("Has anything matched?"),
)

SENTENCES: Final = (
    N_("The called number is not one of our lines."),
    N_("no"),
    N_("One of our own lines calls in a loop; the call is refused to break it."),
    N_("The caller shows one of our own numbers: never a VIP."),
    N_("%(why)s Received like everybody else: %(rest)s"),
    N_("%(why)s Received like everybody else"),
    N_("An emergency service calls back: no menu, no hours."),
    N_("protected: the blacklist is not asked"),
    N_("on no VIP list"),
    N_("%(entry)s, but a more specific blacklist entry decides"),
    N_("VIP list: %(entry)s, but the identity is unconfirmed: %(doubt)s. Near the front of the queue."),
    N_("VIP list: %(entry)s. Straight to %(name)s."),
    N_("VIP list: %(entry)s. To the front of the queue; nobody is set up to be rung directly."),
    N_("VIP list: %(entry)s, but this company has no operator and no queue yet."),
    N_("%(entry)s; %(doubt)s, and there is no queue"),
    N_("%(entry)s; also blacklisted equally well, VIP wins"),
    N_("the network says that the number failed validation"),
    N_("the network knows only the gateway that the call came through (attestation C)"),
    N_("the network does not fully vouch for the number (no attestation A)"),
    N_("on no blacklist"),
    N_("%(entry)s, but the number is protected"),
    N_("%(entry)s, but the VIP entry decides"),
    N_("Blacklist: %(entry)s. Toll-free lines refuse instead of holding."),
    N_("Blacklist: %(entry)s. Decided without the other questions."),
    N_("Blacklist: %(entry)s."),
    N_("several clients share this number"),
    N_("no category"),
    N_("Category “%(category)s” decides how the call is received."),
    N_("%(category)s: priority %(priority)s"),
    N_("%(category)s: its queue or menu is gone"),
    N_("%(category)s, but %(opening)s"),
    N_("The caller withholds the number."),
    N_("The network does not tell the number."),
    N_("this line has no opening hours"),
    N_("Outside opening hours: %(opening)s."),
    N_("%(opening)s, but the client's category is received at any hour"),
    N_("open until %(clock)s"),
    N_("open since yesterday, until %(clock)s"),
    N_("closed day: %(holiday)s"),
    N_("holiday: %(holiday)s"),
    N_("closed on %(day)s at %(clock)s"),
    N_("this line has no menu"),
    N_("The line's menu “%(menu)s”."),
    N_("this line has no queue"),
    N_("The line's queue “%(queue)s”."),
    N_("Nothing else is set up for this line: the company's queue “%(queue)s”."),
    N_("Nothing matched, and this company has no queue yet."),
    N_("The rules could not be asked; received like everybody else."),
    N_("The rules could not be asked."),
    N_("the rules could not be asked"),
    N_("status of client %(client)s"),
)

ENTRIES: Final = (
    N_("expired %(moment)s UTC"),
    N_("limited to other lines"),
    N_("a shared number never takes over one person's status"),
    N_("%(names)s “%(label)s”"),
    N_("%(first)s to %(last)s"),
    N_("%(prefix)s…"),
    N_("country %(country)s"),
    N_("%(line)s, %(number)s"),
)
"""How an entry of a list is named, alone or in a sentence; and, last because it would match much, a line of ours."""
