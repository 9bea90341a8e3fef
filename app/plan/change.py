"""A change of a plan, as every worker reads it from the database."""

from dataclasses import dataclass
from typing import Final

from app.plan.rows import Row

BULK: Final = "*"
"""The ``row_id`` of a change of many exact entries of one list at once: they are those of the number file named by
``row["generation"]``."""


@dataclass(frozen=True, slots=True)
class Change:
    """One version: ``row`` is the whole new row of ``subject`` (a table's name), None when it is gone. ``made_at`` is in
    microseconds since 1970: two databases that went different ways differ in it, even at the same version."""

    version: int
    tenant_id: str
    subject: str
    row_id: str
    row: Row | None
    made_at: int = 0

    @property
    def generation(self) -> str | None:
        """The number file that has the exact entries of the list after a change in bulk; None for a change of one row."""
        return str(self.row["generation"]) if self.row_id == BULK and self.row is not None else None
