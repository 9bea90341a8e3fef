"""uvicorn takes an answer in two messages and writes it in two pieces, which is right for pages and streams and much for a
few hundred characters of TwiML. Here an application may hand over the whole of it at once.

The way is that of ASGI's extensions (asgi.readthedocs.io/en/latest/extensions.html): where ``scope["extensions"]`` holds
:data:`WHOLE_ANSWER`, there is a function to be awaited with status, headers and body in place of calling ``send``.
"""

from collections.abc import Iterable
from functools import partial
from typing import Final, cast
from weakref import ReferenceType, ref

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from app.providers.guarded_connections import GuardedConnections

WHOLE_ANSWER: Final = "antichambre.whole_answer"
"""Nothing is checked: the headers must be sound, and give the length of a body."""
Headers = Iterable[tuple[bytes, bytes]]


class WholeAnswers(GuardedConnections):
    """uvicorn's HTTP protocol, guarded, with the extension."""

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        # The type of a scope knows uvicorn's own extensions only. Weakly, because the cycle holds the scope: what refers to
        # itself waits for the garbage collector, with all that the request brought.
        cast(dict[str, object], cycle.scope)["extensions"] = {WHOLE_ANSWER: partial(_answer, ref(cycle))}
        super()._start_asgi_task(cycle, app)


async def _answer(running: ReferenceType[RequestResponseCycle], status: int, headers: Headers, body: bytes) -> None:
    """What :meth:`RequestResponseCycle.send` does for the two messages of a whole answer, with one write."""
    cycle = running()
    if cycle is not None and cycle.flow.write_paused and not cycle.disconnected:
        await cycle.flow.drain()
    if cycle is None or cycle.disconnected:
        return
    cycle.response_started = cycle.response_complete = True
    pieces = [STATUS_LINE[status]]
    pieces += [b"%b: %b\r\n" % header for header in (*cycle.default_headers, *headers)]
    pieces.append(b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n")
    pieces.append(body)
    cycle.transport.write(b"".join(pieces))
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()
