"""Builds number files from the database, in a process of its own: sorting millions of entries must not take the turns of a
process that answers calls. One host builds one file at a time.

The process is ``python -m app.plan.number_builder TENANT SUBJECT GENERATION``, with the database and the data folder in the
environment (``DATABASE_URL``, ``ANTICHAMBRE_DATA_DIR``).
"""

import asyncio
import contextlib
import fcntl
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from app.base.connect import connect
from app.plan.number_files import number_file_path, write_committed_numbers

_NICENESS: Final = 10
_WAIT_SECONDS: Final = 0.25
_PACKAGE_FOLDER: Final = Path(__file__).parent.parent.parent

log = structlog.get_logger(__name__)


class NumberFileNotBuilt(Exception):
    """The builder failed; its last words are the message."""


@dataclass(frozen=True, slots=True)
class NumberBuilder:
    """Starts builders for the database ``dsn`` and the folder ``data_dir``."""

    dsn: str
    data_dir: Path

    async def build(self, tenant_id: str, subject: str, generation: str) -> bool:
        """Build the file unless it is there. False, at once, when this host is building one already.

        Raises :class:`NumberFileNotBuilt`, and OSError when the folder cannot be written.
        """
        path = number_file_path(self.data_dir, tenant_id, subject, generation)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = self._open_lock()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not path.exists():
                await self._run(lock, tenant_id, subject, generation)
        except BlockingIOError:
            return False
        finally:
            os.close(lock)
        return True

    async def others_done(self) -> None:
        """Wait until nobody builds on this host. Raises OSError."""
        lock = self._open_lock()
        try:
            while True:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    return
                await asyncio.sleep(_WAIT_SECONDS)
        finally:
            os.close(lock)

    def _open_lock(self) -> int:
        return os.open(self.data_dir / "plan" / "build.lock", os.O_RDWR | os.O_CREAT, 0o600)

    async def _run(self, lock: int, *arguments: str) -> None:
        environment = os.environ | {
            "DATABASE_URL": self.dsn,
            "ANTICHAMBRE_DATA_DIR": str(self.data_dir),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(_PACKAGE_FOLDER), os.environ.get("PYTHONPATH")])),
        }
        # The lock goes with the builder: should this worker die, nobody begins the same work beside it.
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.plan.number_builder", *arguments,
            env=environment, pass_fds=(lock,), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            _, complaints = await process.communicate()
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.terminate()
        if process.returncode != 0:
            raise NumberFileNotBuilt(complaints.decode("utf-8", "replace").strip()[-500:])
        log.info("numbers.built", tenant=arguments[0], list=arguments[1], generation=arguments[2])


async def _build(dsn: str, data_dir: Path, tenant_id: str, subject: str, generation: str) -> None:
    connection = await connect(dsn, name="antichambre numbers", within=5, command_timeout=600)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await write_committed_numbers(connection, data_dir, tenant_id, subject, generation)
    finally:
        connection.terminate()


def main() -> None:
    """One file, named on the command line."""
    os.nice(_NICENESS)
    tenant_id, subject, generation = sys.argv[1:]
    data_dir = Path(os.environ["ANTICHAMBRE_DATA_DIR"])
    asyncio.run(_build(os.environ["DATABASE_URL"], data_dir, tenant_id, subject, generation))


if __name__ == "__main__":
    main()
