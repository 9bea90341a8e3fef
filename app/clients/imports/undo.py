"""Take an import of clients back: whom it added goes, whom it changed is as before. Whoever has been edited since then stays
as they are now, and is named."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, select

from app.base.errors import Conflict
from app.base.problems.files import ImportFault
from app.base.problems.import_lines import LeftBecause
from app.clients.edit_client import put_numbers, refuse_contradictions
from app.clients.imports.known import cards_of, category_ids, chunks, operator_ids
from app.clients.imports.written_about import written_about
from app.clients.own_fields import OwnField, readable, stored_fields
from app.edits.edit import Edit
from app.edits.in_turn import take_companys_turn
from app.lists.imports.importer import Occasion
from app.lists.undo_import import UndoReport
from app.plan.rows import Row, as_row, record_of, whole_row
from filters.clients import Standing
from models import ClientCard, Company, GoneClient, ImportReplaced, StoredImport


async def undo_clients(occasion: Occasion, stored: StoredImport) -> UndoReport:
    """Take ``stored`` back; to be committed. Raises :class:`Conflict` when somebody of another standing than ordinary would
    change, and whoever undoes it does not decide that."""
    edit = occasion.edit
    occasion.progress("wait", 0, None)
    await take_companys_turn(edit)
    mine = (ImportReplaced.tenant_id == edit.tenant_id, ImportReplaced.import_id == stored.id)
    added: dict[str, Row] = {}
    changed: dict[str, tuple[Row, Row]] = {}
    for one in await edit.session.scalars(select(ImportReplaced).where(*mine).order_by(ImportReplaced.row_id)):
        after = one.after or {}
        if one.before is None:
            added[one.row_id] = after
        else:
            changed[one.row_id] = one.before, after
    if not occasion.may_judge and any(
        map(_is_judged, [*added.values(), *(row for pair in changed.values() for row in pair)])
    ):
        raise Conflict(ImportFault.UNDO_NEEDS_SUPERVISOR)
    undo, rows = _Undo(occasion, stored), dict[str, Row | None]()
    for some in chunks(list(added)):
        rows |= await undo.remove({one: added[one] for one in some})
        occasion.progress("remove", len(rows), len(added) + len(changed))
    for some in chunks(list(changed)):
        rows |= await undo.restore({one: changed[one] for one in some})
        occasion.progress("restore", len(rows), len(added) + len(changed))
    report = undo.report
    if rows:
        counts: Row = {"removed": report.removed, "restored": report.restored, "kept": report.kept}
        await edit.record_clients("undo import", rows, counts)
        edit.imported += len(rows)
    for some in chunks({*added, *changed}.difference(undo.kept)):
        await edit.session.execute(delete(ImportReplaced).where(*mine, ImportReplaced.row_id.in_(some)))
    return report


@dataclass(slots=True)
class _Undo:
    """The undo of ``stored``; ``kept`` are the ids of the clients who stay as they are now."""

    occasion: Occasion
    stored: StoredImport
    report: UndoReport = field(default_factory=UndoReport)
    kept: list[str] = field(default_factory=list)

    @property
    def edit(self) -> Edit:
        """The transaction."""
        return self.occasion.edit

    def leave(self, card_id: str, called: str, why: LeftBecause) -> None:
        """Count a client who stays."""
        self.kept.append(card_id)
        self.report.note_kept(called, why)

    async def remove(self, added: dict[str, Row]) -> dict[str, Row | None]:
        """Those who were added, but for whom somebody has edited, written about or merged; who is deleted already is what
        was wanted."""
        session, tenant_id = self.edit.session, self.edit.tenant_id
        noted = await written_about(session, tenant_id, added)
        again = await self._imported_again(added)
        cards = await cards_of(session, tenant_id, list(added))
        for one in await self._merged(added.keys() - {card.id for card in cards}):
            self.leave(one, _called(added[one]), LeftBecause.MERGED)
        gone: dict[str, Row | None] = {}
        for card in cards:
            if not _is_as(card, added[card.id]):
                why = LeftBecause.LATER_IMPORT if card.id in again else LeftBecause.EDITED
                self.leave(card.id, _named(card), why)
                continue
            if card.id in noted:
                self.leave(card.id, _named(card), LeftBecause.WRITTEN_ABOUT)
                continue
            gone[card.id] = None
            await session.delete(card)
        await session.flush()
        self.report.removed += len(gone)
        return gone

    async def restore(self, changed: dict[str, tuple[Row, Row]]) -> dict[str, Row | None]:
        """Those who were changed."""
        edit = self.edit
        company = await edit.session.get_one(Company, edit.tenant_id)
        there = _There(
            set((await category_ids(edit.session, edit.tenant_id)).values()),
            set((await operator_ids(edit.session, edit.tenant_id)).values()),
            await stored_fields(edit.session, edit.tenant_id),
        )
        cards = {card.id: card for card in await cards_of(edit.session, edit.tenant_id, list(changed))}
        merged = await self._merged(changed.keys() - cards.keys())
        again = await self._imported_again({one: after for one, (_before, after) in changed.items()})
        restored: list[ClientCard] = []
        for card_id, (before, after) in changed.items():
            card = cards.get(card_id)
            if card is None:
                self.leave(card_id, _called(after), LeftBecause.MERGED if card_id in merged else LeftBecause.EDITED)
                continue
            if not _is_as(card, after):
                why = LeftBecause.LATER_IMPORT if card_id in again else LeftBecause.EDITED
                self.leave(card_id, _named(card), why)
                continue
            if there.misses(before, after):
                self.leave(card_id, _named(card), LeftBecause.GONE)
                continue
            numbers = {one["number"]: one["shared"] for one in before["numbers"]}
            try:
                await refuse_contradictions(
                    edit, Standing(before["standing"]), numbers, company, self.occasion.now, card_id
                )
            except Conflict:
                self.leave(card_id, _named(card), LeftBecause.CONFLICT)
                continue
            _put_back(card, before)
            put_numbers(card, numbers)
            restored.append(card)
        await edit.session.flush()
        self.report.restored += len(restored)
        return {card.id: as_row(card) for card in restored}

    async def _merged(self, gone: Collection[str]) -> list[str]:
        """Those of the clients of ``gone``, who have no card any more, who were merged into another."""
        query = select(GoneClient.client_id).where(
            GoneClient.tenant_id == self.edit.tenant_id, GoneClient.client_id.in_(gone), GoneClient.into_id.is_not(None)
        )
        return list(await self.edit.session.scalars(query.order_by(GoneClient.client_id)))

    async def _imported_again(self, left: Mapping[str, Row]) -> set[str]:
        """Those whom another import has found as this one has left them."""
        query = select(ImportReplaced).where(
            ImportReplaced.tenant_id == self.edit.tenant_id, ImportReplaced.row_id.in_(left),
            ImportReplaced.import_id != self.stored.id,
        )  # fmt: skip
        return {one.row_id for one in await self.edit.session.scalars(query) if one.before == left[one.row_id]}


@dataclass(frozen=True, slots=True)
class _There:
    """What a card may name: ids of categories and operators, and the company's own fields."""

    categories: Collection[str]
    operators: Collection[str]
    fields: Sequence[OwnField]

    def misses(self, before: Row, after: Row) -> bool:
        """Whether a card that goes back to ``before`` would name something that is not there any more."""
        before, after = (whole_row(ClientCard.__tablename__, row) for row in (before, after))
        given = {name: value for name, value in before["fields"].items() if value != after["fields"].get(name)}
        return (
            before["category_id"] not in {None, *self.categories}
            or before["responsible_operator_id"] not in {None, *self.operators}
            or readable(given, self.fields).keys() != given.keys()
        )


def _put_back(card: ClientCard, before: Row) -> None:
    before = record_of(ClientCard.__tablename__, whole_row(ClientCard.__tablename__, before))
    for name, value in before.items():
        if name not in {"tenant_id", "id"}:
            setattr(card, name, value)


def _is_as(card: ClientCard, row: Row) -> bool:
    """Whether the card is still as the import has left it; columns that a later release has filled are not looked at."""
    now = whole_row(ClientCard.__tablename__, as_row(card))
    return all(now.get(name) == value for name, value in whole_row(ClientCard.__tablename__, row).items())


def _is_judged(row: Row) -> bool:
    return bool(row.get("standing", Standing.ORDINARY.value) != Standing.ORDINARY.value)


def _named(card: ClientCard) -> str:
    return card.numbers[0].number if card.numbers else card.name


def _called(row: Row) -> str:
    numbers = row.get("numbers") or []
    return str(numbers[0]["number"] if numbers else row.get("name", ""))
