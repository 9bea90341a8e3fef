"""The plans that this worker serves, in memory. Changes are applied one by one, never by a reload, and the worker
reports the version that it serves, so that an edit can be confirmed when every worker has it."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final, NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.base.clock import Clock
from app.plan.change import Change
from app.plan.load_plan import load_all
from app.plan.number_builder import NumberBuilder, NumberFileNotBuilt
from app.plan.number_files import NumberFile, number_file_path, open_number_file
from app.plan.plan_database import UNREACHABLE, PlanDatabase
from app.plan.plan_file import read_plan_file
from app.plan.subscribed_files import keep_subscribed, open_subscribed, subscribed_path, take_subscribed
from app.plan.tenant_rows import TenantRows
from app.plan.workers_behind import CONFIRM_SECONDS, workers_behind
from filters.number_index import NumberIndexDamaged, StandsFor
from models import ProviderAccount
from routing.plan import RoutingPlan

POLL_SECONDS: Final = 1.0
START_SECONDS: Final = 10.0
"""How long a worker that starts waits for its first plan before it answers calls, with the saved plan or without any."""
_NOTHING: Final = StandsFor(0, 0, b"")

log = structlog.get_logger(__name__)
Account = tuple[str, tuple[str, ...]]
"""The tenant of a provider account, and the tokens that sign its webhooks (two while they are being rotated)."""


class ProviderKeys(NamedTuple):
    """A company's account at a provider with what opens it: ``secret`` signs or verifies webhooks, ``api_token`` opens the
    REST API where that secret does not. ``space`` is part of the provider's address where it has spaces, ``application``
    the id of what new calls are placed by, where it wants one. What is not there is empty."""

    provider: str
    account: str
    secret: str
    api_token: str = ""
    space: str = ""
    application: str = ""


class LivePlan:
    """Serves plans from memory; ``ready`` once there is one to serve.

    ``fresh_at`` is when the plan was last known to be the newest; ``stale_since`` is the same while it could not be
    renewed, else None. ``moves`` counts whatever has changed in what is served.
    """

    def __init__(
        self, engine: AsyncEngine, dsn: str, data_dir: Path, worker_id: str, clock: Clock, decrypt: Callable[[str], str]
    ) -> None:
        self._engine, self._clock, self._decrypt = engine, clock, decrypt
        self._database = PlanDatabase(dsn, worker_id)
        self._builder = NumberBuilder(dsn, data_dir)
        self._data_dir = data_dir
        self._building: dict[str, asyncio.Task[None]] = {}
        self._accounts: dict[tuple[str, str], tuple[Account, ...]] = {}
        self._keys: dict[str, tuple[tuple[str, str], ...]] = {}
        self._opened: dict[str, dict[str, ProviderKeys | None]] = {}
        self._applying = asyncio.Lock()
        self.tenants: dict[str, TenantRows] = {}
        self.stands_for = _NOTHING
        self.moves = 0
        self._joined = False
        self.ready = False
        self.fresh_at = clock()
        self.stale_since: datetime | None = None

    @property
    def version(self) -> int:
        """The version that is served."""
        return self.stands_for.version

    def plan_of(self, tenant_id: str) -> RoutingPlan | None:
        """The tenant's plan."""
        tenant = self.tenants.get(tenant_id)
        return tenant.plan if tenant else None

    def zone_of(self, tenant_id: str) -> tzinfo:
        """The company's time zone; UTC while it is not known."""
        plan = self.plan_of(tenant_id)
        return plan.zone if plan else UTC

    def tenant(self, tenant_id: str) -> TenantRows:
        """The tenant's rows. Raises KeyError."""
        return self.tenants[tenant_id]

    def accounts(self, provider: str, account: str) -> tuple[Account, ...]:
        """Who says to have this account at the provider, with the secrets that sign for it by their word. Whose it is, the
        signature tells: a company that enters somebody else's keeps nobody out."""
        return self._accounts.get((provider, account), ())

    def keys_at(self, tenant_id: str, provider: str) -> ProviderKeys | None:
        """The company's account at a provider, with its secrets in the clear; of several the first by its id. Opened once:
        callers who wait ask for it at every tick."""
        opened = self._opened.setdefault(tenant_id, {})
        if provider not in opened:
            opened[provider] = self._open(tenant_id, provider)
        return opened[provider]

    def _open(self, tenant_id: str, provider: str) -> ProviderKeys | None:
        tenant = self.tenants.get(tenant_id)
        rows = tenant.rows[ProviderAccount.__tablename__].values() if tenant else ()
        row = min((one for one in rows if one["provider"] == provider), key=lambda one: str(one["id"]), default=None)
        if row is None:
            return None
        secret, token = self._decrypt(row["token"]), row.get("api_token")
        api_token = self._decrypt(token) if token else ""
        space, application = row["space"] or "", row.get("application") or ""
        return ProviderKeys(provider, row["account_sid"], secret, api_token, space, application)

    async def start(self) -> None:
        """Take up the saved plan and the changes since, or load everything. Should the database not answer, the saved plan
        is served as it is; without one ``ready`` stays False until :meth:`follow` has found the database."""
        await self._take_up_saved()
        try:
            async with asyncio.timeout(START_SECONDS):
                await self.catch_up()
        except (*UNREACHABLE, NumberFileNotBuilt) as error:
            log.error("plan.stale", error=type(error).__name__, version=self.version)
            self.ready = self.stands_for != _NOTHING
            self.stale_since = self.fresh_at

    async def stop(self) -> None:
        """Take the worker off the list of those that an edit waits for."""
        building = list(self._building.values())
        for task in building:
            task.cancel()
        await asyncio.gather(*building, return_exceptions=True)
        with contextlib.suppress(*UNREACHABLE):
            await self._database.sign_off()
        self._database.drop()

    async def catch_up(self) -> None:
        """Apply every change that is newer than what is served. Raises :data:`UNREACHABLE` and
        :class:`app.plan.number_builder.NumberFileNotBuilt`."""
        async with self._applying:
            await self._subscribe(self.tenants.values())
            newest = await self._database.report(self.version)
            while newest != self.stands_for:
                changes = await self._changes_up_to(newest)
                if changes is None:
                    newest = await self._load(newest)
                    continue
                whole = await self._apply(changes)
                newest = await self._database.report(self.version)
                if not whole:
                    self.stale_since = self.stale_since or self.fresh_at
                    break
            else:
                self.stale_since, self.fresh_at = None, self._clock()
            if not self._joined:
                self._joined = self.ready = True

    async def follow(self, hint: asyncio.Event) -> None:
        """Catch up whenever ``hint`` is set, and every second all the same; never returns."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await hint.wait()
            hint.clear()
            try:
                await self.catch_up()
            except (*UNREACHABLE, NumberFileNotBuilt) as error:
                log.warning("plan.stale", error=type(error).__name__, version=self.version)
                self.stale_since = self.stale_since or self.fresh_at
            except Exception:
                # A row that cannot be read must not end the following for good: the last plan is served meanwhile.
                log.exception("plan.unreadable", version=self.version)
                self.stale_since = self.stale_since or self.fresh_at

    async def workers_behind(self, version: int) -> list[str]:
        """Wait until every living worker serves ``version``; after a second, return the ids of those that do not."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CONFIRM_SECONDS):
                await self.catch_up()
        return await workers_behind(self._engine, version)

    async def adopt(self, tenant_id: str, subject: str, file: NumberFile) -> None:
        """Serve the exact entries of a list from ``file`` from now on, if it is newer than what is served."""
        async with self._applying:
            tenant = self.tenants.get(tenant_id)
            if tenant is not None and tenant.may_take(subject, file.as_of):
                tenant.take_numbers(subject, file)
                self._rebuild([tenant])

    async def is_of_our_past(self, stands_for: StandsFor) -> bool:
        """Whether the database has this very version in its history. Raises :data:`UNREACHABLE`."""
        async with self._applying:
            return (
                stands_for.database == self.stands_for.database
                and (await self._database.made_at(stands_for.version) or 0) == stands_for.made_at
            )

    async def _take_up_saved(self) -> None:
        try:
            saved = await asyncio.to_thread(read_plan_file, self._data_dir)
            self._serve(saved.stands_for, saved.tenants)
            await asyncio.to_thread(take_subscribed, self._data_dir, saved.tenants.values())
            self._rebuild(saved.tenants.values())
            self.fresh_at = saved.fresh_at
        except FileNotFoundError:
            log.info("plan.not_saved")
        except Exception as error:
            # Whatever is wrong with it, the database has everything that it holds.
            self._serve(_NOTHING, {})
            log.error("plan.saved_unusable", error=type(error).__name__, why=str(error))

    async def _changes_up_to(self, newest: StandsFor) -> list[Change] | None:
        """The next changes; None when what is served is not an earlier state of this very database."""
        ours = self.stands_for
        if newest.database != ours.database or newest.version < ours.version:
            return None
        changes = await self._database.changes_from(ours.version)
        if ours.version:
            if not changes or (changes[0].version, changes[0].made_at) != (ours.version, ours.made_at):
                return None
            changes = changes[1:]
        expected = range(ours.version + 1, ours.version + 1 + len(changes))
        return changes if changes and [one.version for one in changes] == list(expected) else None

    async def _load(self, newest: StandsFor) -> StandsFor:
        """Serve what the database holds; return what is the newest version after that."""
        if not self.ready and newest.database != self.stands_for.database:
            self._serve(_NOTHING, {})  # a plan of another database; better an apology than its lists
        loading = asyncio.create_task(load_all(self._engine, self._builder))
        loading.add_done_callback(lambda task: task.cancelled() or task.exception())
        try:
            # Keep reporting the plan that is served meanwhile, so that edits wait for this worker.
            while not (await asyncio.wait([loading], timeout=POLL_SECONDS))[0]:
                if self.ready:
                    await self._database.report(self.version)
            self._serve(*loading.result())
            await self._subscribe(self.tenants.values())
        finally:
            loading.cancel()
        log.info("plan.loaded", version=self.version, tenants=len(self.tenants))
        return await self._database.report(self.version)

    async def _apply(self, changes: list[Change]) -> bool:
        """Apply ``changes``. False when they could only be applied up to a change in bulk whose number file is missing: it
        is being built then."""
        numbers: dict[str, NumberFile] = {}
        newest = {(one.tenant_id, one.subject): one for one in changes if one.generation is not None}
        missing_from = changes[-1].version + 1
        for bulk in newest.values():
            if (file := await self._numbers_of(bulk)) is None:
                first = next(
                    one.version
                    for one in changes
                    if one.generation is not None and (one.tenant_id, one.subject) == (bulk.tenant_id, bulk.subject)
                )
                missing_from = min(missing_from, first)
            else:
                numbers[file.generation] = file
        whole = missing_from > changes[-1].version
        changes = [one for one in changes if one.version < missing_from]
        touched: dict[str, list[Change]] = {}
        for change in changes:
            touched.setdefault(change.tenant_id, []).append(change)
        for tenant_id, of_tenant in touched.items():
            self.tenants.setdefault(tenant_id, TenantRows(tenant_id)).apply(of_tenant, numbers)
        if changes:
            last = changes[-1]
            self.stands_for = StandsFor(last.version, last.made_at, self.stands_for.database)
            self._rebuild(tenants := [self.tenants[tenant_id] for tenant_id in touched])
            await self._subscribe(tenants)
        return whole

    async def _subscribe(self, tenants: Iterable[TenantRows]) -> None:
        """Take over the content of the lists of others that is not here yet: from this host's disk or, the first time, from
        the database. Raises :data:`UNREACHABLE`; then it is tried again with the next look."""
        for tenant in tenants:
            missing = tenant.not_subscribed_yet()
            for subscription_id, generation in missing:
                path = subscribed_path(self._data_dir, tenant.tenant_id, subscription_id, generation)
                numbers = await asyncio.to_thread(open_subscribed, path)
                if numbers is None:
                    pieces = self._database.parts_of(tenant.tenant_id, subscription_id, generation)
                    content = b"".join([piece async for piece in pieces])
                    if not content:
                        continue  # newer content is on its way
                    numbers = await asyncio.to_thread(keep_subscribed, path, content)
                tenant.subscribed[subscription_id] = generation, numbers
            if missing:
                self._rebuild([tenant])

    async def _numbers_of(self, bulk: Change) -> NumberFile | None:
        generation = bulk.generation or ""
        path = number_file_path(self._data_dir, bulk.tenant_id, bulk.subject, generation)
        try:
            index = await asyncio.to_thread(open_number_file, path)
            return NumberFile(generation, index, max(bulk.version, index.stands_for.version))
        except NumberIndexDamaged as error:
            log.error("numbers.unusable", generation=generation, why=str(error))
            path.unlink(missing_ok=True)
        except FileNotFoundError:
            pass
        if generation not in self._building:
            task = asyncio.create_task(self._build(bulk, generation), name=f"numbers {generation}")
            self._building[generation] = task
            task.add_done_callback(lambda _: self._building.pop(generation, None))
        return None

    async def _build(self, bulk: Change, generation: str) -> None:
        try:
            await self._builder.build(bulk.tenant_id, bulk.subject, generation)
        except (NumberFileNotBuilt, OSError) as error:
            log.error("numbers.not_built", generation=generation, why=str(error))

    def _serve(self, stands_for: StandsFor, tenants: dict[str, TenantRows]) -> None:
        self.stands_for, self.tenants, self._accounts, self._keys, self._opened = stands_for, tenants, {}, {}, {}
        self._rebuild(tenants.values())

    def _rebuild(self, tenants: Iterable[TenantRows]) -> None:
        now = self._clock()
        for tenant in tenants:
            tenant.rebuild(self.version, now)
            self._opened.pop(tenant.tenant_id, None)
            for key in self._keys.pop(tenant.tenant_id, ()):
                self._accounts[key] = tuple(one for one in self._accounts[key] if one[0] != tenant.tenant_id)
                if not self._accounts[key]:
                    del self._accounts[key]
            rows = list(tenant.rows[ProviderAccount.__tablename__].values())
            for row in rows:
                tokens = tuple(self._decrypt(token) for token in (row["token"], row["next_token"]) if token)
                key = row["provider"], row["account_sid"]
                self._accounts[key] = tuple(sorted((*self._accounts.get(key, ()), (tenant.tenant_id, tokens))))
            self._keys[tenant.tenant_id] = tuple((row["provider"], row["account_sid"]) for row in rows)
        self.moves += 1
