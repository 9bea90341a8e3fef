"""<Dial><Queue>: be connected to the caller at the front of a queue, waiting for one if need be."""

from __future__ import annotations

from simulator.bridge import Bridge
from simulator.contents import content_of
from simulator.execution import Outcome, Step
from simulator.go_to import GoTo
from simulator.heard import ConnectedTo
from simulator.interruptions import Dequeued
from simulator.line import MAX_CALL_LENGTH
from simulator.providers.provider import DialOutcome
from simulator.waiting_line import Member, WaitingLine


async def dial_queue(step: Step) -> Outcome:
    """An empty queue waits for the Dial's timeout; an unknown one fails at once (Twilio docs: queue)."""
    line, noun = step.line, step.verb[0]
    line.answer()
    queue = line.company.queues.get(content_of(noun))
    member = None if queue is None else await _take(step, queue)
    if queue is None or member is None:
        return _after(step, DialOutcome("failed" if queue is None else "no-answer", None, bridged=False))
    url = noun.get("url")
    bridge = Bridge(line.sid, line.caller, None if url is None else GoTo(step.resolve(url), noun.get("method", "POST")))
    member.line.interrupt(Dequeued(bridge))
    talked, began = 0.0, line.age
    try:
        await line.wait(None, bridge.ready, bridge.over)
        if bridge.ready.done():
            began = line.age
            line.connected_to = member.line.caller
            with line.hearing(ConnectedTo(member.line.caller)):
                await line.wait(step.number("timeLimit", MAX_CALL_LENGTH), bridge.over)
            talked = line.age - began
    finally:
        bridge.finish()
    return _after(
        step,
        DialOutcome(
            "completed", member.line.sid, bridge.ready.done(), round(talked), queue.sid, queue_waited=member.waited
        ),
    )


async def _take(step: Step, queue: WaitingLine) -> Member | None:
    """The front caller; None when none came within the timeout."""
    line = step.line
    gives_up_at = line.age + step.number("timeout", 30)
    while (member := queue.front()) is None:
        line.ring()
        if await line.wait(gives_up_at - line.age, queue.arrival()) is None:
            return None
    line.stop_ringing()
    member.taken = True
    return member


def _after(step: Step, outcome: DialOutcome) -> Outcome:
    step.line.stop_ringing()
    facts = step.line.company.provider.dialled(outcome)
    action = step.url("action")
    return None if action is None else GoTo(action, step.verb.get("method", "POST"), facts)
