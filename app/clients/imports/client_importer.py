"""Imports of clients."""

import hashlib
import json
import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import delete, func, insert, select

from app.base import limits
from app.base.errors import Conflict, TooLarge, Unprocessable
from app.base.problems.clients import ClientFault
from app.base.problems.files import ImportFault, TooManyLines
from app.base.problems.import_lines import RowKind
from app.clients.edit_client import put_numbers, refuse_contradictions
from app.clients.imports.columns import CHOICES
from app.clients.imports.fault import fault_as_json, fault_of_json, fault_words
from app.clients.imports.known import cards_of, category_ids, chunks, known_clients, operator_ids
from app.clients.imports.line import Place, read_line
from app.clients.imports.match import Verdict, judge_lines
from app.clients.imports.table import CLIENT_LAYOUT, find_own_fields
from app.clients.imports.undo import undo_clients
from app.clients.own_fields import own_fields_of, stored_fields
from app.lists.files.decoded_file import DecodedFile
from app.lists.files.headed_table import HeadedTable
from app.lists.import_options import OWN_FIELD, ImportOptions
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
from app.plan.rows import Row, as_row, record_of
from app.plan.tenant_rows import TenantRows
from app.words.import_row_words import same_client_words, twice_words
from filters.clients import Standing
from models import ClientCard, Company, ImportReplaced, ImportRow, StoredImport
from models.base import new_id
from models.list_name import list_of

TARGET: Final = "clients"
TABLE: Final = ClientCard.__tablename__
_STAMP_CHARACTERS: Final = 10


class ClientImporter:
    """See :class:`app.lists.imports.importer.Importer`."""

    path: Final = "app.clients.imports.client_importer:CLIENT_IMPORTER"

    def choices(self, tenant: TenantRows) -> tuple[str, ...]:
        """What a column can be: one of the company's own fields too."""
        return (*CHOICES, *(f"{OWN_FIELD}{one.name}" for one in own_fields_of(tenant)))

    def cut(self, file: DecodedFile, options: ImportOptions) -> CutFile:
        """The names of the columns, and the lines below them."""
        table = CLIENT_LAYOUT.read(file.lines, options.columns)
        return CutFile(table.names or tuple(one or "" for one in table.fields), table.rows)

    async def preview(
        self, occasion: Occasion, stored: StoredImport, file: DecodedFile, options: ImportOptions
    ) -> Found:
        """What would happen."""
        return await look_ahead(ClientImport(occasion, stored, file, options))

    async def apply(
        self, occasion: Occasion, stored: StoredImport, file: DecodedFile, options: ImportOptions, expected: str | None
    ) -> Found:
        """Do it."""
        return await carry_out(ClientImport(occasion, stored, file, options), occasion, stored, expected)

    async def undo(self, occasion: Occasion, stored: StoredImport) -> Row:
        """Take it back."""
        return (await undo_clients(occasion, stored)).as_json()

    def seen(self, row: ImportRow, target: str) -> LineSeen:
        """The line as people see it."""
        texts = row.before or {}
        kind = RowKind(row.kind)
        detail = ""
        if row.problem is not None:
            detail = fault_words(fault_of_json(row.problem))
        elif kind is RowKind.TWICE:
            detail = twice_words(row.about)
        elif kind is RowKind.SAME:
            detail = same_client_words()
        return LineSeen(
            row.line, kind, row.number, "", None, row.label, row.reason, row.field, row.why, detail,
            texts.get("before") if kind is RowKind.CHANGE else None, texts.get("after"),
        )  # fmt: skip


@dataclass(slots=True)
class ClientImport:
    """One import of ``file`` in the transaction of ``occasion``, which whoever began it commits."""

    occasion: Occasion
    stored: StoredImport
    file: DecodedFile
    options: ImportOptions
    country: str = ""
    verdicts: list[Verdict] = field(default_factory=list)
    _table: HeadedTable | None = None

    @property
    def unread(self) -> tuple[str, ...]:
        """The names of the columns that are not read."""
        return self._table.unread if self._table is not None else ()

    async def judge(self) -> None:
        """Read the file, and find out what becomes of each line. Raises :class:`app.base.errors.Unprocessable` and
        :class:`app.base.errors.TooLarge`."""
        if self.options.remove_missing:
            raise Unprocessable(ImportFault.NO_CLIENT_TAKEN_OFF, field="remove_missing")
        edit = self.occasion.edit
        company = await edit.session.get_one(Company, edit.tenant_id)
        self.country = self.options.country or company.country
        fields = {one.name: one for one in await stored_fields(edit.session, edit.tenant_id)}
        place = Place(
            self.country, await category_ids(edit.session, edit.tenant_id), fields,
            await operator_ids(edit.session, edit.tenant_id),
        )  # fmt: skip
        self._table = table = CLIENT_LAYOUT.read(self.file.lines, self.options.columns)
        find_own_fields(table, fields, is_told=self.options.columns is not None)
        lines = []
        for row in table.rows:
            lines.append(read_line(row, table, place))
            if len(lines) > limits.CLIENTS_IMPORTED:
                raise TooLarge(TooManyLines(limits.CLIENTS_IMPORTED), field="file")
            if len(lines) % 1000 == 0:
                self.occasion.progress("read", self.file.position, self.file.size)
        self.occasion.progress("check", 0, None)
        known = await known_clients(edit.session, edit.tenant_id, lines)
        self.verdicts = judge_lines(lines, known, may_judge=self.occasion.may_judge)
        await self._refuse_contradictions(company)

    async def _refuse_contradictions(self, company: Company) -> None:
        """A standing that contradicts a list, another client, or an earlier line of the same file."""
        claimed: dict[str, Standing] = {}
        for one in self.verdicts:
            if (
                one.kind not in {RowKind.ADD, RowKind.CHANGE}
                or list_of(standing := Standing(one.values["standing"])) is None
            ):
                continue
            try:
                await refuse_contradictions(
                    self.occasion.edit, standing, one.numbers, company, self.occasion.now, one.client_id
                )
            except Conflict as conflict:
                one.fail(conflict.field or "standing", conflict.cause)
                continue
            own = [number for number, shared in one.numbers.items() if not shared]
            if any(claimed.get(number, standing) is not standing for number in own):
                one.fail("standing", ClientFault.STANDINGS_CONTRADICT)
                continue
            claimed |= dict.fromkeys(own, standing)

    def counts(self) -> dict[str, int]:
        """How many lines become what."""
        found = Counter(one.kind for one in self.verdicts)
        return {kind.value: found[kind] for kind in RowKind}

    @property
    def outcome(self) -> str:
        """A digest: the same means that the same would be done."""
        digest = hashlib.sha256()
        for one in self.verdicts:
            said = [one.line, one.kind.value, one.client_id, one.values, one.numbers, one.before, one.field]
            digest.update(json.dumps(said, sort_keys=True).encode())
        return digest.hexdigest()

    def found(self) -> Found:
        """What was found, as it is stored."""
        fields = self._table.fields if self._table is not None else ()
        names = self._table.names if self._table is not None else ()
        remarks = self._table.remarks.count if self._table is not None else 0
        counts: Row = self.counts() | {
            "rows": len(self.verdicts), "missing": 0, "removed": 0, "remarks": remarks, "rounded": 0,
        }  # fmt: skip
        recognised = recognised_json(fields, names, self.file, self.country)
        return Found(counts, recognised, self.outcome)

    async def keep_rows(self) -> None:
        """Keep what becomes of each line for whoever looks at the import, in place of what was kept before."""
        stored = self.stored
        kept = (ImportRow.tenant_id == stored.tenant_id, ImportRow.import_id == stored.id)
        await self.occasion.edit.session.execute(delete(ImportRow).where(*kept))
        for some in chunks(self.verdicts):
            await self.occasion.edit.session.execute(
                insert(ImportRow), [import_row(one, stored.tenant_id, stored.id) for one in some]
            )

    async def write(self) -> None:
        """Add and change; to be committed."""
        edit = self.occasion.edit
        rows: dict[str, Row | None] = {}
        now = (await edit.session.execute(select(func.now()))).scalar_one()
        stamp, start = new_id()[:_STAMP_CHARACTERS], secrets.randbits(39)
        writes = [one for one in self.verdicts if one.kind in {RowKind.ADD, RowKind.CHANGE}]
        for some in chunks(writes):
            changed = [one.client_id for one in some if one.client_id is not None]
            cards = {card.id: card for card in await cards_of(edit.session, edit.tenant_id, changed)}
            before: dict[str, Row | None] = {card_id: as_row(card) for card_id, card in cards.items()}
            written = []
            for one in some:
                if one.client_id is None:
                    start += 1
                    card = ClientCard(
                        tenant_id=edit.tenant_id, id=f"{stamp}{start:010x}", numbers=[], created_at=now, updated_at=now,
                        **record_of(TABLE, one.values),
                    )  # fmt: skip
                    edit.session.add(card)
                else:
                    card = cards[one.client_id]
                    for name, value in record_of(TABLE, one.values).items():
                        setattr(card, name, value)
                    card.updated_at = now
                put_numbers(card, one.numbers)
                written.append(card)
            await edit.session.flush()
            after = {card.id: as_row(card) for card in written}
            rows |= after
            await self._keep_replaced(before, after)
            for card in written:
                edit.session.expunge(card)
            self.occasion.progress("merge", len(rows), len(writes))
        if rows:
            await edit.record_clients("import", rows, self.counts() | {"rows": len(self.verdicts)})
            edit.imported += len(rows)

    async def _keep_replaced(self, before: dict[str, Row | None], after: dict[str, Row]) -> None:
        ids: Row = {"tenant_id": self.stored.tenant_id, "import_id": self.stored.id}
        await self.occasion.edit.session.execute(
            insert(ImportReplaced),
            [ids | {"row_id": one, "before": before.get(one), "after": row} for one, row in after.items()],
        )


def import_row(one: Verdict, tenant_id: str, import_id: str) -> Row:
    """What is kept of a line."""
    said = one.said
    numbers = "; ".join(said.numbers) if said is not None else one.value
    about = str(one.first) if one.first is not None else ""
    texts = {"before": one.before, "after": one.after} if one.after else None
    return {
        "tenant_id": tenant_id, "import_id": import_id, "line": one.line, "kind": one.kind.value, "number": numbers,
        "label": said.name if said is not None else one.name, "reason": said.company if said is not None else "",
        "why": {RowKind.ERROR: "bad", RowKind.TWICE: "twice", RowKind.SAME: "listed"}.get(one.kind, ""), "about": about,
        "field": one.field, "problem": fault_as_json(one.problem) if one.problem is not None else None, "before": texts,
        "match": "", "to": None,
    }  # fmt: skip


CLIENT_IMPORTER: Final[Importer] = ClientImporter()
