"""The words around entries: which list, which treatment, what was done."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from app.base.language import gettext as _
from filters.entries import Treatment
from models.list_name import ListName


def list_title(name: ListName) -> str:
    """The list's name on its page."""
    return _("VIP list") if name is ListName.VIP else _("Blacklist")


def treatment_words(treatment: str | None) -> str:
    """What a blacklisted caller gets; without one what the company has chosen for all. Raises ValueError for what is no
    :class:`filters.entries.Treatment`."""
    if not treatment:
        return _("company default")
    which = Treatment(treatment)
    match which:
        case Treatment.FAKE_QUEUE:
            return _("fake queue (held, never answered)")
        case Treatment.RING_OUT:
            return _("rings unanswered")
        case Treatment.BUSY:
            return _("busy tone")
        case Treatment.REJECT:
            return _("refused")
        case Treatment.NOT_IN_SERVICE:
            return _("“not in service”")
        case Treatment.VOICEMAIL:
            return _("voicemail")
        case Treatment.ALLOW:
            return _("let through (an exception inside a broader block)")
        case _:
            assert_never(which)


def act_words(act: str, others: Mapping[str, str] = MappingProxyType({})) -> str:
    """What the audit trail says was done, ``add from call CA…``; ``others`` are words in place of those for lists."""
    what, from_call, _call = act.partition(" from call ")
    what = what.partition(" back to ")[0]
    known = {
        "add": _("added"), "change": _("changed"), "delete": _("removed"), "restore": _("restored"),
        "import": _("imported"), "undo import": _("import undone"), "pin": _("PIN set"), "unpin": _("PIN taken away"),
    } | dict(others)  # fmt: skip
    words = known.get(what, what)
    return _("%(what)s from a call", what=words) if from_call else words
