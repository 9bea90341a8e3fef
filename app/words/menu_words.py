"""Where a key of a menu leads, in words."""

from typing import assert_never

from app.base.language import gettext as _
from routing.menu import TargetKind


def target_words(kind: TargetKind) -> str:
    """As a choice of a form and in an outline."""
    match kind:
        case TargetKind.MENU:
            return _("Menu")
        case TargetKind.QUEUE:
            return _("Queue")
        case TargetKind.OPERATOR:
            return _("Operator")
        case TargetKind.MESSAGE:
            return _("hear a message")
        case TargetKind.VOICEMAIL:
            return _("leave a message")
        case TargetKind.REPEAT:
            return _("hear the menu again")
        case TargetKind.HANG_UP:
            return _("hang up")
        case _:
            assert_never(kind)
