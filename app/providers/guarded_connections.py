"""Strangers at the socket: connections that send nothing, requests that never become whole, heads without end. None of them
may keep a call from being heard.

Every request has ten seconds to become whole, and so has every new connection. Heads are short. And file descriptors are
counted: when they run out, whoever has waited longest without a whole request makes room first, then pages are refused; the
last hundred are for calls.
"""

import asyncio
import http
import resource
from itertools import count
from typing import Final

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from app.base.seldom_log import refusals
from app.providers.registry import PROVIDERS

WHOLE_WITHIN_SECONDS: Final = 10
READ_WITHIN_SECONDS: Final = 30
"""How long an answer may wait for somebody who does not read it."""
MOST_HEAD_BYTES: Final = 32 * 1024
FOR_CALLS: Final = 100
"""Descriptors that only calls get."""
_UNLIMITED: Final = 2**20
_OWN: Final = 100
"""What a worker needs itself: the database, files, the listening socket."""
_CALLS: Final = tuple(f"/{name}/" for name in PROVIDERS)
_FRAMING: Final = 8
"""Bytes that may surround one byte of a body which comes in the smallest of chunks, in two lines (RFC 9112, section 7.1)."""

_LINGER_SECONDS: Final = 0.5

_turn = count()


class Room:
    """How many connections a worker has room for. ``most`` leaves what it needs itself and what may arrive at once."""

    def __init__(self, descriptors: int | None = None) -> None:
        limit = descriptors or resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        limit = limit if limit > 0 else _UNLIMITED
        self.backlog = max(16, min(2048, limit // 8))
        self.most = max(FOR_CALLS + 20, limit - _OWN - self.backlog)

    @property
    def for_anybody(self) -> int:
        """How many may be open before pages are refused."""
        return self.most - FOR_CALLS


def raise_descriptor_limit() -> None:
    """As many descriptors as the system allows: the usual 1,024 are a few panels and a few idle connections."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class GuardedConnections(HttpToolsProtocol):
    """uvicorn's HTTP protocol with a guard. ``room`` is the process's."""

    room = Room()

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._receiving = True
        self._received = 0
        self._in_body = 0
        self._last_piece = 0
        self._seconds = 0
        self._refused = False
        self._turn = next(_turn)

    # --- time ---

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.room.for_anybody:
            self._make_room()
        if not hasattr(self.server_state, "is_swept"):
            self.server_state.is_swept = True  # type: ignore[attr-defined]
            self.loop.call_later(1.0, self._sweep)

    def _sweep(self) -> None:
        """Once a second through all connections of the server; it costs a request nothing. This one may be long gone."""
        open_ones = [one for one in self.connections if isinstance(one, GuardedConnections)]
        for one in open_ones:
            one.second_passed()
        if open_ones:
            self.loop.call_later(1.0, self._sweep)
        else:
            del self.server_state.is_swept  # type: ignore[attr-defined]

    def second_passed(self) -> None:
        """Close it if it has had its time."""
        unread = not self._receiving and self.flow.write_paused
        self._seconds = self._seconds + 1 if self._receiving or unread else 0
        if self._receiving and self._seconds > WHOLE_WITHIN_SECONDS:
            refusals.warn("connection.never_whole", "request" if self._received else "nothing")
            self._abort()
        elif unread and self._seconds > READ_WITHIN_SECONDS:
            self._abort()

    # --- room ---

    @property
    def _waits(self) -> bool:
        """Nothing of it is being answered."""
        return self._receiving or self.cycle is None or self.cycle.response_complete

    def _make_room(self) -> None:
        waiting = [one for one in self.connections if isinstance(one, GuardedConnections) and one._waits]
        oldest = min(waiting, key=lambda one: one._turn)
        if oldest is not self:
            refusals.warn("connection.made_room", "idle")
            oldest._abort()
        elif len(self.connections) > self.room.most:
            refusals.warn("connection.no_room", "any")
            self._abort()

    def _abort(self) -> None:
        self._refused = True
        self.connections.discard(self)
        self._unset_keepalive_if_required()
        self.transport.abort()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if len(self.connections) > self.room.for_anybody and not cycle.scope["path"].startswith(_CALLS):
            refusals.warn("connection.no_room", "page")
            app = service_unavailable
        super()._start_asgi_task(cycle, app)

    # --- size ---

    def data_received(self, data: bytes) -> None:
        """As uvicorn's, but nothing of a request that is too long is kept, and no line is written for each bad one."""
        if self._refused:
            return
        self._unset_keepalive_if_required()
        self._receiving = True
        self._last_piece = len(data)
        self._received += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
            return
        except httptools.HttpParserError:
            if not self._refused:
                refusals.warn("http.invalid", "request")
                self._refuse(400)
            return
        if self._receiving and self._received - _FRAMING * self._in_body > MOST_HEAD_BYTES:
            self._refuse(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_body = 0

    def on_headers_complete(self) -> None:
        if self._refused:
            return
        # The head is no longer than what came since the last request, so that the sum is seldom needed.
        if self._last_piece > MOST_HEAD_BYTES or self._received > MOST_HEAD_BYTES:
            lines = sum(len(name) + len(value) + 4 for name, value in self.headers)
            if len(self.url) > MOST_HEAD_BYTES // 2:
                self._refuse(414)
                return
            if len(self.url) + lines > MOST_HEAD_BYTES:
                self._refuse(431)
                return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self._refused:
            return
        self._in_body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self._refused:
            return
        self._receiving, self._seconds, self._received = False, 0, 0
        self._turn = next(_turn)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        if self.cycle.more_body and not self.pipeline:
            self._hear_no_more()
        super().on_response_complete()

    def _refuse(self, status: int) -> None:
        self._refused = True
        phrase = http.HTTPStatus(status).phrase
        answer = f"HTTP/1.1 {status} {phrase}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(answer.encode())
        if status != 400:
            refusals.warn("http.too_long", str(status))
        self._hear_no_more()

    def _hear_no_more(self) -> None:
        """What is still sent is thrown away for a moment: closed at once, the other side would not read its answer."""
        self._refused = True
        self.loop.call_later(_LINGER_SECONDS, self._abort)
