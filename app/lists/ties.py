"""Prefixes and ranges of a file that would decide as well as one of the opposite list: what the database cannot compare."""

from datetime import datetime

from sqlalchemy import select

from app.base.problems.import_lines import SkipReason
from app.edits.edit import Edit
from app.lists.conflicts import living, tie
from app.words.entry_words import entry_words
from filters.pattern import Pattern, PatternKind
from models.list_name import ListName


async def opposite_ties(
    edit: Edit, name: ListName, wide: list[tuple[int, str, str, str | None]], now: datetime
) -> list[tuple[int, SkipReason, str]]:
    """Which of the lines (line, match, number, to) for the list ``name`` tie with what the opposite list says ``now`` (UTC),
    and with whom."""
    if not wide:
        return []
    model = name.other.model
    entries = await edit.session.execute(
        select(model.match, model.number, model.to, model.label).where(
            model.tenant_id == edit.tenant_id, model.match.in_(["prefix", "range"]), living(model, now)
        )
    )
    opposite: dict[int, list[tuple[Pattern, str]]] = {}
    for kind, number, to, label in entries.all():
        pattern = Pattern(PatternKind(kind), number, to)
        opposite.setdefault(pattern.specificity, []).append((pattern, label))
    found = []
    for line, match, number, to in wide:
        mine = Pattern(PatternKind(match), number, to)
        for theirs, label in opposite.get(mine.specificity, ()):
            if tie(mine, theirs):
                found.append((line, SkipReason.OPPOSITE, label or entry_words(theirs).names))
                break
    return found
