"""PostgreSQL's settings for a small machine, given on the command line so that no file has to be edited."""

import re
from collections.abc import Mapping
from pathlib import Path

PORT = 5432
"""Only a part of the socket's file name: PostgreSQL listens on no TCP port at all."""

DEFAULTS: Mapping[str, str] = {
    "max_connections": "100",
    "shared_buffers": "64MB",
    "effective_cache_size": "256MB",
    "max_wal_size": "512MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "log_checkpoints": "off",
    # The log must hold no callers: neither the text of a failing statement nor the key it names in DETAIL.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}

_OURS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": str(PORT),
    # Relative to the data folder, whose path may be longer than a socket's may be (unix(7): 108 bytes).
    "unix_socket_directories": ".",
    "unix_socket_permissions": "0700",
}


def mark_of(cluster: Path) -> str:
    """The argument by which the server of this very folder is recognised among all processes."""
    return f"antichambre.data_folder={cluster}"


def server_arguments(cluster: Path, version: str, settings: Mapping[str, str]) -> list[str]:
    """The arguments after ``-D``; ``settings`` win over DEFAULTS.

    The version is one of them, so a server left running by an older installation is seen to be different.
    Raises ValueError for a name PostgreSQL could not have, or one that would open the database to the
    network.
    """
    for name, value in settings.items():
        if not re.fullmatch(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?", name) or "\0" in value:
            raise ValueError(f"{name!r} is no name of a PostgreSQL setting, or its value holds a zero byte.")
        if name in _OURS or name in {"data_directory", "hba_file", "ident_file"}:
            raise ValueError(f"The setting {name} is fixed here. Set DATABASE_URL to use a server of your own.")
    chosen = {**DEFAULTS, **settings, **_OURS, "antichambre.version": version}
    arguments = ["-c", mark_of(cluster)]
    for name, value in chosen.items():
        arguments += ["-c", f"{name}={value}"]
    return arguments
