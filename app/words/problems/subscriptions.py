"""What is wrong with a subscription, in words."""

from typing import assert_never

from app.base import limits
from app.base.language import gettext as _
from app.base.language import ngettext
from app.base.problems.subscriptions import NumbersNotKnown, SubscriptionFault, SubscriptionProblem, SuspiciousList


def subscription_problem_words(cause: SubscriptionProblem) -> str:
    """One sentence or two."""
    match cause:
        case SuspiciousList(before, after):
            came = ngettext("%(num)s number", "%(num)s numbers", after)
            return _(
                "What came has %(came)s, the list has %(before)s. Confirm that this is right; nothing has changed.",
                came=came, before=before,
            )  # fmt: skip
        case NumbersNotKnown(name):
            return _(
                "Nobody knows yet which numbers the list “%(name)s” has, so it cannot be said what it would change. "
                "Save it as only watched, and ask again once its numbers are here.",
                name=name,
            )  # fmt: skip
        case SubscriptionFault.URL_NEEDED:
            return _("Give the address that the list is fetched from.")
        case SubscriptionFault.TAKES_NO_URL:
            return _("This source has no address of its own; leave it out.")
        case SubscriptionFault.KEY_NEEDED:
            return _("PhoneBlock wants a key: make one in the settings of your account at phoneblock.net.")
        case SubscriptionFault.TAKES_NO_KEY:
            return _("Only PhoneBlock takes a key; leave it out.")
        case SubscriptionFault.KEY_NOT_ASCII:
            return _("A key has only letters, digits and signs without spaces. Copy it once more.")
        case SubscriptionFault.SOURCE_STAYS:
            return _("The source of a subscription stays as it is. Make a new one, and delete this one.")
        case SubscriptionFault.ALLOWS_NOBODY:
            return _("A list of others lets nobody through; that is for entries of your own blacklist.")
        case SubscriptionFault.TOO_MANY:
            most = limits.SUBSCRIPTIONS
            return _("There are %(most)s subscriptions already, which is the most. Delete one first.", most=most)
        case SubscriptionFault.NOTHING_TO_FETCH:
            return _("There is nothing to fetch: this list is renewed by uploading a file.")
        case SubscriptionFault.NOT_A_FILE:
            return _("This list is fetched by itself; only those with the source “file” take an upload.")
        case SubscriptionFault.TOO_MANY_NUMBERS:
            return _(
                "A list may have %(numbers)s numbers and %(patterns)s prefixes and ranges at most.",
                numbers=limits.SUBSCRIBED_NUMBERS, patterns=limits.SUBSCRIBED_PATTERNS,
            )  # fmt: skip
        case SubscriptionFault.CHANGED_MEANWHILE:
            return _(
                "Somebody else has changed this list meanwhile. Look at it, and upload the file again if it still counts."
            )
        case _:
            assert_never(cause)
