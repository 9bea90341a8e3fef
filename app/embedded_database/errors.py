"""What can go wrong with the embedded PostgreSQL; every message says what to do."""

from pathlib import Path


class EmbeddedDatabaseError(RuntimeError):
    """The embedded PostgreSQL can't be used as it is; the message names the folder and the remedy."""


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
        holder = f"process {holder_pid}" if holder_pid is not None else "another process"
        super().__init__(
            f"The data folder {data_dir} is in use by {holder}. "
            "Stop it first, or choose another folder with ANTICHAMBRE_DATA_DIR."
        )


class IncompatibleDataFolder(EmbeddedDatabaseError):
    """The data was made by another major version of PostgreSQL, or the folder holds something else."""


class DatabaseDidNotStart(EmbeddedDatabaseError):
    """PostgreSQL ended or was not ready in time; the message carries the end of its log."""


class DatabaseDidNotStop(EmbeddedDatabaseError):
    """A fast stop took too long. The data is safe: the next start recovers it from the write-ahead log."""
