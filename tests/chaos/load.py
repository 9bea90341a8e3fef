"""Calls at a steady rate, as the provider places them: a signed voice webhook and two status callbacks each, over
connections that are kept open, with one further try when a connection fails.

Requests are written by hand because a general client would take more of the machine than the service under test."""

import asyncio
import secrets
import statistics
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from simulator import sign
from tests import cast

CALLERS: Final = {cast.VERA: {"Dial", "Enqueue"}, cast.BORIS: {"Say", "Reject"}, cast.UMA: {"Enqueue"}}
"""Who calls, and the verbs that the answer to that caller may begin with. While management is rung for an earlier call of
hers, Vera waits at the front of the queue; Boris calls so often that the fake queue is full
at times; Uma stands for strangers, each with a number of their own."""
PATIENCE_SECONDS: Final = 15.0
"""How long the provider waits for an answer (twilio.com/docs/usage/webhooks/webhooks-connection-overrides)."""
TRIES: Final = 2
CONNECTIONS: Final = 16
"""So many are kept open and used in turn, so that every worker has some."""

Fact = tuple[str, str, str]
"""A call's id, the kind of the fact, and the status that it reports, if it is a status."""


def number_of(caller: str, call: int) -> str:
    """From where the ``call``-th call comes: nobody but a VIP has more than three calls at once."""
    return f"+3361234{call % 10_000:04}" if caller == cast.UMA else caller


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back at last; ``status`` 0 when nothing did. ``took`` is in seconds, all tries together."""

    status: int
    body: bytes
    tries: int
    took: float


@dataclass(slots=True)
class Load:
    """What was sent and what came back. ``keep_alive`` False: a new connection for each request."""

    port: int
    rate: float
    keep_alive: bool = True
    calls: dict[str, str] = field(default_factory=dict)
    replies: list[Reply] = field(default_factory=list)
    acknowledged: set[Fact] = field(default_factory=set)
    unanswered: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    _idle: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=deque)

    @property
    def second_tries(self) -> int:
        """Requests that needed another try."""
        return sum(reply.tries > 1 for reply in self.replies)

    @property
    def worst_ms(self) -> float:
        """The longest answer."""
        return max(reply.took for reply in self.replies) * 1000

    @property
    def p99_ms(self) -> float:
        """The answer that 99 of 100 are faster than."""
        return statistics.quantiles((reply.took for reply in self.replies), n=100)[-1] * 1000

    async def run(self, stopping: asyncio.Event) -> None:
        """Place calls until ``stopping`` is set; those that have begun are finished."""
        loop = asyncio.get_running_loop()
        began, placed = loop.time(), 0
        async with asyncio.TaskGroup() as running:
            while not stopping.is_set():
                running.create_task(self._call(list(CALLERS)[placed % len(CALLERS)]))
                placed += 1
                await asyncio.sleep(began + placed / self.rate - loop.time())
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connections."""
        for _, writer in self._idle:
            writer.transport.abort()

    def figures(self, case: str) -> dict[str, object]:
        """The row of a case in the table."""
        return {
            "case": case,
            "calls": len(self.calls),
            "requests": len(self.replies),
            "answered": len(self.replies) - len(self.unanswered),
            "second tries": self.second_tries,
            "p99 ms": round(self.p99_ms, 1),
            "worst ms": round(self.worst_ms, 1),
        }

    async def _call(self, caller: str) -> None:
        call_id = "CA" + secrets.token_hex(16)
        self.calls[call_id] = caller
        expected, caller = CALLERS[caller], number_of(caller, len(self.calls))
        voice = await self.request("/twilio/voice", caller, call_id, CallStatus="ringing")
        if self._was_answered(voice, "voice") and (verb := first_verb(voice.body)) not in expected:
            self.wrong.append(f"{caller} got {verb}: {voice.body.decode()}")
        self._acknowledge(voice, (call_id, "call.incoming", ""))
        for sequence, status in enumerate(("in-progress", "completed")):
            reply = await self.request(
                "/twilio/status", caller, call_id, CallStatus=status, SequenceNumber=str(sequence)
            )
            self._was_answered(reply, status)
            self._acknowledge(reply, (call_id, "call.status", status))
        self._acknowledge(reply, (call_id, "call.ended", ""))

    def _was_answered(self, reply: Reply, what: str) -> bool:
        answered = reply.status == (200 if what == "voice" else 204)
        if answered and what == "voice":
            answered = first_verb(reply.body) is not None
        if not answered:
            self.unanswered.append(f"{what}: {reply.status} after {reply.tries} tries, {reply.body[:300]!r}")
        return answered

    def _acknowledge(self, reply: Reply, fact: Fact) -> None:
        if 200 <= reply.status < 300:
            self.acknowledged.add(fact)

    async def request(self, path: str, caller: str, call_id: str, **facts: str) -> Reply:
        """One signed request, tried again as the provider does."""
        form = {"AccountSid": cast.ACCOUNT_SID, "CallSid": call_id, "From": caller, "To": cast.LINE} | facts
        body = urlencode(form).encode()
        host = f"127.0.0.1:{self.port}"
        signature = sign(cast.AUTH_TOKEN, f"http://{host}{path}", list(form.items()))
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nX-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        )
        reply = await self._with_another_try(head.encode() + body)
        self.replies.append(reply)
        return reply

    async def _with_another_try(self, message: bytes) -> Reply:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for attempt in range(1, TRIES + 1):
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    status, body = await self._exchange(message, fresh=attempt > 1 or not self.keep_alive)
                return Reply(status, body, attempt, loop.time() - began)
            except (OSError, EOFError, TimeoutError) as error:
                failed = Reply(0, repr(error).encode(), attempt, loop.time() - began)
        return failed

    async def _exchange(self, message: bytes, *, fresh: bool) -> tuple[int, bytes]:
        reader, writer = await self._connection(fresh=fresh)
        try:
            writer.write(message)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
            body = await reader.readexactly(int(length or 0))
        except BaseException:
            writer.transport.abort()
            raise
        if self.keep_alive and b"connection: close" not in head:
            self._idle.append((reader, writer))
        else:
            writer.transport.abort()
        return int(head.split(b" ", 2)[1]), body

    async def _connection(self, *, fresh: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while len(self._idle) >= CONNECTIONS and not fresh:
            reader, writer = self._idle.popleft()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.transport.abort()
        return await asyncio.open_connection("127.0.0.1", self.port)


def first_verb(body: bytes) -> str | None:
    """The first verb of a well-formed document, None for anything else."""
    try:
        document = ET.fromstring(body)
    except ET.ParseError:
        return None
    return next((verb.tag for verb in document), None) if document.tag == "Response" else None


@asynccontextmanager
async def steady_calls(port: int, rate: float, *, keep_alive: bool = True) -> AsyncIterator[Load]:
    """Calls are placed while the block runs."""
    load, stopping = Load(port, rate, keep_alive), asyncio.Event()
    running = asyncio.create_task(load.run(stopping))
    try:
        yield load
    finally:
        stopping.set()
        await running
