"""A person on the lists, and in the files that were imported."""

import asyncio
from contextlib import nullcontext
from typing import Final

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import undefer

from app.edits.past_of_person import entry_without
from app.edits.personal_data import Dossier, Held, Place, among, as_held, mentions
from app.edits.without_person import Traces
from app.lists.files.decoded_file import unpacked_file
from app.lists.import_file import record_list
from app.lists.imports.import_state import ImportState
from filters.pattern import PatternKind
from models import BlacklistEntry, ImportProgress, ImportReplaced, ImportRow, StoredImport, VipEntry
from models.list_name import ListName

_PIECE: Final = 1 << 20
_OVERLAP: Final = 400
"""Characters of a file that are looked at together with what follows: longer than any name."""
_IS_OVER: Final = frozenset({ImportState.APPLIED.value, ImportState.UNDONE.value})


class ListEntries:
    """Entries of their numbers stay, since they decide about calls; they lose the name."""

    place: Place = Place.LIST_ENTRIES
    tables: frozenset[str] = frozenset({VipEntry.__tablename__, BlacklistEntry.__tablename__})

    async def held(self, dossier: Dossier) -> list[Held]:
        """The entries of their numbers."""
        return [
            {"list": name.value} | as_held(entry) for name in ListName for entry in await self._entries(dossier, name)
        ]

    async def erase(self, dossier: Dossier) -> int:
        """The list's number file is written anew, on every host."""
        count = 0
        for name in ListName:
            changed = 0
            for entry in await self._entries(dossier, name):
                reason = dossier.person.traces.text(entry.reason)
                if (entry.label, entry.reason) != ("", reason):
                    entry.label, entry.reason = "", reason
                    changed += 1
            if changed:
                await dossier.edit.session.flush()
                data_dir = dossier.board.settings.data_dir
                await record_list(
                    dossier.edit, name, "erase", data_dir, {}, {"change": changed}, lambda _: nullcontext()
                )
            count += changed
        return count

    async def _entries(self, dossier: Dossier, name: ListName) -> list[VipEntry | BlacklistEntry]:
        model, person = name.model, dossier.person
        query = select(model).where(
            model.tenant_id == person.tenant_id, model.match == PatternKind.EXACT.value,
            among(model.number, person.numbers),
        )  # fmt: skip
        return list(await dossier.edit.session.scalars(query))


class Imports:
    """Files that name them are thrown away; one that waits to be applied, as a whole."""

    place: Place = Place.IMPORTS
    tables: frozenset[str] = frozenset(
        one.__tablename__ for one in (StoredImport, ImportProgress, ImportRow, ImportReplaced)
    )

    async def held(self, dossier: Dossier) -> list[Held]:
        """What imports have made of their cards."""
        person = dossier.person
        rows = await dossier.edit.session.scalars(
            select(ImportReplaced).where(
                ImportReplaced.tenant_id == person.tenant_id, among(ImportReplaced.row_id, person.client_ids)
            )
        )
        return [as_held(row) for row in rows]

    async def erase(self, dossier: Dossier) -> int:
        """Files, previews of lines, and what an undo would bring back."""
        return await self._files(dossier) + await self._lines(dossier) + await self._replaced(dossier)

    async def _files(self, dossier: Dossier) -> int:
        person, session, count = dossier.person, dossier.edit.session, 0
        mine = StoredImport.tenant_id == person.tenant_id
        for import_id in (await session.scalars(select(StoredImport.id).where(mine))).all():
            query = select(StoredImport).where(mine, StoredImport.id == import_id).options(undefer(StoredImport.file))
            one = (await session.scalars(query)).one()
            if await asyncio.to_thread(_tells_of, one.file, person.traces):
                count += 1
                if one.state not in _IS_OVER:
                    await session.delete(one)
                    continue
                one.file = b""
            one.file_name = person.traces.text(one.file_name)
            for name in ("undone", "refused"):
                before = getattr(one, name)
                if before is not None and (after := person.traces.without_marks(before)) != before:
                    setattr(one, name, after)
            await session.flush()
            session.expunge(one)
        await session.flush()
        return count

    async def _lines(self, dossier: Dossier) -> int:
        person, session = dossier.person, dossier.edit.session
        marks, names = person.traces.marks, [name.lower() for name in person.traces.names]
        theirs = or_(
            among(ImportRow.number, person.numbers), func.lower(ImportRow.label).in_(names),
            mentions(ImportRow.before, marks), mentions(ImportRow.problem, marks),
            *(column.contains(mark, autoescape=True) for column in (ImportRow.about, ImportRow.reason) for mark in marks),
        )  # fmt: skip
        done = await session.execute(
            update(ImportRow)
            .where(ImportRow.tenant_id == person.tenant_id, theirs)
            .values(number="", label="", reason="", about="", before=None, problem=None, to=None)
            .returning(ImportRow.line)
            .execution_options(synchronize_session=False)
        )
        return len(done.all())

    async def _replaced(self, dossier: Dossier) -> int:
        person, session = dossier.person, dossier.edit.session
        mine, marks = ImportReplaced.tenant_id == person.tenant_id, person.traces.marks
        done = await session.execute(
            delete(ImportReplaced)
            .where(mine, among(ImportReplaced.row_id, person.client_ids))
            .returning(ImportReplaced.row_id)
            .execution_options(synchronize_session=False)
        )
        count = len(done.all())
        others = await session.execute(
            select(ImportReplaced, StoredImport.target)
            .join(
                StoredImport,
                (StoredImport.tenant_id == ImportReplaced.tenant_id) & (StoredImport.id == ImportReplaced.import_id),
            )
            .where(mine, or_(mentions(ImportReplaced.before, marks), mentions(ImportReplaced.after, marks)))
        )
        for row, target in others.all():
            for name in ("before", "after"):
                if (kept := getattr(row, name)) is not None:
                    is_entry = target in {one.value for one in ListName}
                    traces = person.traces
                    setattr(row, name, entry_without(traces, kept) if is_entry else traces.without_marks(kept))
            count += 1
        await session.flush()
        return count


def _tells_of(packed: bytes, traces: Traces) -> bool:
    if not packed:
        return False
    with unpacked_file(packed, "") as file:
        before = ""
        while piece := file.lines.read(_PIECE):
            if traces.may_be_in(before + piece):
                return True
            before = piece[-_OVERLAP:]
    return False


OF_LISTS: Final = (Imports(), ListEntries())
