"""``postmaster.pid``: what PostgreSQL says about itself while it runs (its miscinit.c and pidfile.h)."""

import os
from dataclasses import dataclass
from pathlib import Path

from app.embedded_database.process_list import has_argument
from app.embedded_database.server_settings import PORT, mark_of

_PID_LINE = 0
_STATUS_LINE = 7


@dataclass(frozen=True)
class PostmasterFile:
    """``status`` is ``starting``, ``ready``, ``stopping`` or empty, when the file is still being written."""

    pid: int
    status: str


def read_postmaster_file(cluster: Path) -> PostmasterFile | None:
    """None when there is no server, or a file so damaged that it names none."""
    try:
        lines = (cluster / "postmaster.pid").read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return None
    if not lines or not lines[_PID_LINE].strip().isdecimal():
        return None
    status = lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE else ""
    return PostmasterFile(int(lines[_PID_LINE]), status)


def running_postmaster(cluster: Path) -> int | None:
    """The pid of the server that runs on exactly this folder; a recycled pid is told by its command line."""
    found = read_postmaster_file(cluster)
    return found.pid if found is not None and has_argument(found.pid, mark_of(cluster)) else None


def disarm_leftovers(cluster: Path) -> None:
    """Let a new server start beside the files of a dead one whose pid now belongs to somebody else.

    PostgreSQL takes any living process of its own user with that pid for a rival. The pid is replaced by
    ours, which it knows for its parent's and passes over; the rest of the file stays, because the memory
    segment named there is how it finds worker processes that outlived a killed server.
    """
    if running_postmaster(cluster) is not None:
        return
    (cluster / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
    path = cluster / "postmaster.pid"
    if not path.exists():
        return
    if read_postmaster_file(cluster) is None:
        path.unlink()  # cut short by a full disk or a power cut: PostgreSQL would not start with it
        return
    lines = path.read_text(errors="replace").splitlines()
    lines[_PID_LINE] = str(os.getpid())
    path.write_text("\n".join(lines) + "\n")  # in place: the file keeps its owner
