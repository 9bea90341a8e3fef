"""<Dial>: ring one or several parties and join the caller with the one that takes the call."""

from __future__ import annotations

import asyncio
import re
from contextlib import nullcontext
from typing import Any

from simulator.errors import TwimlError
from simulator.execution import Outcome, Step
from simulator.go_to import GoTo
from simulator.heard import ConnectedTo
from simulator.interruptions import Interruption, LineHungUp
from simulator.leg import Leg
from simulator.line import MAX_CALL_LENGTH, Line
from simulator.party import Party
from simulator.providers.provider import DialOutcome
from simulator.verbs.dial_queue import dial_queue
from simulator.verbs.parties import parties_of

DEFAULT_TIMEOUT = 30
_INVALID_CALLER_ID = 13214
_DIGITS = re.compile(r"\+?[0-9]{3,20}", re.ASCII)
"""What can be shown on a telephone; networks do not always write E.164."""
_WORST_LAST = ("completed", "no-answer", "busy", "failed", "canceled")


async def dial(step: Step) -> Outcome:
    """With `action` the document ends here; without, the next verb follows once the party has gone."""
    if step.verb.find("Queue") is not None:
        return await dial_queue(step)
    line, parties = step.line, parties_of(step)
    caller = _caller_id(step, parties)
    if not step.says_true("answerOnBridge"):
        line.answer()
    line.ring()
    groups = [[party] for party in parties] if step.says_true("sequential") else [parties]
    legs: list[Leg] = []
    joined: Leg | None = None
    talked = 0.0
    try:
        for group in groups:
            legs += (ringing := [_start(step, party, caller) for party in group])
            joined = await _first_to_take_it(line, ringing)
            if joined is not None:
                break
        if joined is not None:
            line.answer()
            line.stop_ringing()
            began = line.age
            try:
                await _talk(step, joined)
            finally:
                talked = line.age - began
    except Interruption as why:
        await _hang_up(legs)
        if isinstance(why, LineHungUp):
            line.state = "completed" if line.answered_at is not None else "no-answer"
            if (action := step.url("action")) is not None:
                outcome = _outcome(legs, joined, talked, "canceled")
                facts = line.company.provider.dialled(outcome)
                await line.tell_service(action, step.verb.get("method", "POST"), facts)
        raise
    await _hang_up(legs)
    outcome = _outcome(legs, joined, talked)
    line.last_dial_status = outcome.status
    if line.answered_at is not None:
        line.stop_ringing()
    action = step.url("action")
    facts = line.company.provider.dialled(outcome)
    return None if action is None else GoTo(action, step.verb.get("method", "POST"), facts)


def _caller_id(step: Step, parties: list[Party]) -> str:
    """What the parties see: the caller or the called number exactly as they were sent, or a number of the account. To a
    telephone number only a number can be shown (twilio.com/docs/api/errors/13214)."""
    wish = step.verb.get("callerId")
    if wish is not None and wish not in step.line.company.caller_ids | {step.line.caller, step.line.to}:
        raise TwimlError(_INVALID_CALLER_ID, f"callerId {wish[:40]!r} is not yours to show", step.document.url)
    caller = wish or step.line.caller
    if any(party.kind == "Number" for party in parties) and not _DIGITS.fullmatch(caller):
        message = f"a number can't be dialled with the caller ID {caller[:40]!r}; give callerId one of your numbers"
        raise TwimlError(_INVALID_CALLER_ID, message, step.document.url)
    return caller


def _start(step: Step, party: Party, caller: str) -> Leg:
    leg = Leg(step.line, party, caller)
    leg.root.legs.append(leg)
    step.line.company.spawn(leg.live(step.number("timeout", DEFAULT_TIMEOUT), step.execution))
    return leg


async def _first_to_take_it(line: Line, legs: list[Leg]) -> Leg | None:
    """The leg to join with; the others are hung up as soon as one is picked up (Twilio docs: number).

    With `company.others_ring_until = "acceptance"` they ring on until a whisper has been accepted.
    """
    on_pick_up = line.company.others_ring_until == "answer"
    while True:
        ready = next((leg for leg in legs if leg.ready.done() and not leg.over.done()), None)
        if ready is not None:
            await _hang_up([leg for leg in legs if leg is not ready])
            return ready
        left = [leg for leg in legs if not leg.over.done()]
        if not left:
            return None
        picked_up = next((leg for leg in left if leg.picked_up.done()), None)
        if on_pick_up and picked_up is not None and len(left) > 1:
            await _hang_up([leg for leg in left if leg is not picked_up])
            continue
        milestones: list[asyncio.Future[Any]] = [f for leg in left for f in (leg.ready, leg.over)]
        if on_pick_up:
            milestones += [leg.picked_up for leg in left if not leg.picked_up.done()]
        await line.wait(None, *milestones)


async def _talk(step: Step, leg: Leg) -> None:
    """Until the party hangs up, time is up, or the caller presses * where that is allowed."""
    line, star = step.line, step.says_true("hangupOnStar")
    ends_at = line.age + step.number("timeLimit", MAX_CALL_LENGTH)
    keys = [line.keypad.pressed] if star else []
    line.connected_to = leg.party.address
    with line.hearing(ConnectedTo(leg.party.address)), line.keypad.listen() if star else nullcontext():
        while not leg.over.done():
            came = await line.wait(ends_at - line.age, leg.over, *(pressed() for pressed in keys))
            if came is None or (star and line.keypad.take() == "*"):
                return


async def _hang_up(legs: list[Leg]) -> None:
    """Close what is still open, and wait for it (no telephone time passes)."""
    for leg in legs:
        if not leg.is_away:
            leg.interrupt(LineHungUp("caller"))
    if legs:
        await asyncio.wait([leg.over for leg in legs])


def _outcome(legs: list[Leg], joined: Leg | None, talked: float, unanswered: str | None = None) -> DialOutcome:
    """What the Dial action is told."""
    states = {leg.state for leg in legs}
    status = next((status for status in _WORST_LAST if status in states), "failed")
    return DialOutcome(
        "completed" if joined else unanswered or status,
        (joined or legs[-1]).sid if legs else "",
        joined is not None,
        round(talked) if joined is not None else None,
    )
