"""``/texts``: everything the service itself says, in each language, in our words or the company's own."""

from typing import Annotated

from fastapi import Path, Response
from pydantic import BaseModel, Field

from app.auth.require import Board, Caller
from app.base.errors import NotFound
from app.base.language import LANGUAGES
from app.company.edit_phrase import reset_phrase, word_phrase
from app.edits.confirmed_edit import confirmed_edit
from app.web.resource import all_on_one_page, resource
from app.web.schema import Input, Page
from app.words.spoken import DEFAULTS
from routing.actions import Phrase

router = resource("texts")

PhraseName = Annotated[str, Path(max_length=50, examples=["closed"])]
Language = Annotated[str, Path(max_length=10, examples=["fr"])]


class TextIn(Input):
    """Own words."""

    text: str = Field(min_length=1, max_length=1000, pattern=r"\S", examples=["Nos bureaux sont fermés. À bientôt !"])


class TextOut(BaseModel):
    """A phrase in one language."""

    phrase: str = Field(examples=["closed"])
    language: str = Field(examples=["fr"])
    text: str = Field(description="What callers hear.")
    default: str = Field(description="The standard words.")
    own: bool = Field(description="Whether these are the company's own words.")


@router.get("")
async def list_texts(board: Board, who: Caller) -> Page[TextOut]:
    """Every phrase in every language."""
    return all_on_one_page([_shown(board, who, phrase, language) for phrase in Phrase for language in LANGUAGES])


@router.get("/{phrase}/{language}")
async def read_text(board: Board, who: Caller, phrase: PhraseName, language: Language) -> TextOut:
    """One phrase."""
    return _shown(board, who, _known(phrase, language), language)


@router.put("/{phrase}/{language}")
async def word_text(
    board: Board, who: Caller, response: Response, phrase: PhraseName, language: Language, form: TextIn
) -> TextOut:
    """Say it in the company's own words from the next call on."""
    known = _known(phrase, language)
    async with confirmed_edit(board, who, response) as edit:
        row = await word_phrase(edit, known, language, form.text)
    return _shown(board, who, known, language, row["text"])


@router.delete("/{phrase}/{language}", status_code=204)
async def reset_text(board: Board, who: Caller, response: Response, phrase: PhraseName, language: Language) -> None:
    """Go back to the standard words."""
    known = _known(phrase, language)
    async with confirmed_edit(board, who, response) as edit:
        await reset_phrase(edit, known, language)


def _known(phrase: str, language: str) -> Phrase:
    if phrase not in set(Phrase) or language not in LANGUAGES:
        raise NotFound("There is no such phrase, or not in this language.")
    return Phrase(phrase)


def _shown(board: Board, who: Caller, phrase: Phrase, language: str, saved: str | None = None) -> TextOut:
    plan = board.live_plan.plan_of(who.tenant_id)
    own = saved or (plan.phrases.get((phrase, language)) if plan else None)
    default = DEFAULTS[phrase][language]
    return TextOut(phrase=phrase.value, language=language, text=own or default, default=default, own=own is not None)
