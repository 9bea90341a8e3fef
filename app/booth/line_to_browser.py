"""The one connection between a page of the booth and its booth: commands in, events out. Everything ends with it.

It is a WebSocket because there may be several workers: a booth's calls live in one process, and only a connection that
stays leads every command there.
"""

import asyncio
import contextlib
import hmac
from collections.abc import Coroutine
from typing import Final

import orjson
import structlog
from fastapi import WebSocket, WebSocketDisconnect
from sqlalchemy.exc import SQLAlchemyError

from app.auth.principal import Principal
from app.auth.require import cookie_name
from app.auth.roles import Role, at_least
from app.auth.same_site import comes_from_our_pages, token_for
from app.auth.sessions import principal_of_session
from app.base.errors import Problem
from app.base.language import gettext as _
from app.base.language import speak
from app.booth.booth import Booth, RecordOf, Tell
from app.booth.commands import LONGEST_MESSAGE, read_command
from app.booth.open_booths import OpenBooths
from app.switchboard import Switchboard
from app.words.problems import field_words, problem_words

LONGEST_SECONDS: Final = 15 * 60
CHECK_SECONDS: Final = 30.0
FIRST_WORD_SECONDS: Final = 10.0
NOT_ALLOWED: Final = 4403
_MOST_UNSENT: Final = 2000
_UNREACHABLE: Final = (SQLAlchemyError, OSError, TimeoutError)

log = structlog.get_logger(__name__)


async def serve_booth(
    socket: WebSocket, board: Switchboard, booths: OpenBooths, closing: asyncio.Event, record_of: RecordOf
) -> None:
    """One booth, from its connection to its end. Anybody but an admin on one of our own pages is refused."""
    who = await _admin(socket, board)
    if who is None or "origin" not in socket.headers or not comes_from_our_pages(socket, board.settings):
        await socket.close(NOT_ALLOWED)
        return
    speak(who.language, socket.headers.get("Accept-Language", ""))
    await socket.accept()
    try:
        if not await _knows_the_token(socket, board, who):
            await socket.close(NOT_ALLOWED)
            return
        await _open(socket, board, booths, closing, who, record_of)
    except WebSocketDisconnect:
        pass


async def _open(
    socket: WebSocket,
    board: Switchboard,
    booths: OpenBooths,
    closing: asyncio.Event,
    who: Principal,
    record_of: RecordOf,
) -> None:
    unsent = asyncio.Queue[dict[str, object]](_MOST_UNSENT)
    too_slow = asyncio.Event()

    def tell(message: dict[str, object]) -> None:
        try:
            unsent.put_nowait(message)
        except asyncio.QueueFull:
            too_slow.set()

    why = _("The booth is closed. Your next call reopens it.")
    try:
        with booths.one_more(who.session_hash or ""):
            tenant = board.live_plan.tenant(who.tenant_id)
            async with Booth(board, booths, tenant, _own_address(socket), tell, record_of) as booth:
                tell({"is": "open", "people": booth.people()})
                await _until_one_ends(
                    _obey(socket, booth, tell),
                    _send(socket, unsent),
                    booth.follow(),
                    _while_allowed(socket, board),
                    closing.wait(),
                    too_slow.wait(),
                    asyncio.sleep(LONGEST_SECONDS),
                )
    except Problem as problem:
        why = problem_words(problem)
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # whoever has gone needs no reason
        await _say(socket, {"is": "closed", "why": why})
        await socket.close()


async def _until_one_ends(*works: Coroutine[object, object, object]) -> None:
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if (error := task.exception()) is not None and not isinstance(error, WebSocketDisconnect):
                raise error
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _obey(socket: WebSocket, booth: Booth, tell: Tell) -> None:
    while True:
        text = await socket.receive_text()
        try:
            if len(text) > LONGEST_MESSAGE:
                return
            await booth.do(read_command(text))
        except Problem as problem:
            errors = [{"field": field, "detail": words} for field, words in field_words(problem).items()]
            tell({"is": "wrong", "detail": problem_words(problem), "errors": errors})


async def _send(socket: WebSocket, unsent: asyncio.Queue[dict[str, object]]) -> None:
    while True:
        await _say(socket, await unsent.get())


async def _say(socket: WebSocket, message: dict[str, object]) -> None:
    await socket.send_text(orjson.dumps(message).decode())


async def _while_allowed(socket: WebSocket, board: Switchboard) -> None:
    """Ends when the person has signed out, or is no admin any more."""
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        # While the database is away nobody can have been locked out.
        with contextlib.suppress(*_UNREACHABLE):
            if await _admin(socket, board) is None:
                return


async def _admin(socket: WebSocket, board: Switchboard) -> Principal | None:
    secret = socket.cookies.get(cookie_name(board.settings))
    if not secret:
        return None
    async with board.sessions() as session, session.begin():
        who = await principal_of_session(session, secret, board.clock)
    return who if who is not None and at_least(who.role, Role.ADMIN) else None


async def _knows_the_token(socket: WebSocket, board: Switchboard, who: Principal) -> bool:
    """The first message is the page's token, which no other site can read."""
    try:
        async with asyncio.timeout(FIRST_WORD_SECONDS):
            claimed = await socket.receive_text()
    except TimeoutError:
        return False
    return hmac.compare_digest(claimed.encode(), token_for(board.settings, who.session_hash or "").encode())


def _own_address(socket: WebSocket) -> str:
    """Where this worker listens, as the connection itself tells it: never what a header says."""
    host, port = socket.scope["server"]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
