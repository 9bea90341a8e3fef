"""What was found at the public address, in words."""

from typing import assert_never

from app.base.address_check import AddressFound
from app.base.language import gettext as _


def address_words(found: AddressFound) -> str:
    """A sentence, and what to mend."""
    match found:
        case AddressFound.OURS:
            return _("This service answers there.")
        case AddressFound.SOMETHING_ELSE:
            return _("Something else answers there. Let the proxy pass every path on to this service.")
        case AddressFound.NOTHING:
            return _(
                "Nothing answers there, as seen from this server. Is the proxy running, and does the name lead to it?"
            )
        case AddressFound.CERTIFICATE:
            return _("Its certificate is not trusted, and providers would not trust it either.")
        case _:
            assert_never(found)
