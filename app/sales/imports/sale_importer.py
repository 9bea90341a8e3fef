"""Imports of sales."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, islice
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.base import limits
from app.base.currency import companys_currency
from app.base.errors import TooLarge, Unprocessable
from app.base.problems.files import ImportFault, TooManySales
from app.base.problems.import_lines import RowKind
from app.base.search_text import folded
from app.edits.in_turn import take_companys_turn
from app.lists.files.decoded_file import DecodedFile
from app.lists.files.headed_table import HeadedTable
from app.lists.files.problem_json import problem_of_json
from app.lists.files.table import BadLine
from app.lists.files.table import Row as Cells
from app.lists.import_file import driver_connection
from app.lists.import_options import ImportOptions
from app.lists.imports.importer import (
    CutFile,
    Found,
    Importer,
    LineSeen,
    Occasion,
    carry_out,
    look_ahead,
    recognised_json,
)
from app.lists.undo_import import UndoReport
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.sales.imports.amounts import mark_of
from app.sales.imports.buyers import buyers_of
from app.sales.imports.columns import AMOUNT, CHOICES, DATE
from app.sales.imports.days import is_month_first
from app.sales.imports.line import SaleReader
from app.sales.imports.staging import SaleStaging
from app.sales.imports.table import SALE_LAYOUT
from app.sales.segments_wanted import want_segments
from app.words.import_row_words import same_sale_words, twice_words
from app.words.problems.files import line_words
from models import Company, ImportReplaced, ImportRow, Product, Sale, StoredImport
from models.base import new_id

TARGET: Final = "sales"
_LOOKED_AT: Final = 5000
"""Rows of the beginning that show how days and amounts are written."""
_AT_ONCE: Final = 20_000
_LISTED_AT_MOST: Final = 1000


class SaleImporter:
    """See :class:`app.lists.imports.importer.Importer`."""

    path: Final = "app.sales.imports.sale_importer:SALE_IMPORTER"

    def choices(self, tenant: TenantRows) -> tuple[str, ...]:
        """What a column can be."""
        return CHOICES

    def cut(self, file: DecodedFile, options: ImportOptions) -> CutFile:
        """The names of the columns, and the lines below them."""
        table = SALE_LAYOUT.read(file.lines, options.columns)
        return CutFile(table.names or tuple(one or "" for one in table.fields), table.rows)

    async def preview(
        self, occasion: Occasion, stored: StoredImport, file: DecodedFile, options: ImportOptions
    ) -> Found:
        """What would happen."""
        return await look_ahead(SaleImport(occasion, stored, file, options))

    async def apply(
        self, occasion: Occasion, stored: StoredImport, file: DecodedFile, options: ImportOptions, expected: str | None
    ) -> Found:
        """Do it."""
        return await carry_out(SaleImport(occasion, stored, file, options), occasion, stored, expected)

    async def undo(self, occasion: Occasion, stored: StoredImport) -> Row:
        """Take it back: its sales go, and the products that it made and nobody else needs."""
        edit = occasion.edit
        occasion.progress("wait", 0, None)
        await take_companys_turn(edit)
        occasion.progress("remove", 0, None)
        mine = (Sale.tenant_id == edit.tenant_id, Sale.import_id == stored.id)
        report = UndoReport()
        report.removed = await edit.session.scalar(select(func.count()).select_from(Sale).where(*mine)) or 0
        await edit.session.execute(delete(Sale).where(*mine))
        made = (ImportReplaced.tenant_id == edit.tenant_id, ImportReplaced.import_id == stored.id)
        unsold = (
            select(Product)
            .join(ImportReplaced, (ImportReplaced.tenant_id == Product.tenant_id) & (ImportReplaced.row_id == Product.id))
            .where(
                *made, Product.segments == [],
                ~select(Sale).where(Sale.tenant_id == edit.tenant_id, Sale.product_id == Product.id).exists(),
            )
        )  # fmt: skip
        for product in (await edit.session.scalars(unsold)).all():
            await edit.record_deleted(product, "undo import")
        await edit.session.execute(delete(ImportReplaced).where(*made))
        await edit.record_data("undo import", Sale.__tablename__, {"removed": report.removed})
        await want_segments(edit.session, edit.tenant_id, occasion.now)
        return report.as_json()

    def seen(self, row: ImportRow, target: str) -> LineSeen:
        """The line as people see it."""
        kind = RowKind(row.kind)
        detail = ""
        if kind is RowKind.TWICE:
            detail = twice_words(row.about)
        elif kind is RowKind.SAME:
            detail = same_sale_words()
        elif row.problem is not None:
            detail = line_words(problem_of_json(row.problem))
        after = None
        if kind is not RowKind.ERROR:
            after = {"date": row.match, "amount": row.to or "", "product": row.reason}
            if kind is RowKind.ADD:
                after["reference"] = row.about
        shown = {name: text for name, text in after.items() if text} if after else None
        return LineSeen(
            row.line, kind, row.number, "", None, row.label, row.reason, row.field, row.why, detail, None, shown
        )


@dataclass(slots=True)
class SaleImport:
    """One import of ``file`` in the transaction of ``occasion``, which whoever began it commits. ``problems`` has the first
    thousand lines that cannot be imported."""

    occasion: Occasion
    stored: StoredImport
    file: DecodedFile
    options: ImportOptions
    country: str = ""
    outcome: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[BadLine] = field(default_factory=list)
    _table: HeadedTable | None = None
    _staging: SaleStaging | None = None
    _product_ids: dict[str, str] = field(default_factory=dict)
    _known_products: set[str] = field(default_factory=set)
    _rows: int = 0
    _bad: int = 0

    @property
    def unread(self) -> tuple[str, ...]:
        """The names of the columns that are not read."""
        return self._table.unread if self._table is not None else ()

    async def judge(self) -> None:
        """Read the file, and find out what becomes of each line. Raises :class:`app.base.errors.Unprocessable` and
        :class:`app.base.errors.TooLarge`."""
        if self.options.remove_missing:
            raise Unprocessable(ImportFault.NO_SALE_TAKEN_OFF, field="remove_missing")
        edit = self.occasion.edit
        self._table = SALE_LAYOUT.read(self.file.lines, self.options.columns)
        beginning = list(islice(self._table.rows, _LOOKED_AT))
        reader = await self._reader(self._table, beginning)
        self._staging = staging = SaleStaging(await driver_connection(edit.session), edit.tenant_id)
        await staging.create()
        rows = chain(beginning, self._table.rows)
        while batch := [reader.read(row) for row in islice(rows, _AT_ONCE)]:
            self._rows += len(batch)
            if self._rows > limits.SALES_IMPORTED:
                raise TooLarge(TooManySales(limits.SALES_IMPORTED), field="file")
            await staging.add([one for one in batch if not isinstance(one, BadLine)])
            if bad := [one for one in batch if isinstance(one, BadLine)]:
                await staging.add_bad(bad)
                self._bad += len(bad)
                self.problems += bad[: _LISTED_AT_MOST - len(self.problems)]
            self.occasion.progress("read", self.file.position, self.file.size)
        self.occasion.progress("check", 0, None)
        for name in reader.products.values():
            self._product_ids.setdefault(name, new_id())
        await staging.judge(self._product_ids.items())
        found = await staging.counts()
        self.counts = {kind.value: found.get(kind, 0) for kind in RowKind} | {RowKind.ERROR.value: self._bad}
        self.outcome = f"{await staging.outcome()} {self._rows} {self._bad}"

    async def _reader(self, table: HeadedTable, beginning: list[Cells | BadLine]) -> SaleReader:
        edit = self.occasion.edit
        company = await edit.session.get_one(Company, edit.tenant_id)
        self.country = self.options.country or company.country
        known = select(Product.id, Product.name).where(Product.tenant_id == edit.tenant_id).order_by(Product.id)
        products: dict[str, str] = {}
        for row in await edit.session.execute(known):
            self._product_ids[products.setdefault(folded(row.name), row.name)] = row.id
            self._known_products.add(row.name)
        today = self.occasion.now.astimezone(ZoneInfo(company.time_zone)).date()
        usual = "." if self.file.sheet else decimal_mark_of(self.country)
        return SaleReader(
            table, await buyers_of(edit.session, edit.tenant_id, self.country),
            mark_of(_cells(table, beginning, AMOUNT), usual),
            is_month_first(_cells(table, beginning, DATE), self.country),
            companys_currency(company.treatments, company.country), today + timedelta(days=1), products,
        )  # fmt: skip

    def found(self) -> Found:
        """What was found, as it is stored."""
        table = self._table
        fields, names = (table.fields, table.names) if table is not None else ((), ())
        counts: Row = self.counts | {
            "rows": self._rows, "missing": 0, "removed": 0, "rounded": 0,
            "remarks": table.remarks.count if table is not None else 0,
        }  # fmt: skip
        recognised = recognised_json(fields, names, self.file, self.country)
        return Found(counts, recognised, self.outcome)

    async def keep_rows(self) -> None:
        """Keep what becomes of the lines for whoever looks at the import, in place of what was kept before."""
        self.occasion.progress("keep", 0, None)
        kept = (ImportRow.tenant_id == self.stored.tenant_id, ImportRow.import_id == self.stored.id)
        await self.occasion.edit.session.execute(delete(ImportRow).where(*kept))
        await self._staged.keep_rows(self.stored.id)

    async def write(self) -> None:
        """Add the sales, and their products; to be committed."""
        edit, stored = self.occasion.edit, self.stored
        self.occasion.progress("merge", 0, None)
        new = [name for name in await self._staged.products_sold() if name not in self._known_products]
        await self._staged.write(stored.id)
        for name in sorted(new):
            row_id = self._product_ids[name]
            await edit.record_added(Product(tenant_id=edit.tenant_id, id=row_id, name=name, segments=[]), "import")
            await edit.session.execute(
                insert(ImportReplaced).values(
                    tenant_id=edit.tenant_id, import_id=stored.id, row_id=row_id, before=None, after={"name": name}
                )
            )
        await edit.record_data("import", Sale.__tablename__, self.counts | {"rows": self._rows})
        await want_segments(edit.session, edit.tenant_id, self.occasion.now)

    @property
    def _staged(self) -> SaleStaging:
        if self._staging is None:
            raise RuntimeError("the file has not been read")
        return self._staging


def decimal_mark_of(country: str) -> str:
    """The decimal mark that is usual in a country (ISO 3166 alpha-2)."""
    try:
        symbols = Locale.parse(f"und_{country}").number_symbols
    except (UnknownLocaleError, ValueError):
        return "."
    return "," if symbols.get("latn", {}).get("decimal") == "," else "."


def _cells(table: HeadedTable, rows: list[Cells | BadLine], field: str) -> Iterator[str]:
    place = table.fields.index(field)
    for row in rows:
        if not isinstance(row, BadLine) and place < len(row[1]):
            yield row[1][place]


SALE_IMPORTER: Final[Importer] = SaleImporter()
