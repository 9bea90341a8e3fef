"""The folder PostgreSQL keeps its files in: made whole or not at all, and never by another major version."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from app.embedded_database.errors import (
    ClusterNotMade,
    EmbeddedDatabaseError,
    HoldsOtherFiles,
    IncompatibleDataFolder,
    MadeByOtherVersion,
    NotPutInPlace,
)
from app.embedded_database.server_programs import major_version
from app.embedded_database.system_account import Account

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""All that PostgreSQL's processes inherit: no PG* variable bends them, no secret of ours leaks into them."""

_UNFINISHED = "postgres.unfinished-"


def folder_argument(cluster: Path, account: Account) -> str:
    """What PostgreSQL is told its folder is, when ``cluster`` is its working directory.

    An account of its own may not be allowed through the folders above (``/root``, a 0700 temporary folder).
    The working directory is handed over already open, and ``/proc/self/cwd`` leads to it past every parent
    (proc(5)).
    """
    return str(cluster) if account.is_ours else "/proc/self/cwd"


def check_cluster(cluster: Path) -> bool:
    """True when there is a database of our major version, False when there is nothing yet.

    Raises IncompatibleDataFolder for anything else; what we did not make is never deleted.
    """
    if not cluster.exists() or not any(cluster.iterdir()):
        return False
    try:
        made_by = (cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise IncompatibleDataFolder(HoldsOtherFiles(cluster)) from None
    if made_by != major_version():
        raise IncompatibleDataFolder(MadeByOtherVersion(cluster, made_by, major_version()))
    return True


def make_cluster(cluster: Path, programs: Path, account: Account, *, durable: bool) -> None:
    """Create the files of a new, empty server.

    ``initdb`` works in a folder of a passing name that is renamed when it is complete, so a crash in between
    leaves only rubbish that the next start sweeps away. Text is UTF-8 and sorts by code point (PostgreSQL's
    built-in ``C.UTF-8``), the same on every system; pages carry checksums. Call with the data folder held.
    """
    for rubbish in cluster.parent.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(rubbish, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=cluster.parent))
    try:
        if not account.is_ours:
            os.chown(unfinished, account.uid, account.gid, follow_symlinks=False)
        _run_initdb(unfinished, programs, account, durable=durable)
        try:
            unfinished.rename(cluster)
        except OSError as error:
            raise EmbeddedDatabaseError(NotPutInPlace(cluster, error.strerror or str(error))) from error
        _flush(cluster.parent)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _run_initdb(folder: Path, programs: Path, account: Account, *, durable: bool) -> None:
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # Trust is safe here: the folder with the socket is closed to everybody but the database's user and root.
    access = ["--username=postgres", "--auth-local=trust", "--auth-host=reject"]
    extras = ["--data-checksums", "--text-search-config=simple", "--no-instructions"]
    if not durable:
        extras.append("--no-sync")
    answer = subprocess.run(
        [str(programs / "initdb"), "-D", folder_argument(folder, account), *access, *locale, *extras],
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        umask=0o077,
        **account.identity(),
    )
    if answer.returncode != 0:
        said = " ".join((answer.stderr or answer.stdout).split())[-600:]
        raise EmbeddedDatabaseError(ClusterNotMade(folder.parent, said))


def _flush(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
