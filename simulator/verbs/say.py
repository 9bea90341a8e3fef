"""<Say>: a synthetic voice."""

from __future__ import annotations

from simulator.contents import content_of
from simulator.execution import Outcome, Step
from simulator.heard import Said

CHARACTERS_A_SECOND = 14
FOR_EVER = 1000
"""loop="0" is until hang-up or 1000 times (Twilio docs: say, play)."""


async def say(step: Step) -> Outcome:
    """The caller hears the text `loop` times."""
    step.line.answer()
    text = content_of(step.verb)
    times = step.number("loop", 1) or FOR_EVER
    length = max(0.5, len(text) / CHARACTERS_A_SECOND)
    with step.line.hearing(Said(text, step.verb.get("language"), step.verb.get("voice"), seconds=length * times)):
        await step.line.wait(length * times)
    return None
