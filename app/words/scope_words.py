"""What an API key may do, in words."""

from typing import assert_never

from app.auth.roles import Scope
from app.base.language import gettext as _


def scope_words(scope: Scope) -> str:
    """As a choice."""
    match scope:
        case Scope.READ:
            return _("read everything")
        case Scope.WRITE:
            return _("change lists, clients and settings")
        case Scope.KEYS:
            return _("hand out keys, people and accounts")
        case Scope.METRICS:
            return _("read this server's figures")
        case _:
            assert_never(scope)
