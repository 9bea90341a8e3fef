"""Renew one subscription: what its source says takes the place of what was there, or a fault says why not. The content comes
first, in its own transaction; the edit that makes it count is short."""

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.base.clock import Clock
from app.base.errors import Conflict, NotFound, Unprocessable
from app.base.problems.files import FileFault
from app.base.problems.requests import RequestFault
from app.base.problems.subscriptions import SubscriptionFault, SuspiciousList
from app.base.secrets_at_rest import SecretBox, SecretUnreadable
from app.base.text import is_storable
from app.edits.edit import Edit, editing
from app.edits.in_turn import find_or_404, take_turn
from app.plan.rows import Row, as_row
from app.subscriptions import arcep
from app.subscriptions.fetch import Known, NotFetched, fetch
from app.subscriptions.phoneblock import ADDRESS, Have, fetch_phoneblock
from app.subscriptions.read_list import ListUnreadable, ReadList, packed_list, read_list
from app.switchboard import Switchboard
from filters.subscribed_numbers import NO_NUMBERS, SubscribedNumbers, SubscribedNumbersDamaged
from models import Company, SubscriptionPart, SubscriptionRecord
from models.subscription import RenewalFault, SubscriptionSource

PAUSES: Final = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4), timedelta(hours=12), timedelta(days=1))
"""Between attempts that fail; the last one for ever."""
ABSURD_FACTOR: Final = 10
"""A list that is so many times as long as before, or as short, is not taken before an admin has looked."""
_FEW: Final = 10
"""A shorter list may grow to a hundred at once."""
_PART_BYTES: Final = 1 << 20
_DAY: Final = timedelta(hours=23)
_ODD_SECONDS: Final = 2 * 3600
_NEEDS_SOMEBODY: Final = frozenset(
    {RenewalFault.EMPTY, RenewalFault.SHRUNK, RenewalFault.GROWN, RenewalFault.TOO_OFTEN, RenewalFault.KEY_REFUSED}
)
"""Faults that an hour does not mend."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RenewalGround:
    """What a renewal works with, in a worker or on the command line. ``allow_private``: also sources in private networks.
    ``live`` waits until every worker serves a version of the plan, and names those that do not yet."""

    clock: Clock
    sessions: async_sessionmaker[AsyncSession]
    secret_box: SecretBox
    allow_private: bool
    live: Callable[[int], Awaitable[Sequence[str]]]


def ground_of(board: Switchboard) -> RenewalGround:
    """A worker's."""
    return RenewalGround(
        board.clock, board.sessions, board.secret_box, board.settings.allow_private_targets,
        board.live_plan.workers_behind,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class News:
    """What the source says: a list, or None where nothing is new. ``etag``, ``last_modified`` and ``version`` are for the
    next time; ``is_whole``: it was not made of changes."""

    read: ReadList | None
    etag: str = ""
    last_modified: str = ""
    version: int = 0
    is_whole: bool = True


def absurdity(before: int, after: int) -> RenewalFault | None:
    """Why a list of ``after`` numbers is not to be believed that had ``before``."""
    if after == 0:
        return RenewalFault.EMPTY
    if before and after > max(before, _FEW) * ABSURD_FACTOR:
        return RenewalFault.GROWN
    return RenewalFault.SHRUNK if after * ABSURD_FACTOR < before else None


def next_renewal(now: datetime) -> datetime:
    """A day later, more or less: whoever is asked by many must not be asked by all at once."""
    return now + _DAY + timedelta(seconds=secrets.randbelow(_ODD_SECONDS))


async def renew(
    ground: RenewalGround, tenant_id: str, subscription_id: str, actor: str, *, confirmed: bool = False
) -> None:
    """Ask the source. ``confirmed``: an admin believes whatever comes. Raises :class:`NotFound`, and :class:`Conflict` for a
    list that is not fetched; what goes wrong at the source is written down as the subscription's fault."""
    seen = await _find(ground, tenant_id, subscription_id)
    if seen.source == SubscriptionSource.FILE:
        raise Conflict(SubscriptionFault.NOTHING_TO_FETCH)
    try:
        news = await _ask(ground, seen)
    except NotFetched as error:
        await _note_fault(ground, seen, actor, error.fault, status=error.status)
    except ListUnreadable as error:
        await _note_fault(ground, seen, actor, error.fault)
    except SecretUnreadable:
        await _note_fault(ground, seen, actor, RenewalFault.SECRET_UNREADABLE)
    else:
        fault = absurdity(seen.entries, news.read.entries) if news.read is not None and not confirmed else None
        if fault is not None and news.read is not None:
            await _note_fault(ground, seen, actor, fault, entries=news.read.entries)
        else:
            await _take(ground, seen, actor, news)


async def upload(
    ground: RenewalGround, tenant_id: str, subscription_id: str, actor: str, content: bytes, *, confirmed: bool = False
) -> None:
    """The file ``content`` takes the place of the list. Raises :class:`Unprocessable` for one that is none,
    :class:`NotFound`, and :class:`Conflict` for a list that is fetched, for one that is not to be believed and was not
    ``confirmed``, and where somebody else was faster: nobody is told that their file counts when it does not."""
    seen = await _find(ground, tenant_id, subscription_id)
    if seen.source != SubscriptionSource.FILE:
        raise Conflict(SubscriptionFault.NOT_A_FILE)
    try:
        read = await read_list(content, "", await _country_of(ground, seen), ground.clock())
    except ListUnreadable as error:
        fault = FileFault.NOT_TEXT if error.fault is RenewalFault.UNREADABLE else SubscriptionFault.TOO_MANY_NUMBERS
        raise Unprocessable(fault, field="file") from error
    if not confirmed and absurdity(seen.entries, read.entries) is not None:
        raise Conflict(SuspiciousList(seen.entries, read.entries), field="file")
    if not await _take(ground, seen, actor, News(read)):
        raise Conflict(SubscriptionFault.CHANGED_MEANWHILE, field="file")


async def _ask(ground: RenewalGround, seen: SubscriptionRecord) -> News:
    now, allow_private = ground.clock(), ground.allow_private
    match SubscriptionSource(seen.source):
        case SubscriptionSource.ARCEP:
            return News(packed_list((), arcep.PREFIXES, 0))
        case SubscriptionSource.PHONEBLOCK:
            key = ground.secret_box.decrypt(seen.sealed or "")
            numbers = await _numbers_of(ground, seen)
            version = seen.source_version if len(numbers) == seen.entries else 0
            have = Have(numbers, version, seen.whole_at)
            came = await fetch_phoneblock(
                seen.url or ADDRESS, key, seen.min_votes, have, now, allow_private=allow_private
            )
            return News(came.read, version=came.version, is_whole=came.is_whole)
        case SubscriptionSource.URL | SubscriptionSource.FILE:
            known = Known(seen.etag, seen.last_modified) if seen.generation else Known()
            fetched = await fetch(seen.url or "", allow_private=allow_private, known=known)
            if fetched is None:
                return News(None, seen.etag, seen.last_modified)
            read = await read_list(fetched.content, fetched.charset, await _country_of(ground, seen), now)
            return News(read, fetched.etag, fetched.last_modified)


async def _find(ground: RenewalGround, tenant_id: str, subscription_id: str) -> SubscriptionRecord:
    async with ground.sessions() as session:
        key = {"tenant_id": tenant_id, "id": subscription_id}
        record = await session.get(SubscriptionRecord, key) if is_storable(subscription_id) else None
        if record is None:
            raise NotFound(RequestFault.NOT_FOUND)
        return record


async def _country_of(ground: RenewalGround, seen: SubscriptionRecord) -> str:
    if seen.country:
        return seen.country
    async with ground.sessions() as session:
        return (await session.get_one(Company, seen.tenant_id)).country


async def _numbers_of(ground: RenewalGround, seen: SubscriptionRecord) -> SubscribedNumbers:
    """What counts now; nothing where it is damaged, so that the whole list is fetched."""
    parts = (
        select(SubscriptionPart.content)
        .where(_mine(seen), SubscriptionPart.generation == seen.generation)
        .order_by(SubscriptionPart.part)
    )
    async with ground.sessions() as session:
        content = b"".join(await session.scalars(parts))
    try:
        return SubscribedNumbers(content) if content else NO_NUMBERS
    except SubscribedNumbersDamaged:
        return NO_NUMBERS


async def _take(ground: RenewalGround, seen: SubscriptionRecord, actor: str, news: News) -> bool:
    """Make what came count. Does nothing, and returns False, when somebody else was faster, or it is not subscribed to any
    more."""
    generation = await _keep_content(ground, seen, news.read) if news.read is not None else seen.generation
    if generation is None:
        return False
    now = ground.clock()
    fields: Row = {
        "generation": generation, "etag": news.etag, "last_modified": news.last_modified, "tried_at": now,
        "renewed_at": now, "failures": 0, "fault": None, "fault_status": None, "fault_entries": None,
        "next_try_at": None if seen.source == SubscriptionSource.FILE else next_renewal(now),
    }  # fmt: skip
    if news.read is not None:
        fields |= {"entries": news.read.entries, "skipped": news.read.skipped, "source_version": news.version}
        if news.is_whole:
            fields["whole_at"] = now
    return await _write_down(ground, seen, actor, "renew", fields)


async def _note_fault(
    ground: RenewalGround, seen: SubscriptionRecord, actor: str, fault: RenewalFault, *, status: int | None = None,
    entries: int | None = None,
) -> None:  # fmt: skip
    """What is there stays; the next attempt waits."""
    now, failures = ground.clock(), seen.failures + 1
    log.warning("subscription.not_renewed", subscription=seen.id, fault=fault.value, status=status)
    pause = PAUSES[min(failures, len(PAUSES)) - 1]
    due = next_renewal(now) if fault in _NEEDS_SOMEBODY else now + pause
    fields: Row = {
        "tried_at": now, "next_try_at": due, "failures": failures, "fault": fault.value, "fault_status": status,
        "fault_entries": entries,
    }  # fmt: skip
    await _write_down(ground, seen, actor, "fail to renew", fields)


async def note_failure(ground: RenewalGround, tenant_id: str, subscription_id: str, actor: str) -> None:
    """Something went wrong that nobody has thought of."""
    try:
        seen = await _find(ground, tenant_id, subscription_id)
    except NotFound:
        return
    await _note_fault(ground, seen, actor, RenewalFault.FAILED)


async def _keep_content(ground: RenewalGround, seen: SubscriptionRecord, read: ReadList) -> str | None:
    """Put the content where every worker finds it; returns its generation, which is made of the content itself, so that what
    has not changed is not fetched by anybody again. None when the subscription is gone."""
    generation = hashlib.sha256(read.packed).hexdigest()[:40]
    key = {"tenant_id": seen.tenant_id, "subscription_id": seen.id, "generation": generation}
    pieces = [read.packed[start : start + _PART_BYTES] for start in range(0, len(read.packed), _PART_BYTES)]
    try:
        async with ground.sessions() as session, session.begin():
            for part, piece in enumerate(pieces):
                row = key | {"part": part, "content": piece}
                await session.execute(insert(SubscriptionPart).values(row).on_conflict_do_nothing())
    except IntegrityError:
        return None
    return generation


async def _write_down(ground: RenewalGround, seen: SubscriptionRecord, actor: str, act: str, fields: Row) -> bool:
    async with editing(ground.sessions, seen.tenant_id, actor) as edit:
        edit.now = ground.clock()
        await take_turn(edit)
        try:
            record = await find_or_404(edit, SubscriptionRecord, seen.id)
        except NotFound:
            return False
        if _state_of(record) != _state_of(seen):
            return False  # somebody else was faster, or it is another list now
        before = as_row(record)
        for name, value in fields.items():
            setattr(record, name, value)
        await _forget_other_content(edit.session, record)
        await edit.record_changed(record, before, act)
    await _live(ground, edit)
    return True


async def _forget_other_content(session: AsyncSession, record: SubscriptionRecord) -> None:
    await session.execute(
        delete(SubscriptionPart).where(_mine(record), SubscriptionPart.generation != record.generation)
    )


async def _live(ground: RenewalGround, edit: Edit) -> None:
    if edit.version:
        behind = await ground.live(edit.version)
        if behind:
            log.info("subscription.workers_behind", workers=behind)


def _mine(record: SubscriptionRecord) -> ColumnElement[bool]:
    return (SubscriptionPart.tenant_id == record.tenant_id) & (SubscriptionPart.subscription_id == record.id)


def _state_of(record: SubscriptionRecord) -> tuple[object, ...]:
    """What a renewal was begun with."""
    return record.generation, record.source_version, record.url, record.min_votes, record.country, record.renewed_at


_under_way: set[asyncio.Task[None]] = set()


async def renew_within(
    ground: RenewalGround, tenant_id: str, subscription_id: str, actor: str, *, confirmed: bool, seconds: float
) -> bool:
    """:func:`renew`, for somebody who does not wait longer than ``seconds``: False when it goes on without them."""
    task = asyncio.create_task(renew(ground, tenant_id, subscription_id, actor, confirmed=confirmed))
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.add_done_callback(_report_failure)
        return False
    await task
    return True


def _report_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("subscription.not_renewed", error=type(error).__name__)
