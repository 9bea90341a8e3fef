"""``antichambre import clients``."""

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.base import limits
from app.base.clock import system_clock
from app.base.database import create_engine
from app.base.problems.import_lines import RowKind
from app.base.settings import Settings
from app.cli.command import COMMAND_LINE
from app.cli.company import chosen_company
from app.cli.import_progress import Bar, wait_for_workers
from app.clients.imports.client_importer import TARGET, ClientImport
from app.clients.imports.fault import fault_words
from app.clients.imports.match import Verdict
from app.edits.edit import PLAN_CHANNEL, Edit
from app.edits.in_turn import take_companys_turn
from app.lists.files.decoded_file import DecodedFile
from app.lists.import_options import ImportOptions
from app.lists.imports.import_state import ImportState
from app.lists.imports.importer import Occasion, note_applied
from models import StoredImport

_LISTED_AT_MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class ProblemSeen:
    """What is wrong with a line."""

    line: int
    field: str
    value: str
    words: str


@dataclass(slots=True)
class DoneClients:
    """What an import found and did. ``problems`` has the first :data:`_LISTED_AT_MOST`; ``workers`` were running after the
    commit, ``behind`` of them did not serve it yet. ``id`` is the import's, by which it can be undone."""

    preview: bool
    counts: dict[str, int]
    encoding: str
    unread: tuple[str, ...]
    problems: list[ProblemSeen]
    id: str = ""
    version: int = 0
    workers: int = 0
    behind: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """Everything."""
        return {
            "id": self.id or None, "list": TARGET, "preview": self.preview, "encoding": self.encoding,
            "columns_not_read": list(self.unread), "counts": self.counts, "rows": sum(self.counts.values()),
            "problems": [
                {"line": one.line, "field": one.field, "value": one.value, "problem": one.words} for one in self.problems
            ],
            "version": self.version, "workers": self.workers, "behind": self.behind,
        }  # fmt: skip


async def import_clients(
    settings: Settings, file: DecodedFile, company: str | None, bar: Bar, options: ImportOptions, file_name: str,
    *, preview: bool,
) -> DoneClients:  # fmt: skip
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
            occasion = Occasion(edit, system_clock(), settings.data_dir, bar.show)
            work = ClientImport(occasion, stored, file, options)
            if preview:
                await work.judge()
                return _done(work, preview=True)
            session.add(stored)
            await session.flush()
            await take_companys_turn(edit)
            await work.judge()
            await work.keep_rows()
            await work.write()
            note_applied(stored, work.found(), edit)
            done = _done(work, preview=False)
            if edit.version:
                await session.execute(text(f"NOTIFY {PLAN_CHANNEL}"))
                await session.commit()
                done.id, done.version = stored.id, edit.version
        if done.version:
            done.workers, done.behind = await wait_for_workers(engine, done.version, bar)
        return done
    finally:
        await engine.dispose()


def _done(work: ClientImport, *, preview: bool) -> DoneClients:
    wrong = [one for one in work.verdicts if one.kind is RowKind.ERROR][:_LISTED_AT_MOST]
    return DoneClients(preview, work.counts(), work.file.encoding, work.unread, [_seen(one) for one in wrong])


def _seen(one: Verdict) -> ProblemSeen:
    words = fault_words(one.problem) if one.problem is not None else ""
    return ProblemSeen(one.line, one.field, one.value, words)
