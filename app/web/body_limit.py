"""How much a request may bring: little from strangers, more from whoever has a right, and files only where lists are
imported and sounds uploaded.

It stands in front of the framework, which reads forms, and writes long ones to the disk, before it asks who sends them.
"""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.api_keys import principal_of_key
from app.auth.require import cookie_name
from app.auth.sessions import principal_of_session
from app.base import limits
from app.base.seldom_log import refusals
from app.switchboard import Switchboard
from app.web.answer_problems import answer_http_error
from app.web.body_size import most_of, takes_files


class BodyLimit:
    """Plain ASGI. What is refused gets 413, or 415 for a file, as early as its head or its bytes tell."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if headers.get(b"content-type", b"").lstrip().lower().startswith(b"multipart/"):
            # A form is taken apart before anybody asks who sends it: here it is asked first.
            if not takes_files(scope["path"]):
                await _refuse(415, scope, receive, send)
                return
            if await _most(scope) <= limits.BODY_OF_A_STRANGER_BYTES:
                await _refuse(401, scope, receive, send)
                return
        told = int(headers.get(b"content-length", b"0"))
        if told > limits.BODY_OF_A_STRANGER_BYTES and told > await _most(scope):
            await _refuse(413, scope, receive, send)
            return
        counted = _Counted(scope, receive, send, known=b"content-length" in headers)
        try:
            await self._app(scope, counted.receive, counted.send)
        except Exception:
            if not counted.refused:
                raise


class _Counted:
    """A body whose length nobody has told, as it comes. Its reader hears that the sender has gone."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, *, known: bool) -> None:
        self._scope, self._receive, self._send, self._known = scope, receive, send, known
        self._count, self._most = 0, limits.BODY_OF_A_STRANGER_BYTES
        self._started = False
        self.refused = False

    async def receive(self) -> Message:
        """The next piece."""
        message = await self._receive()
        if self._known or message["type"] != "http.request":
            return message
        self._count += len(message.get("body", b""))
        if self._count > self._most:
            self._most = await _most(self._scope)
        if self._count <= self._most:
            return message
        if not self.refused and not self._started:
            await _refuse(413, self._scope, self._receive, self._send)
        self.refused = True
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """What the reader answers, unless it was answered here."""
        if not self.refused:
            self._started = True
            await self._send(message)


async def _most(scope: Scope) -> int:
    """What the sender may bring."""
    request = Request(scope)
    board: Switchboard = request.app.state.switchboard
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    secret = request.cookies.get(cookie_name(board.settings))
    who = None
    async with board.sessions() as session, session.begin():
        if scheme.lower() == "bearer" and key:
            who = await principal_of_key(session, key.strip(), board.clock)
        elif secret:
            who = await principal_of_session(session, secret, board.clock)
    return most_of(scope["path"]) if who is not None else limits.BODY_OF_A_STRANGER_BYTES


async def _refuse(status: int, scope: Scope, receive: Receive, send: Send) -> None:
    refusals.warn("body.refused", str(status))
    answer = await answer_http_error(Request(scope), HTTPException(status, headers={"Connection": "close"}))
    await answer(scope, receive, send)
