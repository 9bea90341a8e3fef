"""``/settings/queues``: the queues, and what each one does with its callers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Problem, Unprocessable
from app.base.language import LANGUAGES
from app.base.problems.company import CompanyFault
from app.base.problems.requests import RequestFault
from app.company.queues import QUEUES, QueueIn
from app.edits.confirmed_edit import confirmed_edit
from app.plan.rows import Row
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.web.schema import validated
from app.words.problems import field_words, problem_words
from models import Company, QueueRecord
from routing.overflow import Way
from routing.plan import RoutingPlan, Service

PATH = "/settings/queues"
_NUMBERS = ("ring_seconds", "wrap_up_seconds", "max_wait_seconds", "max_waiting", "offer_callback_after_seconds")

router = APIRouter(
    include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(read=Role.ADMIN, write=Role.ADMIN))]
)
QueueId = Annotated[str, Path(max_length=limits.ROW_ID)]


@dataclass(frozen=True, slots=True)
class QueueSeen:
    """A queue in the list: how many operators serve it, how many of them are available, and who waits."""

    id: str
    name: str
    serve: int
    available: int
    waiting: int
    is_served: bool


@router.get(PATH)
async def queues_page(request: Request, board: Board, who: Who) -> HTMLResponse:
    """All queues."""
    return await _list(request, board, who)


@router.post(PATH)
async def add_queue(
    request: Request, board: Board, who: Who, name: Annotated[str, Form(max_length=limits.TEXT)] = ""
) -> Response:
    """Add a queue and go on to its rules."""
    try:
        fields = validated(QueueIn, {"name": name.strip()}).model_dump()
        async with confirmed_edit(board, who) as edit:
            row = await QUEUES.save(edit, fields)
    except Problem as problem:
        return await _list(request, board, who, problem.status, name=name, wrong=problem_words(problem))
    return RedirectResponse(f"{PATH}/{row['id']}", 303)


@router.get(PATH + "/{queue_id}")
async def queue_page(request: Request, board: Board, who: Who, queue_id: QueueId, saved: bool = False) -> HTMLResponse:
    """One queue. ``saved`` tells that it has just been changed."""
    return await _form(request, board, who, queue_id, saved=saved)


@router.post(PATH + "/{queue_id}")
async def change_queue(request: Request, board: Board, who: Who, queue_id: QueueId) -> Response:
    """Change a queue; live when this answers."""
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    try:
        fields = validated(QueueIn, _read(form)).model_dump()
        async with confirmed_edit(board, who) as edit:
            await QUEUES.save(edit, fields, queue_id)
    except NotFound:
        raise
    except Problem as problem:
        return await _form(request, board, who, queue_id, problem.status, problem=problem, typed=form)
    return RedirectResponse(f"{PATH}/{queue_id}?saved=1", 303)


@router.post(PATH + "/{queue_id}/delete")
async def delete_queue(request: Request, board: Board, who: Who, queue_id: QueueId) -> Response:
    """Delete a queue that nothing refers to."""
    try:
        async with confirmed_edit(board, who) as edit:
            await QUEUES.delete(edit, queue_id)
    except NotFound:
        raise
    except Problem as problem:
        return await _form(request, board, who, queue_id, problem.status, problem=problem)
    return RedirectResponse(PATH, 303)


def _read(form: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, in the shape of the API. Raises :class:`Unprocessable` for what is no number."""
    fields: dict[str, Any] = {"name": form.get("name", "").strip(), "ring": form.get("ring", "all")}
    for name in _NUMBERS:
        if text := form.get(name, "").strip():
            if not text.isascii() or not text.isdigit() or len(text) > 6:
                raise Unprocessable(CompanyFault.NOT_A_WHOLE_NUMBER, field=name)
            fields[name] = int(text)
    fields["announcement"] = _texts(form, "announcement")
    way = form.get("do", "message")
    otherwise: dict[str, Any] = {"do": way, "text": _texts(form, "text")}
    if way == Way.QUEUE:
        otherwise["id"] = form.get("other") or None
    if way == Way.NUMBER:
        otherwise["number"] = form.get("number", "").strip()
    return fields | {"otherwise": otherwise}


def _texts(form: Mapping[str, str], name: str) -> dict[str, str]:
    return {code: text for code in LANGUAGES if (text := form.get(f"{name}_{code}", "").strip())}


def _shown(row: Row, language: str) -> dict[str, str]:
    """The fields of the form."""
    otherwise = row["otherwise"] or {}
    fields = {"name": row["name"], "ring": row["ring"], "do": otherwise.get("do", Way.MESSAGE.value)}
    fields |= {name: "" if row[name] is None else str(row[name]) for name in _NUMBERS}
    fields |= {"other": otherwise.get("id") or "", "number": otherwise.get("number") or ""}
    said = ({language: row["announcement"]} if row["announcement"] else {}) | (row["announcements"] or {})
    fields |= {f"announcement_{code}": text for code, text in said.items()}
    return fields | {f"text_{code}": text for code, text in (otherwise.get("text") or {}).items()}


async def _list(
    request: Request, board: Switchboard, who: Principal, status: int = 200, *, name: str = "", wrong: str = ""
) -> HTMLResponse:
    plan = (await tenant_of(board, who)).plan
    queues = _seen(board, plan) if plan else []
    return await draw_in_frame(
        request, board, who, "settings_queues/page.html", status, queues=queues, name=name, wrong=wrong, limits=limits
    )


def _seen(board: Switchboard, plan: RoutingPlan) -> list[QueueSeen]:
    seen = []
    for queue in sorted(plan.queues.values(), key=lambda one: (one.name.casefold(), one.id)):
        serve = sum(queue.id in one.queue_ids for one in plan.operators.values())
        available, waiting = len(plan.operators_of(queue.id)), board.open_calls.waiting_in(plan.tenant_id, queue.id)
        served = plan.service_of(queue.id) is Service.SERVED
        seen.append(QueueSeen(queue.id, queue.name, serve, available, len(waiting), served))
    return seen


async def _form(
    request: Request, board: Switchboard, who: Principal, queue_id: str, status: int = 200, *, saved: bool = False,
    problem: Problem | None = None, typed: Mapping[str, str] | None = None,
) -> HTMLResponse:  # fmt: skip
    tenant = await tenant_of(board, who)
    row = tenant.rows[QueueRecord.__tablename__].get(queue_id)
    if row is None:
        raise NotFound(RequestFault.NOT_FOUND)
    language = tenant.rows[Company.__tablename__][who.tenant_id]["language"]
    others = [
        (one["id"], one["name"]) for one in tenant.rows[QueueRecord.__tablename__].values() if one["id"] != queue_id
    ]
    first = {language: LANGUAGES[language]} | LANGUAGES
    return await draw_in_frame(
        request, board, who, "settings_queues/queue.html", status,
        queue=row, fields=dict(typed) if typed is not None else _shown(row, language), saved=saved, limits=limits,
        others=sorted(others, key=lambda one: one[1].casefold()), languages=first, spoken_first=language,
        faults=field_words(problem) if problem else {}, detail=problem_words(problem) if problem else "",
    )  # fmt: skip
