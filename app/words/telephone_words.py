"""Why a provider has not done what it was asked for, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.telephone.fault import Fault


def fault_words(fault: Fault) -> str:
    """One sentence, with what can be done about it."""
    match fault:
        case Fault.GONE:
            return _("The provider does not know it any more.")
        case Fault.REFUSED:
            return _("The provider refuses: check the account's id, its token, and what its key may do.")
        case Fault.TOO_MANY:
            return _("The provider has had too many requests; try again in a minute.")
        case Fault.UNREACHABLE:
            return _("The provider's REST API does not answer; try again.")
        case Fault.NOT_POSSIBLE_THERE:
            return _("This provider cannot be asked for that by its REST API.")
        case _:
            assert_never(fault)
