"""What is erased of a person, and what stays, in words."""

from app.base.language import gettext as _
from app.edits.personal_data import Place


def place_words(place: Place) -> str:
    """Where something is held."""
    match place:
        case Place.CARD:
            return _("Card")
        case Place.NUMBERS:
            return _("Numbers")
        case Place.NOTES:
            return _("Notes about the client")
        case Place.EARLIER_CARDS:
            return _("Deleted and merged cards")
        case Place.CALLS:
            return _("Calls: who called")
        case Place.CALL_EVENTS:
            return _("Events of calls")
        case Place.FAKE_QUEUE:
            return _("Stays in the fake queue: who waited")
        case Place.CALL_NOTES:
            return _("Notes after calls")
        case Place.MEMORIES:
            return _("Who calls from which number")
        case Place.DRAFTS:
            return _("Unsaved forms")
        case Place.CARD_FIELDS:
            return _("Fields on the card from other programs")
        case Place.LOOKED_UP:
            return _("Answers of other programs that were asked who calls")
        case Place.CALLBACKS:
            return _("Call-backs")
        case Place.MATTERS:
            return _("Matters")
        case Place.VOICEMAILS:
            return _("Voicemails")
        case Place.LIST_ENTRIES:
            return _("List entries: the name")
        case Place.IMPORTS:
            return _("Imported files")
        case Place.SALES:
            return _("Sales")
        case Place.SEGMENTS:
            return _("Segments and products")
        case Place.REHEARSALS:
            return _("Rehearsed calls")
        case Place.DELIVERIES:
            return _("Webhook deliveries")
        case Place.REQUESTS:
            return _("Answers kept for repeated requests")
        case Place.AUDIT:
            return _("Audit trail: the values")
        case Place.PLAN:
            return _("Changes on their way to workers")
        case Place.FILES:
            return _("Files on this server")


def what_stays() -> str:
    """What an erasure leaves, and why."""
    return _(
        "Calls stay as numbers in reports, without caller. List entries stay with their number, without name. "
        "Plan files are rewritten within seconds, number files are removed after 15 minutes. Backups and other programs "
        "are not reached."
    )
