"""``/settings/lines``: what callers of each line get while it is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Problem
from app.base.language import LANGUAGES
from app.base.problems.requests import RequestFault
from app.company.lines import LINES, LineIn
from app.edits.confirmed_edit import confirmed_edit
from app.plan.rows import Row
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.web.schema import patch_of, validated
from app.words.line_words import closed_treatment_words, closed_words
from app.words.number_words import grouped
from app.words.problems import field_words, problem_words
from models import LineRecord
from routing.plan import ClosedTreatment

PATH = "/settings/lines"
_CHANGES = patch_of(LineIn)

router = APIRouter(
    include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(read=Role.ADMIN, write=Role.ADMIN))]
)
LineId = Annotated[str, Path(max_length=limits.ROW_ID)]


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A line in the list; one without hours is never closed."""

    id: str
    label: str
    number: str
    closed: str
    has_hours: bool


@router.get(PATH)
async def lines_page(request: Request, board: Board, who: Who) -> HTMLResponse:
    """All lines."""
    rows = (await tenant_of(board, who)).rows[LineRecord.__tablename__].values()
    lines = [
        LineSeen(
            row["id"], row["label"], grouped(row["number"]),
            closed_words(ClosedTreatment(row["closed_treatment"])), row["hours_id"] is not None,
        )
        for row in sorted(rows, key=lambda one: one["number"])
    ]  # fmt: skip
    return await draw_in_frame(request, board, who, "settings_lines/page.html", lines=lines)


@router.get(PATH + "/{line_id}")
async def line_page(request: Request, board: Board, who: Who, line_id: LineId, saved: bool = False) -> HTMLResponse:
    """One line. ``saved`` tells that it has just been changed."""
    return await _form(request, board, who, line_id, saved=saved)


@router.post(PATH + "/{line_id}")
async def change_line(request: Request, board: Board, who: Who, line_id: LineId) -> Response:
    """Change what callers get while it is closed; live when this answers."""
    row = await _row(board, who, line_id)
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    said = {code: text for code in LANGUAGES if (text := form.get(f"closed_text_{code}", "").strip())}
    typed = {
        "closed_treatment": form.get("closed_treatment", ""), "closed_text": said.pop(row["language"], ""),
        "closed_texts": said,
    }  # fmt: skip
    try:
        fields = validated(_CHANGES, typed).model_dump(include=set(typed))
        async with confirmed_edit(board, who) as edit:
            await LINES.save(edit, fields, line_id)
    except NotFound:
        raise
    except Problem as problem:
        return await _form(request, board, who, line_id, problem.status, problem=problem, typed=form)
    return RedirectResponse(f"{PATH}/{line_id}?saved=1", 303)


async def _row(board: Switchboard, who: Principal, line_id: str) -> Row:
    row: Row | None = (await tenant_of(board, who)).rows[LineRecord.__tablename__].get(line_id)
    if row is None:
        raise NotFound(RequestFault.NOT_FOUND)
    return row


async def _form(
    request: Request, board: Switchboard, who: Principal, line_id: str, status: int = 200, *, saved: bool = False,
    problem: Problem | None = None, typed: Mapping[str, str] | None = None,
) -> HTMLResponse:  # fmt: skip
    row = await _row(board, who, line_id)
    language = row["language"]
    said = {language: row["closed_text"]} | row["closed_texts"]
    shown = {"closed_treatment": row["closed_treatment"]} | {f"closed_text_{code}": text for code, text in said.items()}
    return await draw_in_frame(
        request, board, who, "settings_lines/line.html", status, line=row, number=grouped(row["number"]),
        fields=dict(typed) if typed is not None else shown, saved=saved, limits=limits,
        treatments=[(one.value, closed_treatment_words(one)) for one in ClosedTreatment],
        languages={language: LANGUAGES[language]} | LANGUAGES, faults=field_words(problem) if problem else {},
        detail=problem_words(problem) if problem else "",
    )  # fmt: skip
