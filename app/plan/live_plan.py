"""The plans that this worker serves, in memory. Changes are applied one by one, never by a reload, and the worker
reports the version that it serves, so that an edit can be confirmed when every worker has it."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from typing import Final

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.clock import Clock
from app.plan.load_plan import Change, changes_after, load_all
from app.plan.tenant_rows import TenantRows
from models import ProviderAccount, Worker
from routing.plan import RoutingPlan

POLL_SECONDS: Final = 1.0
LIVING_SECONDS: Final = 3
CONFIRM_SECONDS: Final = 1.0

log = structlog.get_logger(__name__)
Account = tuple[str, tuple[str, ...]]
"""The tenant of a provider account, and the tokens that sign its webhooks (two while they are being rotated)."""


class LivePlan:
    """Serves plans from memory; ``ready`` once they have been loaded."""

    def __init__(self, engine: AsyncEngine, worker_id: str, clock: Clock, decrypt: Callable[[str], str]) -> None:
        self._engine, self._worker_id, self._clock, self._decrypt = engine, worker_id, clock, decrypt
        self._tenants: dict[str, TenantRows] = {}
        self._accounts: dict[str, Account] = {}
        self._applying = asyncio.Lock()
        self.version = 0
        self.ready = False
        self.fresh_at = clock()

    def plan_of(self, tenant_id: str) -> RoutingPlan | None:
        """The tenant's plan."""
        tenant = self._tenants.get(tenant_id)
        return tenant.plan if tenant else None

    def tenant(self, tenant_id: str) -> TenantRows:
        """The tenant's rows. Raises KeyError."""
        return self._tenants[tenant_id]

    def account(self, account_sid: str) -> Account | None:
        """Whose account this is, and the tokens that sign for it."""
        return self._accounts.get(account_sid)

    def tenant_of_line(self, number: str) -> str | None:
        """The tenant that owns a line."""
        return next((t.tenant_id for t in self._tenants.values() if t.plan and number in t.plan.lines), None)

    async def start(self) -> None:
        """Register, load, report. The order matters: an edit that commits meanwhile waits for this worker."""
        await self._report(0)
        async with self._applying:
            self.version, self._tenants = await load_all(self._engine)
            self._rebuild(self._tenants)
            self.ready = True
        await self._report(self.version)

    async def stop(self) -> None:
        """Take the worker off the list of those that an edit waits for."""
        with contextlib.suppress(SQLAlchemyError, OSError, TimeoutError):
            async with self._engine.begin() as connection:
                await connection.execute(delete(Worker).where(Worker.id == self._worker_id))

    async def catch_up(self) -> None:
        """Apply every change that is newer than what is served."""
        async with self._applying:
            changes = await changes_after(self._engine, self.version)
            self._apply(changes)
            self.fresh_at = self._clock()
        if changes:
            await self._report(self.version)

    async def follow(self, hint: asyncio.Event) -> None:
        """Catch up whenever ``hint`` is set, and every second all the same; never returns."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await hint.wait()
            hint.clear()
            try:
                await self.catch_up()
                await self._report(self.version)
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("plan.stale", error=type(error).__name__, version=self.version)
            except Exception:
                # A row that cannot be read must not end the following for good: the last plan is served meanwhile.
                log.exception("plan.unreadable", version=self.version)

    async def workers_behind(self, version: int) -> list[str]:
        """Wait until every living worker serves ``version``; after a second, return the ids of those that do not."""
        await self.catch_up()
        deadline = asyncio.get_running_loop().time() + CONFIRM_SECONDS
        while behind := await self._behind(version):
            if asyncio.get_running_loop().time() > deadline:
                return behind
            await asyncio.sleep(0.01)
        return []

    async def _behind(self, version: int) -> list[str]:
        alive = func.now() - Worker.seen_at < func.make_interval(0, 0, 0, 0, 0, 0, LIVING_SECONDS)
        async with self._engine.connect() as connection:
            found = await connection.execute(select(Worker.id).where(alive, Worker.serves_version < version))
            return list(found.scalars())

    async def _report(self, version: int) -> None:
        async with self._engine.begin() as connection:
            row = insert(Worker).values(id=self._worker_id, serves_version=version)
            await connection.execute(
                row.on_conflict_do_update(
                    index_elements=[Worker.id],
                    set_={"serves_version": version, "seen_at": func.clock_timestamp()},
                )
            )

    def _apply(self, changes: Iterable[Change]) -> None:
        touched: dict[str, TenantRows] = {}
        for change in changes:
            tenant = self._tenants.setdefault(change.tenant_id, TenantRows(change.tenant_id))
            tenant.apply(change.subject, change.row_id, change.row)
            touched[change.tenant_id] = tenant
            self.version = change.version
        self._rebuild(touched)

    def _rebuild(self, tenants: dict[str, TenantRows]) -> None:
        for tenant in tenants.values():
            tenant.rebuild(self.version, self._clock())
        if tenants:
            self._accounts = {
                row["account_sid"]: (
                    tenant.tenant_id,
                    tuple(self._decrypt(token) for token in (row["token"], row["next_token"]) if token),
                )
                for tenant in self._tenants.values()
                for row in tenant.rows[ProviderAccount.__tablename__].values()
            }
