"""What a worker does beside serving its plan: it keeps the plan file and the number files of its host up to date. Of all the
workers of a host one does the work, whichever comes first."""

import asyncio
import contextlib
import time
from pathlib import Path
from typing import Final

import structlog

from app.plan.live_plan import LivePlan
from app.plan.load_plan import MOST_CHANGES
from app.plan.number_builder import NumberBuilder, NumberFileNotBuilt
from app.plan.number_files import NumberFile, headers_of, number_file_path, open_number_file
from app.plan.plan_database import UNREACHABLE
from app.plan.plan_file import copied, header_of, read_plan_header, touch_plan_file, write_plan_file
from app.plan.subscribed_files import sweep_subscribed
from app.plan.tenant_rows import LISTS
from models.base import new_id

KEEP_SECONDS: Final = 1.0
TOUCH_SECONDS: Final = 10.0
GRACE_SECONDS: Final = 15 * 60
"""A number file that belongs to no plan yet may belong to one soon; after so long it is left over."""
_REST_FACTOR: Final = 20
"""A plan that takes long to write is written the less often."""

log = structlog.get_logger(__name__)


class PlanKeeper:
    """Keeps the files of ``live_plan`` in ``data_dir``."""

    def __init__(self, live_plan: LivePlan, builder: NumberBuilder, data_dir: Path) -> None:
        self._live_plan, self._builder, self._data_dir = live_plan, builder, data_dir
        self._saved_moves = -1
        self._save_from = self._touch_from = 0.0

    async def run(self) -> None:
        """Keep for ever."""
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            try:
                await self.keep()
            except (*UNREACHABLE, NumberFileNotBuilt) as error:
                log.warning("plan.not_kept", error=type(error).__name__, why=str(error))
            except Exception:
                log.exception("plan.not_kept")

    async def keep(self) -> None:
        """Do what is due now: save the plan, sweep what nobody needs, compact the lists that have changed a lot."""
        if not self._live_plan.ready:
            return
        now = asyncio.get_running_loop().time()
        if now >= self._save_from and self._live_plan.moves != self._saved_moves:
            await self.save()
            took = asyncio.get_running_loop().time() - now
            self._save_from = now + took * _REST_FACTOR
        if self._live_plan.stale_since is not None:
            return
        if now >= self._touch_from and self._live_plan.moves == self._saved_moves:
            try:
                await asyncio.to_thread(touch_plan_file, self._data_dir, self._live_plan.fresh_at)
            except FileNotFoundError:
                self._saved_moves = -1  # somebody has removed it
            self._touch_from = now + TOUCH_SECONDS
        await self.compact()

    async def save(self) -> None:
        """Write the plan file unless there is one as new, and remove the number files that belong to no plan."""
        live_plan = self._live_plan
        moves, tenants = live_plan.moves, copied(live_plan.tenants.values())
        header = header_of(self._data_dir, live_plan.stands_for, tenants)
        if await write_plan_file(self._data_dir, header, tenants, live_plan.fresh_at):
            self._saved_moves = moves
            await asyncio.to_thread(sweep, self._data_dir)
            await asyncio.to_thread(sweep_subscribed, self._data_dir, tenants, GRACE_SECONDS)

    async def compact(self) -> None:
        """Give the lists of which too much is in every worker's own memory a new number file."""
        for tenant_id, tenant in list(self._live_plan.tenants.items()):
            for subject in LISTS:
                if tenant.weight(subject) > MOST_CHANGES and not await self._adopt_newer(tenant_id, subject):
                    await self._builder.build(tenant_id, subject, new_id())
                    await self._adopt_newer(tenant_id, subject)

    async def _adopt_newer(self, tenant_id: str, subject: str) -> bool:
        """Whether there was a newer file on disk: one worker builds, all find it."""
        for generation, header in headers_of(self._data_dir, tenant_id, subject):
            as_of = header.stands_for.version
            tenant = self._live_plan.tenants.get(tenant_id)
            if tenant is None or not tenant.may_take(subject, as_of):
                return False
            if await self._live_plan.is_of_our_past(header.stands_for):
                path = number_file_path(self._data_dir, tenant_id, subject, generation)
                index = await asyncio.to_thread(open_number_file, path)
                await self._live_plan.adopt(tenant_id, subject, NumberFile(generation, index, as_of))
                return True
        return False


def sweep(data_dir: Path) -> None:
    """Remove number files that the plan file does not name, and what was left half-written, unless they are young."""
    header = read_plan_header(data_dir)
    if header is None:
        return
    for folder in (data_dir / "plan", data_dir / "plan" / "numbers"):
        for path in folder.glob("*") if folder.is_dir() else ():
            unneeded = path.name.endswith(".tmp") or (folder.name == "numbers" and path.name not in header.numbers)
            with contextlib.suppress(FileNotFoundError):
                if unneeded and time.time() - path.stat().st_mtime > GRACE_SECONDS:
                    path.unlink()
