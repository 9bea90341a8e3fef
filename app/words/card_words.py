"""The fields of a client's card, by name."""

from app.base.language import gettext as _


def card_field_words(name: str) -> str:
    """What the form calls a field."""
    words = {
        "name": _("Name"), "company": _("Company"), "category_id": _("Category"), "standing": _("Status"),
        "language": _("Language"), "about": _("About"), "pinned_note": _("Pinned note"), "numbers": _("Numbers"),
        "kind": _("The card is of"), "emails": _("E-mail"), "addresses": _("Address"), "card_number": _("Card number"),
        "responsible_operator_id": _("Responsible operator"), "tags": _("Tags"), "fields": _("Your own fields"),
        "consent": _("Consent"), "consented_at": _("Consent given on"), "keep_until": _("Keep until"),
    }  # fmt: skip
    return words.get(name, name.replace("_", " "))
