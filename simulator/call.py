"""A call from outside: it follows the service's documents until one side hangs up."""

from __future__ import annotations

import asyncio

from simulator.documents import Document, read_document
from simulator.errors import CallIsOver, TwimlError
from simulator.exchange import Exchange
from simulator.execution import Execution, Place
from simulator.go_to import GoTo
from simulator.heard import Event, HungUp, Said
from simulator.interruptions import LineHungUp, Redirected
from simulator.line import MAX_CALL_LENGTH, Line
from simulator.party import Party
from simulator.verbs import VERBS

APPLICATION_ERROR = "We are sorry. An application error has occurred. Goodbye."
_LONGEST_WAIT = 2.0 * MAX_CALL_LENGTH


class Call(Line):
    """The caller's line, and what a test or a person at the phone booth can do with it.

    `state` is Twilio's CallStatus, `heard` what the caller heard, `documents` what the service answered,
    `errors` what was wrong with it, `warnings` what the provider ignored in it, `legs` the dialled parties.
    """

    def __init__(self, company: Exchange[Line], sid: str, caller: str, to: str, facts: dict[str, str]) -> None:
        super().__init__(company, sid, caller, Party("Number", to), "inbound")
        self.facts = facts
        self._has_fallen_back = False

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
            status = await self._follow(start)
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

    async def _follow(self, start: GoTo) -> str:
        """Documents, redirections and the fallback, until the end; the final CallStatus."""
        following: GoTo | Redirected = start
        while True:
            try:
                here = following if isinstance(following, GoTo) else self._new_document(following)
                await Execution(self, Place.CALL, VERBS).run(here)
                self.check()
                return self._final_status()
            except Redirected as redirected:
                self.go_on()
                following = redirected
            except TwimlError as error:
                self.fail(error)
                self.check()
                fallback = self._fallback(error)
                if fallback is None:
                    return await self._application_error()
                following = fallback

    def _new_document(self, redirected: Redirected) -> GoTo | Document:
        if not redirected.twiml:
            return GoTo(redirected.url, redirected.method)
        root, ignored = read_document(redirected.twiml.encode(), "", self.company.provider.grammar)
        document = Document("", redirected.twiml, root, self.place, self.age, self.sid, "POST", {}, 0.0, ignored)
        self.documents.append(document)
        self.warnings.extend(ignored)
        return document

    def _fallback(self, error: TwimlError) -> GoTo | None:
        """The number's fallback URL, once; None when there is none or it was already used."""
        if self._has_fallen_back or not self.company.fallback_url:
            return None
        self._has_fallen_back = True
        return GoTo(self.company.fallback_url, self.company.method, self.company.provider.failed(error))

    async def _application_error(self) -> str:
        """Without a (working) fallback Twilio says so and hangs up (Twilio docs: availability-reliability)."""
        self.answer()
        with self.hearing(Said(APPLICATION_ERROR, "en-US", seconds=4.0)):
            await self.wait(4.0)
        return "completed"

    def _final_status(self) -> str:
        if self.answered_at is not None:
            return "completed"
        if self.rejected_for is not None:
            return "busy" if self.rejected_for == "busy" else "no-answer"
        if self.verbs_run == 0:
            self.answer()
            return "completed"
        return self.last_dial_status if self.last_dial_status in ("busy", "failed") else "no-answer"

    def _report_the_end(self) -> None:
        """The number's own status callback, when the call has ended (Twilio docs: voice/twiml)."""
        if self.company.status_url:
            facts = self.progress(0, self.state, over=True)
            self.company.call_back(self, self.company.status_url, self.company.method, facts)
