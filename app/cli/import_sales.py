"""``antichambre import sales``."""

from dataclasses import dataclass

from app.base.database import create_engine
from app.base.settings import Settings
from app.cli.import_progress import Bar
from app.cli.import_stored import ProblemSeen, apply_now, begun, report_json
from app.lists.files.decoded_file import DecodedFile
from app.lists.import_options import ImportOptions
from app.sales.imports.sale_importer import TARGET, SaleImport
from app.words.problems.files import line_words


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
        return report_json(self.id, TARGET, self.counts, self.encoding, self.unread, self.problems, preview=not self.id)


async def import_sales(
    settings: Settings, file: DecodedFile, company: str | None, bar: Bar, options: ImportOptions, file_name: str,
    *, preview: bool,
) -> DoneSales:  # fmt: skip
    """Import ``file``, or say what would happen. Raises :class:`app.base.errors.Problem`."""
    engine = create_engine(settings.database_url or "", command_timeout=None)
    try:
        async with begun(engine, settings, TARGET, company, bar, options, file_name) as (occasion, stored):
            work = SaleImport(occasion, stored, file, options)
            if preview:
                await work.judge()
                return _done(work, "")
            await apply_now(work, occasion, stored)
            await occasion.edit.session.commit()
            return _done(work, stored.id)
    finally:
        await engine.dispose()


def _done(work: SaleImport, import_id: str) -> DoneSales:
    problems = [ProblemSeen(one.line, one.field, one.value, line_words(one.problem)) for one in work.problems]
    return DoneSales(import_id, work.counts, work.file.encoding, work.unread, problems)
