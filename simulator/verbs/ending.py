"""The verbs that end a document: <Redirect>, <Reject>, <Hangup>, <Leave>."""

from __future__ import annotations

from simulator.contents import content_of
from simulator.errors import TwimlError
from simulator.execution import Outcome, Step, Stop
from simulator.go_to import GoTo
from simulator.heard import Rejected


async def redirect(step: Step) -> Outcome:
    """Go on with another document; it does not answer a ringing call."""
    return GoTo(step.resolve(content_of(step.verb)), step.verb.get("method", "POST"))


async def reject(step: Step) -> Outcome:
    """Refuse the call; only a call that nothing has answered yet is refused free of charge.

    Once it is answered there is nothing to refuse, and it is simply hung up. Where a provider takes only a call's very
    first verb for a refusal, a later one answers, charges and hangs up: a mistake to be seen.
    """
    if step.line.company.provider.rejects_first_only and step.line.verbs_run > 0:
        step.line.fail(TwimlError(None, "a <Reject> that is not the first verb hangs up, and costs", step.document.url))
        step.line.answer()
        return Stop.HANG_UP
    if step.line.answered_at is None:
        step.line.rejected_for = step.verb.get("reason", "rejected")
        step.line.hear(Rejected(step.line.rejected_for))
    return Stop.REJECT


async def hangup(step: Step) -> Outcome:
    """End the call. As the very first verb it still answers, and bills (Twilio docs: hangup)."""
    if step.line.verbs_run == 0:
        step.line.answer()
    return Stop.HANG_UP


async def leave(step: Step) -> Outcome:
    """Leave the queue and go on after the <Enqueue> (Twilio docs: leave)."""
    return Stop.LEAVE
