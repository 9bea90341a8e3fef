"""``antichambre import clients``."""

from dataclasses import dataclass, field
from typing import Final

from app.base.database import create_engine
from app.base.problems.import_lines import RowKind
from app.base.settings import Settings
from app.cli.import_progress import Bar, wait_for_workers
from app.cli.import_stored import ProblemSeen, apply_now, begun, report_json
from app.clients.imports.client_importer import TARGET, ClientImport
from app.clients.imports.fault import fault_words
from app.clients.imports.match import Verdict
from app.edits.tell_programs import store_import
from app.lists.files.decoded_file import DecodedFile
from app.lists.import_options import ImportOptions

_LISTED_AT_MOST: Final = 1000


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
        said = report_json(
            self.id, TARGET, self.counts, self.encoding, self.unread, self.problems, preview=self.preview
        )
        return said | {"version": self.version, "workers": self.workers, "behind": self.behind}


async def import_clients(
    settings: Settings, file: DecodedFile, company: str | None, bar: Bar, options: ImportOptions, file_name: str,
    *, preview: bool,
) -> DoneClients:  # fmt: skip
    """Import ``file``, or say what would happen. Raises :class:`app.base.errors.Problem`."""
    engine = create_engine(settings.database_url or "", command_timeout=None)
    try:
        async with begun(engine, settings, TARGET, company, bar, options, file_name) as (occasion, stored):
            work = ClientImport(occasion, stored, file, options)
            if preview:
                await work.judge()
                return _done(work, preview=True)
            await apply_now(work, occasion, stored)
            done = _done(work, preview=False)
            if occasion.edit.version:
                await store_import(occasion.edit)
                await occasion.edit.session.commit()
                done.id, done.version = stored.id, occasion.edit.version
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
