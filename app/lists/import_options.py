"""What somebody who imports a file says about it."""

from dataclasses import dataclass
from typing import Final

from app.base.errors import Unprocessable
from app.base.problems.files import ImportFault, UnknownColumn
from app.edits.place import read_country
from app.lists.files.columns import CHOICES
from app.plan.rows import Row

COLUMNS_AT_MOST: Final = 200
OWN_FIELD: Final = "field:"
"""Prefix that marks a column as one of the company's own fields, in a header and among the choices."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """``columns`` says what each column is, in the order of the file (None: not read); None lets the header tell.
    ``country`` (ISO 3166 alpha-2) reads national forms, else the company's does. ``remove_missing``: what is on the list
    and not in the file is taken off."""

    columns: tuple[str | None, ...] | None = None
    country: str | None = None
    remove_missing: bool = False

    def as_json(self) -> Row:
        """As it is stored."""
        columns = list(self.columns) if self.columns is not None else None
        return {"columns": columns, "country": self.country, "remove_missing": self.remove_missing}

    @classmethod
    def of_json(cls, stored: Row) -> "ImportOptions":
        """What :meth:`as_json` has stored."""
        columns = stored["columns"]
        return cls(tuple(columns) if columns is not None else None, stored["country"], stored["remove_missing"])


def read_options(
    columns: list[str | None] | None, country: str | None, *, remove_missing: bool, choices: tuple[str, ...] = CHOICES
) -> ImportOptions:
    """Options as they were typed; ``choices`` are what a column can be. Raises :class:`Unprocessable` naming the field."""
    chosen = tuple(one or None for one in columns) if columns is not None else None
    if chosen is not None:
        if len(chosen) > COLUMNS_AT_MOST:
            raise Unprocessable(ImportFault.TOO_MANY_COLUMNS, field="columns")
        for one in chosen:
            if one is not None and one not in choices:
                raise Unprocessable(UnknownColumn(one[:60], choices), field="columns")
    return ImportOptions(chosen, read_country(country) if country else None, remove_missing)
