"""POST: 201 with the address of what was made, and the same answer again for the same ``Idempotency-Key``.

The key's row is inserted first and in the very transaction of the edit, so of two requests with one key the second waits
for the first and then answers with what that one stored. A request that failed has stored nothing: its repetition is
carried out.
"""

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from fastapi import Depends, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.base import limits
from app.base.errors import IdempotencyKeyReused, SecretShownOnce
from app.base.problems.requests import RequestFault
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.switchboard import Switchboard
from models import IdempotentRequest

REPLAY_HEADER: Final = "Idempotent-Replay"
_KEPT_HOURS: Final = 24

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=limits.SECRET, pattern=r"^[\x21-\x7e]+$",
        description=f"A text of your choice; a retry with it within {_KEPT_HOURS} hours gets the first answer again.",
    ),
]  # fmt: skip


class _AnsweredBefore(Exception):  # it is no error: it leaves the transaction with what was stored
    def __init__(self, fingerprint: str, status: int, sealed: str) -> None:
        self.fingerprint, self.status, self.sealed = fingerprint, status, sealed


class Poster:
    """One POST request of a person or program."""

    def __init__(self, request: Request, board: Switchboard, who: Principal, key: str | None) -> None:
        self._request, self._key = request, key
        self.board, self.who = board, who

    async def once(
        self, make: Callable[[Edit], Awaitable[BaseModel]], collection: str | None = None, *, secret: bool = False
    ) -> Response:
        """Let ``make`` add something and answer with what it returns, which has an ``id``; or answer as before.
        ``collection`` is the path where it is found from then on, when it is not the request's own. A ``secret`` answer
        is neither kept nor given again: a repetition raises :class:`SecretShownOnce`."""
        headers = Response()
        fingerprint = await self._fingerprint()
        try:
            async with confirmed_edit(self.board, self.who, headers) as edit:
                if self._key is not None:
                    await self._reserve(edit, fingerprint)
                made = await make(edit)
                body: dict[str, object] = made.model_dump(mode="json", by_alias=True)
                location = f"{(collection or self._request.url.path).rstrip('/')}/{body['id']}"
                if self._key is not None:
                    await self._keep(edit, {"location": location, "body": None if secret else body})
        except _AnsweredBefore as before:
            return self._again(before, fingerprint)
        response = JSONResponse(body, 201, {"Location": location})
        response.headers.update({k: v for k, v in headers.headers.items() if k.startswith("antichambre-")})
        return response

    async def _fingerprint(self) -> str:
        """What makes two requests the same: who sends it, method, path and body, to the byte. Nobody gets what somebody
        else was answered. It is keyed: a body may hold a PIN, which is found at once from a plain hash."""
        head = f"{self.who.identity} {self._request.method} {self._request.url.path}\n"
        content = head.encode() + await self._request.body()
        return hmac.digest(self.board.pin_key, content, hashlib.sha256).hex()

    async def _reserve(self, edit: Edit, fingerprint: str) -> None:
        session, mine = edit.session, IdempotentRequest.tenant_id == edit.tenant_id
        too_old = IdempotentRequest.created_at < func.now() - func.make_interval(0, 0, 0, 0, _KEPT_HOURS)
        await session.execute(delete(IdempotentRequest).where(mine, IdempotentRequest.key == self._key, too_old))
        reserved = await session.scalar(
            insert(IdempotentRequest)
            .values(tenant_id=edit.tenant_id, key=self._key, fingerprint=fingerprint, status=201)
            .on_conflict_do_nothing()
            .returning(IdempotentRequest.key)
        )
        if reserved is None:
            kept = select(IdempotentRequest.fingerprint, IdempotentRequest.status, IdempotentRequest.body)
            stored = (await session.execute(kept.where(mine, IdempotentRequest.key == self._key))).one()
            raise _AnsweredBefore(stored.fingerprint, stored.status, stored.body["sealed"])

    async def _keep(self, edit: Edit, answer: dict[str, object]) -> None:
        # Answers hold what must not lie about in clear: names and numbers. They are kept to the byte, their sentences in the
        # language of the first request too: a retry is promised the same answer.
        sealed = self.board.secret_box.encrypt(json.dumps(answer))
        await edit.session.execute(
            update(IdempotentRequest)
            .where(IdempotentRequest.tenant_id == edit.tenant_id, IdempotentRequest.key == self._key)
            .values(body={"sealed": sealed})
        )

    def _again(self, before: _AnsweredBefore, fingerprint: str) -> Response:
        if before.fingerprint != fingerprint:
            raise IdempotencyKeyReused(RequestFault.IDEMPOTENCY_KEY_REUSED)
        answer = json.loads(self.board.secret_box.decrypt(before.sealed))
        if answer["body"] is None:
            raise SecretShownOnce(RequestFault.SECRET_SHOWN_ONCE)
        headers = {"Location": answer["location"], REPLAY_HEADER: "true"}
        return JSONResponse(answer["body"], before.status, headers)


def make_poster(request: Request, board: Board, who: Who, key: IdempotencyKey = None) -> Poster:
    """The dependency of every POST that makes something."""
    return Poster(request, board, who, key)


Posting = Annotated[Poster, Depends(make_poster)]
