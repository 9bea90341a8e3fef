"""What is wrong with a webhook that we are to send to, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.problems.webhooks import EventsFault, TargetFault, UnknownEvent, WebhookProblem


def webhook_words(cause: WebhookProblem) -> str:
    """One sentence."""
    match cause:
        case UnknownEvent(name, known):
            return _(
                "There is no event “%(name)s”; there are: %(known)s; or * alone.", name=name, known=", ".join(known)
            )
        case EventsFault.NONE_CHOSEN:
            return _("Choose an event, or every event; to send nothing, switch the webhook off.")
        case TargetFault.NOT_VALID:
            return _("Give an address like https://crm.example.org/hook, without a user and without a fragment.")
        case TargetFault.NOT_ENCRYPTED:
            return _("The address must begin with https://: what is sent there names your callers.")
        case TargetFault.PRIVATE:
            return _(
                "This address is in a private network. Whoever runs this service can allow that with "
                "ANTICHAMBRE_ALLOW_PRIVATE_TARGETS=true."
            )
        case _:
            assert_never(cause)
