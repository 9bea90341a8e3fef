"""``/texts``: everything the service itself says, in each language, in our words or the company's own."""

import re
from typing import Annotated, Final

from fastapi import Path, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from app.auth.require import Board, Who
from app.base import limits
from app.base.errors import NotFound, Unprocessable
from app.base.language import ENGLISH, LANGUAGES
from app.base.problems.audio import AudioFault
from app.base.problems.company import CompanyFault, UnknownPlaceholder
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import save, take_turn
from app.plan.phrases import DEFAULTS
from app.plan.rows import Row
from app.web.resource import put_on_one_page, resource
from app.web.schema import Input, Page
from filters.texts import recording_named
from models import PhraseRecord
from routing.actions import Phrase

router = resource("texts", "Everything the service itself says, in each language, in our words or the company's own.")

WITH_A_NUMBER: Final = frozenset({Phrase.PLACE, Phrase.WAIT_ABOUT})
"""What is said differs from caller to caller, so no recording can say it."""

_PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}")

PhraseName = Annotated[str, Path(max_length=50, examples=["closed"])]
Language = Annotated[str, Path(max_length=10, examples=["fr"])]


class TextIn(Input):
    """Own words, or a recording's reference."""

    text: str = Field(
        min_length=1, max_length=limits.TEXT, pattern=r"\S", examples=["Nos bureaux sont fermés. À bientôt !"],
        description="Words, or the `reference` of a recording (`/audio`).",
    )  # fmt: skip


class TextOut(BaseModel):
    """A phrase in one language."""

    phrase: str = Field(examples=["closed"])
    language: str = Field(examples=["fr"])
    text: str = Field(description="What callers hear.")
    default: str = Field(description="The standard words.")
    own: bool = Field(description="Whether these are the company's own words.")


@router.get("")
async def list_texts(board: Board, who: Who) -> Page[TextOut]:
    """Every phrase in every language."""
    return put_on_one_page([_shown(board, who, phrase, language) for phrase in Phrase for language in LANGUAGES])


@router.get("/{phrase}/{language}")
async def get_text(board: Board, who: Who, phrase: PhraseName, language: Language) -> TextOut:
    """One phrase."""
    return _shown(board, who, _known(phrase, language), language)


@router.put("/{phrase}/{language}")
async def replace_text(
    board: Board, who: Who, response: Response, phrase: PhraseName, language: Language, form: TextIn
) -> TextOut:
    """Say it in the company's own words from the next call on."""
    known = _known(phrase, language)
    async with confirmed_edit(board, who, response) as edit:
        row = await word_phrase(edit, known, language, form.text)
    return _shown(board, who, known, language, row["text"])


@router.delete("/{phrase}/{language}", status_code=204)
async def delete_text(board: Board, who: Who, response: Response, phrase: PhraseName, language: Language) -> None:
    """Go back to the standard words."""
    known = _known(phrase, language)
    async with confirmed_edit(board, who, response) as edit:
        await reset_phrase(edit, known, language)


def _known(phrase: str, language: str) -> Phrase:
    if phrase not in set(Phrase) or language not in LANGUAGES:
        raise NotFound(CompanyFault.PHRASE_NOT_FOUND)
    return Phrase(phrase)


def _shown(board: Board, who: Who, phrase: Phrase, language: str, saved: str | None = None) -> TextOut:
    plan = board.live_plan.plan_of(who.tenant_id)
    own = saved or (plan.phrases.get((phrase, language)) if plan else None)
    default = DEFAULTS[phrase][language]
    return TextOut(phrase=phrase.value, language=language, text=own or default, default=default, own=own is not None)


async def word_phrase(edit: Edit, phrase: Phrase, language: str, text: str) -> Row:
    """Say ``phrase`` in the company's own words, or play a recording. Raises :class:`Unprocessable` for a recording of what
    differs from caller to caller, and for a placeholder that the standard words have not."""
    if phrase in WITH_A_NUMBER and recording_named(text) is not None:
        raise Unprocessable(AudioFault.SAYS_A_NUMBER, field="text")
    known = tuple(dict.fromkeys(_PLACEHOLDER.findall(DEFAULTS[phrase][ENGLISH])))
    for written in _PLACEHOLDER.findall(text):
        if written not in known:
            raise Unprocessable(UnknownPlaceholder(written, known), field="text")
    await take_turn(edit)
    record = await _own(edit, phrase, language)
    return await save(edit, PhraseRecord, {"phrase": phrase.value, "language": language, "text": text.strip()}, record)


async def reset_phrase(edit: Edit, phrase: Phrase, language: str) -> None:
    """Go back to the standard words; nothing happens where they are said already."""
    await take_turn(edit)
    if (record := await _own(edit, phrase, language)) is not None:
        await edit.record_deleted(record)


async def own_words(edit: Edit, phrase: Phrase) -> dict[str, str]:
    """The company's own words for ``phrase``, by language."""
    own = select(PhraseRecord.language, PhraseRecord.text).where(
        PhraseRecord.tenant_id == edit.tenant_id, PhraseRecord.phrase == phrase.value
    )
    return {row.language: row.text for row in await edit.session.execute(own)}


async def _own(edit: Edit, phrase: Phrase, language: str) -> PhraseRecord | None:
    own = select(PhraseRecord).where(
        PhraseRecord.tenant_id == edit.tenant_id,
        PhraseRecord.phrase == phrase.value,
        PhraseRecord.language == language,
    )
    record: PhraseRecord | None = await edit.session.scalar(own)
    return record
