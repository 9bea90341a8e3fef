"""Note what is to be delivered: one row for each event and webhook, made from the event log, in which nothing is missed. How
far the log was looked through stands in the same transaction, so a worker that dies has noted it, or its successor will."""

from dataclasses import dataclass, field
from typing import Final

import orjson
import structlog
from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from app.event_log.feed import PAGE, FeedEvent
from app.panel.channel.prepared import PreparedEvents
from app.switchboard import Switchboard
from app.webhooks.webhooks_api import EVERY
from models import ClientCard, PlanChange, WebhookDelivery, WebhookRecord
from models.base import new_id

_WRITTEN_EVERY: Final = 1000
"""Events after which the place in the log is written down although none of them was for the webhook."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class NoteDeliveries:
    """``prepared`` reads events as the live channel tells them. ``seen`` is how far this worker has looked, by webhook,
    which may be further than what is written down."""

    board: Switchboard
    prepared: PreparedEvents
    seen: dict[str, int] = field(default_factory=dict)

    async def look(self) -> None:
        """Note what has happened since. Raises what the database raises."""
        newest = self.board.feed.position
        async with self.board.sessions() as session:
            webhooks = (await session.scalars(select(WebhookRecord).where(WebhookRecord.enabled))).all()
        for webhook in webhooks:
            if webhook.tenant_id not in self.board.live_plan.tenants:
                continue  # set up a moment ago
            begin = max(webhook.noted_position, self.seen.get(webhook.id, 0))
            while begin < newest:
                told_by = self.board.live_plan.version
                events = await self.board.feed.after(begin, webhook.tenant_id)
                last = events[-1].position if events else newest
                begin = last if len(events) >= PAGE else max(newest, last)
                if not await self._note(webhook, events, begin, told_by):
                    break
        self.seen = {webhook.id: self.seen.get(webhook.id, 0) for webhook in webhooks}

    async def _note(self, webhook: WebhookRecord, events: list[FeedEvent], upto: int, told_by: int) -> bool:
        """Note these events as they read with the plan's version ``told_by``, or a later one. False when a client has gone
        meanwhile: they may be told of in what was read, so that it is read again with the next look."""
        wanted = set(webhook.events)
        rows = []
        for event in events:
            is_wanted = EVERY in wanted or event.fact.kind in wanted
            if is_wanted and (told := await self._told(event)) is not None:
                rows.append(self._row(webhook, event, told))
        if not rows and upto - webhook.noted_position < _WRITTEN_EVERY:
            self.seen[webhook.id] = upto
            return True
        key = {"tenant_id": webhook.tenant_id, "id": webhook.id}
        async with self.board.sessions() as session, session.begin():
            record = await session.get(WebhookRecord, key, with_for_update=True)
            # Whoever had the turn before may be writing still: what is noted already is left as it is.
            if record is None or not record.enabled:
                return True
            if rows and await session.scalar(_has_lost_a_client(webhook.tenant_id, told_by)):
                return False
            if rows:
                await session.execute(insert(WebhookDelivery).values(rows).on_conflict_do_nothing())
            record.noted_position = max(record.noted_position, upto)
        self.seen[webhook.id] = upto
        webhook.noted_position = max(webhook.noted_position, upto)
        return True

    async def _told(self, event: FeedEvent) -> dict[str, object] | None:
        try:
            return await self.prepared.told(event)
        except (SQLAlchemyError, OSError, TimeoutError):
            raise
        except Exception:
            # One event that nobody can tell must not keep all later ones back.
            log.exception("webhooks.untold", position=event.position)
            return None

    def _row(self, webhook: WebhookRecord, event: FeedEvent, told: dict[str, object]) -> dict[str, object]:
        data = {name: value for name, value in told.items() if name != "type"}
        body = {"type": event.fact.kind.value, "timestamp": event.fact.at.isoformat(), "data": data}
        return {
            "tenant_id": webhook.tenant_id, "id": new_id(), "webhook_id": webhook.id, "position": event.position,
            "kind": event.fact.kind.value, "body": orjson.dumps(body).decode(), "next_try_at": self.board.clock(),
        }  # fmt: skip


def _has_lost_a_client(tenant_id: str, since: int) -> Select[bool]:
    """Whether a client was deleted, merged or erased after the plan's version ``since``. To be asked under the webhook's
    lock, which an erasure holds until it is committed."""
    gone = func.coalesce(func.jsonb_typeof(PlanChange.row), "null") == "null"
    return select(
        select(PlanChange.version)
        .where(
            PlanChange.version > since, PlanChange.tenant_id == tenant_id,
            PlanChange.subject == ClientCard.__tablename__, gone,
        )
        .exists()
    )  # fmt: skip
