"""Companies with long lists, and workers that serve their plans."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from app.base.database import create_engine, session_maker
from app.base.secrets_at_rest import SecretBox
from app.edits.edit import Edit, editing
from app.edits.in_turn import take_turn
from app.people.set_up_company import CompanyForm, Person, set_up_company
from app.plan.keep_plan import PlanKeeper
from app.plan.live_plan import LivePlan
from app.plan.number_builder import NumberBuilder
from app.plan.number_files import write_number_file
from filters.list_entry import ListEntry
from models import BlacklistEntry
from models.base import new_id
from tests import cast
from tests.event_log.facts import dsn_of

LONG = 6_000
SECRETS = SecretBox(b"a secret for tests")


def number_in_list(place: int) -> str:
    """One of the many numbers of a long list."""
    return f"+3363998{place:05}"


@dataclass(slots=True)
class LongLists:
    """A company in the database ``url`` and what can be done to its blacklist there."""

    url: str
    engine: AsyncEngine
    tenant: str
    api_key: str

    @property
    def sessions(self) -> async_sessionmaker[AsyncSession]:
        """For edits."""
        return session_maker(self.engine)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection as imports use it."""
        opened = await asyncpg.connect(dsn_of(self.url))
        try:
            yield opened
        finally:
            await opened.close()

    async def fill(self, numbers: Iterable[str], label: str = "Boris") -> None:
        """Put ``numbers`` on the blacklist behind everybody's back, as a restored backup would have them."""
        async with self.connection() as connection:
            await fill(connection, self.tenant, numbers, label)

    async def add(self, number: str, /, **fields: Any) -> str:
        """Blacklist one number; return the entry's id."""
        record = BlacklistEntry(tenant_id=self.tenant, match="exact", number=number, **fields)
        async with editing(self.sessions, self.tenant, "test") as edit:
            return str((await edit.record_added(record))["id"])

    async def change(self, number: str, /, **fields: Any) -> None:
        """Give the entry of ``number`` new values."""
        async with editing(self.sessions, self.tenant, "test") as edit:
            record = await self._entry(edit, number)
            for name, value in fields.items():
                setattr(record, name, value)
            await edit.record_changed(record, None)

    async def take_off(self, number: str) -> None:
        """Delete the entry of ``number``."""
        async with editing(self.sessions, self.tenant, "test") as edit:
            await edit.record_deleted(await self._entry(edit, number))

    async def add_many(self, numbers: list[str]) -> None:
        """As many edits as there are ``numbers``, each of which blacklists one."""
        rows: list[dict[str, Any]] = [
            {
                "tenant_id": self.tenant, "id": new_id(), "match": "exact", "number": number, "to": None, "label": "",
                "reason": "", "expires_at": None, "lines": [], "created_by": "test", "treatment": None,
            }
            for number in numbers
        ]  # fmt: skip
        async with self.connection() as connection, connection.transaction():
            last = await connection.fetchval(
                "UPDATE plan_version SET version = version + $1 RETURNING version", len(rows)
            )
            changes = [
                (last - len(rows) + place, self.tenant, "blacklist_entry", row["id"], json.dumps(row))
                for place, row in enumerate(rows, 1)
            ]
            await connection.copy_records_to_table(
                "plan_change", records=changes, columns=["version", "tenant_id", "subject", "row_id", "row"]
            )
            await connection.copy_records_to_table(
                "blacklist_entry",
                records=[(self.tenant, row["id"], "exact", row["number"]) for row in rows],
                columns=["tenant_id", "id", "match", "number"],
            )

    async def import_numbers(self, numbers: Iterable[str], data_dir: Path, *, commit: bool = True) -> str:
        """An import on the host of ``data_dir``; return its generation."""
        generation = new_id()
        async with self.sessions() as session:
            edit = Edit(session, self.tenant, "test")
            connection = (await (await session.connection()).get_raw_connection()).driver_connection
            assert connection is not None
            await take_turn(edit)
            await fill(connection, self.tenant, numbers, "imported")
            await edit.record_bulk("import", "blacklist_entry", generation, {}, {"added": 1})
            await write_number_file(connection, data_dir, self.tenant, "blacklist_entry", generation)
            if commit:
                await session.commit()
            else:
                await session.rollback()
        return generation

    async def _entry(self, edit: Edit, number: str) -> BlacklistEntry:
        async with self.connection() as connection:
            entry_id = await connection.fetchval("SELECT id FROM blacklist_entry WHERE number = $1", number)
        return await edit.session.get_one(BlacklistEntry, {"tenant_id": self.tenant, "id": entry_id})


async def fill(connection: asyncpg.Connection, tenant: str, numbers: Iterable[str], label: str) -> None:
    """Insert entries, by the thousand."""
    rows = [(tenant, new_id(), "exact", number, label) for number in numbers]
    await connection.copy_records_to_table(
        "blacklist_entry", records=rows, columns=["tenant_id", "id", "match", "number", "label"]
    )


@asynccontextmanager
async def long_lists(database_url: str) -> AsyncIterator[LongLists]:
    """A new company."""
    engine = create_engine(database_url)
    try:
        form = CompanyForm(
            "Maison Vera", cast.LINE, "FR", "Europe/Paris", "fr", cast.ACCOUNT_SID, cast.AUTH_TOKEN, cast.ADAM_EMAIL,
            cast.ADAM_PASSWORD, operators=(Person(cast.OLGA, "Olga"),), bare=True,
)  # fmt: skip
        made = await set_up_company(session_maker(engine), SECRETS, form)
        yield LongLists(database_url, engine, made.tenant, made.api_key)
    finally:
        await engine.dispose()


@dataclass(slots=True)
class Serving:
    """One worker's part that serves plans."""

    live_plan: LivePlan
    keeper: PlanKeeper
    data_dir: Path

    def naming(self, tenant: str, number: str) -> list[ListEntry]:
        """The entries of the blacklist that name ``number``."""
        return self.live_plan.tenant(tenant).lists.blacklist.naming(number)

    def labels(self, tenant: str, number: str) -> list[str]:
        """Their labels."""
        return [entry.label for entry in self.naming(tenant, number)]

    def generation(self, tenant: str) -> str | None:
        """The number file that the blacklist is served from."""
        file = self.live_plan.tenant(tenant).numbers.get("blacklist_entry")
        return file.generation if file else None

    async def catch_up_to(self, version: int) -> None:
        """Catch up until ``version`` is served."""
        async with asyncio.timeout(60):
            await self.live_plan.catch_up()
            while self.live_plan.version < version:
                await asyncio.sleep(0.02)
                await self.live_plan.catch_up()

    def number_files(self) -> set[str]:
        """The generations on this host's disk."""
        return {path.name.rpartition(".")[2] for path in (self.data_dir / "plan" / "numbers").glob("[!.]*")}


@asynccontextmanager
async def serving(database_url: str, data_dir: Path, name: str = "worker") -> AsyncIterator[Serving]:
    """A worker that has started, and stops at the end."""
    engine, dsn = create_engine(database_url), database_url
    live_plan = LivePlan(engine, dsn, data_dir, name, lambda: datetime.now(UTC), SECRETS.decrypt)
    try:
        await live_plan.start()
        yield Serving(live_plan, PlanKeeper(live_plan, NumberBuilder(dsn, data_dir), data_dir), data_dir)
    finally:
        await live_plan.stop()
        await engine.dispose()
