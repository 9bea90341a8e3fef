"""A call from outside: it follows the service's documents until one side hangs up."""

from __future__ import annotations

import asyncio

from simulator.errors import CallIsOver
from simulator.exchange import Exchange
from simulator.execution import Execution, Place
from simulator.following import FollowingLine
from simulator.go_to import GoTo
from simulator.heard import Event, HungUp, Said
from simulator.interruptions import LineHungUp
from simulator.line import MAX_CALL_LENGTH, Line
from simulator.party import Party
from simulator.verbs import VERBS

_LONGEST_WAIT = 2.0 * MAX_CALL_LENGTH


class Call(FollowingLine):
    """The caller's line, and what a test or a person at the phone booth can do with it.

    `state` is Twilio's CallStatus, `heard` what the caller heard, `documents` what the service answered,
    `errors` what was wrong with it, `warnings` what the provider ignored in it, `legs` the dialled parties.
    """

    def __init__(self, company: Exchange[Line], sid: str, caller: str, to: str, facts: dict[str, str]) -> None:
        super().__init__(company, sid, caller, Party("Number", to), "inbound")
        self.facts = facts

    # --- what can be asked -------------------------------------------------------------------------------

    @property
    def billed(self) -> bool:
        """Was it answered? A call rejected first, or only ever ringing, costs nothing."""
        return self.answered_at is not None

    @property
    def position_in_queue(self) -> int | None:
        """1 at the front; None when the call is in no queue."""
        return self.member.position or None if self.member else None

    def said(self) -> str:
        """All the spoken text so far, for a quick look in a test."""
        return " ".join(event.text for event in self.heard if isinstance(event, Said))

    # --- what the caller can do --------------------------------------------------------------------------

    async def press(self, keys: str) -> None:
        """Press keys at the running Gather (the prompt stops), or at the next one; returns when they are taken.

        Raises CallIsOver when the call ends before anything listens to keys.
        """
        await self.until(lambda: self.keypad.listening or self.is_over, _LONGEST_WAIT)
        if self.is_over:
            raise CallIsOver(f"nobody listens to {keys!r}: the call is over ({self.state}).")
        session = self.keypad.sessions
        self.keypad.press(keys)
        await self.until(
            lambda: not self.keypad.listening or self.keypad.sessions != session or self.is_over, _LONGEST_WAIT
        )

    async def hang_up(self) -> None:
        """The caller puts down the phone; returns when the call is closed."""
        self.interrupt(LineHungUp("caller"))
        await self.until(lambda: self.is_over, _LONGEST_WAIT)

    def plan_to_hang_up(self, after: float) -> None:
        """The caller will put down the phone that many seconds from now; returns at once."""
        alarm = self.clock.alarm(after)
        alarm.add_done_callback(lambda a: None if a.cancelled() else self.interrupt(LineHungUp("caller")))

    async def hang_up_after(self, seconds: float) -> None:
        """Stay on the line that long, then hang up; returns when the call is over, however it ended."""
        await self.until(lambda: self.is_over, seconds)
        await self.hang_up()

    async def hears(self, kind: type[Event], timeout: float = _LONGEST_WAIT) -> None:  # noqa: ASYNC109 - telephone seconds
        """Let time pass until the caller hears a further event of this kind, e.g. `await call.hears(Prompt)`.

        Raises TimeoutError, or CallIsOver when the call ends first.
        """
        before = sum(isinstance(event, kind) for event in self.heard)
        there = await self.until(lambda: sum(isinstance(e, kind) for e in self.heard) > before or self.is_over, timeout)
        if not there:
            raise TimeoutError(f"the caller heard no {kind.__name__} in {timeout} telephone seconds.")
        if sum(isinstance(e, kind) for e in self.heard) <= before:
            raise CallIsOver(f"the call ended ({self.state}) before the caller heard a {kind.__name__}.")

    async def ended(self, timeout: float = _LONGEST_WAIT) -> Call:  # noqa: ASYNC109 - telephone seconds
        """Let time pass until the call is over and its status callbacks are delivered; the call itself.

        Raises TimeoutError after `timeout` telephone seconds, and whatever crashed the simulator.
        """
        if not await self.until(self._is_settled, timeout):
            raise TimeoutError(f"the call still goes on after {timeout} telephone seconds ({self.state}).")
        if self.crash is not None:
            raise self.crash
        return self

    def _is_settled(self) -> bool:
        return self.is_over and all(task.done() for task in self.callbacks_under_way)

    # --- how it goes on ------------------------------------------------------------------------------------

    async def live(self, start: GoTo) -> None:
        """The whole call, from ringing to its final status callback."""
        status, by = "failed", "document"
        self.ring()
        try:
            status = await self.follow(Execution(self, Place.CALL, VERBS), start)
        except LineHungUp as hang_up:
            by = hang_up.by
            status = hang_up.status or ("completed" if self.answered_at is not None else "no-answer")
        except asyncio.CancelledError:
            by = "company"
            raise
        except Exception as crash:
            self.crash = crash  # `ended` raises it where somebody sees it
        finally:
            if self.rejected_for is None:
                self.hear(HungUp(by))
            self.close(status)
            if by != "company":
                self._report_the_end()

    def _report_the_end(self) -> None:
        """The number's own status callback, when the call has ended (Twilio docs: voice/twiml)."""
        if self.company.status_url:
            facts = self.progress(0, self.state, over=True)
            self.company.call_back(self, self.company.status_url, self.company.method, facts)
