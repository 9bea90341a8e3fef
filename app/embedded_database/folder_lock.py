"""One service per data folder: a lock that the kernel itself releases, even when the holder is killed."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.embedded_database.errors import DataFolderInUse, EmbeddedDatabaseError, FolderNotUsable

LOCK_FILE = "embedded-database.lock"


class FolderLock:
    """A held folder. What is announced here is what a second service is told."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._holder = os.getpid()

    def announce(self, url: str = "") -> None:
        """Write this process's id, and the URL of the database once there is one."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{self._holder}\n{url}\n".encode(), 0)

    def withdraw(self) -> None:
        """A forked child that leaves the block withdraws nothing: its parent still holds the folder."""
        if os.getpid() == self._holder:
            os.ftruncate(self._descriptor, 0)


@contextmanager
def folder_held(data_dir: Path) -> Iterator[FolderLock]:
    """Hold ``data_dir`` for the life of the block.

    Raises DataFolderInUse when another process (or another thread of this one) holds it, and
    EmbeddedDatabaseError when the folder can't be written. The lock file stays: removing it would let two
    processes lock two files.
    """
    path = data_dir / LOCK_FILE
    try:
        # Not inherited by child processes (PEP 446), so PostgreSQL never keeps our lock alive.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise EmbeddedDatabaseError(FolderNotUsable(data_dir, error.strerror or str(error))) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataFolderInUse(data_dir, *_announced(path)) from None
        lock = FolderLock(descriptor)
        lock.announce()
        try:
            yield lock
        finally:
            lock.withdraw()
    finally:
        os.close(descriptor)


def _announced(path: Path, patience_s: float = 0.5) -> tuple[int | None, str | None]:
    """The holder's pid and URL; a holder that has locked a moment ago may still be about to write them."""
    deadline = time.monotonic() + patience_s
    while True:
        pid, _, url = path.read_text().partition("\n")
        if pid.isdecimal() and _exists(int(pid)):
            return int(pid), url.strip() or None
        if time.monotonic() > deadline:
            return None, None
        time.sleep(0.01)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
