"""What a killed process left of a number file that it was writing."""

import contextlib
import fcntl
import os
from pathlib import Path

from app.plan.number_files import number_file_path


def remove_unfinished(data_dir: Path, tenant_id: str, subject: str) -> None:
    """Remove the list's unfinished files. The caller holds the company's turn, so no import of it is writing one; while a
    builder of this host is at work, they are left to the workers."""
    path = number_file_path(data_dir, tenant_id, subject, "x")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(path.parent.parent / "build.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in path.parent.glob(f".{path.name.removesuffix('x')}*.tmp"):
            with contextlib.suppress(FileNotFoundError):
                left.unlink()
    except BlockingIOError:
        return
    finally:
        os.close(lock)
