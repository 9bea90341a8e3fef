"""Subscriptions to lists of others, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.language import ngettext
from filters.subscription import SubscriptionState
from models.subscription import RenewalFault, SubscriptionSource


def source_words(source: SubscriptionSource) -> str:
    """Where a list comes from."""
    match source:
        case SubscriptionSource.FILE:
            return _("A file that is uploaded")
        case SubscriptionSource.URL:
            return _("An address on the web")
        case SubscriptionSource.ARCEP:
            return _("French telemarketing prefixes (ARCEP)")
        case SubscriptionSource.PHONEBLOCK:
            return _("PhoneBlock")
        case _:
            assert_never(source)


def subscription_state_words(state: SubscriptionState) -> str:
    """Whether a list blocks."""
    match state:
        case SubscriptionState.SHADOW:
            return _("only watched")
        case SubscriptionState.ACTIVE:
            return _("blocks")
        case SubscriptionState.OFF:
            return _("off")
        case _:
            assert_never(state)


def renewal_fault_words(
    fault: RenewalFault, status: int | None, entries: int | None
) -> str:  # one answer for each fault
    """Why the last renewal has changed nothing, and what to do. ``status`` is the server's, ``entries`` how many came."""
    match fault:
        case RenewalFault.NO_CONNECTION:
            return _("Nobody answers at this address.")
        case RenewalFault.TIMEOUT:
            return _("It took too long.")
        case RenewalFault.PRIVATE_TARGET:
            return _("The address leads into a private network.")
        case RenewalFault.REDIRECTED:
            return _("The address leads on to others, too often or to where we may not go. Enter the last one.")
        case RenewalFault.REFUSED:
            return _("The server answered %(status)s.", status=status or "?")
        case RenewalFault.KEY_REFUSED:
            return _("The server does not take the key (%(status)s). Enter a new one.", status=status or "?")
        case RenewalFault.TOO_OFTEN:
            return _("The server says that it is asked too often. We wait for a day.")
        case RenewalFault.SECRET_UNREADABLE:
            return _("The key cannot be decrypted. Enter it again.")
        case RenewalFault.TOO_LARGE:
            return _("The list is too large.")
        case RenewalFault.UNREADABLE:
            return _("What came is no list that we can read.")
        case RenewalFault.EMPTY:
            return _("What came has not a single number.")
        case RenewalFault.SHRUNK | RenewalFault.GROWN:
            came = ngettext("%(num)s number", "%(num)s numbers", entries or 0)
            return _(
                "What came has %(came)s, which is hard to believe. Look at the source; then take it as it is.",
                came=came,
            )
        case RenewalFault.FAILED:
            return _("It failed for a reason that we do not know; the log of the service has more.")
        case _:
            assert_never(fault)
