"""``/settings/audio/record``: a recording is made by telephone, and watched until it is there."""

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.tenant import tenant_of
from app.base.errors import NotFound, Problem
from app.base.language import LANGUAGES
from app.base.problems.requests import RequestFault
from app.company.dictation import DictationIn, begin_dictation, dictation_of
from app.company.dictations_api import why_failed
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.resource_pages import ItemId, named_rows, only_company, settings_router
from app.web.schema import validated
from app.web.typed_form import TypedForm, read_form, typed_over
from app.words.problems import field_words, problem_words
from models import OperatorRecord

PATH = "/settings/audio/record"

router = settings_router()


@router.get(PATH)
async def dictation_form(request: Request, board: Board, who: Who) -> HTMLResponse:
    """What is to be recorded, and who is rung."""
    return await _drawn(request, board, who)


@router.post(PATH)
async def dictate_page(request: Request, board: Board, who: Who) -> Response:
    """Ring them, and go where it is watched."""
    form = await read_form(request)
    try:
        typed = {name: form.text(name) for name in ("name", "language", "text", "to")}
        asked = validated(DictationIn, typed | {"operator_id": form.text_or_none("operator_id")})
        row = await begin_dictation(board, who, asked)
    except Problem as problem:
        return await _drawn(request, board, who, problem.status, problem=problem, typed=form)
    return RedirectResponse(f"{PATH}/{row.id}", 303)


@router.get(PATH + "/{item_id}")
async def dictation_page(request: Request, board: Board, who: Who, item_id: ItemId) -> HTMLResponse:
    """How far it is."""
    row = await dictation_of(board, who.tenant_id, item_id)
    if row is None:
        raise NotFound(RequestFault.NOT_FOUND)
    return await draw_in_frame(
        request, board, who, "settings_audio/recording.html", row=row, path=f"{PATH}/{row.id}", why=why_failed(row)
    )


async def _drawn(
    request: Request, board: Switchboard, who: Principal, status: int = 200, *, problem: Problem | None = None,
    typed: TypedForm | None = None,
) -> HTMLResponse:  # fmt: skip
    tenant = await tenant_of(board, who)
    fields = {"language": only_company(tenant)["language"], "operator_id": who.operator_id or ""}
    return await draw_in_frame(
        request, board, who, "settings_audio/record.html", status, path=PATH, languages={},
        fields=typed_over(fields, typed), operators=named_rows(tenant, OperatorRecord, "–"),
        spoken=list(LANGUAGES.items()), faults=field_words(problem), detail=problem_words(problem),
    )  # fmt: skip
