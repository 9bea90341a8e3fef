"""Whose process PostgreSQL is: it refuses to run as root, so root gives it an account of its own."""

import os
import pwd
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from app.embedded_database.errors import EmbeddedDatabaseError, EmbeddedFault, OwnedByOther

DEDICATED = "antichambre-db"


class Identity(TypedDict):
    """The arguments of ``subprocess`` that change the user of a child; None leaves them as they are."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


@dataclass(frozen=True)
class Account:
    """The system user PostgreSQL runs as."""

    uid: int
    gid: int
    is_ours: bool
    """True when it is the user this process runs as already."""

    def identity(self) -> Identity:
        if self.is_ours:
            return Identity(user=None, group=None, extra_groups=None)
        return Identity(user=self.uid, group=self.gid, extra_groups=[])


def account_for(cluster: Path) -> Account:
    """The owner of the data when there is some; else this user, or for root the account ``antichambre-db``.

    Raises EmbeddedDatabaseError when the data belongs to somebody we can't be.
    """
    owner = cluster.stat() if cluster.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise EmbeddedDatabaseError(OwnedByOther(cluster, _name(owner.st_uid)))
        return Account(os.geteuid(), os.getegid(), is_ours=True)
    if not sys.platform.startswith("linux"):
        raise EmbeddedDatabaseError(EmbeddedFault.NOT_AS_ROOT_HERE)
    if owner is None:
        entry = _dedicated_or_nobody()
        return Account(entry.pw_uid, entry.pw_gid, is_ours=False)
    if owner.st_uid == 0:
        raise EmbeddedDatabaseError(OwnedByOther(cluster, "root", is_root=True))
    return Account(owner.st_uid, owner.st_gid, is_ours=False)


def _dedicated_or_nobody() -> pwd.struct_passwd:
    """Two services may start at once and both create the user: the loser finds it there a moment later."""
    for _ in range(10):
        try:
            return pwd.getpwnam(DEDICATED)
        except KeyError:
            if not _create_account():
                time.sleep(0.1)
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedDatabaseError(EmbeddedFault.NO_ACCOUNT) from None


def _create_account() -> bool:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        return False
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command = [program, *options, "--shell", "/usr/sbin/nologin", DEDICATED]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
