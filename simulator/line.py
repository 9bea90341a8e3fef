"""One telephone line: the caller's, or that of a dialled party. It waits, listens, hears and is interrupted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import httpx

from simulator.documents import Document
from simulator.errors import TwimlError
from simulator.exchange import Exchange
from simulator.grammar import Ignored
from simulator.heard import Error, Event, Lasting, Ringing
from simulator.interruptions import Interruption, KeyPressedEarly, LineHungUp
from simulator.keypad import Keypad
from simulator.party import Party
from simulator.providers.provider import CallFacts, Progress
from simulator.providers.twilio import new_sid as new_sid  # the booth gives its calls their ids
from simulator.waiting_line import Member
from simulator.web import Asker, fetch_document

MAX_CALL_LENGTH = 4 * 3600
"""Seconds; Twilio's default limit (Twilio docs: record)."""

LastingEvent = TypeVar("LastingEvent", bound=Lasting)


class Line:
    """What the caller's and the callee's end have in common; `party` is who is called."""

    place = "caller"

    def __init__(self, company: Exchange[Line], sid: str, caller: str, party: Party, direction: str) -> None:
        self.company = company
        self.clock = company.clock
        self.sid = sid
        self.caller = caller
        self.party = party
        self.to = party.address
        self.direction = direction
        self.state = "ringing"
        self.heard: list[Event] = []
        self.documents: list[Document] = []
        self.errors: list[TwimlError] = []
        self.warnings: list[Ignored] = []
        self.legs: list[Line] = []
        self.callbacks_under_way: list[asyncio.Task[None]] = []
        self.root: Line = self
        self.member: Member | None = None
        self.connected_to: str | None = None
        self.last_dial_status: str | None = None
        self.rejected_for: str | None = None
        self.crash: Exception | None = None
        self.keypad = Keypad(self.changed)
        self.cookies = httpx.Cookies()
        self.facts: dict[str, str] = {}
        self.began = self.clock.monotonic()
        self.answered_at: float | None = None
        self.ended_at: float | None = None
        self.waited = 0.0
        self._change: asyncio.Future[None] | None = None
        self.verbs_run = 0
        self.barge_in = False
        self._planned_keys: list[str] = []
        self._planned_speech: list[float] = []
        self._interruption: Interruption | None = None
        self._interrupted: asyncio.Future[None] | None = None
        self._limit: asyncio.Future[None] | None = None
        self._ringing: Ringing | None = None

    # --- facts -----------------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        """True once the line has reached a final CallStatus."""
        return self.ended_at is not None

    @property
    def age(self) -> float:
        """Seconds since the line began."""
        return self.clock.monotonic() - self.began

    @property
    def answered_seconds(self) -> int:
        """CallDuration: whole seconds between being answered and now, or the end."""
        if self.answered_at is None:
            return 0
        end = self.clock.monotonic() if self.ended_at is None else self.ended_at
        return round(end - self.answered_at)

    def parameters(self) -> dict[str, str]:
        """The standard parameters of every request about this line."""
        return {**self.company.provider.about(self._call_facts(self.state)), **self.facts}

    def progress(self, sequence: int, status: str, *, over: bool) -> dict[str, str]:
        """The parameters of a status callback about this line."""
        now = self.clock.now()
        progress = Progress(sequence, now, now - timedelta(seconds=self.age), over, self.answered_seconds)
        return self.company.provider.progress(self._call_facts(status), self.facts, progress)

    def _call_facts(self, status: str) -> CallFacts:
        return CallFacts(self.sid, self.company.account_sid, self.caller, self.to, status, self.direction)

    # --- what happens on the line ------------------------------------------------------------------------

    def hear(self, event: Event) -> None:
        event.at = self.age
        self.heard.append(event)
        self.changed()
        self.company.tell(self, event)

    @contextmanager
    def hearing(self, event: LastingEvent) -> Iterator[LastingEvent]:
        """The event lasts as long as this block; its `seconds` are set to the real length at the end."""
        self.hear(event)
        try:
            yield event
        finally:
            event.seconds = self.age - event.at

    def ring(self) -> None:
        """The caller hears the ringing tone until `stop_ringing`."""
        if self._ringing is None:
            self._ringing = Ringing()
            self.hear(self._ringing)

    def stop_ringing(self) -> None:
        if self._ringing is not None:
            self._ringing.seconds = self.age - self._ringing.at
            self._ringing = None

    def answer(self) -> None:
        """The line is picked up; billing and the four-hour limit begin. Nothing happens the second time."""
        if self.answered_at is None:
            self.stop_ringing()
            self.answered_at = self.clock.monotonic()
            self.state = "in-progress"
            self._limit = self.clock.alarm(MAX_CALL_LENGTH)
            self._limit.add_done_callback(self._limit_reached)
            self.changed()

    def _limit_reached(self, alarm: asyncio.Future[None]) -> None:
        if not alarm.cancelled():
            self.interrupt(LineHungUp("limit"))

    def close(self, status: str) -> None:
        """The line is over, with this final CallStatus."""
        self.stop_ringing()
        if self._limit is not None:
            self._limit.cancel()
        self.ended_at = self.clock.monotonic()
        self.state = status
        self.changed()

    def fail(self, error: TwimlError) -> None:
        """Record a mistake of the service's."""
        self.errors.append(error)
        self.hear(Error(error.code, error.message))

    def plan_to_press(self, keys: Iterable[str]) -> None:
        """One entry for each coming Gather, pressed when its prompt is over; "" lets that Gather time out."""
        self._planned_keys = list(keys)

    def plan_to_speak(self, *seconds: float) -> None:
        """How long the person speaks at each coming <Record>; five seconds when nothing is planned."""
        self._planned_speech = list(seconds)

    def next_planned_keys(self) -> str:
        return self._planned_keys.pop(0) if self._planned_keys else ""

    def next_speech(self) -> float:
        return self._planned_speech.pop(0) if self._planned_speech else 5.0

    # --- waiting and being interrupted -----------------------------------------------------------------

    async def wait(self, seconds: float | None, *watched: asyncio.Future[Any]) -> asyncio.Future[Any] | None:
        """Wait for one of the futures, at most `seconds`; the one that came, or None when time is up.

        Raises the interruption, if one is pending or comes meanwhile, and KeyPressedEarly during a prompt.
        """
        self.check()
        began = self.clock.monotonic()
        futures: list[asyncio.Future[Any]] = [self._interruption_future(), *watched]
        if self.barge_in:
            futures.append(self.keypad.pressed())
        alarm = None if seconds is None else self.clock.alarm(seconds)
        try:
            await asyncio.wait([*futures, alarm] if alarm else futures, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.waited += self.clock.monotonic() - began
            if alarm:
                alarm.cancel()
        self.check()
        return next((future for future in watched if future.done()), None)

    def check(self) -> None:
        """Raise what interrupts the line, if anything does."""
        if self._interruption is not None:
            raise self._interruption
        if self.barge_in and self.keypad:
            raise KeyPressedEarly

    def interrupt(self, interruption: Interruption) -> None:
        """Break into whatever the line does; a hang-up is never taken back by something later."""
        if self.is_over or isinstance(self._interruption, LineHungUp):
            return
        self._interruption = interruption
        future = self._interruption_future()
        if not future.done():
            future.set_result(None)

    @property
    def is_interrupted(self) -> bool:
        return self._interruption is not None

    @property
    def is_hung_up(self) -> bool:
        """True from the moment the line is to be closed."""
        return self.is_over or isinstance(self._interruption, LineHungUp)

    def go_on(self) -> None:
        """The interruption has been dealt with (not possible after a hang-up)."""
        if not isinstance(self._interruption, LineHungUp):
            self._interruption = None
            self._interrupted = None

    def _interruption_future(self) -> asyncio.Future[None]:
        if self._interrupted is None:
            self._interrupted = asyncio.get_running_loop().create_future()
        return self._interrupted

    def changed(self) -> None:
        if self._change is not None and not self._change.done():
            self._change.set_result(None)

    async def until(
        self,
        predicate: Callable[[], bool],
        timeout: float | None = None,  # noqa: ASYNC109 - telephone seconds
    ) -> bool:
        """Let telephone time pass until `predicate()` holds; False when `timeout` seconds passed first."""
        with self.clock.waited_for():
            alarm = None if timeout is None else self.clock.alarm(timeout)
            try:
                while not predicate():
                    if alarm is not None and alarm.done():
                        return False
                    if self._change is None or self._change.done():
                        self._change = asyncio.get_running_loop().create_future()
                    await asyncio.wait(
                        [self._change, alarm] if alarm else [self._change],
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                return True
            finally:
                if alarm is not None:
                    alarm.cancel()

    # --- documents ---------------------------------------------------------------------------------------

    async def fetch(
        self, url: str, method: str = "POST", extra: Mapping[str, str] | None = None, leg: str | None = None
    ) -> Document:
        """Ask the service what to do; the document is noted on the line. Raises TwimlError."""
        parameters = dict(self.company.provider.as_sent({**self.parameters(), **(extra or {})}))
        asker = Asker(self.sid, leg or self.place, self.age, self.cookies)
        document = await fetch_document(self.company, url, method, parameters, asker)
        self.note(document)
        return document

    def note(self, document: Document) -> None:
        """Keep the document, and what the provider ignores in it: the call's own warnings hold its legs' too."""
        self.documents.append(document)
        self.root.warnings.extend(document.ignored)
        self.company.show(self, document)

    async def tell_service(self, url: str, method: str, extra: Mapping[str, str]) -> None:
        """A request whose answer is noted but not run, the call being over or gone elsewhere."""
        try:
            await self.fetch(url, method, extra, "after")
        except TwimlError as error:
            self.fail(error)
