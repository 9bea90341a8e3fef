"""The audit trail, in words."""

import json
from typing import Final

from app.base.language import gettext as _
from app.words.list_words import act_words

_LONGEST: Final = 400


def subject_words(subject: str) -> str:
    """What a table of the audit trail holds, one row of it."""
    words = {
        "company": _("Company"), "line": _("Line"), "opening_hours": _("Opening hours"), "holiday": _("Holiday"),
        "menu": _("Menu"), "queue": _("Queue"), "operator": _("Operator"), "category": _("Category"),
        "vip_entry": _("VIP entry"), "blacklist_entry": _("Blacklist entry"), "client": _("Client"),
        "client_field": _("Client field"), "script": _("Script"), "phrase": _("Text"),
        "provider_account": _("Provider"), "user_account": _("Person"), "api_key": _("API key"), "vip_pin": _("VIP PIN"),
        "subscription": _("Subscription"), "sale": _("Sales"), "product": _("Product"),
        "segment_borders": _("Borders of the segments"), "product_state": _("Product of a client"),
        "segment_suggestion": _("Suggestion"), "matter": _("Matter"),
    }  # fmt: skip
    return words.get(subject, subject.replace("_", " "))


def audited_act_words(act: str) -> str:
    """What was done to it, and from where."""
    words = {
        "delete": _("deleted"), "revoke": _("revoked"), "move": _("moved"), "renew": _("renewed"),
        "fail to renew": _("could not be renewed"), "merge": _("merged"), "unmerge": _("taken apart again"),
        "split": _("split"),
        "accept": _("accepted"), "cancel": _("withdrawn"), "sign out": _("signed out"),
        "reset password of": _("given a link for a new password"), "revoke links of": _("links withdrawn"),
        "set up second factor of": _("second factor set up"), "renew recovery codes of": _("recovery codes renewed"),
        "turn off second factor of": _("second factor turned off"),
        "reset second factor of": _("second factor taken away"), "invite": _("invited"), "resend": _("invited again"),
        "clear": _("booth calls cleared"), "export": _("exported"), "erase": _("erased"),
    }  # fmt: skip
    return act_words(act, words)


def value_words(value: object) -> str:
    """A value of a row; empty for none."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
