"""The line of a dialled party: it rings, is perhaps answered, hears the whisper, talks, and ends."""

from __future__ import annotations

import asyncio

from simulator.errors import TwimlError
from simulator.execution import Execution, Place, Stop
from simulator.following import FollowingLine
from simulator.heard import ConnectedTo, Dialled
from simulator.interruptions import LineHungUp, Redirected
from simulator.line import Line
from simulator.party import Party


class Leg(FollowingLine):
    """A child call. `picked_up`, `ready` (whisper over, may be joined) and `over` (no part of the <Dial> any more) are its
    milestones. The REST API can take it out of its <Dial>: then `is_away`, and follows documents of its own while the call
    that dialled it goes on behind the <Dial>."""

    place = "callee"

    def __init__(self, parent: Line, party: Party, caller: str) -> None:
        super().__init__(parent.company, parent.company.provider.new_call_id(), caller, party, "outbound-dial")
        loop = asyncio.get_running_loop()
        self.parent = parent
        self.root = parent.root
        self.phone = self.company.phone(party.telephone)
        self.facts = self.company.provider.dialled_by(parent.sid)
        self.state = "queued"
        self.picked_up: asyncio.Future[None] = loop.create_future()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.over: asyncio.Future[None] = loop.create_future()
        self._sequence = 0
        self.is_away = False

    async def live(self, longest: float, execution: Execution) -> None:
        """From being dialled to being closed; never raises but for a mistake of the simulator's own."""
        engaged = False
        status = "failed"
        try:
            self._report("initiated", "initiated")
            refusal = await self._ring(longest)
            self.parent.hear(Dialled(self.party.address, refusal or "answered", self.age))
            if refusal is not None:
                status = refusal
                return
            engaged = True
            self.phone.calls += 1
            self.plan_to_press(self.phone.keys)
            self.answer()
            self._report("answered", "in-progress")
            self.picked_up.set_result(None)
            status = "completed"
            try:
                if await self._whisper(execution.on(self, Place.WHISPER)):
                    self.ready.set_result(None)
                    with self.hearing(ConnectedTo(self.caller)):
                        await self.wait(self.phone.talk)
            except Redirected as redirected:
                status = await self._go_away(execution, redirected)
        except LineHungUp:
            status = "completed" if self.answered_at is not None else "canceled"
            if not engaged:
                self.parent.hear(Dialled(self.party.address, status, self.age))
        except TwimlError as error:
            self.fail(error)
            self.root.fail(error)
        except Exception as crash:
            self.root.crash = crash
        finally:
            self.phone.calls -= engaged
            self.close(status)
            self._report("completed", status)
            if not self.over.done():
                self.over.set_result(None)

    async def _go_away(self, execution: Execution, redirected: Redirected) -> str:
        """The REST API gave it a document of its own; whoever talks on it hangs up after as long as in the <Dial>."""
        self.go_on()
        self.is_away = True
        self.over.set_result(None)
        alarm = self.clock.alarm(self.phone.talk)
        alarm.add_done_callback(lambda a: None if a.cancelled() else self.interrupt(LineHungUp("callee")))
        return await self.follow(execution, redirected)

    async def _ring(self, longest: float) -> str | None:
        """Why the party can't be reached, as a CallStatus; None when it picked up."""
        if self.phone.refusal == "failed":
            return "failed"
        if self.phone.refusal == "busy" or self.phone.is_engaged:
            await self.wait(0.5)
            return "busy"
        self.state = "ringing"
        self._report("ringing", "ringing")
        began = self.age
        while self.phone.refusal is None:
            rings_for = self.phone.rings_for
            answers = rings_for is not None and rings_for < longest
            left = (rings_for if rings_for is not None and answers else longest) - (self.age - began)
            if await self.wait(max(0.0, left), self.phone.changed()) is not None:
                continue  # the party thought otherwise
            if not answers:
                return "no-answer"
            return "busy" if self.phone.is_engaged else None
        return self.phone.refusal

    async def _whisper(self, execution: Execution) -> bool:
        """False when the whisper's document hung up on the party."""
        if self.party.whisper is None:
            return True
        return await execution.run(self.party.whisper) is Stop.RAN_OUT

    def _report(self, event: str, status: str) -> None:
        """A status callback of the noun's, if it wants this event (Twilio docs: number, client)."""
        if self.party.status_url is None or event not in self.party.events:
            return
        facts = self.progress(self._sequence, status, over=event == "completed")
        self._sequence += 1
        self.company.call_back(self.root, self.party.status_url, self.party.status_method, facts)
