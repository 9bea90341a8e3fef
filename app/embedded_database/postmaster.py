"""The PostgreSQL process itself: take over the one that runs, or start one; and stop it for certain."""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.embedded_database.cluster_folder import ENVIRONMENT
from app.embedded_database.errors import DatabaseDidNotStart, DatabaseDidNotStop, DidNotStart, DidNotStop
from app.embedded_database.postmaster_file import disarm_leftovers, read_postmaster_file, running_postmaster
from app.embedded_database.process_list import has_argument, was_started_as
from app.embedded_database.server_settings import mark_of
from app.embedded_database.system_account import Account

START_LIMIT_S = 120.0
"""Long, because a start after a power cut replays the write-ahead log first."""
STOP_LIMIT_S = 30.0
_POLL_S = 0.01
_LOG_LIMIT_BYTES = 10_000_000

log = logging.getLogger(__name__)


@dataclass
class Postmaster:
    """A server that is ready. ``child`` is None for one that was taken over from a process that died."""

    cluster: Path
    pid: int
    child: subprocess.Popen[bytes] | None = None

    def is_running(self) -> bool:
        # A child's command line is empty for a moment around exec and exit; its parent need not look there.
        if self.child is not None:
            return self.child.poll() is None
        return has_argument(self.pid, mark_of(self.cluster))

    def stop(self, limit_s: float = STOP_LIMIT_S) -> None:
        """Fast mode (SIGINT): open transactions are rolled back, everything is written, the process ends.

        After ``limit_s`` seconds the immediate mode (SIGQUIT) follows and DatabaseDidNotStop is raised. Ends
        quietly when the server is gone already, with a warning in the log.
        """
        if not self._signal(signal.SIGINT):
            log.warning("The embedded PostgreSQL (process %d) had already ended.", self.pid)
        elif not self._gone_within(limit_s):
            self._signal(signal.SIGQUIT)
            ended = self._gone_within(5.0)
            raise DatabaseDidNotStop(DidNotStop(self.pid, limit_s, ended))

    def _signal(self, number: signal.Signals) -> bool:
        if not self.is_running():
            return False
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return False
        return True

    def _gone_within(self, limit_s: float) -> bool:
        deadline = time.monotonic() + limit_s
        while self.is_running():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)
        return True


def running_server(cluster: Path, command: Sequence[str]) -> Postmaster | None:
    """The server that a killed service left behind, if it was started as ``command`` and is ready or about to
    be.

    One with other settings or from another installation is stopped, so that a new one can take its place.
    """
    pid = running_postmaster(cluster)
    if pid is None:
        return None
    server = Postmaster(cluster, pid)
    if was_started_as(pid, command) and _becomes_ready(server, START_LIMIT_S):
        return server
    if server.is_running():
        server.stop()
    return None


def start_server(cluster: Path, command: Sequence[str], account: Account, log_path: Path) -> Postmaster:
    """Start PostgreSQL in a session of its own, so Ctrl-C in a terminal reaches us and not it.

    Raises DatabaseDidNotStart with the end of the log. Call with the data folder held and no server running.
    """
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        server, said = _one_attempt(cluster, command, account, log_path, deadline - time.monotonic())
        if server is not None:
            return server
        # Workers of a killed server may still be busy with a last statement; they end by themselves.
        if "still in use" not in said or time.monotonic() > deadline:
            raise DatabaseDidNotStart(DidNotStart(cluster, log_path, " ".join(said.splitlines()[-5:])))
        time.sleep(0.2)


def _one_attempt(
    cluster: Path, command: Sequence[str], account: Account, log_path: Path, limit_s: float
) -> tuple[Postmaster | None, str]:
    disarm_leftovers(cluster)
    if log_path.exists() and log_path.stat().st_size > _LOG_LIMIT_BYTES:
        log_path.replace(log_path.with_name(f"{log_path.name}.old"))
    with open(log_path, "ab", opener=lambda path, flags: os.open(path, flags, 0o600)) as output:
        before = output.tell()
        child = subprocess.Popen(
            command,
            cwd=cluster,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
            **account.identity(),
        )
    server = Postmaster(cluster, child.pid, child)
    try:
        ready = _becomes_ready(server, limit_s)
    except BaseException:  # Ctrl-C while it starts: it must not stay behind
        server.stop()
        raise
    if not ready and server.is_running():
        server.stop()
    said = log_path.read_bytes()[before:].decode(errors="replace")
    return (server if ready else None), said


def _becomes_ready(server: Postmaster, limit_s: float) -> bool:
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        found = read_postmaster_file(server.cluster)
        if found is not None and found.pid == server.pid:
            if found.status == "ready":
                return server.is_running()
            if found.status == "stopping":
                return False
        if not server.is_running():
            return False
        time.sleep(_POLL_S)
    return False
