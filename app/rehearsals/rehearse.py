"""A rehearsal: changes are made in a transaction that is always rolled back, and the stored calls of the last days are
decided again, by the plan as it is and by the plan as it would be.

The plan as it would be is made of the very changes that other workers would be sent. The calls are decided in a process of
its own (:mod:`app.rehearsals.decide_again`), so that no call that comes in meanwhile waits for it; what it finds is in the
database, where every worker reads it.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import orjson
import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.base.clock import Clock
from app.base.errors import Conflict, NotFound
from app.base.problems.company import CompanyFault
from app.base.problems.edits import EditFault
from app.base.problems.subscriptions import NumbersNotKnown
from app.base.settings import Settings
from app.edits.edit import Edit
from app.edits.in_turn import take_turn
from app.plan.plan_file import copied, pieces_of
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.subscriptions.subscriptions_api import MEANS_ANOTHER_LIST
from app.switchboard import Switchboard
from filters.subscription import SubscriptionState
from models import PlanChange, ProviderAccount, Rehearsal, SubscriptionRecord
from models.base import new_id
from models.subscription import SubscriptionSource

MOST_DAYS: Final = 90
KEPT: Final = timedelta(days=1)
SILENT: Final = timedelta(minutes=1)
"""A rehearsal that is not heard of for so long has died with its host."""
_SHOWN: Final = 100
_ROOT: Final = Path(__file__).parent.parent.parent

log = structlog.get_logger(__name__)
_running: Final[set[asyncio.Task[None]]] = set()


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The company's rows as they are, and what the changes would make of them: rows of ``plan_change``."""

    before: TenantRows
    changes: list[Row]


@dataclass(frozen=True, slots=True)
class FilledForm:
    """The form that is rehearsed: the ``page`` that it is on, what it does (``act``: add, change or delete) to the row of
    the name, and what was typed into it, None where there is nothing to type."""

    page: str = ""
    act: str = ""
    name: str = ""
    typed: dict[str, list[str]] | None = None


Newest = Callable[[str], Awaitable[tuple[int, TenantRows | None]]]
"""The rows of a company as they are in the database now, and their version."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a rehearsal stands on: a worker's, or a command's that runs beside the workers."""

    settings: Settings
    clock: Clock
    sessions: async_sessionmaker[AsyncSession]
    newest: Newest


def ground_of(board: Switchboard) -> Ground:
    """A worker's own."""

    async def newest(tenant_id: str) -> tuple[int, TenantRows | None]:
        await board.live_plan.catch_up()
        return board.live_plan.version, board.live_plan.tenants.get(tenant_id)

    return Ground(board.settings, board.clock, board.sessions, newest)


async def rehearse(
    board: Switchboard, tenant_id: str, actor: str, apply_changes: Callable[[Edit], Awaitable[None]], days: int,
    form: FilledForm = FilledForm(),
) -> str:  # fmt: skip
    """Begin a rehearsal of what ``apply_changes`` does in an edit, on the calls of the last ``days``; its id. Raises what
    ``apply_changes`` raises, and :class:`Conflict` while another rehearsal of the company is under way. Nothing that it does
    is kept, audited or sent to anybody."""
    return await rehearse_on(ground_of(board), tenant_id, actor, apply_changes, days, form)


async def rehearse_on(
    board: Ground, tenant_id: str, actor: str, apply_changes: Callable[[Edit], Awaitable[None]], days: int,
    form: FilledForm = FilledForm(),
) -> str:  # fmt: skip
    """As :func:`rehearse`, on whatever ground."""
    await _refuse_second(board, tenant_id)
    rehearsed = await _without_keeping(board, tenant_id, actor, apply_changes)
    rehearsal_id = await _begin(board, tenant_id, actor, days, form)
    task = asyncio.create_task(_run(board, tenant_id, rehearsal_id, rehearsed, days), name=f"rehearsal {rehearsal_id}")
    _running.add(task)
    task.add_done_callback(_running.discard)
    return rehearsal_id


async def _without_keeping(
    board: Ground, tenant_id: str, actor: str, apply_changes: Callable[[Edit], Awaitable[None]]
) -> Rehearsed:
    async with board.sessions() as session:
        edit = Edit(session, tenant_id, actor, now=board.clock())
        try:
            await take_turn(edit)
            version, tenant = await board.newest(tenant_id)  # nobody else can change anything now
            if tenant is None:
                raise NotFound(CompanyFault.NO_PLAN)
            (before,) = copied([tenant])
            await apply_changes(edit)
            await session.flush()
            made = select(PlanChange).where(PlanChange.tenant_id == tenant_id, PlanChange.version > version)
            changes = [
                {"version": one.version, "subject": one.subject, "row_id": one.row_id, "row": one.row}
                for one in await session.scalars(made.order_by(PlanChange.version))
            ]
        finally:
            await session.rollback()
    _refuse_unknown_lists(before, changes)
    before.rows.pop(ProviderAccount.__tablename__, None)  # secrets decide nothing
    return Rehearsed(before, [one for one in changes if one["subject"] != ProviderAccount.__tablename__])


def _refuse_unknown_lists(before: TenantRows, changes: Sequence[Row]) -> None:
    """Raises :class:`Conflict` for a list of others that would block calls by numbers that nobody has fetched yet: decided
    without them, no call would go elsewhere, and that is not so."""
    for change in changes:
        row = change["row"]
        if change["subject"] != SubscriptionRecord.__tablename__ or row is None:
            continue
        if row["source"] == SubscriptionSource.ARCEP or row["state"] != SubscriptionState.ACTIVE:
            continue
        known = before.rows[SubscriptionRecord.__tablename__].get(row["id"])
        fetched = row["source"] != SubscriptionSource.FILE
        is_another = known is not None and fetched and any(known[name] != row[name] for name in MEANS_ANOTHER_LIST)
        if not row["generation"] or is_another:
            raise Conflict(NumbersNotKnown(row["name"]))


async def _refuse_second(board: Ground, tenant_id: str) -> None:
    async with board.sessions() as session, session.begin():
        await session.execute(delete(Rehearsal).where(Rehearsal.created_at < func.now() - KEPT))
        mine = Rehearsal.tenant_id == tenant_id, Rehearsal.state == "running"
        await session.execute(
            update(Rehearsal).where(*mine, Rehearsal.heard_at < func.now() - SILENT).values(state="failed")
        )
        if await session.scalar(select(Rehearsal.id).where(*mine)) is not None:
            raise Conflict(EditFault.REHEARSAL_UNDER_WAY)


async def _begin(board: Ground, tenant_id: str, actor: str, days: int, form: FilledForm) -> str:
    row = {
        "tenant_id": tenant_id, "id": new_id(), "actor": actor, "days": days, "state": "running", "calls": 0, "of": 0,
        "different": 0, "not_recorded": 0, "page": form.page, "act": form.act, "name": form.name, "typed": form.typed,
    }  # fmt: skip
    async with board.sessions() as session, session.begin():
        begun = insert(Rehearsal).values(row).on_conflict_do_nothing().returning(Rehearsal.id)
        if (rehearsal_id := await session.scalar(begun)) is None:
            raise Conflict(EditFault.REHEARSAL_UNDER_WAY)
    return rehearsal_id


async def _run(board: Ground, tenant_id: str, rehearsal_id: str, rehearsed: Rehearsed, days: int) -> None:
    until = board.clock()
    since = until - timedelta(days=days)
    environment = os.environ | {
        "DATABASE_URL": board.settings.database_url or "",
        "ANTICHAMBRE_DATA_DIR": str(board.settings.data_dir),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")])),
    }
    complaints, code = b"", 1
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.rehearsals.decide_again", tenant_id, rehearsal_id, since.isoformat(),
            until.isoformat(), env=environment, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                await _tell(process, rehearsed)
            _, complaints = await process.communicate()
            code = process.returncode or 0
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.terminate()
                await process.wait()
    finally:
        if code:
            log.error("rehearsal.failed", rehearsal=rehearsal_id, why=complaints.decode("utf-8", "replace")[-500:])
            async with board.sessions() as session, session.begin():
                mine = Rehearsal.tenant_id == tenant_id, Rehearsal.id == rehearsal_id, Rehearsal.state == "running"
                await session.execute(update(Rehearsal).where(*mine).values(state="failed"))


async def end_rehearsals() -> None:
    """End what this worker has begun: it stops."""
    for task in _running:
        task.cancel()
    await asyncio.gather(*_running, return_exceptions=True)


async def _tell(process: asyncio.subprocess.Process, rehearsed: Rehearsed) -> None:
    """Everything that the process needs, in pieces: calls that come in go between them."""
    if process.stdin is None:
        raise LookupError("the process has been given a pipe")
    async for line in _lines(rehearsed):
        process.stdin.write(line)
        await process.stdin.drain()
    process.stdin.close()


async def _lines(rehearsed: Rehearsed) -> AsyncIterator[bytes]:
    for piece in pieces_of(rehearsed.before):
        yield orjson.dumps(piece, option=orjson.OPT_APPEND_NEWLINE)
        await asyncio.sleep(0)
    for change in rehearsed.changes:
        yield orjson.dumps({"change": change}, option=orjson.OPT_APPEND_NEWLINE)


async def rehearsals_ended() -> None:
    """Wait for what was begun here."""
    await asyncio.gather(*_running, return_exceptions=True)


async def of_company(board: Switchboard | Ground, tenant_id: str, rehearsal_id: str) -> Rehearsal | None:
    """The rehearsal as it stands; None when no rehearsal has this id."""
    async with board.sessions() as session:
        found = await session.get(Rehearsal, {"tenant_id": tenant_id, "id": rehearsal_id})
        if found is not None and found.state == "running":
            now = await session.scalar(select(func.now()))
            if now is not None and found.heard_at < now - SILENT:
                found.state = "failed"
                await session.commit()
        return found


async def kept_of_company(board: Switchboard, tenant_id: str) -> Sequence[Rehearsal]:
    """The company's rehearsals that are still kept, the newest first."""
    mine = Rehearsal.tenant_id == tenant_id, Rehearsal.created_at >= func.now() - KEPT
    async with board.sessions() as session:
        found = await session.scalars(select(Rehearsal).where(*mine).order_by(Rehearsal.id.desc()).limit(_SHOWN))
        return found.all()
