"""Imports from the upload to the undo: what pages and the API do with them."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.auth.rights import can_judge
from app.base import limits
from app.base.errors import Conflict, Failure, ImportDiffers, NotAllowed, NotFound, Problem, TooLarge, Unprocessable
from app.base.problems.files import FileFault, FileProblem, FileTooLarge, ImportFault, TooManyLines, TooManySales
from app.base.problems.requests import RequestFault
from app.base.text import is_storable, storable_text
from app.edits.tell_programs import tell_of_import
from app.lists.files.decoded_file import packed_file, unpacked_file
from app.lists.files.problem_json import file_problem_of_json
from app.lists.files.table import first_cells
from app.lists.import_options import ImportOptions
from app.lists.imports.carry_out import ALIVE_SECONDS, Done, Order, carry_out, order_as_json
from app.lists.imports.import_state import Act, ImportState
from app.lists.imports.importer import Importer
from app.plan.rows import Row
from app.switchboard import Switchboard
from models import ImportProgress, StoredImport
from models.base import new_id

UNDO_DAYS: Final = 30
_PREVIEW_KEPT: Final = timedelta(days=1)
_BESIDE_BYTES: Final = 150_000
"""Larger files, packed, are worked on in a process of their own; the others are done before one has started."""
_LONG_LIST: Final = 20_000
_PATIENCE_SECONDS: Final = 40.0
_BELOW_ALL: Final = Path(__file__).parent.parent.parent.parent

log = structlog.get_logger(__name__)
_under_way: set[asyncio.Task[Done]] = set()


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody sent: a file, or lines that were pasted."""

    content: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class SeenImport:
    """An import as it is at this moment."""

    stored: StoredImport
    state: ImportState
    progress: ImportProgress | None = None


async def new_import(
    board: Switchboard, who: Principal, target: str, importer: Importer, upload: Upload, options: ImportOptions,
    *, ask: bool = False, patience: float | None = None,
) -> str:  # fmt: skip
    """Keep ``upload`` and preview it; returns the import's id. ``ask``: a file in which no column of numbers is recognised
    is kept, for somebody to say what the columns are. Raises :class:`Unprocessable` and :class:`TooLarge`."""
    if not upload.content.strip():
        raise Unprocessable(FileFault.EMPTY if upload.name else FileFault.NOTHING_UPLOADED, field="file")
    if len(upload.content) > limits.IMPORT_BYTES:
        raise TooLarge(FileTooLarge(limits.IMPORT_BYTES // (1024 * 1024)), field="file")
    try:
        packed, sheet = await asyncio.to_thread(packed_file, upload.content)
        cells = await asyncio.to_thread(_cells_to_name, importer, packed, sheet, options) if ask else []
    except Problem as problem:
        raise type(problem)(problem.cause, field="file") from problem
    width = max(map(len, cells), default=0)
    columns = [
        {"name": storable_text(([*cells[0], *[""] * width])[place])[:100], "field": None} for place in range(width)
    ]
    import_id, now = new_id(), board.clock()
    async with board.sessions() as session, session.begin():
        await _forget_old(session, who.tenant_id, board)
        session.add(
            StoredImport(
                tenant_id=who.tenant_id, id=import_id, created_at=now, target=target, state=ImportState.COLUMNS.value,
                file_name=_file_name(upload.name), created_by=who.actor, file=packed, options=options.as_json(),
                recognised={"sheet": sheet, "columns": columns, "encoding": "", "country": ""}, counts={},
            )
        )  # fmt: skip
    if cells:
        return import_id
    try:
        await _do(board, who, importer, import_id, Act.PREVIEW, patience=patience)
    except (Unprocessable, TooLarge):
        await drop_import(board, who, target, import_id)
        raise
    return import_id


async def change_options(
    board: Switchboard, who: Principal, target: str, importer: Importer, import_id: str, options: ImportOptions
) -> None:
    """Preview it by other options. Raises :class:`NotFound`, :class:`Conflict`, :class:`Unprocessable`."""
    before = await _found_idle(board, who, target, import_id)
    if before.stored.applied_at is not None:
        raise Conflict(ImportFault.APPLIED_ALREADY)
    old = before.stored.options
    await _set_options(board, who, import_id, options.as_json())
    try:
        await _do(board, who, importer, import_id, Act.PREVIEW)
    except Problem:
        await _set_options(board, who, import_id, old)
        raise


async def apply_import(
    board: Switchboard, who: Principal, target: str, importer: Importer, import_id: str, *, confirmed: bool = False,
    patience: float | None = None,
) -> None:  # fmt: skip
    """Do what the preview says, or begin to. When something has changed meanwhile, it is previewed anew and
    :class:`ImportDiffers` is raised, unless it is ``confirmed``. Raises :class:`NotFound` and :class:`Conflict` too."""
    await _found_idle(board, who, target, import_id)
    await _do(board, who, importer, import_id, Act.APPLY, confirmed=confirmed, patience=patience)


async def undo_import(
    board: Switchboard,
    who: Principal,
    target: str,
    importer: Importer,
    import_id: str,
    *,
    patience: float | None = None,
) -> None:
    """Take it back, or begin to. Raises :class:`NotFound` and :class:`Conflict`."""
    seen = await _found_idle(board, who, target, import_id)
    applied_at = seen.stored.applied_at
    if applied_at is not None and applied_at < board.clock() - timedelta(days=UNDO_DAYS):
        raise Conflict(ImportFault.TOO_LATE_TO_UNDO)
    await _do(board, who, importer, import_id, Act.UNDO, patience=patience)


async def drop_import(board: Switchboard, who: Principal, target: str, import_id: str) -> None:
    """Forget an import that was not applied. Raises :class:`NotFound` and :class:`Conflict`."""
    async with board.sessions() as session, session.begin():
        await find_import(session, who.tenant_id, target, import_id)
        mine = (StoredImport.tenant_id == who.tenant_id, StoredImport.id == import_id)
        query = select(StoredImport).where(*mine).with_for_update(skip_locked=True)
        stored = await session.scalar(query.execution_options(populate_existing=True))
        if stored is None:
            raise Conflict(ImportFault.UNDER_WAY)
        if stored.applied_at is not None:
            raise Conflict(ImportFault.APPLIED_ALREADY)
        await session.delete(stored)


async def see_import(board: Switchboard, who: Principal, target: str, import_id: str) -> SeenImport:
    """The import as it is now. Raises :class:`NotFound`."""
    async with board.sessions() as session:
        stored = await find_import(session, who.tenant_id, target, import_id)
        return (await as_seen(session, [stored]))[0]


async def as_seen(session: AsyncSession, imports: Sequence[StoredImport]) -> list[SeenImport]:
    """The imports with what is being done to them at this moment."""
    if not imports:
        return []
    alive = ImportProgress.alive_at > func.now() - text(f"interval '{ALIVE_SECONDS} seconds'")
    rows = await session.scalars(
        select(ImportProgress).where(
            ImportProgress.tenant_id == imports[0].tenant_id,
            ImportProgress.import_id.in_([one.id for one in imports]),
            alive,
        )
    )
    progress = {row.import_id: row for row in rows}
    return [
        SeenImport(one, Act(now.what).doing if (now := progress.get(one.id)) else ImportState(one.state), now)
        for one in imports
    ]


async def find_import(session: AsyncSession, tenant_id: str, target: str, import_id: str) -> StoredImport:
    """Look up one of the tenant's imports. Raises :class:`NotFound`."""
    stored = None
    if is_storable(import_id):
        stored = await session.get(StoredImport, {"tenant_id": tenant_id, "id": import_id})
    if stored is None or stored.target != target:
        raise NotFound(RequestFault.NOT_FOUND)
    return stored


def refusal(cause: FileProblem) -> Problem:
    """Why an import came to nothing, as an error."""
    match cause:
        case ImportFault.OUTCOME_DIFFERS:
            return ImportDiffers(cause)
        case ImportFault.NOT_THERE:
            return NotFound(cause)
        case ImportFault.UNDO_NEEDS_SUPERVISOR:
            return NotAllowed(cause)
        case ImportFault.NO_CLIENT_TAKEN_OFF | ImportFault.NO_SALE_TAKEN_OFF:
            return Unprocessable(cause, field="remove_missing")
        case TooManyLines() | TooManySales():
            return TooLarge(cause, field="file")
        case ImportFault():
            return Conflict(cause)
        case _:
            return Unprocessable(cause, field="file" if isinstance(cause, FileFault) else "remove_missing")


async def _found_idle(board: Switchboard, who: Principal, target: str, import_id: str) -> SeenImport:
    seen = await see_import(board, who, target, import_id)
    if seen.progress is not None:
        raise Conflict(ImportFault.UNDER_WAY)
    return seen


async def _set_options(board: Switchboard, who: Principal, import_id: str, options: Row) -> None:
    async with board.sessions() as session, session.begin():
        await session.execute(
            update(StoredImport)
            .where(StoredImport.tenant_id == who.tenant_id, StoredImport.id == import_id)
            .values(options=options, refused=None)
        )


async def _do(
    board: Switchboard, who: Principal, importer: Importer, import_id: str, act: Act, *, confirmed: bool = False,
    patience: float | None = None,
) -> None:  # fmt: skip
    order = Order(
        act, importer.path, who.tenant_id, import_id, who.actor, board.clock().isoformat(),
        board.settings.database_url or "", str(board.settings.data_dir), can_judge(who.role), confirmed,
    )  # fmt: skip
    task = asyncio.create_task(_work_on(board, order), name=f"import {import_id}")
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    finished, _ = await asyncio.wait({task}, timeout=_PATIENCE_SECONDS if patience is None else patience)
    if not finished:
        task.add_done_callback(_report_failure)
        return
    if (refused := task.result().refused) is None:
        return
    raise refusal(file_problem_of_json(refused))


async def _work_on(board: Switchboard, order: Order) -> Done:
    if await _takes_long(board, order):
        done = await _in_a_process(order)
    else:
        done = await asyncio.to_thread(lambda: asyncio.run(carry_out(order)))
    if done.version:
        await board.live_plan.workers_behind(done.version)
        await tell_of_import(board, order.tenant_id, done.clients)
    if done.refused is not None and file_problem_of_json(done.refused) is ImportFault.OUTCOME_DIFFERS:
        await _work_on(board, replace(order, act=Act.PREVIEW))
    return done


async def _takes_long(board: Switchboard, order: Order) -> bool:
    tenant = board.live_plan.tenants.get(order.tenant_id)
    longest = max((len(file.index) for file in tenant.numbers.values()), default=0) if tenant else 0
    if longest > _LONG_LIST and order.act is not Act.PREVIEW:
        return True
    size = select(func.length(StoredImport.file)).where(
        StoredImport.tenant_id == order.tenant_id, StoredImport.id == order.import_id
    )
    async with board.sessions() as session:
        return (await session.scalar(size) or 0) > _BESIDE_BYTES


async def _in_a_process(order: Order) -> Done:
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(_BELOW_ALL), os.environ.get("PYTHONPATH")]))
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.lists.imports.carry_out", env=environment, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, complaints = await process.communicate(order_as_json(order).encode())
    if process.returncode != 0:
        log.error("import.failed", act=order.act.value, why=complaints.decode("utf-8", "replace")[-1000:])
        raise Failure(RequestFault.FAILURE)
    return Done(**json.loads(out))


def _report_failure(task: asyncio.Task[Done]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("import.failed", exc_info=error)


async def _forget_old(session: AsyncSession, tenant_id: str, board: Switchboard) -> None:
    """Previews of yesterday, and what can no longer be undone."""
    now = board.clock()
    mine = StoredImport.tenant_id == tenant_id
    await session.execute(
        delete(StoredImport).where(
            mine, StoredImport.applied_at.is_(None), StoredImport.created_at < now - _PREVIEW_KEPT
        )
    )
    await session.execute(
        delete(StoredImport).where(mine, StoredImport.applied_at < now - timedelta(days=UNDO_DAYS + 1))
    )


def _file_name(name: str) -> str:
    plain = "".join(one for one in name.replace("\\", "/").rpartition("/")[2] if one.isprintable())
    return plain.encode("utf-8", "replace").decode()[: limits.NAME]


def _cells_to_name(importer: Importer, packed: bytes, sheet: str, options: ImportOptions) -> list[list[str]]:
    """The first lines of a file in which nobody recognises a column of numbers; none of any other."""
    with unpacked_file(packed, sheet) as file:
        try:
            importer.cut(file, options)
        except Unprocessable as problem:
            if problem.cause not in (
                FileFault.NO_COLUMN_OF_NUMBERS,
                FileFault.NO_CLIENT_COLUMNS,
                FileFault.NO_SALES_COLUMNS,
            ):
                raise
        else:
            return []
    with unpacked_file(packed, sheet) as file:
        return first_cells(file.lines)
