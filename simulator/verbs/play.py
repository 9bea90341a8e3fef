"""<Play>: an audio file of the service's, or key tones."""

from __future__ import annotations

from simulator.audio import seconds_of
from simulator.contents import content_of
from simulator.execution import Outcome, Step
from simulator.heard import Played
from simulator.verbs.say import FOR_EVER

_WRONG_TYPE = 13420
_WRONG_TYPE_IN_GATHER = 13325


async def play(step: Step) -> Outcome:
    """The caller hears the audio `loop` times; it is really fetched, so it has to be there."""
    line, digits = step.line, step.verb.get("digits")
    if digits is not None:
        line.answer()
        length = sum({"w": 0.5, "W": 1.0}.get(digit, 0.25) for digit in digits)
        with line.hearing(Played(f"tones {digits}", length)):
            await line.wait(length)
        return None
    url = step.resolve(content_of(step.verb))
    length = await seconds_of(line, url, _WRONG_TYPE_IN_GATHER if line.keypad.listening else _WRONG_TYPE)
    line.answer()
    times = step.number("loop", 1) or FOR_EVER
    with line.hearing(Played(url, length * times)):
        await line.wait(length * times)
    return None
