"""Imports by command that can be undone: of clients, of sales."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.base import limits
from app.base.clock import system_clock
from app.base.settings import Settings
from app.cli.command import COMMAND_LINE
from app.cli.company import chosen_company
from app.cli.import_progress import Bar
from app.edits.edit import PLAN_CHANNEL, Edit
from app.edits.in_turn import take_companys_turn
from app.lists.import_options import ImportOptions
from app.lists.imports.import_state import ImportState
from app.lists.imports.importer import Found, Occasion, note_applied
from models import StoredImport


class Work(Protocol):
    """What is to be done with one file."""

    async def judge(self) -> None:
        """Find out what becomes of each line."""

    async def keep_rows(self) -> None:
        """Keep it."""

    async def write(self) -> None:
        """Do it."""

    def found(self) -> Found:
        """What was found."""


@dataclass(frozen=True, slots=True)
class ProblemSeen:
    """What is wrong with a line."""

    line: int
    field: str
    value: str
    words: str


def report_json(
    import_id: str, target: str, counts: dict[str, int], encoding: str, unread: Sequence[str],
    problems: Sequence[ProblemSeen], *, preview: bool,
) -> dict[str, object]:  # fmt: skip
    """What ``--json`` says of any of them."""
    return {
        "id": import_id or None, "list": target, "preview": preview, "encoding": encoding,
        "columns_not_read": list(unread), "counts": counts, "rows": sum(counts.values()),
        "problems": [
            {"line": one.line, "field": one.field, "value": one.value, "problem": one.words} for one in problems
        ],
    }  # fmt: skip


@asynccontextmanager
async def begun(
    engine: AsyncEngine, settings: Settings, target: str, company: str | None, bar: Bar, options: ImportOptions,
    file_name: str,
) -> AsyncIterator[tuple[Occasion, StoredImport]]:  # fmt: skip
    """A transaction for one import, which whoever began it commits."""
    async with AsyncSession(engine, expire_on_commit=False) as session:
        tenant_id = (await chosen_company(session, company)).id
        await session.rollback()
        edit = Edit(session, tenant_id, COMMAND_LINE)
        stored = StoredImport(
            tenant_id=tenant_id, target=target, state=ImportState.PREVIEWED.value, created_by=COMMAND_LINE,
            file_name=file_name[: limits.NAME], options=options.as_json(), recognised={}, counts={},
        )  # fmt: skip
        yield Occasion(edit, system_clock(), settings.data_dir, bar.show), stored


async def carry_out(work: Work, occasion: Occasion, stored: StoredImport) -> None:
    """Judge the file and write it, with all that an undo needs; workers are told when it is committed."""
    session = occasion.edit.session
    session.add(stored)
    await session.flush()
    await take_companys_turn(occasion.edit)
    await work.judge()
    await work.keep_rows()
    await work.write()
    note_applied(stored, work.found(), occasion.edit)
    if occasion.edit.version:
        await session.execute(text(f"NOTIFY {PLAN_CHANNEL}"))
