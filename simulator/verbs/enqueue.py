"""<Enqueue>: wait in a queue, hearing the waitUrl's document again and again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from simulator.clock import Alarm
from simulator.contents import content_of
from simulator.errors import TwimlError
from simulator.execution import Outcome, Place, Step, Stop
from simulator.go_to import GoTo
from simulator.heard import ConnectedTo, LeftQueue, Played, Queued, Silence
from simulator.interruptions import Dequeued, Interruption, LineHungUp, Redirected, WaitedLongEnough
from simulator.waiting_line import Member

_FOR_EVER = 86400.0


async def enqueue(step: Step) -> Outcome:
    """Queue the call; `action` gets QueueResult when it leaves, whatever the reason."""
    line = step.line
    if step.verb.get("workflowSid"):
        raise TwimlError(None, "TaskRouter's workflowSid is not simulated", step.document.url)
    line.answer()
    queue = line.company.queue(content_of(step.verb))
    if "maxQueueSize" in step.verb.attrib:
        queue.max_size = step.number("maxQueueSize", queue.max_size)
    if queue.is_full:
        return await _left(step, line.company.provider.left_queue("queue-full", queue.sid, 0), "queue-full")
    member = line.member = queue.join(line)
    line.hear(Queued(queue.name))
    why: Interruption | TwimlError | None = None
    stop = None
    try:
        with _for_no_longer_than_allowed(step):
            stop = await _hold(step, member)
        result = "leave" if stop is Stop.LEAVE else "hangup"
    except WaitedLongEnough:
        line.go_on()
        result = "leave"
    except Dequeued as dequeued:
        line.go_on()
        queue.leave(member)
        result, why = await _be_connected(step, dequeued, member)
    except LineHungUp as hang_up:
        result, why = "hangup", hang_up
    except Redirected as redirected:
        result, why = "redirected", redirected
    except TwimlError as error:
        result, why = "error", error
    finally:
        queue.leave(member)
    facts = line.company.provider.left_queue(result, queue.sid, member.waited)
    return await _left(step, facts, result, why, stop)


@contextmanager
def _for_no_longer_than_allowed(step: Step) -> Iterator[None]:
    """Takes the line out of its queue when the longest time has passed that its document allows."""
    if "maxWaitTimeSecs" not in step.verb.attrib:
        yield
        return

    def time_is_up(alarm: Alarm) -> None:
        if not alarm.cancelled() and not step.line.is_interrupted:
            step.line.interrupt(WaitedLongEnough())

    alarm = step.line.clock.alarm(float(step.verb.attrib["maxWaitTimeSecs"]))
    alarm.add_done_callback(time_is_up)
    try:
        yield
    finally:
        alarm.cancel()


async def _hold(step: Step, member: Member) -> Stop:
    """Until the wait document leaves or hangs up; when it runs out it is requested again."""
    wait_url = step.verb.get("waitUrl")
    provider = step.line.company.provider
    if wait_url is None and provider.hold_music is not None:
        with step.line.hearing(Played(provider.hold_music, _FOR_EVER)):
            await step.line.wait(None)
    if not wait_url:
        with step.line.hearing(Silence(_FOR_EVER)):
            await step.line.wait(None)
    execution = step.execution.elsewhere(Place.WAIT, lambda: provider.waiting(member.place))
    where = GoTo(step.resolve(wait_url or ""), step.verb.get("waitUrlMethod", "POST"))
    while (stop := await execution.run(where)) is Stop.RAN_OUT:
        pass
    return stop


async def _be_connected(step: Step, dequeued: Dequeued, member: Member) -> tuple[str, Interruption | TwimlError | None]:
    """The waiting caller's side of a <Dial><Queue>."""
    line, bridge = step.line, dequeued.bridge
    facts = line.company.provider.connecting(member.queue.sid, member.waited, bridge.dialler_sid)
    try:
        if bridge.whisper is not None:
            await step.execution.elsewhere(Place.QUEUE_WHISPER, lambda: facts).run(bridge.whisper)
        bridge.connect()
        with line.hearing(ConnectedTo(bridge.dialler)):
            line.connected_to = bridge.dialler
            await line.wait(None, bridge.over)
        return "bridged", None
    except LineHungUp as hang_up:
        return "bridged", hang_up
    except Redirected as redirected:
        return "redirected-from-bridged", redirected
    except TwimlError as error:
        return "error", error
    finally:
        bridge.finish()


async def _left(
    step: Step,
    extra: dict[str, str],
    result: str,
    why: Interruption | TwimlError | None = None,
    stop: Stop | None = None,
) -> Outcome:
    """Tell `action` how it ended. Its answer counts only for a call that is still here and goes nowhere else."""
    line, action = step.line, step.url("action")
    line.member = None
    line.hear(LeftQueue(result))
    method = step.verb.get("method", "POST")
    if isinstance(why, TwimlError):
        if action is None:
            raise why
        line.fail(why)
    elif why is not None or stop is Stop.HANG_UP:
        if not isinstance(why, Redirected):
            line.state = "completed"
        if action is not None:
            await line.tell_service(action, method, extra)
        if why is not None:
            raise why
        return stop
    return None if action is None else GoTo(action, method, extra)
