"""Erase a client everywhere, for good; and hand out everything that is held about one. Both go through what the rooms say
that they hold (:mod:`app.edits.personal_data`)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

import anyio
from fastapi import Depends, Request
from sqlalchemy import Text, cast, func, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import selectinload

from app.auth.principal import Principal
from app.auth.rights import can_judge
from app.base.errors import Conflict, NotAllowed, NotFound
from app.base.problems.clients import ClientFault
from app.base.text import is_storable
from app.calls.merged_clients import ids_known_as
from app.calls.personal_data import calls_of_person, is_on_the_line
from app.clients.late_facts import ErasedNumbers
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import take_companys_turn
from app.edits.personal_data import Dossier, Held, Holding, Person, Place, among
from app.edits.tell_panels import tell_panels
from app.edits.without_person import Traces
from app.event_log.records import FactKind, fact
from app.event_log.segment import set_aside_path, take_out_of_set_aside
from app.plan.rows import Row, as_row
from app.sales.segments_wanted import want_segments
from app.switchboard import Switchboard
from models import (
    AuditEntry,
    CallRecord,
    ClientCard,
    ClientNumber,
    Erasure,
    GoneClient,
    ImportReplaced,
    LineRecord,
    OperatorRecord,
)
from models.base import new_id

_SHOWN_FOR: Final = timedelta(hours=24)
_PATIENCE: Final = "5min"
_SHORTEST_MARK: Final = 4
_WRITTEN: Final = ("company", "about", "pinned_note", "addresses", "consent", "fields")
"""What somebody wrote on a card."""


def holdings(request: Request) -> tuple[Holding, ...]:
    """What the rooms hold about people: :data:`app.holdings.HOLDINGS`."""
    held: tuple[Holding, ...] = request.app.state.holdings
    return held


Holdings = Annotated[tuple[Holding, ...], Depends(holdings)]


@dataclass(frozen=True, slots=True)
class ErasureReport:
    """How many records at each place were erased or lost the person; places with none are left out. It names nobody."""

    client_id: str
    erased: dict[Place, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.erased.values())


class _OnlyLooked(Exception):
    """Ends a transaction in which an erasure was tried, so that nothing of it happens."""


async def erase_client(board: Switchboard, who: Principal, client_id: str, held: Iterable[Holding]) -> ErasureReport:
    """Erase a client and everything held about them, also when their card is already deleted.

    Raises :class:`NotFound`, :class:`NotAllowed` for whoever may not see what the lists say, and :class:`Conflict` while one
    of the client's calls goes on.
    """
    _refuse(who)
    await board.shipper.ship()  # what this worker has recorded of their calls
    async with confirmed_edit(board, who) as edit:
        dossier = await _opened(board, edit, client_id)
        report = await _erase(dossier, client_id, held)
        counts: Row = {place.value: count for place, count in report.erased.items()}
        gone: dict[str, Row | None] = dict.fromkeys(sorted(dossier.person.client_ids), None)
        numbers = ErasedNumbers.of(board.settings.key)
        digests = sorted(numbers.digest(edit.tenant_id, one) for one in dossier.person.numbers)
        edit.session.add(
            Erasure(
                tenant_id=edit.tenant_id, erased_at=board.clock(), actor=edit.actor, client_id=client_id,
                digests=digests, report=counts,
            )
        )  # fmt: skip
        if Place.SALES in report.erased:
            await want_segments(edit.session, edit.tenant_id, board.clock())
        await edit.record_clients("erase", gone, counts)
        for one in gone:
            edit.note_client(one, was_there=True, is_there=False)
    files = await _finish(board, dossier)
    return ErasureReport(report.client_id, report.erased | ({Place.FILES: files} if files else {}))


async def what_would_go(board: Switchboard, who: Principal, client_id: str, held: Iterable[Holding]) -> ErasureReport:
    """What :func:`erase_client` would report now; nothing happens. Raises as it does."""
    _refuse(who)
    report: ErasureReport | None = None
    try:
        async with board.sessions() as session, session.begin():
            dossier = await _opened(board, Edit(session, who.tenant_id, who.actor), client_id)
            report = await _erase(dossier, client_id, held)
            raise _OnlyLooked
    except _OnlyLooked:
        pass
    assert report is not None  # noqa: S101  nothing else leads here
    return report


async def export_client(
    board: Switchboard, who: Principal, client_id: str, held: Iterable[Holding]
) -> dict[Place, list[Held]]:
    """Everything that is held about the client, by place. Raises :class:`NotFound` and :class:`NotAllowed`."""
    _refuse(who)
    async with board.sessions() as session:
        await session.execute(text(f"SET LOCAL statement_timeout = '{_PATIENCE}'"))
        edit = Edit(session, who.tenant_id, who.actor)
        dossier = Dossier(board, edit, await person_of(edit, client_id))
        found: dict[Place, list[Held]] = {}
        for one in held:
            if records := await one.held(dossier):
                found.setdefault(one.place, []).extend(records)
        return found


async def person_of(edit: Edit, client_id: str) -> Person:
    """The person behind a client's id: a card, or one that was deleted and can come back. Raises :class:`NotFound`."""
    tenant_id = edit.tenant_id
    rows = await _cards(edit, client_id)
    if not rows:
        raise NotFound(ClientFault.NOT_FOUND)
    ids = frozenset[str]((await edit.session.scalars(ids_known_as(tenant_id, client_id))).all())
    rows += await _earlier(edit, ids)
    known = {one["number"] for row in rows for one in row.get("numbers") or ()}
    others = select(ClientNumber.number).where(
        ClientNumber.tenant_id == tenant_id, among(ClientNumber.number, known), ClientNumber.client_id.not_in(ids)
    )
    ours = select(OperatorRecord.address).where(OperatorRecord.tenant_id == tenant_id)
    lines = select(LineRecord.number).where(LineRecord.tenant_id == tenant_id)
    kept = {number for query in (others, ours, lines) for number in await edit.session.scalars(query)}
    numbers = frozenset(known - kept)
    marks = {mark for row in rows for mark in (*(row.get("emails") or ()), row.get("card_number") or "")}
    same_address = func.jsonb_exists_any(ClientCard.emails, cast(sorted(marks), ARRAY(Text)))
    of_others = select(ClientCard.emails, ClientCard.card_number).where(
        ClientCard.tenant_id == tenant_id, ClientCard.id.not_in(ids),
        or_(among(ClientCard.card_number, marks), same_address),
    )  # fmt: skip
    for emails, card_number in (await edit.session.execute(of_others)).all():
        marks -= {*emails, card_number}
    long_marks = [mark for mark in marks if len(mark) >= _SHORTEST_MARK]
    texts = {text for row in rows for name in _WRITTEN for text in _texts_in(row.get(name))}
    names = {row["name"] for row in rows if row.get("name")}
    calls = await calls_of_person(edit.session, tenant_id, ids, numbers)
    return Person(tenant_id, ids, numbers, frozenset(known & kept), calls, Traces.of(numbers, long_marks, names, texts))


def _texts_in(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case list():
            return [text for part in value for text in _texts_in(part)]
        case dict():
            return [text for part in value.values() for text in _texts_in(part)]
        case _:
            return []


async def _cards(edit: Edit, client_id: str) -> list[Row]:
    if not is_storable(client_id):
        return []
    cards = await edit.session.scalars(
        select(ClientCard)
        .where(ClientCard.tenant_id == edit.tenant_id, ClientCard.id == client_id)
        .options(selectinload(ClientCard.numbers))
        .execution_options(populate_existing=True)
    )
    rows = [as_row(card) for card in cards]
    edit.session.expunge_all()  # what is erased is erased by statements
    if rows:
        return rows
    gone = select(GoneClient.card).where(
        GoneClient.tenant_id == edit.tenant_id, GoneClient.client_id == client_id, GoneClient.into_id.is_(None),
        GoneClient.card.is_not(None),
    )  # fmt: skip
    return [card for card in await edit.session.scalars(gone) if card is not None]


async def _earlier(edit: Edit, ids: frozenset[str]) -> list[Row]:
    """The cards as they were at any time: deleted, merged, edited, imported."""
    tenant_id = edit.tenant_id
    gone = select(GoneClient.card).where(GoneClient.tenant_id == tenant_id, among(GoneClient.client_id, ids))
    audited = (
        select(column).where(
            AuditEntry.tenant_id == tenant_id, AuditEntry.subject == ClientCard.__tablename__,
            among(AuditEntry.row_id, ids),
        )
        for column in (AuditEntry.before, AuditEntry.after)
    )  # fmt: skip
    imported = (
        select(column).where(ImportReplaced.tenant_id == tenant_id, among(ImportReplaced.row_id, ids))
        for column in (ImportReplaced.before, ImportReplaced.after)
    )
    return [
        row for query in (gone, *audited, *imported) for row in await edit.session.scalars(query) if row is not None
    ]


def _refuse(who: Principal) -> None:
    if not can_judge(who.role):
        raise NotAllowed(ClientFault.ERASING_NEEDS_SUPERVISOR)


async def _opened(board: Switchboard, edit: Edit, client_id: str) -> Dossier:
    await take_companys_turn(edit)
    await edit.session.execute(text(f"SET LOCAL statement_timeout = '{_PATIENCE}'"))
    person = await person_of(edit, client_id)
    if await is_on_the_line(edit.session, person):
        raise Conflict(ClientFault.ON_THE_LINE)
    return Dossier(board, edit, person)


async def _erase(dossier: Dossier, client_id: str, held: Iterable[Holding]) -> ErasureReport:
    counts = Counter[Place]()
    for one in held:
        counts[one.place] += await one.erase(dossier)
    return ErasureReport(client_id, {place: count for place, count in counts.items() if count})


async def _finish(board: Switchboard, dossier: Dossier) -> int:
    """What can only be done when it is committed. Returns how many files have gone or lost something."""
    person, files = dossier.person, 0
    for path in dossier.files:
        if path.is_file():
            files += 1
        await anyio.Path(path).unlink(missing_ok=True)
    aside = set_aside_path(board.journal.folder.parent)
    files += await anyio.to_thread.run_sync(
        take_out_of_set_aside, aside, person.tenant_id, person.call_ids, person.traces.marks
    )
    forget = fact(person.tenant_id, "", FactKind.NOTED, board.clock(), {"erased": True}, new_id())
    await board.record(*dossier.facts)
    await board.journal.append(forget)
    async with board.sessions() as session:
        shown = await session.scalars(
            select(CallRecord).where(
                CallRecord.tenant_id == person.tenant_id, among(CallRecord.call_id, person.call_ids),
                CallRecord.started_at >= board.clock() - _SHOWN_FOR,
            )
        )  # fmt: skip
        await tell_panels(board, shown.all())
    return files
