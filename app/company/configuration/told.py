"""What was changed of a set-up, place by place; and the difference of two documents."""

import difflib
from collections.abc import Iterable
from typing import Final, NamedTuple

from app.company.configuration.sections import SECTIONS, shown_key
from app.company.configuration.set_up import COMPANY, TEXTS
from app.edits.set_up_history import SetUpChange
from app.plan.rows import Row
from models import Company, ConfigurationVersion, PhraseRecord

_BY_TABLE: Final = {section.table: section for section in SECTIONS}


class Change(NamedTuple):
    """``path`` is the place in the document, ``act`` is ``add``, ``change`` or ``delete``, and ``fields`` are those that
    have changed."""

    path: str
    act: str
    fields: tuple[str, ...] = ()


def changes_of(version: ConfigurationVersion) -> list[Change]:
    """What the version changed."""
    return told(SetUpChange(one["subject"], one["id"], one["before"], one["after"]) for one in version.changes)


def told(changes: Iterable[SetUpChange]) -> list[Change]:
    """Each change of a row as a place in the document."""
    return [one for change in changes if (one := _told(change)) is not None]


def difference(before: str, after: str, before_name: str, after_name: str) -> str:
    """The lines that differ, in the unified form of ``diff -u``; empty where none does."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), before_name, after_name, lineterm="")
    return "\n".join(lines)


def _told(change: SetUpChange) -> Change | None:
    row = change.after or change.before
    if row is None:
        return None
    path = _path(change.subject, row)
    if change.before is None:
        return Change(path, "add")
    if change.after is None:
        return Change(path, "delete")
    before, after = change.before, change.after
    names = [name for name in after if before.get(name) != after[name]]
    return Change(path, "change", tuple(shown_key(name) for name in names))


def _path(table: str, row: Row) -> str:
    if table == Company.__tablename__:
        return COMPANY
    if table == PhraseRecord.__tablename__:
        return f"{TEXTS}.{row['phrase']}.{row['language']}"
    section = _BY_TABLE.get(table)
    if section is None:
        return table
    if section.key:
        return f"{section.name}.{row[section.key]}"
    return ".".join([section.name, *(str(row[name]) for name in ("country", "subdivision", "day") if row.get(name))])
