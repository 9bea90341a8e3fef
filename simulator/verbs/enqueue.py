"""<Enqueue>: wait in a queue, hearing the waitUrl's document again and again."""

from __future__ import annotations

from simulator.contents import content_of
from simulator.errors import TwimlError
from simulator.execution import GoTo, Outcome, Place, Step, Stop
from simulator.heard import ConnectedTo, LeftQueue, Played, Queued, Silence
from simulator.interruptions import Dequeued, Interruption, LineHungUp, Redirected
from simulator.waiting_line import Member

DEFAULT_HOLD_MUSIC = "Twilio's default hold music"
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
        stop = await _hold(step, member)
        result = "leave" if stop is Stop.LEAVE else "hangup"
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


async def _hold(step: Step, member: Member) -> Stop:
    """Until the wait document leaves or hangs up; when it runs out it is requested again."""
    wait_url = step.verb.get("waitUrl")
    if wait_url is None:
        with step.line.hearing(Played(DEFAULT_HOLD_MUSIC, _FOR_EVER)):
            await step.line.wait(None)
    if wait_url == "":
        with step.line.hearing(Silence(_FOR_EVER)):
            await step.line.wait(None)
    execution = step.execution.elsewhere(Place.WAIT, member.parameters)
    where = GoTo(step.resolve(wait_url or ""), step.verb.get("waitUrlMethod", "POST"))
    while (stop := await execution.run(where)) is Stop.RAN_OUT:
        pass
    return stop


async def _be_connected(step: Step, dequeued: Dequeued, member: Member) -> tuple[str, Interruption | TwimlError | None]:
    """The waiting caller's side of a <Dial><Queue>."""
    line, bridge = step.line, dequeued.bridge
    facts = {
        "QueueSid": member.queue.sid,
        "QueueTime": str(member.waited),
        "DequeingCallSid": bridge.dialler.sid,  # Twilio's own spelling
    }
    try:
        if bridge.whisper is not None:
            await step.execution.elsewhere(Place.QUEUE_WHISPER, lambda: facts).run(bridge.whisper)
        bridge.connect()
        with line.hearing(ConnectedTo(bridge.dialler.caller)):
            line.connected_to = bridge.dialler.caller
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
