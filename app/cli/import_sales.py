"""``antichambre import sales``."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.base import limits
from app.base.clock import system_clock
from app.base.database import create_engine
from app.base.settings import Settings
from app.cli.command import COMMAND_LINE
from app.cli.company import chosen_company
from app.cli.import_clients import ProblemSeen
from app.cli.import_progress import Bar
from app.edits.edit import PLAN_CHANNEL, Edit
from app.edits.in_turn import take_companys_turn
from app.lists.files.decoded_file import DecodedFile
from app.lists.import_options import ImportOptions
from app.lists.imports.import_state import ImportState
from app.lists.imports.importer import Occasion, note_applied
from app.sales.imports.sale_importer import TARGET, SaleImport
from app.words.problems.files import line_words
from models import StoredImport


@dataclass(frozen=True, slots=True)
class DoneSales:
    """What an import found and did. ``problems`` has the first thousand lines that could not be imported; ``id`` is the
    import's, by which it can be undone, empty for a preview."""

    id: str
    counts: dict[str, int]
    encoding: str
    unread: tuple[str, ...]
    problems: list[ProblemSeen]

    def as_json(self) -> dict[str, object]:
        """Everything."""
        return {
            "id": self.id or None, "list": TARGET, "preview": not self.id, "encoding": self.encoding,
            "columns_not_read": list(self.unread), "counts": self.counts, "rows": sum(self.counts.values()),
            "problems": [
                {"line": one.line, "field": one.field, "value": one.value, "problem": one.words} for one in self.problems
            ],
        }  # fmt: skip


async def import_sales(
    settings: Settings, file: DecodedFile, company: str | None, bar: Bar, options: ImportOptions, file_name: str,
    *, preview: bool,
) -> DoneSales:  # fmt: skip
    """Import ``file``, or say what would happen. Raises :class:`app.base.errors.Problem`."""
    engine = create_engine(settings.database_url or "", command_timeout=None)
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            tenant_id = (await chosen_company(session, company)).id
            await session.rollback()
            edit = Edit(session, tenant_id, COMMAND_LINE)
            stored = StoredImport(
                tenant_id=tenant_id, target=TARGET, state=ImportState.PREVIEWED.value, created_by=COMMAND_LINE,
                file_name=file_name[: limits.NAME], options=options.as_json(), recognised={}, counts={},
            )  # fmt: skip
            work = SaleImport(Occasion(edit, system_clock(), settings.data_dir, bar.show), stored, file, options)
            if preview:
                await work.judge()
                return _done(work, "")
            session.add(stored)
            await session.flush()
            await take_companys_turn(edit)
            await work.judge()
            await work.keep_rows()
            await work.write()
            note_applied(stored, work.found(), edit)
            if edit.version:
                await session.execute(text(f"NOTIFY {PLAN_CHANNEL}"))
            await session.commit()
            return _done(work, stored.id)
    finally:
        await engine.dispose()


def _done(work: SaleImport, import_id: str) -> DoneSales:
    problems = [ProblemSeen(one.line, one.field, one.value, line_words(one.problem)) for one in work.problems]
    return DoneSales(import_id, work.counts, work.file.encoding, work.unread, problems)
