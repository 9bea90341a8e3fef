"""What a queue does with whoever it cannot serve, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.words.number_words import grouped
from routing.overflow import Overflow, Way
from routing.plan import RoutingPlan


def overflow_words(overflow: Overflow, plan: RoutingPlan) -> str:
    """As the end of a sentence about the caller."""
    match overflow.way:
        case Way.MESSAGE:
            return _("hears a message")
        case Way.CALLBACK:
            return _("hears that we will call back")
        case Way.VOICEMAIL:
            return _("can leave a message")
        case Way.QUEUE:
            other = plan.queues.get(overflow.queue_id)
            return _("goes to the queue “%(name)s”", name=other.name if other else "?")
        case Way.NUMBER:
            return _("is put through to %(number)s", number=grouped(overflow.number))
        case _:
            assert_never(overflow.way)
