"""After a talk the caller is asked for a mark. The call has been recorded as ended by then: the operator is free, and
nothing is lost when no key comes."""

from typing import Final

from app.answering.answers import Answer
from app.answering.steps.moment import Moment
from app.event_log.records import FactKind
from routing.actions import Phrase, QueuePriority

_MARKS: Final = frozenset("12345")


def is_asked_for_a_mark(moment: Moment) -> bool:
    """Whether the caller, whose talk is over, is asked: where the queue wants it, and they are still there. A VIP is not."""
    queue = moment.plan.queues.get(moment.step.target)
    return (
        queue is not None
        and queue.asks_satisfaction
        and not moment.caller_has_gone
        and moment.step.priority < QueuePriority.VIP_UNCONFIRMED
    )


async def rated(moment: Moment) -> Answer:
    """A key, after the talk. The first mark counts; for a key that is none the caller is asked once more."""
    keys = moment.report.keys
    if keys not in _MARKS:
        again = moment.step.count == 0 and not moment.caller_has_gone
        return moment.build.ask_satisfaction(moment.step.target, tries=1) if again else _thanks(moment)
    if not moment.step.booth:
        await moment.record(FactKind.NOTED, {"satisfaction": int(keys)}, "mark")
    return _thanks(moment)


def _thanks(moment: Moment) -> Answer:
    return moment.build.message(Phrase.GOODBYE)
