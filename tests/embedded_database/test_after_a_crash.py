"""What a killed service, a killed server or a power cut leaves behind, and how the next start copes."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from app.embedded_database import (
    DatabaseDidNotStop,
    embedded_database,
)
from app.embedded_database.postmaster import Postmaster
from app.embedded_database.system_account import account_for
from tests.embedded_database.real_server import FAST, ask, holder_of, refused, servers_on


def test_after_a_kill_the_running_server_is_taken_over_quickly_and_stopped_at_the_next_clean_stop(
    folder: Path,
) -> None:
    with holder_of(folder) as (holder, url):
        ask(url, "CREATE TABLE caller (name text)", "INSERT INTO caller VALUES ('Uma')")
        holder.kill()
        holder.wait()
        left_behind = servers_on(folder)
        assert len(left_behind) == 1
        began = time.monotonic()
        with embedded_database(folder, settings=FAST) as url:
            assert time.monotonic() - began < 2
            assert servers_on(folder) == left_behind, "taken over, not started again"
            assert ask(url, "SELECT name FROM caller") == "Uma"
        assert servers_on(folder) == []


def test_a_server_left_behind_with_other_settings_is_replaced(folder: Path) -> None:
    with holder_of(folder) as (holder, _):
        holder.kill()
        holder.wait()
        left_behind = servers_on(folder)
        with embedded_database(folder, settings={**FAST, "work_mem": "5MB"}) as url:
            assert ask(url, "SHOW work_mem") == "5MB"
            assert servers_on(folder) not in ([], left_behind)
    assert servers_on(folder) == []


def test_ctrl_c_reaches_the_service_and_not_its_database(folder: Path) -> None:
    with holder_of(folder) as (holder, _):
        server = servers_on(folder)[0]
        assert os.getsid(server) != os.getsid(holder.pid)
        os.killpg(holder.pid, signal.SIGINT)  # what a terminal does
        holder.wait(timeout=20)
        assert "received fast shutdown request" in (folder / "postgres.log").read_text()
    assert servers_on(folder) == []


def test_a_server_killed_under_us_is_recovered_at_the_next_start(folder: Path) -> None:
    with embedded_database(folder, settings=FAST) as url:
        ask(url, "CREATE TABLE caller (name text)", "INSERT INTO caller VALUES ('Olga')")
        os.kill(servers_on(folder)[0], signal.SIGKILL)
    with embedded_database(folder, settings=FAST) as url:
        assert ask(url, "SELECT name FROM caller") == "Olga"
    assert servers_on(folder) == []


def test_workers_that_outlive_a_killed_server_are_waited_for(folder: Path) -> None:
    with embedded_database(folder, settings=FAST):
        (server,) = servers_on(folder)
        worker = int(Path(f"/proc/{server}/task/{server}/children").read_text().split()[0])
        os.kill(worker, signal.SIGSTOP)
        os.kill(server, signal.SIGKILL)
    with subprocess.Popen(["sh", "-c", f"sleep 0.7; kill -CONT {worker}"]):
        began = time.monotonic()
        with embedded_database(folder, settings=FAST) as url:
            assert ask(url, "SELECT 1") == 1
            assert time.monotonic() - began > 0.5


def test_a_recycled_process_id_in_the_leftovers_of_a_crash_is_not_mistaken_for_the_server(
    folder: Path,
) -> None:
    account = account_for(folder / "postgres")
    with embedded_database(folder, settings=FAST):
        names = ("postmaster.pid", ".s.PGSQL.5432.lock")
        leftovers = {name: (folder / "postgres" / name).read_text() for name in names}
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **account.identity())
    try:
        for name, content in leftovers.items():
            path = folder / "postgres" / name
            path.write_text(content.replace(content.split("\n")[0], str(stranger.pid), 1))
            os.chown(path, account.uid, account.gid)
        with embedded_database(folder, settings=FAST) as url:
            assert ask(url, "SELECT 1") == 1
        assert stranger.poll() is None, "the stranger must be left alone"
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("rubbish", ["", "12", "not a number\n/x\n"])
def test_a_damaged_postmaster_file_does_not_keep_the_service_down(folder: Path, rubbish: str) -> None:
    (folder / "postgres" / "postmaster.pid").write_text(rubbish)
    with embedded_database(folder, settings=FAST) as url:
        assert ask(url, "SELECT 1") == 1


def test_a_half_made_database_is_swept_away_and_made_again(tmp_path: Path) -> None:
    half = tmp_path / "postgres.unfinished-crashed"
    half.mkdir()
    (half / "postgresql.conf").write_text("half")
    (tmp_path / "postgres").mkdir()  # empty, as left by a crash of the old-fashioned kind
    with embedded_database(tmp_path, settings=FAST) as url:
        assert ask(url, "SELECT 1") == 1
    assert not list(tmp_path.glob("postgres.unfinished-*"))


def test_a_server_that_will_not_stop_is_reported_and_ended(folder: Path) -> None:
    with embedded_database(folder, settings=FAST):
        server = Postmaster(folder / "postgres", servers_on(folder)[0])
        os.kill(server.pid, signal.SIGSTOP)
        timer = subprocess.Popen(["sh", "-c", f"sleep 0.6; kill -CONT {server.pid}"])
        with refused(DatabaseDidNotStop, r"did not stop within 0.3 s.*Nothing confirmed is lost"):
            server.stop(limit_s=0.3)
        timer.wait()
    assert servers_on(folder) == []
