"""``/lists/vip`` and ``/lists/blacklist``: sought, sorted, and added to by pasting."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from babel.numbers import format_decimal
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import JUDGES, READS_LISTS
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import Unprocessable
from app.base.language import gettext as _
from app.base.language import locale, ngettext
from app.base.problems.entries import EntryFault
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.lists.drafts import Draft, choice_words, pasting_of, read_draft, recent_callers, words_of
from app.lists.edit_lines import LineState, Verdict, add_lines, judge_lines
from app.lists.export_list import list_download
from app.lists.files.list_file import FileFormat
from app.lists.list_query import Order, calls_of_week, due_for_review, list_page, size_of
from app.lists.past_calls import calls_met
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.drawing import draw
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.web.paging import After
from app.words.entry_words import entry_words, sample_number
from app.words.list_words import list_title
from app.words.past_call_words import past_call_words
from app.words.problems import problem_words
from app.words.problems.reach import warning_words
from filters.pattern import Pattern, PatternKind
from models import BlacklistEntry, VipEntry
from models.list_name import ListName

router = APIRouter(
    prefix="/lists/{name}", include_in_schema=False, route_class=PageRoute,
    dependencies=[Depends(allowed(read=READS_LISTS, write=JUDGES))],
)  # fmt: skip

Count = Annotated[int, Query(ge=0, le=limits.PASTED_LINES)]
Text = Annotated[str, Query(max_length=limits.SEARCH)]
Ids = Annotated[str, Query(max_length=limits.SEARCH)]


@router.get("")
async def list_shown(
    request: Request, board: Board, who: Who, name: ListName, q: Text = "", sort: Order = Order.NEWEST,
    expired: bool = False, after: After = "", added: Count = 0, removed: Ids = "",
    lines: Text = "",
) -> HTMLResponse:  # fmt: skip
    """A page of the list. ``added`` and ``removed`` tell what has just been done; ``lines`` wait in the box to be added."""
    return await _page(
        request, board, who, name, q=q.strip(), sort=sort, expired=expired, after=after, added=added, removed=removed,
        draft=Draft(lines),
    )  # fmt: skip


@router.post("")
async def add(request: Request, board: Board, who: Who, name: ListName) -> Response:
    """Add the lines that can be added. Those that cannot stay in the box, with the reason."""
    tenant = await tenant_of(board, who)
    draft = read_draft(await request.form())
    try:
        pasting = pasting_of(draft, name, zone_of_company(tenant))
        if not pasting.lines:
            raise Unprocessable(EntryFault.NOTHING_WRITTEN, field="lines")
        async with confirmed_edit(board, who) as edit:
            added, left = await add_lines(edit, pasting, board.clock())
    except Unprocessable as problem:
        return await _page(request, board, who, name, 422, draft=draft, problem=problem_words(problem))
    if not left:
        return RedirectResponse(f"/lists/{name.value}?added={len(added)}", 303)
    rest = replace(draft, lines="\n".join(one.line.text for one in left), picked=())
    return await _page(request, board, who, name, 422, draft=rest, verdicts=left, added=len(added))


@router.post("/check")
async def check(request: Request, board: Board, who: Who, name: ListName) -> HTMLResponse:
    """What would become of the lines, while they are being typed."""
    tenant = await tenant_of(board, who)
    draft = read_draft(await request.form())
    problem = met = ""
    verdicts: list[Verdict] = []
    try:
        pasting = pasting_of(draft, name, zone_of_company(tenant))
        async with board.sessions() as session:
            verdicts = await judge_lines(Edit(session, who.tenant_id, who.actor), pasting, board.clock())
            patterns = [
                one.pattern for one in verdicts if one.pattern and one.state in (LineState.FINE, LineState.ASKS)
            ]
            if patterns:
                past = await calls_met(session, tenant, patterns, board.clock(), pasting.shared.lines)
                met = past_call_words(past.calls, past.clients, past.vips, past.days)
    except Unprocessable as error:
        problem = problem_words(error)
    return HTMLResponse(draw("lists/verdicts.html", name=name, problem=problem, met=met, **_verdict_words(verdicts)))


@router.get("/file.{form}")
async def export(board: Board, who: Who, name: ListName, form: FileFormat) -> StreamingResponse:
    """The whole list as a file that the import reads back."""
    return list_download(board, who, name, form)


async def _page(
    request: Request, board: Switchboard, who: Principal, name: ListName, status: int = 200, *, q: str = "",
    sort: Order = Order.NEWEST, expired: bool = False, after: str = "", added: int = 0, removed: str = "",
    draft: Draft | None = None, verdicts: list[Verdict] | None = None, problem: str = "",
) -> HTMLResponse:  # fmt: skip
    tenant, now = await tenant_of(board, who), board.clock()
    async with board.sessions() as session:
        shown = await list_page(session, tenant, name, q, sort, expired, after, now)
        week = await calls_of_week(session, who.tenant_id, name, now)
        due = await due_for_review(session, who.tenant_id, name, now)
        recent = await recent_callers(session, tenant)
    total, exactly = size_of(tenant, name)
    asked: dict[str, str] = {"q": q} if q else {}
    if sort is not Order.NEWEST:
        asked["sort"] = sort.value
    if expired:
        asked["expired"] = "1"
    path = f"/lists/{name.value}"
    return await draw_in_frame(
        request, board, who, "lists/page.html", status, name=name, title=list_title(name), shown=shown,
        total=total, total_words=_total_words(total, exactly=exactly),
        week=week, due=due, recent=recent, q=q, sort=sort, expired=expired, after=after, added=added, removed=removed,
        draft=draft or Draft(), problem=problem,
        first=f"{path}?{urlencode(asked)}" if asked else path,
        next=f"{path}?{urlencode(asked | {'after': shown.after})}" if shown.after else "",
        max_lines=limits.PASTED_LINES, **entry_context(tenant, board), **_verdict_words(verdicts or []),
    )  # fmt: skip


def entry_context(tenant: TenantRows, board: Switchboard) -> dict[str, object]:
    """What a row needs to be drawn."""
    lines = sorted(tenant.rows["line"].values(), key=lambda row: row["number"])
    return {
        "zone": zone_of_company(tenant), "now": board.clock(), "lines_of_company": lines,
        "line_names": {row["id"]: row["label"] or row["number"] for row in lines},
        "words": lambda entry: entry_words(_pattern(entry)),
        "sample": lambda entry: sample_number(_pattern(entry)),
        **choice_words(),
    }  # fmt: skip


def _total_words(total: int, *, exactly: bool) -> str:
    if exactly:
        return ngettext("%(num)s entry", "%(num)s entries", total, num=format_decimal(total, locale=locale()))
    # An estimate has no last digits.
    rounded = round(total, 2 - len(str(total)))
    return _("about %(count)s entries", count=format_decimal(rounded, locale=locale()))


def _pattern(entry: VipEntry | BlacklistEntry) -> Pattern:
    return Pattern(PatternKind(entry.match), entry.number, entry.to)


def _verdict_words(verdicts: list[Verdict]) -> dict[str, object]:
    fine = sum(1 for one in verdicts if one.state is LineState.FINE or one.is_meant)
    return {
        "verdicts": [
            (one, words_of(one), problem_words(one.why) if one.why else "", list(map(warning_words, one.warnings)))
            for one in verdicts
        ],
        "fine": fine,
    }  # fmt: skip
