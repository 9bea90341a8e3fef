"""The entries and clients that name a caller's number, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.event_log.stored_decision import StoredMatch
from app.words.entry_words import entry_words
from filters.list_entry import Idle


def match_words(match: StoredMatch) -> str:
    """``+33 6 39 98 00 01 “Vera”``, ``client Vera``: a part of a sentence."""
    if match.of_client:
        return _("client %(client)s", client=match.label)
    if match.of_subscription:
        return _("the list “%(list)s”", list=match.label)
    names = entry_words(match.pattern).names
    return _("%(names)s “%(label)s”", names=names, label=match.label) if match.label else names


def idle_words(match: StoredMatch) -> str:
    """Why the match does not count for this call; empty when it does."""
    match match.idle:
        case None:
            return ""
        case Idle.EXPIRED:
            moment = f"{match.expires_at:%Y-%m-%d %H:%M}" if match.expires_at else "?"
            return _("expired %(moment)s UTC", moment=moment)
        case Idle.OTHER_LINES:
            return _("limited to other lines")
        case Idle.SHARED_NUMBER:
            return _("shared number: one person's status does not apply to it")
        case Idle.SHADOW:
            return _("a list of others that is only watched")
        case Idle.OWN_WORD:
            return _("a list of others: your own lists and clients come first")
        case _:
            assert_never(match.idle)
