"""Change what callers hear, phrase by phrase."""

from sqlalchemy import select

from app.edits.edit import Edit
from app.edits.in_turn import save, take_turn
from app.plan.rows import Row
from models import PhraseRecord
from routing.actions import Phrase


async def word_phrase(edit: Edit, phrase: Phrase, language: str, text: str) -> Row:
    """Say ``phrase`` in the company's own words."""
    await take_turn(edit)
    record = await _own(edit, phrase, language)
    return await save(edit, PhraseRecord, {"phrase": phrase.value, "language": language, "text": text.strip()}, record)


async def reset_phrase(edit: Edit, phrase: Phrase, language: str) -> None:
    """Go back to the standard words; nothing happens where they are said already."""
    await take_turn(edit)
    if (record := await _own(edit, phrase, language)) is not None:
        await edit.record_deleted(record)


async def _own(edit: Edit, phrase: Phrase, language: str) -> PhraseRecord | None:
    own = select(PhraseRecord).where(
        PhraseRecord.tenant_id == edit.tenant_id,
        PhraseRecord.phrase == phrase.value,
        PhraseRecord.language == language,
    )
    record: PhraseRecord | None = await edit.session.scalar(own)
    return record
