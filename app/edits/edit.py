"""An edit of a tenant's plan: entry, change and audit rows in one transaction, and confirmed when it is live."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.base.clock import system_clock
from app.edits.rate_history import keep_rate
from app.edits.set_up_history import SetUpChange, keep_version, set_up_change
from app.plan.change import BULK
from app.plan.rows import Row, as_row
from models import AuditEntry, Base, BlacklistEntry, ClientCard, PlanChange, PlanVersion, VipEntry

PLAN_CHANNEL: Final = "antichambre_plan"
_LISTS: Final = frozenset({VipEntry.__tablename__, BlacklistEntry.__tablename__})
_SECRET_COLUMNS: Final = frozenset({"token", "next_token", "api_token", "password_hash", "secret_hash", "sealed"})


@dataclass(slots=True)
class Edit:
    """One transaction of changes to ``tenant_id`` by ``actor`` (``user:…``, ``key:…``, ``setup``).

    ``version`` is the plan version that the edit produced, 0 while it has changed nothing. ``occasion`` tells the audit
    trail what led to it, like ``from call CA…``. ``clients`` are the rows of the clients that it touched, before and after,
    ``entries`` those of the entries of the lists; ``set_up`` is what it has changed of what the company is set up with.
    ``client_changes`` says of each client by id whether there was one before, and whether there is one now; ``merged`` into
    which other one went, ``imported`` how many were changed at once by a file.
    ``access_changed`` says that it has touched who may get in.
    ``now`` is when it is made (UTC): what an expiry is measured by.
    """

    session: AsyncSession
    tenant_id: str
    actor: str
    version: int = 0
    behind: list[str] = field(default_factory=list)
    occasion: str = ""
    now: datetime = field(default_factory=system_clock)
    clients: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    client_changes: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    imported: int = 0
    access_changed: bool = False
    set_up: list[SetUpChange] = field(default_factory=list)

    async def record_added(self, record: Base, act: str = "add") -> Row:
        """Save a new ``record``, its change and its audit entry; return its row."""
        self.session.add(record)
        return await self.record_changed(record, None, act)

    async def record_changed(self, record: Base, before: Row | None, act: str = "change") -> Row:
        """Save ``record`` as it is now, its change and its audit entry; return its row."""
        await self.session.flush()
        # Defaults given by the database are read back, so that every worker and the audit trail see the same row.
        await self.session.refresh(record, [column.key for column in record.__mapper__.column_attrs])
        row = as_row(record)
        await self._record(act, record.__tablename__, row["id"], before, row)
        return row

    async def record_deleted(self, record: Base, act: str = "delete", before: Row | None = None) -> None:
        """Delete ``record``, with its change and its audit entry. ``before`` is how it was, if this edit has touched it."""
        before = before or as_row(record)
        await self.session.delete(record)
        await self.session.flush()
        await self._record(act, record.__tablename__, before["id"], before, None)

    async def record_beside(self, record: Base, before: Row | None, act: str) -> Row:
        """Save a ``record`` by which no call is decided, with its audit entry and no more: there is no change for workers to
        take over. ``before`` is how it was, None for a new one. Returns its row."""
        self.session.add(record)
        await self.session.flush()
        await self.session.refresh(record)
        row = as_row(record)
        self.record_act(act, record.__tablename__, row["id"], before, row)
        await self.session.flush()
        return row

    async def record_bulk(
        self, act: str, subject: str, generation: str, wide: Mapping[str, Row | None], counts: Row
    ) -> None:
        """Record many changes of a list at once: one change says that its exact entries are now those of the number file
        ``generation``, one more each of the ``wide`` entries (by id) is its row, None where it is gone; and one audit entry
        has the ``counts``."""
        await self._record_changes(subject, [*wide.items(), (BULK, {"generation": generation})])
        self.record_act(act, subject, BULK, None, counts)
        await self.session.flush()

    async def record_clients(self, act: str, rows: Mapping[str, Row | None], counts: Row) -> None:
        """Record many clients at once, who are in the database already: a change for each of ``rows`` (by id, None where the
        client is gone), and one audit entry that has the ``counts``."""
        subject = ClientCard.__tablename__
        await self._record_changes(subject, list(rows.items()))
        self.record_act(act, subject, BULK, None, counts)
        await self.session.flush()

    async def record_data(self, act: str, subject: str, counts: Row) -> None:
        """Record many rows at once that are no part of the plan, and in the database already: one audit entry has the
        ``counts``."""
        self.record_act(act, subject, BULK, None, counts)
        await self.session.flush()

    async def _record(self, act: str, subject: str, row_id: str, before: Row | None, after: Row | None) -> None:
        await self._record_changes(subject, [(row_id, after)])
        if subject == ClientCard.__tablename__:
            self.clients += [row for row in (before, after) if row is not None]
            self.note_client(row_id, was_there=before is not None, is_there=after is not None)
        if subject in _LISTS:
            self.entries += [row for row in (before, after) if row is not None]
        if (changed := set_up_change(subject, row_id, before, after)) is not None:
            self.set_up.append(changed)
        await keep_rate(self.session, subject, before, after, self.now)
        self.record_act(act, subject, row_id, before, after)
        await self.session.flush()

    def note_client(self, client_id: str, *, was_there: bool, is_there: bool) -> None:
        """Remember that a client was touched, for those who are told when it is committed."""
        first, _ = self.client_changes.get(client_id, (was_there, is_there))
        self.client_changes[client_id] = first, is_there

    async def _record_changes(self, subject: str, rows: Sequence[tuple[str, Row | None]]) -> None:
        # The row lock is held until commit, so versions become visible in their order and none is ever skipped.
        self.version = await self.session.scalar(
            update(PlanVersion).values(version=PlanVersion.version + len(rows)).returning(PlanVersion.version)
        )  # type: ignore[assignment]  # the row is there since the first migration
        first = self.version - len(rows) + 1
        self.session.add_all(
            PlanChange(version=first + place, tenant_id=self.tenant_id, subject=subject, row_id=row_id, row=row)
            for place, (row_id, row) in enumerate(rows)
        )

    def record_act(self, act: str, subject: str, row_id: str, before: Row | None, after: Row | None) -> None:
        """An audit entry alone, of something that is no part of the plan."""
        self.session.add(
            AuditEntry(
                tenant_id=self.tenant_id, actor=self.actor, act=f"{act} {self.occasion}".strip(), subject=subject,
                row_id=row_id, before=_without_secrets(before), after=_without_secrets(after),
            )
        )  # fmt: skip


def _without_secrets(row: Row | None) -> Row | None:
    return {key: value for key, value in row.items() if key not in _SECRET_COLUMNS} if row is not None else None


@asynccontextmanager
async def editing(sessions: async_sessionmaker[AsyncSession], tenant_id: str, actor: str) -> AsyncIterator[Edit]:
    """One edit: committed at the end of the block, rolled back by any exception. NOTIFY goes with the commit as a hint;
    polling is the truth."""
    async with sessions() as session, session.begin():
        edit = Edit(session, tenant_id, actor)
        yield edit
        if edit.version:
            await keep_version(session, tenant_id, actor, edit.occasion, edit.version, edit.set_up)
            await session.execute(text(f"NOTIFY {PLAN_CHANNEL}"))
