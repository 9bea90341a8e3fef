"""<Gather>: keys while something is said and for a while after."""

from __future__ import annotations

from simulator.execution import Outcome, Step
from simulator.go_to import GoTo
from simulator.heard import Pressed, Prompt
from simulator.interruptions import KeyPressedEarly
from simulator.line import Line

_THINKING = 1.0
"""Seconds between the end of a prompt and the first planned key."""


async def gather(step: Step) -> Outcome:
    """Nothing pressed falls through to the next verb; else `action`, or the current URL, gets Digits."""
    line = step.line
    line.answer()
    most = step.verb.get("numDigits")
    timeout = step.number("timeout", 5)
    with line.keypad.listen():
        line.hear(Prompt(int(most) if most else None, timeout))
        await _speak_until_a_key(step)
        if "dtmf" in step.verb.get("input", "dtmf"):
            finish = step.verb.get("finishOnKey", "#")
            digits = await _collect(line, timeout, finish, int(most) if most else None)
        else:
            await line.wait(timeout)
            digits = ""
    if digits:
        line.hear(Pressed(digits))
    elif not step.says_true("actionOnEmptyResult"):
        return None
    company = line.company
    method = company.provider.gather_method(step.verb.get("method"), company.method)
    return GoTo(step.url("action") or step.document.url, method, {"Digits": digits})


async def _speak_until_a_key(step: Step) -> None:
    line = step.line
    line.barge_in = True
    try:
        for child in step.verb:
            await step.execution.verbs[child.tag](Step(line, child, step.document, step.execution))
    except KeyPressedEarly:
        pass
    finally:
        line.barge_in = False


async def _collect(line: Line, patience: float, finish: str, most: int | None) -> str:
    """The keys up to `finish` (not included), `most` of them, or `patience` seconds of silence."""
    planned = "" if line.keypad else line.next_planned_keys()
    if planned:
        await line.wait(min(_THINKING, patience / 2))
        line.keypad.press(planned)
    digits = ""
    while most is None or len(digits) < most:
        key = line.keypad.take()
        if key is None:
            if await line.wait(patience, line.keypad.pressed()) is None:
                break
            continue
        if key == finish:
            break
        digits += key
    return digits
