"""Preview, apply or undo a stored import, with database connections and an event loop of its own: it runs in a thread, or
in a process, beside those who answer calls."""

import asyncio
import contextlib
import gc
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Final, cast

from sqlalchemy import delete, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import undefer

from app.base.database import create_engine
from app.base.errors import Problem
from app.base.problems.files import FileProblem, ImportFault
from app.edits.edit import PLAN_CHANNEL, Edit
from app.lists.files.decoded_file import unpacked_file
from app.lists.files.problem_json import file_problem_as_json
from app.lists.import_file import OutcomeDiffers
from app.lists.import_options import ImportOptions
from app.lists.imports.import_state import Act, ImportState, can_be_undone
from app.lists.imports.importer import Importer, Occasion, note_applied, note_found
from app.plan.rows import Row
from models import ImportProgress, ImportRow, StoredImport

ALIVE_SECONDS: Final = 15
_BEAT_SECONDS: Final = 1.0
_NICENESS: Final = 10


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done to which import, by whom (``actor``), at what moment (``now``, UTC, ISO 8601). ``confirmed``: also
    if it comes to something else than the preview said."""

    act: Act
    importer: str
    tenant_id: str
    import_id: str
    actor: str
    now: str
    database_url: str
    data_dir: str
    may_judge: bool = True
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """``refused`` is None, or as JSON (:mod:`app.lists.files.problem_json`) why it came to nothing; ``version`` the plan
    version that it made, 0 for none; ``clients`` how many clients it changed."""

    refused: Row | None = None
    version: int = 0
    clients: int = 0


async def carry_out(order: Order) -> Done:
    """Do it. Raises a :class:`Problem` only for faults of ours."""
    engine = create_engine(order.database_url, pool_size=3, command_timeout=None)
    try:
        async with _beating(engine, order) as beat:
            done = await _carry_out(engine, order, beat)
            if done.refused is not None:
                await _note_refusal(engine, order, done.refused)
            return done
    finally:
        await engine.dispose()


class _Beat:
    """How far it has come; told to the database once a second, in a transaction of its own."""

    phase, done = "", 0
    total: int | None = None

    def show(self, phase: str, done: int, total: int | None) -> None:
        """``done`` of ``total`` in ``phase``."""
        self.phase, self.done, self.total = phase, done, total


async def _carry_out(engine: AsyncEngine, order: Order, beat: _Beat) -> Done:
    importer = importer_at(order.importer)
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            stored = await _locked(session, order)
            if stored is None:
                return Done(file_problem_as_json(ImportFault.NOT_THERE))
            if (fault := _fault(stored, order.act)) is not None:
                return Done(file_problem_as_json(fault))
            edit = Edit(session, order.tenant_id, order.actor)
            edit.now = datetime.fromisoformat(order.now)
            occasion = Occasion(edit, edit.now, Path(order.data_dir), beat.show, order.may_judge)
            await _ACTS[order.act](importer, occasion, stored, order)
            if edit.version:
                await session.execute(text(f"NOTIFY {PLAN_CHANNEL}"))
    except OutcomeDiffers:
        return Done(file_problem_as_json(ImportFault.OUTCOME_DIFFERS))
    except Problem as problem:
        if not isinstance(problem.cause, FileProblem):
            raise
        return Done(file_problem_as_json(problem.cause))
    return Done(version=edit.version, clients=edit.imported)


async def _preview(importer: Importer, occasion: Occasion, stored: StoredImport, order: Order) -> None:
    session = occasion.edit.session
    await session.execute(
        delete(ImportRow).where(ImportRow.tenant_id == stored.tenant_id, ImportRow.import_id == stored.id)
    )
    with unpacked_file(stored.file, stored.recognised.get("sheet", "")) as file:
        found = await importer.preview(occasion, stored, file, ImportOptions.of_json(stored.options))
    note_found(stored, found)
    stored.state = ImportState.PREVIEWED.value


async def _apply(importer: Importer, occasion: Occasion, stored: StoredImport, order: Order) -> None:
    expected = None if order.confirmed else stored.outcome
    with unpacked_file(stored.file, stored.recognised.get("sheet", "")) as file:
        found = await importer.apply(occasion, stored, file, ImportOptions.of_json(stored.options), expected)
    note_applied(stored, found, occasion.edit)


async def _undo(importer: Importer, occasion: Occasion, stored: StoredImport, order: Order) -> None:
    before = stored.undone or {}
    undone = await importer.undo(occasion, stored)
    stored.undone = undone | {name: undone[name] + before.get(name, 0) for name in ("removed", "restored")}
    stored.state, stored.undone_at = ImportState.UNDONE.value, occasion.now


_ACTS: Final = {Act.PREVIEW: _preview, Act.APPLY: _apply, Act.UNDO: _undo}


def _fault(stored: StoredImport, act: Act) -> ImportFault | None:
    """Why the import is not in the state for it."""
    match act, ImportState(stored.state):
        case Act.PREVIEW, ImportState.COLUMNS | ImportState.PREVIEWED:
            return None
        case Act.APPLY, ImportState.PREVIEWED:
            return None
        case Act.UNDO, _ if can_be_undone(stored):
            return None
        case Act.APPLY, ImportState.COLUMNS:
            return ImportFault.COLUMNS_WANTED
        case _, ImportState.UNDONE:
            return ImportFault.UNDONE_ALREADY
        case Act.UNDO, _:
            return ImportFault.NOT_APPLIED
        case _:
            return ImportFault.APPLIED_ALREADY


async def _locked(session: AsyncSession, order: Order) -> StoredImport | None:
    """The import; who comes second waits until the first is done."""
    query = select(StoredImport).where(
        StoredImport.tenant_id == order.tenant_id, StoredImport.id == order.import_id
    )  # fmt: skip
    stored: StoredImport | None = await session.scalar(
        query.options(undefer(StoredImport.file)).with_for_update(key_share=True)
    )
    return stored


async def _note_refusal(engine: AsyncEngine, order: Order, refused: Row) -> None:
    """Say it to whoever looks at the import later."""
    async with AsyncSession(engine) as session, session.begin():
        await session.execute(
            update(StoredImport)
            .where(StoredImport.tenant_id == order.tenant_id, StoredImport.id == order.import_id)
            .values(refused=refused)
        )


@asynccontextmanager
async def _beating(engine: AsyncEngine, order: Order) -> AsyncIterator[_Beat]:
    beat = _Beat()
    await _tell(engine, order, beat)
    task = asyncio.create_task(_beat_on(engine, order, beat))
    try:
        yield beat
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        async with engine.begin() as connection:
            await connection.execute(
                delete(ImportProgress).where(
                    ImportProgress.tenant_id == order.tenant_id, ImportProgress.import_id == order.import_id
                )
            )


async def _beat_on(engine: AsyncEngine, order: Order, beat: _Beat) -> None:
    while True:
        await asyncio.sleep(_BEAT_SECONDS)
        with contextlib.suppress(OSError):
            await _tell(engine, order, beat)


async def _tell(engine: AsyncEngine, order: Order, beat: _Beat) -> None:
    told: Row = {"what": order.act.value, "phase": beat.phase, "done": beat.done, "total": beat.total}
    columns = ImportProgress.__table__.c
    values = [literal(value, columns[name].type) for name, value in told.items()]
    # Somebody may delete the import at this moment: then there is nothing to tell.
    there = (
        select(StoredImport.tenant_id, StoredImport.id, *values, func.now())
        .where(StoredImport.tenant_id == order.tenant_id, StoredImport.id == order.import_id)
        .with_for_update(read=True, key_share=True)
    )
    insertion = insert(ImportProgress).from_select(["tenant_id", "import_id", *told, "alive_at"], there)
    async with engine.begin() as connection:
        await connection.execute(
            insertion.on_conflict_do_update(
                index_elements=["import_id", "tenant_id"], set_=told | {"alive_at": func.now()}
            )
        )


def importer_at(path: str) -> Importer:
    """The importer of that path."""
    module, _, name = path.partition(":")
    return cast(Importer, getattr(import_module(module), name))


def order_as_json(order: Order) -> str:
    """For the process."""
    return json.dumps(asdict(order))


def main() -> None:
    """One order, on standard input; the answer is on standard output."""
    os.nice(_NICENESS)
    gc.freeze()  # millions of rows come and go: what is there now need not be looked through again and again
    gc.set_threshold(20_000, 20, 100)
    given = json.loads(sys.stdin.read())
    order = Order(**(given | {"act": Act(given["act"])}))
    done = asyncio.run(carry_out(order))
    sys.stdout.write(json.dumps(asdict(done)))


if __name__ == "__main__":
    main()
