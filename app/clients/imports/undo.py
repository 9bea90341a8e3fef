"""Take an import of clients back: whom it added goes, whom it changed is as before. Whoever has been edited since then stays
as they are now, and is named."""

from collections.abc import Collection

from sqlalchemy import delete, select

from app.base.errors import Conflict
from app.base.problems.files import ImportFault
from app.base.problems.import_lines import LeftBecause
from app.clients.edit_client import put_numbers, refuse_contradictions
from app.clients.imports.known import cards_of, chunks, operator_ids
from app.clients.imports.written_about import written_about
from app.edits.edit import Edit
from app.edits.in_turn import take_companys_turn
from app.lists.imports.importer import Occasion
from app.lists.undo_import import UndoReport
from app.plan.rows import Row, as_row, record_of, whole_row
from filters.clients import Standing
from models import CategoryRule, ClientCard, Company, GoneClient, ImportReplaced, StoredImport


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
    report, rows = UndoReport(), dict[str, Row | None]()
    for some in chunks(list(added)):
        rows |= await _remove(occasion, {one: added[one] for one in some}, report)
        occasion.progress("remove", len(rows), len(added) + len(changed))
    for some in chunks(list(changed)):
        rows |= await _restore(occasion, {one: changed[one] for one in some}, report)
        occasion.progress("restore", len(rows), len(added) + len(changed))
    if rows:
        counts: Row = {"removed": report.removed, "restored": report.restored, "kept": report.kept}
        await edit.record_clients("undo import", rows, counts)
        edit.imported += len(rows)
    await edit.session.execute(delete(ImportReplaced).where(*mine))
    return report


async def _remove(occasion: Occasion, added: dict[str, Row], report: UndoReport) -> dict[str, Row | None]:
    """Those who were added, but for whom somebody has edited, written about or merged; who is deleted already is what was
    wanted."""
    edit = occasion.edit
    noted = await written_about(edit.session, edit.tenant_id, added)
    cards = await cards_of(edit.session, edit.tenant_id, list(added))
    for one in await _merged(edit, added.keys() - {card.id for card in cards}):
        report.note_kept(_called(added[one]), LeftBecause.MERGED)
    gone: dict[str, Row | None] = {}
    for card in cards:
        if not _is_as(card, added[card.id]):
            report.note_kept(_named(card), LeftBecause.EDITED)
            continue
        if card.id in noted:
            report.note_kept(_named(card), LeftBecause.WRITTEN_ABOUT)
            continue
        gone[card.id] = None
        await edit.session.delete(card)
    await edit.session.flush()
    report.removed += len(gone)
    return gone


async def _restore(
    occasion: Occasion, changed: dict[str, tuple[Row, Row]], report: UndoReport
) -> dict[str, Row | None]:
    edit = occasion.edit
    company = await edit.session.get_one(Company, edit.tenant_id)
    wanted = {before["category_id"] for before, _after in changed.values()}
    categories = set(
        await edit.session.scalars(
            select(CategoryRule.id).where(
                CategoryRule.tenant_id == edit.tenant_id, CategoryRule.id.in_(filter(None, wanted))
            )
        )
    )
    operators = set((await operator_ids(edit.session, edit.tenant_id)).values())
    cards = {card.id: card for card in await cards_of(edit.session, edit.tenant_id, list(changed))}
    merged = await _merged(edit, changed.keys() - cards.keys())
    restored: list[ClientCard] = []
    for card_id, (before, after) in changed.items():
        card = cards.get(card_id)
        if card is None or not _is_as(card, after):
            why = LeftBecause.MERGED if card_id in merged else LeftBecause.EDITED
            report.note_kept(_named(card) if card is not None else _called(after), why)
            continue
        numbers = {one["number"]: one["shared"] for one in before["numbers"]}
        try:
            await refuse_contradictions(edit, Standing(before["standing"]), numbers, company, occasion.now, card_id)
        except Conflict:
            report.note_kept(_named(card), LeftBecause.CONFLICT)
            continue
        responsible = before.get("responsible_operator_id")
        if (before["category_id"] is not None and before["category_id"] not in categories) or (
            responsible is not None and responsible not in operators
        ):
            report.note_kept(_named(card), LeftBecause.CONFLICT)
            continue
        _put_back(card, before)
        put_numbers(card, numbers)
        restored.append(card)
    await edit.session.flush()
    report.restored += len(restored)
    return {card.id: as_row(card) for card in restored}


async def _merged(edit: Edit, gone: Collection[str]) -> list[str]:
    """Those of the clients of ``gone``, who have no card any more, who were merged into another."""
    query = select(GoneClient.client_id).where(
        GoneClient.tenant_id == edit.tenant_id, GoneClient.client_id.in_(gone), GoneClient.into_id.is_not(None)
    )
    return list(await edit.session.scalars(query.order_by(GoneClient.client_id)))


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
