"""What can go wrong with the embedded PostgreSQL: a cause and its values. Their words are in
:mod:`app.words.problems.embedded_database`."""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path


class EmbeddedFault(Enum):
    """Nothing more is to be said than which it is."""

    PACKAGE_MISSING = auto()
    NOT_AS_ROOT_HERE = auto()
    NO_ACCOUNT = auto()


@dataclass(frozen=True, slots=True)
class FolderInUse:
    """Another process, ``pid`` where it could be read, holds ``folder``."""

    folder: Path
    pid: int | None


@dataclass(frozen=True, slots=True)
class FolderNotUsable:
    """``folder`` cannot be made or written; ``reason`` is what the operating system says."""

    folder: Path
    reason: str


@dataclass(frozen=True, slots=True)
class SocketPathTooLong:
    """The path of ``folder`` leaves no room for a socket's name, and those of the temporary folders neither."""

    folder: Path


@dataclass(frozen=True, slots=True)
class HoldsOtherFiles:
    """``folder`` holds files, but no database."""

    folder: Path


@dataclass(frozen=True, slots=True)
class MadeByOtherVersion:
    """PostgreSQL ``made_by`` made the files in ``folder``; ours is ``ours``."""

    folder: Path
    made_by: str
    ours: str


@dataclass(frozen=True, slots=True)
class NotPutInPlace:
    """The new database cannot be renamed to ``folder``; ``reason`` is what the operating system says."""

    folder: Path
    reason: str


@dataclass(frozen=True, slots=True)
class ClusterNotMade:
    """``initdb`` failed in ``folder`` and ``said`` why."""

    folder: Path
    said: str


@dataclass(frozen=True, slots=True)
class DatabaseNotCreated:
    """psql ``said`` why there is no ``database``."""

    database: str
    said: str


@dataclass(frozen=True, slots=True)
class ProgramNotRunnable:
    """The database's user may not run ``program``."""

    program: Path


@dataclass(frozen=True, slots=True)
class ProgramsNotCopied:
    """The programs in ``package`` are closed to the database's user, and cannot be copied to ``copies``."""

    package: Path
    copies: Path
    reason: str


@dataclass(frozen=True, slots=True)
class OpenToOthers:
    """Other users may change what is in ``folder``, programs that we run."""

    folder: Path


@dataclass(frozen=True, slots=True)
class OwnedByOther:
    """The files in ``folder`` belong to ``user``, who we cannot be; ``is_root``: as whom PostgreSQL does not run."""

    folder: Path
    user: str
    is_root: bool = False


@dataclass(frozen=True, slots=True)
class DidNotStart:
    """PostgreSQL ended or was not ready in time in ``folder``; its ``log`` ends with ``said``."""

    folder: Path
    log: Path
    said: str


@dataclass(frozen=True, slots=True)
class DidNotStop:
    """A fast stop of the process ``pid`` took more than ``seconds``; ``ended``: it ended when it was told to at once."""

    pid: int
    seconds: float
    ended: bool


EmbeddedProblem = (
    EmbeddedFault
    | FolderInUse
    | FolderNotUsable
    | SocketPathTooLong
    | HoldsOtherFiles
    | MadeByOtherVersion
    | NotPutInPlace
    | ClusterNotMade
    | DatabaseNotCreated
    | ProgramNotRunnable
    | ProgramsNotCopied
    | OpenToOthers
    | OwnedByOther
    | DidNotStart
    | DidNotStop
)


class EmbeddedDatabaseError(RuntimeError):
    """The embedded PostgreSQL can't be used as it is; the ``cause`` says why."""

    def __init__(self, cause: EmbeddedProblem) -> None:
        super().__init__(str(cause))
        self.cause = cause


class DataFolderInUse(EmbeddedDatabaseError):
    """Another process holds the data folder.

    ``holder_pid`` is that process, where it could be read; ``url`` is the SQLAlchemy URL of its database once
    it is up, so that a short command can work on the running service's database instead of starting one of
    its own.
    """

    def __init__(self, data_dir: Path, holder_pid: int | None, url: str | None) -> None:
        self.data_dir = data_dir
        self.holder_pid = holder_pid
        self.url = url
        super().__init__(FolderInUse(data_dir, holder_pid))


class IncompatibleDataFolder(EmbeddedDatabaseError):
    """The data was made by another major version of PostgreSQL, or the folder holds something else."""


class DatabaseDidNotStart(EmbeddedDatabaseError):
    """PostgreSQL ended or was not ready in time; the cause carries the end of its log."""


class DatabaseDidNotStop(EmbeddedDatabaseError):
    """A fast stop took too long. The data is safe: the next start recovers it from the write-ahead log."""
