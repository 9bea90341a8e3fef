"""What lines need of the telephone company that they belong to."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, Literal, Protocol, TypeVar

from simulator.callee import Callee
from simulator.documents import Document
from simulator.heard import Event
from simulator.waiting_line import WaitingLine
from simulator.web import Network

Result = TypeVar("Result")
AnyLine = TypeVar("AnyLine", contravariant=True)


class Exchange(Network, Protocol[AnyLine]):
    """The company as its lines see it; `AnyLine` is the kind of line that it serves."""

    account_sid: str
    method: str
    status_url: str | None
    fallback_url: str | None
    caller_ids: frozenset[str]
    others_ring_until: Literal["answer", "acceptance"]
    queues: dict[str, WaitingLine]
    audio_lengths: dict[str, float]

    def phone(self, address: str) -> Callee: ...

    def name_of(self, address: str) -> str: ...

    def queue(self, name: str) -> WaitingLine: ...

    def tell(self, line: AnyLine, event: Event) -> None: ...

    def show(self, line: AnyLine, document: Document) -> None: ...

    def call_back(self, call: AnyLine, url: str, method: str, facts: Mapping[str, str]) -> None: ...

    def keep_recording(self, line: AnyLine, facts: Mapping[str, str], seconds: float) -> None: ...

    def spawn(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]: ...
