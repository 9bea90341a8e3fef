"""Ask a program who calls: one signed POST, to nowhere in our own network, for as long as the look-up allows and for no more
than one small answer."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import httpcore
import httpx
import orjson
from standardwebhooks import Webhook

from app.base import limits
from app.base.clock import system_clock
from app.base.errors import Problem
from app.base.guarded_targets import GuardedNetwork, TargetIsPrivate, check_target
from app.base.secrets_at_rest import SecretBox, SecretUnreadable
from app.base.version import VERSION
from app.look_ups.read_answer import AnswerUnreadable, CardAnswer, read_answer
from models import LookUpRecord
from models.base import new_id
from models.look_up import AnswerFault

_AT_ONCE: Final = 256
_OK: Final = 200
_KNOWS_NOTHING: Final = 204
_IDENTITY: Final = frozenset({b"", b"identity"})
_NO_ANSWER: Final = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Question:
    """About whom is asked: ``number`` (E.164) and the ``name`` that the network tells (or empty). ``call_id``, the line and
    ``called_at`` (UTC) are empty where nobody calls and an admin only tries."""

    number: str
    name: str = ""
    client_id: str | None = None
    call_id: str = ""
    line_id: str | None = None
    line_number: str = ""
    line_label: str = ""
    called_at: datetime | None = None

    def body(self) -> bytes:
        """As it is sent."""
        line = {"id": self.line_id, "number": self.line_number, "label": self.line_label}
        return orjson.dumps(
            {
                "call": self.call_id or None,
                "caller": {"number": self.number, "name": self.name},
                "line": line if self.line_number else None,
                "client": {"id": self.client_id} if self.client_id is not None else None,
            }
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """The result: an ``answer``, or the ``fault`` for which there is none. ``status`` is the program's, if it answered
    at all."""

    milliseconds: int
    status: int | None = None
    answer: CardAnswer | None = None
    fault: AnswerFault | None = None


@dataclass(frozen=True, slots=True)
class _Got:
    status: int
    content: bytes = b""
    fault: AnswerFault | None = None


@dataclass(slots=True)
class Asker:
    """``secrets`` opens what is sealed in a look-up's row."""

    secrets: SecretBox
    allow_private: bool
    _http: httpcore.AsyncConnectionPool | None = field(default=None, repr=False)

    async def ask(self, look_up: LookUpRecord, question: Question) -> Asked:
        """Whatever happens there, it is no exception here."""
        began = time.perf_counter()
        got, answer, fault = None, None, None
        try:
            url = check_target(look_up.url, allow_private=self.allow_private)
            body = question.body()
            headers = self._headers(look_up, body, system_clock())
            async with asyncio.timeout(look_up.timeout_seconds):
                got = await self._post(url, headers, body)
            fault = got.fault
            if fault is None:
                answer = CardAnswer() if got.status == _KNOWS_NOTHING else read_answer(got.content)
        except TimeoutError:
            fault = AnswerFault.TIMEOUT
        except (TargetIsPrivate, Problem):
            fault = AnswerFault.PRIVATE_TARGET
        except SecretUnreadable:
            fault = AnswerFault.SECRET_UNREADABLE
        except AnswerUnreadable:
            fault = AnswerFault.UNREADABLE
        except _NO_ANSWER:
            fault = AnswerFault.NO_CONNECTION
        milliseconds = round((time.perf_counter() - began) * 1000)
        return Asked(milliseconds, got.status if got is not None else None, answer, fault)

    async def close(self) -> None:
        """Let the connections go."""
        if self._http is not None:
            await self._http.aclose()

    def _headers(self, look_up: LookUpRecord, body: bytes, at: datetime) -> dict[bytes | str, bytes | str]:
        name = f"ask_{new_id()}"
        signature = Webhook(self.secrets.decrypt(look_up.sealed)).sign(name, at, body.decode())
        headers: dict[bytes | str, bytes | str] = {
            "content-type": "application/json", "accept": "application/json", "accept-encoding": "identity",
            "user-agent": f"Antichambre/{VERSION}", "webhook-id": name, "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signature,
        }  # fmt: skip
        if look_up.sealed_token is not None:
            headers["authorization"] = f"Bearer {self.secrets.decrypt(look_up.sealed_token)}"
        return headers

    async def _post(self, url: str, headers: dict[bytes | str, bytes | str], body: bytes) -> _Got:
        async with self._pool().stream("POST", url, headers=headers, content=body) as answer:
            if 300 <= answer.status < 400:
                return _Got(answer.status, fault=AnswerFault.REDIRECTED)
            if answer.status not in (_OK, _KNOWS_NOTHING):
                return _Got(answer.status, fault=AnswerFault.REFUSED)
            packed = (value for name, value in answer.headers if name.lower() == b"content-encoding")
            if not all(value.strip().lower() in _IDENTITY for value in packed):
                return _Got(answer.status, fault=AnswerFault.UNREADABLE)
            content = bytearray()
            async for part in answer.aiter_stream():
                content += part
                if len(content) > limits.LOOK_UP_ANSWER_BYTES:
                    return _Got(answer.status, fault=AnswerFault.TOO_LARGE)
            return _Got(answer.status, bytes(content))

    def _pool(self) -> httpcore.AsyncConnectionPool:
        if self._http is None:
            # No connection is kept: the next time we look where the name leads by then.
            self._http = httpcore.AsyncConnectionPool(
                ssl_context=httpx.create_ssl_context(), max_connections=_AT_ONCE, max_keepalive_connections=0,
                network_backend=GuardedNetwork(allow_private=self.allow_private),
            )  # fmt: skip
        return self._http
