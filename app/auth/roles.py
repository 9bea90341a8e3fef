"""Who may do what."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """Each may do all that those before it may."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Scope(StrEnum):
    """What an API key is for: reading, changing, handing out keys, and reading this server's metrics."""

    READ = "read"
    WRITE = "write"
    KEYS = "keys"
    METRICS = "metrics"


_RANK: Final = {Role.OPERATOR: 0, Role.SUPERVISOR: 1, Role.ADMIN: 2}


def at_least(role: Role, needed: Role) -> bool:
    """Whether ``role`` includes the rights of ``needed``."""
    return _RANK[role] >= _RANK[needed]
