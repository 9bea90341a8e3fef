"""Twilio's queues: first come, first served, created when first used."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from simulator.clock import Clock
from simulator.interruptions import Interruption
from simulator.providers.provider import QueuePlace

DEFAULT_MAX_SIZE = 1000
"""Twilio docs: enqueue."""


class Waiting(Protocol):
    """What a queue has to do with a line that waits in it."""

    sid: str
    caller: str

    @property
    def is_interrupted(self) -> bool: ...

    @property
    def is_hung_up(self) -> bool: ...

    def interrupt(self, interruption: Interruption) -> None: ...


@dataclass(eq=False)
class Member:
    """One waiting call. `taken` once another call is about to be connected to it."""

    line: Waiting
    queue: WaitingLine
    enqueued_at: datetime
    since: float
    taken: bool = False

    @property
    def waited(self) -> int:
        """Whole seconds in the queue."""
        return round(self.queue.clock.monotonic() - self.since)

    @property
    def position(self) -> int:
        """1 for the front; 0 when no longer in the queue."""
        members = self.queue.members
        return members.index(self) + 1 if self in members else 0

    @property
    def place(self) -> QueuePlace:
        """What a waitUrl is told."""
        queue = self.queue
        return QueuePlace(queue.sid, self.position, self.waited, queue.average_wait, len(queue.members), queue.max_size)


@dataclass(eq=False)
class WaitingLine:
    """One queue by its name."""

    name: str
    sid: str
    clock: Clock
    created_at: datetime
    max_size: int = DEFAULT_MAX_SIZE
    members: list[Member] = field(default_factory=list)
    _arrival: asyncio.Future[None] | None = None

    @property
    def average_wait(self) -> int:
        """Seconds, over those waiting now."""
        return round(sum(member.waited for member in self.members) / len(self.members)) if self.members else 0

    @property
    def is_full(self) -> bool:
        return len(self.members) >= self.max_size

    def join(self, line: Waiting) -> Member:
        member = Member(line, self, self.clock.now(), self.clock.monotonic())
        self.members.append(member)
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)
        return member

    def leave(self, member: Member) -> None:
        if member in self.members:
            self.members.remove(member)

    def front(self) -> Member | None:
        """The first caller nobody is about to take."""
        free = (m for m in self.members if not m.taken and not m.line.is_interrupted)
        return next(free, None)

    def arrival(self) -> asyncio.Future[None]:
        """Done when the next caller joins."""
        if self._arrival is None or self._arrival.done():
            self._arrival = asyncio.get_running_loop().create_future()
        return self._arrival
