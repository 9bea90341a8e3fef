"""Imports by command that can be undone: of clients, of sales."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.base import limits
from app.base.clock import system_clock
from app.base.settings import Settings
from app.cli.command import COMMAND_LINE
from app.cli.company import chosen_company
from app.cli.import_progress import Bar
from app.edits.edit import PLAN_CHANNEL, Edit
from app.lists.import_options import ImportOptions
from app.lists.imports.import_state import ImportState
from app.lists.imports.importer import Occasion, Work, carry_out, note_applied
from models import StoredImport


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


async def apply_now(work: Work, occasion: Occasion, stored: StoredImport) -> None:
    """Carry the import out, whatever it comes to; workers are told when it is committed."""
    session = occasion.edit.session
    session.add(stored)
    await session.flush()
    note_applied(stored, await carry_out(work, occasion, stored, None), occasion.edit)
    if occasion.edit.version:
        await session.execute(text(f"NOTIFY {PLAN_CHANNEL}"))
