"""The command line of a running process, by which a server is told from a stranger with a recycled id."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# Linux keeps the arguments apart; elsewhere ps prints them with spaces between.
_SEPARATOR = "\0" if sys.platform.startswith("linux") else " "


def has_argument(pid: int, argument: str) -> bool:
    """False also for no such process, for a dead one not yet reaped, and one hidden from us."""
    return f"{_SEPARATOR}{argument}{_SEPARATOR}" in _command_line(pid) + _SEPARATOR


def was_started_as(pid: int, command: Sequence[str]) -> bool:
    return _command_line(pid) == _SEPARATOR.join(command)


def _command_line(pid: int) -> str:
    if pid <= 0:
        return ""
    if sys.platform.startswith("linux"):
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        return raw.decode(errors="surrogateescape").removesuffix(_SEPARATOR)
    ps = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(ps, capture_output=True, text=True, check=False).stdout.strip()
