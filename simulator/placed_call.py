"""A call that the REST API makes: a telephone rings, and once it is picked up it follows documents."""

from __future__ import annotations

from simulator.call import Call
from simulator.exchange import Exchange
from simulator.execution import Execution, Place
from simulator.go_to import GoTo
from simulator.interruptions import LineHungUp, Redirected
from simulator.line import Line
from simulator.verbs import VERBS


class PlacedCall(Call):
    """`status_url` is told what `events` name (Twilio docs: call-resource, StatusCallbackEvent)."""

    def __init__(
        self,
        company: Exchange[Line],
        sid: str,
        shown: str,
        to: str,
        start: GoTo | Redirected,
        *,
        seconds: float,
        status_url: str | None,
        events: frozenset[str],
    ) -> None:
        super().__init__(company, sid, shown, to, {})
        self.direction = "outbound-api"
        self.state = "queued"
        self.start, self.seconds = start, seconds
        self.phone = company.phone(to.partition("?")[0].partition(";")[0])
        self.status_callback, self.events = status_url, events
        self._sequence = 0

    async def live_on(self) -> None:
        """From being dialled to being closed; never raises but for a mistake of the simulator's own."""
        status, engaged = "failed", False
        try:
            self._report("initiated", "initiated")
            refusal = await self._ring()
            if refusal is not None:
                status = refusal
                return
            engaged = True
            self.phone.calls += 1
            self.plan_to_press(self.phone.keys)
            self.answer()
            self._report("answered", "in-progress")
            self._plan_to_end()
            status = await self.follow(Execution(self, Place.CALL, VERBS), self.start)
        except LineHungUp as hang_up:
            status = hang_up.status or ("completed" if self.answered_at is not None else "canceled")
        except Exception as crash:
            self.crash = crash
        finally:
            self.phone.calls -= engaged
            self.close(status)
            self._report("completed", status)

    def _plan_to_end(self) -> None:
        alarm = self.clock.alarm(self.phone.talk)
        alarm.add_done_callback(lambda a: None if a.cancelled() else self.interrupt(LineHungUp("callee")))

    async def _ring(self) -> str | None:
        """Why the telephone can't be reached, as a CallStatus; None when it was picked up."""
        if self.phone.refusal == "failed":
            return "failed"
        if self.phone.refusal == "busy" or self.phone.is_engaged:
            await self.wait(0.5)
            return "busy"
        self.state = "ringing"
        self._report("ringing", "ringing")
        rings_for = self.phone.rings_for
        answers = rings_for is not None and rings_for < self.seconds
        await self.wait(rings_for if rings_for is not None and answers else self.seconds)
        if not answers:
            return "no-answer"
        return "busy" if self.phone.is_engaged else None

    def _report(self, event: str, status: str) -> None:
        if self.status_callback is None or event not in self.events:
            return
        facts = self.progress(self._sequence, status, over=event == "completed")
        self._sequence += 1
        self.company.call_back(self, self.status_callback, "POST", facts)
