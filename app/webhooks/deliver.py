"""Deliver what was noted. One worker of all does it; one that dies is replaced within seconds, and what it had begun is sent
again: receivers know a repetition by its ``webhook-id``."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, NamedTuple

import httpcore
import httpx
import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from standardwebhooks import Webhook

from app.base.clock import system_clock
from app.base.errors import Problem
from app.base.guarded_targets import GuardedNetwork, TargetIsPrivate, check_target
from app.base.one_of_all import OneOfAll
from app.base.secrets_at_rest import SecretUnreadable
from app.base.version import VERSION
from app.switchboard import Switchboard
from app.webhooks.note_deliveries import NoteDeliveries
from models import WebhookDelivery, WebhookRecord
from models.webhook import DeliveryState, WhyOff

PAUSES: Final = tuple(
    timedelta(**pause)
    for pause in (
        {"seconds": 5}, {"minutes": 5}, {"minutes": 30}, {"hours": 2}, {"hours": 5}, {"hours": 10}, {"hours": 14},
        {"hours": 20}, {"hours": 24},
    )
)  # fmt: skip
"""Between the attempts, as Standard Webhooks proposes; after the last one an event is given up."""
OFF_AFTER: Final = timedelta(days=3)
"""A target that has failed for so long, without a single success, is switched off."""
KEPT: Final = timedelta(days=7)
ATTEMPT_SECONDS: Final = 15.0
_LEASE: Final = timedelta(minutes=2)
"""How long an event is left to whoever has begun to send it: longer than an attempt can take."""
_AT_ONCE: Final = 10
_WEBHOOKS_AT_ONCE: Final = 20
_ROUND_SECONDS: Final = 1.0
_SWEEP_SECONDS: Final = 3600.0
_ANSWER_BYTES: Final = 64 * 1024
_GONE: Final = 410

log = structlog.get_logger(__name__)


class Attempt(NamedTuple):
    """What came of sending: the answer's ``status``, or an ``error`` without one."""

    status: int | None
    error: str | None
    milliseconds: int

    @property
    def is_success(self) -> bool:
        """Any 2xx. A redirection is none: nothing is sent to where somebody else points."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class _Due:
    id: str
    body: str


@dataclass(slots=True)
class DeliverWebhooks:
    """``turn`` says whether it is this worker that delivers."""

    board: Switchboard
    turn: OneOfAll
    notes: NoteDeliveries
    _http: httpcore.AsyncConnectionPool | None = None
    _busy: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self) -> None:
        """Deliver for ever."""
        loop = asyncio.get_running_loop()
        sweep_at = loop.time()
        try:
            while True:
                try:
                    if await self.turn.ask():
                        await self.round()
                        if loop.time() >= sweep_at:
                            sweep_at = loop.time() + _SWEEP_SECONDS
                            await self.sweep()
                except (SQLAlchemyError, OSError, TimeoutError) as error:
                    log.warning("webhooks.wait", error=type(error).__name__)
                except Exception:
                    log.exception("webhooks.failed")
                await asyncio.sleep(_ROUND_SECONDS)
        finally:
            for task in self._busy.values():
                task.cancel()

    async def round(self) -> None:
        """Note what has happened, and begin to send what is due. What takes long goes on by itself: no receiver that is slow
        holds up the others."""
        await self.notes.look()
        now = self.board.clock()
        due = (
            select(WebhookRecord)
            .where(
                WebhookRecord.enabled,
                WebhookRecord.id.not_in([*self._busy]),
                select(WebhookDelivery.id)
                .where(
                    WebhookDelivery.tenant_id == WebhookRecord.tenant_id,
                    WebhookDelivery.webhook_id == WebhookRecord.id,
                    WebhookDelivery.state == DeliveryState.WAITING.value,
                    WebhookDelivery.next_try_at <= now,
                )
                .exists(),
            )
            .limit(max(0, _WEBHOOKS_AT_ONCE - len(self._busy)))
        )
        async with self.board.sessions() as session:
            webhooks = (await session.scalars(due)).all()
        for webhook in webhooks:
            self._begin(webhook.id, self._deliver(webhook))

    async def settled(self) -> None:
        """Wait until everything that was begun is done."""
        while self._busy:
            await asyncio.wait(list(self._busy.values()))

    async def sweep(self) -> None:
        """Forget what was delivered or given up a week ago: it names callers."""
        old = WebhookDelivery.created_at < self.board.clock() - KEPT
        over = WebhookDelivery.state != DeliveryState.WAITING.value
        async with self.board.sessions() as session, session.begin():
            await session.execute(delete(WebhookDelivery).where(old, over))

    def _begin(self, webhook_id: str, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._busy[webhook_id] = task

        def done(ended: asyncio.Task[None]) -> None:
            self._busy.pop(webhook_id, None)
            if not ended.cancelled() and (error := ended.exception()) is not None:
                log.error("webhook.failed", webhook=webhook_id, error=type(error).__name__)

        task.add_done_callback(done)

    async def _deliver(self, webhook: WebhookRecord) -> None:
        while due := await self._take(webhook):
            attempts = await asyncio.gather(*(self._send(webhook, one) for one in due))
            if not await self._keep(webhook, list(zip(due, attempts, strict=True))):
                return

    async def _take(self, webhook: WebhookRecord) -> list[_Due]:
        now = self.board.clock()
        mine = WebhookDelivery.tenant_id == webhook.tenant_id, WebhookDelivery.webhook_id == webhook.id
        waiting = WebhookDelivery.state == DeliveryState.WAITING.value, WebhookDelivery.next_try_at <= now
        query = select(WebhookDelivery).where(*mine, *waiting).order_by(WebhookDelivery.position).limit(_AT_ONCE)
        async with self.board.sessions() as session, session.begin():
            found = (await session.scalars(query.with_for_update(skip_locked=True))).all()
            for one in found:
                one.next_try_at = now + _LEASE
            return [_Due(one.id, one.body) for one in found]

    async def _keep(self, webhook: WebhookRecord, done: list[tuple[_Due, Attempt]]) -> bool:
        """Write down what came of it. False when nothing more should be sent now."""
        now = self.board.clock()
        async with self.board.sessions() as session, session.begin():
            key = {"tenant_id": webhook.tenant_id}
            record = await session.get(WebhookRecord, key | {"id": webhook.id}, with_for_update=True)
            if record is None:
                return False
            for due, attempt in done:
                delivery = await session.get(WebhookDelivery, key | {"id": due.id}, with_for_update=True)
                if delivery is None:
                    continue  # erased meanwhile
                delivery.tries += 1
                delivery.last_try_at, delivery.last_status = now, attempt.status
                delivery.last_error, delivery.last_milliseconds = attempt.error, attempt.milliseconds
                if attempt.is_success:
                    delivery.state = DeliveryState.DELIVERED.value
                elif delivery.tries > len(PAUSES):
                    delivery.state = DeliveryState.FAILED.value
                else:
                    delivery.next_try_at = now + PAUSES[delivery.tries - 1]
            if any(attempt.is_success for _, attempt in done):
                record.failing_since = None
            else:
                record.failing_since = record.failing_since or now
                if any(attempt.status == _GONE for _, attempt in done):
                    record.off_because = WhyOff.GONE.value
                elif now - record.failing_since >= OFF_AFTER:
                    record.off_because = WhyOff.FAILING.value
                if record.off_because is not None:
                    record.enabled = False
                    log.error("webhook.switched_off", webhook=webhook.id, why=record.off_because)
            return record.enabled and any(attempt.is_success for _, attempt in done)

    async def _send(self, webhook: WebhookRecord, due: _Due) -> Attempt:
        began = time.perf_counter()
        status, error = None, None
        try:
            url = check_target(webhook.url, allow_private=self.board.settings.allow_private_targets)
            secret = self.board.secret_box.decrypt(webhook.sealed)
            async with asyncio.timeout(ATTEMPT_SECONDS):
                status = await self._post(url, due, secret)
        except TimeoutError:
            error = "timeout"
        except (TargetIsPrivate, Problem):
            error = "private target"
        except SecretUnreadable:
            error = "secret unreadable"
        except (httpcore.ConnectError, httpcore.ConnectTimeout):
            error = "no connection"
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.TimeoutException,
            OSError,
            ValueError,
        ) as broken:
            error = type(broken).__name__
        return Attempt(status, error, round((time.perf_counter() - began) * 1000))

    async def _post(self, url: str, due: _Due, secret: str) -> int:
        name = f"msg_{due.id}"
        at = system_clock()  # receivers refuse what is older than some minutes, by their own clocks
        headers: dict[bytes | str, bytes | str] = {
            "content-type": "application/json", "user-agent": f"Antichambre/{VERSION}", "webhook-id": name,
            "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": Webhook(secret).sign(name, at, due.body),
        }  # fmt: skip
        async with self._pool().stream("POST", url, headers=headers, content=due.body.encode()) as answer:
            read = 0
            async for part in answer.aiter_stream():
                read += len(part)
                if read > _ANSWER_BYTES:
                    break  # nobody reads it
            return answer.status

    def _pool(self) -> httpcore.AsyncConnectionPool:
        if self._http is None:
            # No connection is kept: the next attempt looks where the name leads by then.
            self._http = httpcore.AsyncConnectionPool(
                ssl_context=httpx.create_ssl_context(), max_connections=_AT_ONCE * _WEBHOOKS_AT_ONCE,
                max_keepalive_connections=0,
                network_backend=GuardedNetwork(allow_private=self.board.settings.allow_private_targets),
            )  # fmt: skip
        return self._http
