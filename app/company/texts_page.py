"""``/settings/texts``: everything the service itself says, in the company's own words, by a recording, or as it comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.tenant import tenant_of
from app.base.errors import NotFound, Problem
from app.base.language import LANGUAGES
from app.base.problems.company import CompanyFault
from app.company.texts import WITH_A_NUMBER, TextIn, own_words, reset_phrase, word_phrase
from app.edits.confirmed_edit import confirmed_edit
from app.edits.in_turn import take_turn
from app.plan.phrases import DEFAULTS
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.resource_pages import languages_first, only_company, recordings_of, settings_router
from app.web.schema import validated
from app.web.seen_form import SEEN, has_changed, refuse_if_changed, seen_in
from app.web.typed_form import TypedForm, read_form, typed_over
from app.words.phrase_words import phrase_title
from app.words.problems import field_words, problem_words
from models import PhraseRecord
from routing.actions import Phrase

PATH = "/settings/texts"
router = settings_router()
PhraseName = Annotated[str, Path(max_length=50)]


@dataclass(frozen=True, slots=True)
class TextSeen:
    """A sentence in the list: what callers hear in the company's language. ``recording`` is the name of the one that is
    played instead; ``own`` tells that the company has changed it in some language."""

    name: str
    title: str
    text: str
    recording: str
    own: bool


@router.get(PATH)
async def texts_page(request: Request, board: Board, who: Who) -> HTMLResponse:
    """All sentences."""
    tenant = await tenant_of(board, who)
    language, names = only_company(tenant)["language"], dict(recordings_of(tenant))
    own, items = _own(tenant), []
    for phrase in Phrase:
        text = own.get((phrase, language)) or DEFAULTS[phrase][language]
        changed = any((phrase, code) in own for code in LANGUAGES)
        items.append(TextSeen(phrase.value, phrase_title(phrase), text, names.get(text, ""), changed))
    items.sort(key=lambda one: one.title.casefold())
    return await draw_in_frame(request, board, who, "settings_texts/list.html", items=items, path=PATH)


@router.get(PATH + "/{phrase}")
async def text_page(request: Request, board: Board, who: Who, phrase: PhraseName, saved: bool = False) -> HTMLResponse:
    """One sentence in every language."""
    return await _form(request, board, who, await _known(board, who, phrase), saved=saved)


@router.post(PATH + "/{phrase}")
async def save_text(request: Request, board: Board, who: Who, phrase: PhraseName) -> Response:
    """Say it so from the next call on; what is left empty is said in the standard words."""
    known = await _known(board, who, phrase)
    form = await read_form(request)
    spoken = form.spoken("text")
    try:
        texts = {code: validated(TextIn, {"text": text}).text for code, text in spoken.items()}
        async with confirmed_edit(board, who) as edit:
            await take_turn(edit)
            refuse_if_changed(form.text(SEEN), _shown(await own_words(edit, known)))
            for code in LANGUAGES:
                if code in texts:
                    await word_phrase(edit, known, code, texts[code])
                elif f"text_{code}" in form:
                    await reset_phrase(edit, known, code)
    except Problem as problem:
        return await _form(request, board, who, known, problem.status, problem=problem, typed=form)
    return RedirectResponse(f"{PATH}/{known.value}?saved=1", 303)


async def _known(board: Switchboard, who: Principal, name: str) -> Phrase:
    """Also by the id under which its own wording is stored, by which what refers to a recording is named."""
    tenant = await tenant_of(board, who)
    if (row := tenant.rows[PhraseRecord.__tablename__].get(name)) is not None:
        return Phrase(row["phrase"])
    if name not in set(Phrase):
        raise NotFound(CompanyFault.PHRASE_NOT_FOUND)
    return Phrase(name)


def _own(tenant: TenantRows) -> Mapping[tuple[Phrase, str], str]:
    rows = tenant.rows[PhraseRecord.__tablename__].values()
    return {(Phrase(row["phrase"]), row["language"]): row["text"] for row in rows}


def _shown(own: Mapping[str, str]) -> dict[str, str]:
    return {f"text_{code}": own.get(code, "") for code in LANGUAGES}


async def _form(
    request: Request, board: Switchboard, who: Principal, phrase: Phrase, status: int = 200, *, saved: bool = False,
    problem: Problem | None = None, typed: TypedForm | None = None,
) -> HTMLResponse:  # fmt: skip
    tenant = await tenant_of(board, who)
    fields = _shown({code: text for (one, code), text in _own(tenant).items() if one is phrase})
    return await draw_in_frame(
        request, board, who, "settings_texts/form.html", status, path=PATH, phrase=phrase.value,
        title=phrase_title(phrase), fields=typed_over(fields, typed), standard=DEFAULTS[phrase],
        languages=languages_first(only_company(tenant)["language"]), saved=saved,
        has_changed=has_changed(problem), seen=seen_in(fields, typed.text(SEEN) if typed else "", problem),
        recordings=[] if phrase in WITH_A_NUMBER else recordings_of(tenant),
        faults=field_words(problem), detail=problem_words(problem),
    )  # fmt: skip
