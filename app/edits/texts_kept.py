"""A plain text is in the language of its company or line. When that becomes another one, what was written stays a text of
the language that it was written in."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import select

from app.edits.edit import Edit
from app.plan.rows import as_row
from models import CategoryRule, QueueRecord, RuleRecord

_PLAIN: Final = ((CategoryRule, "greeting", "greetings"), (QueueRecord, "announcement", "announcements"))


def texts_apart(one: str, others: Mapping[str, str] | None, was: str, now: str) -> tuple[str, dict[str, str]]:
    """The plain text ``one``, written in the language ``was``, and ``others`` by language, as both are stored once a plain
    text is in the language ``now``. As for callers, of two texts in one language that of ``others`` counts."""
    said = {code: text for code, text in ({was: one} | dict(others or {})).items() if text.strip()}
    return said.pop(now, ""), said


async def keep_language_of_texts(edit: Edit, was: str, now: str, but: Collection[str]) -> None:
    """The company's language becomes another one: greetings, announcements and what rules say keep theirs. The tables
    ``but`` are left alone."""
    for model, one, several in _PLAIN:
        if model.__tablename__ in but:
            continue
        for record in await edit.session.scalars(select(model).where(model.tenant_id == edit.tenant_id)):
            before = as_row(record)
            plain, others = texts_apart(before[one], before[several], was, now)
            if (plain, others) != (before[one], before[several] or {}):
                setattr(record, one, plain)
                setattr(record, several, others)
                await edit.record_changed(record, before)
    if RuleRecord.__tablename__ in but:
        return
    for rule in await edit.session.scalars(select(RuleRecord).where(RuleRecord.tenant_id == edit.tenant_id)):
        text = rule.do.get("text")
        if text and isinstance(text, str):
            before = as_row(rule)
            rule.do = rule.do | {"text": {was: text}}
            await edit.record_changed(rule, before)
