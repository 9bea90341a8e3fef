"""<Pause>: silence; as the very first verb Twilio waits that long before picking up (Twilio docs: pause)."""

from __future__ import annotations

from simulator.execution import Outcome, Step
from simulator.heard import Silence


async def pause(step: Step) -> Outcome:
    """The caller hears nothing, or goes on hearing the ringing tone, for `length` seconds."""
    length = step.number("length", 1)
    if step.line.answered_at is None:
        step.line.ring()
        await step.line.wait(length)
        step.line.answer()
    else:
        with step.line.hearing(Silence(length)):
            await step.line.wait(length)
    return None
