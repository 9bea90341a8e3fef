"""``/webhooks``: whom we tell of events, and what was told."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import Response
from pydantic import BaseModel, Field
from sqlalchemy import func, select

from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.base import limits
from app.base.errors import Unprocessable
from app.base.guarded_targets import check_target
from app.base.problems.webhooks import UnknownEvent
from app.base.signing_secret import new_signing_secret
from app.base.text import refuse_unstorable
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404
from app.event_log.records import PUBLIC, FactKind
from app.people.edit_access import record_access_change
from app.plan.rows import Row, as_row
from app.switchboard import Switchboard
from app.web.posting import Posting
from app.web.resource import ItemId, Resource, Wanted, list_rows, read_row
from app.web.schema import Input, Page, Stored
from models import CallEvent, WebhookDelivery, WebhookRecord
from models.webhook import DeliveryState, WhyOff

EVERY: Final = "*"
EVENTS: Final = tuple(sorted({*(kind.value for kind in PUBLIC), FactKind.PRESENCE_CHANGED.value}))
"""What can be told: the events of the live channel."""
EventName = Annotated[str, Field(max_length=50, examples=["call.ended"])]


class WebhookIn(Input):
    """A webhook."""

    url: str = Field(
        min_length=1, max_length=limits.TEXT, examples=["https://crm.example.org/hook"],
        description="Where events are sent to, by POST. https, and not in a private network.",
    )  # fmt: skip
    events: list[EventName] = Field(
        [EVERY], min_length=1, max_length=len(EVENTS) + 1, examples=[["call.ended"]],
        description="Of the live channel: " + ", ".join(f"`{name}`" for name in EVENTS) + "; or `*` alone, for every one.",
    )  # fmt: skip
    description: str = Field("", max_length=limits.NAME, description="What it is for.", examples=["CRM"])
    enabled: bool = Field(
        True, description="Off: events that happen meanwhile are not told later. On again: failures are forgotten."
    )


class WebhookOut(Stored):
    """A webhook, without its secret."""

    url: str
    events: list[str]
    description: str
    enabled: bool
    failing_since: datetime | None = Field(description="When the first of the attempts was made that fail now.")
    off_because: WhyOff | None = Field(
        description="Why we switched it off: `failing` for days, or `gone` (410). Null: it is on, or somebody has."
    )


class NewWebhookOut(WebhookOut):
    """A new webhook."""

    secret: str = Field(
        description="Signs what is sent, as Standard Webhooks says; shown this once.", examples=["whsec_…"]
    )


class DeliveryOut(Stored):
    """An event for a webhook. `id`, behind `msg_`, is the `webhook-id` that the receiver sees."""

    type: str = Field(examples=["call.ended"])
    state: DeliveryState
    tries: int
    next_try_at: datetime | None = Field(description="Null once it is delivered or given up.")
    last_try_at: datetime | None
    last_status: int | None = Field(description="Of the receiver's last answer.", examples=[200])
    last_error: str | None = Field(description="What went wrong without an answer.", examples=["timeout"])
    last_milliseconds: int | None
    body: str = Field(description="What is sent, to the byte.")


class Webhooks(Resource[WebhookRecord]):
    """A webhook is sent where it may be sent, and of events that there are. It is no part of the routing plan."""

    def _add_post(self, description: str) -> None:
        async def add(form: WebhookIn, post: Posting) -> Response:
            fields = await self.prepare(post.board, form.model_dump())
            secret = new_signing_secret()
            fields["sealed"] = post.board.secret_box.encrypt(secret)

            async def make(edit: Edit) -> BaseModel:
                return NewWebhookOut.model_validate(await self.save(edit, fields) | {"secret": secret})

            return await post.once(make, secret=True)

        self._route("", "POST", add, "create_webhook", description, NewWebhookOut, 201)

    async def prepare(self, board: Switchboard, fields: Row) -> Row:
        """Raises :class:`Unprocessable`."""
        if "url" in fields:
            fields["url"] = check_target(fields["url"], allow_private=board.settings.allow_private_targets)
        if "events" in fields:
            wanted = list(dict.fromkeys(fields["events"]))
            known = (EVERY,) if EVERY in wanted else EVENTS
            for position, name in enumerate(wanted):
                if name not in known:
                    raise Unprocessable(UnknownEvent(name, EVENTS), field=f"events.{position}")
            fields["events"] = wanted
        return fields

    async def save(self, edit: Edit, fields: Row, row_id: str | None = None) -> Row:
        """Add a webhook, or change one. It is told what happens from now on. Raises :class:`app.base.errors.Problem`."""
        record = await find_or_404(edit, WebhookRecord, row_id) if row_id else None
        for name, value in fields.items():
            refuse_unstorable(value, name)
        before = _told(record) if record is not None else None
        if record is None or (fields.get("enabled") and not record.enabled):
            newest = await edit.session.scalar(select(func.max(CallEvent.position))) or 0
            fields |= {"noted_position": newest, "failing_since": None, "off_because": None}
        if record is None:
            record = WebhookRecord(tenant_id=edit.tenant_id, **fields)
            edit.session.add(record)
        for name, value in fields.items():
            setattr(record, name, value)
        await edit.session.flush()
        await edit.session.refresh(record)
        row = _told(record)
        await record_access_change(
            edit, "change" if before else "add", WebhookRecord.__tablename__, record.id, before, row
        )
        return row

    async def delete(self, edit: Edit, row_id: str) -> None:
        """With everything that was or is to be delivered."""
        record = await find_or_404(edit, WebhookRecord, row_id)
        before = _told(record)
        await edit.session.delete(record)
        await edit.session.flush()
        await record_access_change(edit, "delete", WebhookRecord.__tablename__, row_id, before, None)


WEBHOOKS = Webhooks(
    WebhookRecord, WebhookIn, "webhook", out=WebhookOut, read=Role.ADMIN, scope=Scope.KEYS,
    about="Other programs are told of events, with signatures as Standard Webhooks has them.", lists="All webhooks.",
    reads="One webhook.",
    adds="Tell a program of events from now on. The answer is the only place where the secret is ever shown.",
    deletes="Tell it no more; what is waiting is not sent.",
)  # fmt: skip


async def list_deliveries(board: Board, who: Who, item_id: ItemId, page: Wanted) -> Page[DeliveryOut]:
    """What was and is to be delivered, the newest first; kept for a week."""
    await read_row(board, who, WebhookRecord, item_id)
    return await list_rows(board, who, WebhookDelivery, page, _delivery, WebhookDelivery.webhook_id == item_id)


WEBHOOKS.router.add_api_route(
    "/{item_id}/deliveries", list_deliveries, methods=["GET"], name="list_webhook_deliveries",
    response_model=Page[DeliveryOut], description=list_deliveries.__doc__,
)  # fmt: skip


def _told(record: WebhookRecord) -> Row:
    """Without the secret, not even encrypted."""
    row = as_row(record)
    del row["sealed"]
    return row


def _delivery(row: Row) -> DeliveryOut:
    waits = row["state"] == DeliveryState.WAITING
    return DeliveryOut.model_validate(row | {"type": row["kind"], "next_try_at": row["next_try_at"] if waits else None})
