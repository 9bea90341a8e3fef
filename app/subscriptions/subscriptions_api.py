"""``/subscriptions``: lists that others keep."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import Query, Request, Response
from pydantic import Field, SecretStr
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.roles import Role
from app.base import limits
from app.base.errors import Conflict, Unprocessable
from app.base.guarded_targets import check_target
from app.base.problems.subscriptions import SubscriptionFault
from app.edits.edit import Edit
from app.edits.in_turn import pick_value
from app.edits.place import read_country
from app.lists.imports.imports_api import upload_body
from app.lists.imports.upload import uploaded
from app.plan.rows import Row
from app.subscriptions.renew import ground_of, renew_within, upload
from app.switchboard import Switchboard
from app.web.resource import ItemId, Resource, read_row
from app.web.schema import CountryCode, Input, Name, Stored
from app.words.subscription_words import renewal_fault_words
from filters.list_entry import Treatment
from filters.subscription import SubscriptionState
from models import ListHit, SubscriptionRecord
from models.subscription import RenewalFault, SubscriptionSource, shadow_hits_of

PATIENCE_SECONDS: Final = 10.0
"""How long a request waits for a renewal; then it answers 202, and the renewal goes on."""
_FROM_AFAR: Final = frozenset({SubscriptionSource.URL, SubscriptionSource.PHONEBLOCK})
MEANS_ANOTHER_LIST: Final = ("url", "country", "min_votes")
"""A change of these makes what has been fetched the content of another list."""


class SubscriptionIn(Input):
    """A subscription."""

    name: Name = Field(description="What the trace of a call and the card say.", examples=["PhoneBlock"])
    source: SubscriptionSource = Field(
        description="`file`: uploaded to `/{id}/file`. `url`: text or CSV on the web, fetched daily. `arcep`: the prefixes "
        "that French telemarketing must use. `phoneblock`: the community list of phoneblock.net.",
        examples=["arcep"],
    )
    url: str | None = Field(
        None, min_length=1, max_length=limits.TEXT, examples=[None],
        description="For `url`: https, and not in a private network. For `phoneblock`: another server of it.",
    )  # fmt: skip
    api_key: SecretStr | None = Field(
        None, min_length=1, max_length=limits.SECRET, description="For `phoneblock`. Write only.", examples=[None]
    )
    min_votes: int = Field(
        4, ge=1, le=limits.VOTES, description="For `phoneblock`: the votes that a number needs to be taken over."
    )
    state: SubscriptionState = Field(
        SubscriptionState.SHADOW,
        description="`shadow`: blocks nobody; what it would do is in the trace of each call, and counted.",
    )
    treatment: Treatment | None = Field(
        None, description="What its callers get; null: what the company has chosen. Not `allow`."
    )
    country: CountryCode | None = Field(None, description="Reads national forms; null: the company's does.")
    list: Literal["blacklist"] = Field("blacklist", description="Which list it adds to.")


class SubscriptionOut(Stored):
    """A subscription, without its key."""

    name: str
    source: SubscriptionSource
    url: str | None
    has_api_key: bool
    min_votes: int
    state: SubscriptionState
    treatment: Treatment | None
    country: str | None
    entries: int = Field(description="Numbers, prefixes and ranges.")
    skipped: int = Field(description="Lines that name none, or too many.")
    would_have_blocked: int = Field(description="Calls that it would have blocked while it was only watched.")
    blocked: int = Field(description="Calls that it has blocked.")
    renewed_at: datetime | None = Field(description="When the source last said what it has, also if nothing was new.")
    tried_at: datetime | None
    next_try_at: datetime | None = Field(description="Null: it is not fetched.")
    fault: RenewalFault | None = Field(
        description="Why the last renewal has changed nothing. `empty`, `shrunk` and `grown` wait for somebody who renews "
        "with `confirmed`."
    )
    detail: str | None = Field(description="The same as a sentence.")
    list: Literal["blacklist"]


class RenewIn(Input):
    """`confirmed`: take what comes, also if it is hard to believe."""

    confirmed: bool = Field(False, examples=[False])


class Subscriptions(Resource[SubscriptionRecord]):
    """A subscription has what its source needs, and nothing else."""

    async def prepare(self, board: Switchboard, fields: Row) -> Row:
        """The address may be asked, and the key is sealed. Raises :class:`Unprocessable`."""
        if fields.get("url"):
            fields["url"] = check_target(fields["url"], allow_private=board.settings.allow_private_targets)
        if "api_key" in fields:
            typed: SecretStr | str | None = fields.pop("api_key")
            key = (typed.get_secret_value() if isinstance(typed, SecretStr) else typed or "").strip()
            if not (key.isascii() and key.isprintable()) or " " in key:
                raise Unprocessable(SubscriptionFault.KEY_NOT_ASCII, field="api_key")
            fields["sealed"] = board.secret_box.encrypt(key) if key else None
        return fields

    async def check(self, edit: Edit, fields: Row, record: SubscriptionRecord | None) -> None:
        """Raises :class:`Unprocessable` naming the field, and :class:`Conflict` when there are too many."""
        source = SubscriptionSource(pick_value(fields, record, "source"))
        if record is None:
            mine = select(func.count()).where(SubscriptionRecord.tenant_id == edit.tenant_id)
            if (await edit.session.scalar(mine) or 0) >= limits.SUBSCRIPTIONS:
                raise Conflict(SubscriptionFault.TOO_MANY)
        elif source != record.source:
            raise Unprocessable(SubscriptionFault.SOURCE_STAYS, field="source")
        _check_source(source, {name: pick_value(fields, record, name) for name in ("url", "sealed")})
        if fields.get("treatment") is Treatment.ALLOW:
            raise Unprocessable(SubscriptionFault.ALLOWS_NOBODY, field="treatment")
        if fields.get("country"):
            fields["country"] = read_country(fields["country"])
        is_another = record is None or any(
            name in fields and fields[name] != getattr(record, name) for name in MEANS_ANOTHER_LIST
        )
        if is_another:
            fields |= {"etag": "", "last_modified": "", "source_version": 0}
        if source is not SubscriptionSource.FILE and (is_another or "sealed" in fields):
            fields["next_try_at"] = edit.now

    async def save(self, edit: Edit, fields: Row, row_id: str | None = None) -> Row:
        """Add a subscription, or change one; the answer has what it has met."""
        row = await super().save(edit, fields, row_id)
        return row | (await hits_of(edit.session, edit.tenant_id, [row["id"]]))[row["id"]]

    async def see_now(self, board: Switchboard, who: Principal) -> Callable[[Row], Row]:
        """With what each has met."""
        tenant = board.live_plan.tenants.get(who.tenant_id)
        ids = list(tenant.rows[SubscriptionRecord.__tablename__]) if tenant else []
        async with board.sessions() as session:
            hits = await hits_of(session, who.tenant_id, ids)
        return lambda row: row | hits.get(row["id"], {"would_have_blocked": 0, "blocked": 0})

    def shown(self, row: Row) -> Row:
        """Without the key, not even encrypted, and with the fault as a sentence."""
        fault = fault_words(row)
        return {key: value for key, value in row.items() if key != "sealed"} | {
            "has_api_key": bool(row["sealed"]), "detail": fault or None,
        }  # fmt: skip


def fault_words(row: Row) -> str:
    """Why the last renewal has changed nothing; empty when it went well."""
    return (
        renewal_fault_words(RenewalFault(row["fault"]), row["fault_status"], row["fault_entries"])
        if row["fault"]
        else ""
    )


async def hits_of(session: AsyncSession, tenant_id: str, ids: "list[str]") -> "dict[str, dict[str, int]]":
    """How many calls each of these subscriptions would have blocked, and has."""
    wanted = [*ids, *map(shadow_hits_of, ids)]
    query = select(ListHit.entry_id, ListHit.hits).where(
        ListHit.tenant_id == tenant_id, ListHit.entry_id.in_(wanted)
    )  # fmt: skip
    found = {row.entry_id: row.hits for row in await session.execute(query)}
    return {
        one: {"would_have_blocked": found.get(shadow_hits_of(one), 0), "blocked": found.get(one, 0)} for one in ids
    }  # fmt: skip


def _check_source(source: SubscriptionSource, has: Row) -> None:
    if source is SubscriptionSource.URL and not has["url"]:
        raise Unprocessable(SubscriptionFault.URL_NEEDED, field="url")
    if source not in _FROM_AFAR and has["url"]:
        raise Unprocessable(SubscriptionFault.TAKES_NO_URL, field="url")
    if source is SubscriptionSource.PHONEBLOCK and not has["sealed"]:
        raise Unprocessable(SubscriptionFault.KEY_NEEDED, field="api_key")
    if source is not SubscriptionSource.PHONEBLOCK and has["sealed"]:
        raise Unprocessable(SubscriptionFault.TAKES_NO_KEY, field="api_key")


SUBSCRIPTIONS = Subscriptions(
    SubscriptionRecord, SubscriptionIn, "subscription", out=SubscriptionOut, read=Role.ADMIN,
    finds=[SubscriptionRecord.name],
    about="Lists that others keep, renewed daily and never asked in a call's path. Your own lists and clients come first: a "
    "list of others blocks nobody of whom you have said something yourself.",
    lists="All subscriptions.", reads="One subscription.",
    adds="Subscribe to a list. It is fetched at once, and only watched until you make it `active`.",
    changes="Change the fields that are given; the `source` stays.", deletes="Unsubscribe; its numbers are gone at once.",
)  # fmt: skip


async def renew_subscription(
    board: Board, who: Who, response: Response, item_id: ItemId, form: RenewIn | None = None
) -> Row:
    """Ask the source now. What goes wrong there is the `fault` of the answer; a list that takes long answers 202 and goes
    on."""
    confirmed = form is not None and form.confirmed
    done = await renew_within(
        ground_of(board), who.tenant_id, item_id, who.actor, confirmed=confirmed, seconds=PATIENCE_SECONDS
    )
    response.status_code = 200 if done else 202
    return await _seen(board, who, item_id)


async def upload_list(
    request: Request, board: Board, who: Who, item_id: ItemId, confirmed: Annotated[
        bool, Query(description="Take it, also if it is hard to believe.")
    ] = False,
) -> Row:  # fmt: skip
    """Upload the list, as the field `file` of a form or as the body itself: it takes the place of what was there."""
    sent = await uploaded(request)
    await upload(ground_of(board), who.tenant_id, item_id, who.actor, sent.content, confirmed=confirmed)
    return await _seen(board, who, item_id)


async def _seen(board: Switchboard, who: Principal, item_id: str) -> Row:
    row = await read_row(board, who, SubscriptionRecord, item_id)
    return SUBSCRIPTIONS.shown((await SUBSCRIPTIONS.see_now(board, who))(row))


SUBSCRIPTIONS.router.add_api_route(
    "/{item_id}/renew", renew_subscription, methods=["POST"], name="renew_subscription", response_model=SubscriptionOut,
    description=renew_subscription.__doc__,
)  # fmt: skip
SUBSCRIPTIONS.router.max_body_size = limits.IMPORT_BYTES  # of what is added from here on
SUBSCRIPTIONS.router.add_api_route(
    "/{item_id}/file", upload_list, methods=["POST"], name="upload_subscription", response_model=SubscriptionOut,
    description=upload_list.__doc__, openapi_extra=upload_body("CSV, TSV, XLSX, XLS, ODS, JSON, or one number a line"),
)  # fmt: skip
