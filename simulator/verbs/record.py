"""<Record>: a beep, then what the caller says."""

from __future__ import annotations

from simulator.execution import Outcome, Step
from simulator.go_to import GoTo
from simulator.heard import Pressed, Recorded
from simulator.interruptions import LineHungUp
from simulator.line import MAX_CALL_LENGTH, Line

DEFAULT_MAX_LENGTH = 3600


async def record(step: Step) -> Outcome:
    """`action`, or where the provider has it so the current URL, gets the recording.

    A caller who says nothing falls through, unless the provider reports silence too.
    """
    line = step.line
    line.answer()
    speaks = line.next_speech()
    provider = line.company.provider
    most = float(step.number("maxLength", DEFAULT_MAX_LENGTH) or provider.record_longest)
    silence = float(step.number("timeout", provider.record_silence) or MAX_CALL_LENGTH)
    action = step.url("action") or (step.document.url if provider.records_into_the_same_document else None)
    method = step.verb.get("method", "POST")
    began = line.age
    try:
        with line.keypad.listen(), line.hearing(Recorded(min(most, speaks + silence))):
            key = await _until_a_key(line, step.verb.get("finishOnKey", "1234567890*#"), min(most, speaks + silence))
    except LineHungUp:
        line.state = "completed"
        if action is not None:
            length = min(speaks, line.age - began)
            facts = provider.recorded(line.company.account_sid, length, "hangup")
            line.company.keep_recording(line, facts, length)
            await line.tell_service(action, method, facts)
        raise
    length = min(speaks, most, line.age - began)
    if length <= 0 and not provider.reports_silent_recordings:
        return None
    if key:
        line.hear(Pressed(key))
    if action is None:
        return None
    facts = provider.recorded(line.company.account_sid, length, key)
    line.company.keep_recording(line, facts, length)
    return GoTo(action, method, facts)


async def _until_a_key(line: Line, finish: str, longest: float) -> str:
    ends_at = line.age + longest
    while await line.wait(ends_at - line.age, line.keypad.pressed()):
        key = line.keypad.take()
        if key is not None and key in finish:
            return key
    return ""
