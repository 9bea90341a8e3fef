"""Two calls joined by <Dial><Queue>: the one that dials, and the one taken out of the queue."""

from __future__ import annotations

import asyncio

from simulator.go_to import GoTo


class Bridge:
    """`dialler_sid` and `dialler` are the call that dials and its number; `ready` once the waiting caller has heard
    the whisper, `over` when either side has left."""

    def __init__(self, dialler_sid: str, dialler: str, whisper: GoTo | None) -> None:
        loop = asyncio.get_running_loop()
        self.dialler_sid = dialler_sid
        self.dialler = dialler
        self.whisper = whisper
        self.ready: asyncio.Future[None] = loop.create_future()
        self.over: asyncio.Future[None] = loop.create_future()

    def connect(self) -> None:
        if not self.ready.done():
            self.ready.set_result(None)

    def finish(self) -> None:
        if not self.over.done():
            self.over.set_result(None)
