"""Matters, in words: what they are and how far they have come. None of them says anything about a person."""

from typing import assert_never

from app.base.language import gettext as _
from models.matter import MatterKind, MatterState


def matter_kind_words(kind: str) -> str:
    """What it is. Raises ValueError for what is no :class:`models.matter.MatterKind`."""
    which = MatterKind(kind)
    match which:
        case MatterKind.COMPLAINT:
            return _("Complaint")
        case MatterKind.QUESTION:
            return _("Question")
        case MatterKind.ORDER:
            return _("Purchase order")
        case _:
            assert_never(which)


def matter_state_words(state: str) -> str:
    """How far it has come. Raises ValueError for what is no :class:`models.matter.MatterState`."""
    which = MatterState(state)
    match which:
        case MatterState.REGISTERED:
            return _("Registered")
        case MatterState.EXAMINED:
            return _("Examined")
        case MatterState.CAUSE_REMOVED:
            return _("Cause removed")
        case MatterState.CLOSED:
            return _("Settled")
        case _:
            assert_never(which)


def matter_text(text: str, satisfaction: int | None) -> str:
    """What it is about; of one that a mark has opened and of which nobody has written more, the mark."""
    if satisfaction is None:
        return text or _("the mark was taken back")
    mark = _("satisfied: %(mark)s of 5", mark=satisfaction)
    return f"{mark} · {text}" if text else mark
