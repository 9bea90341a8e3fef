"""``/lists/<list>/import``, and the same of other targets: upload or paste, say what the columns are, look, apply, and take
back."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import JUDGES, READS_LISTS, can_read_lists
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import Problem
from app.base.problems.import_lines import LeftBecause, RowKind
from app.lists.files.problem_json import file_problem_of_json
from app.lists.import_options import ImportOptions, read_options
from app.lists.imports.import_state import ImportState, can_be_undone
from app.lists.imports.importer import Importer
from app.lists.imports.list_importer import LIST_IMPORTER
from app.lists.imports.rows import lines_of
from app.lists.imports.stored_imports import (
    UNDO_DAYS,
    apply_import,
    as_seen,
    change_options,
    drop_import,
    find_import,
    new_import,
    see_import,
    undo_import,
)
from app.lists.imports.upload import uploaded
from app.lists.past_calls import calls_met_by_import
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.web.paging import After, page_after
from app.words.import_row_words import column_words, kind_words, left_words, phase_words
from app.words.list_words import list_title
from app.words.past_call_words import past_call_words
from app.words.problems import problem_words
from app.words.problems.files import file_words
from models import StoredImport
from models.list_name import ListName

_EARLIER_SHOWN: Final = 20
_PATIENCE_SECONDS: Final = 1.5
"""What takes longer is watched on the page."""

ImportId = Annotated[str, Path(max_length=limits.ROW_ID)]
Kind = Annotated[RowKind | None, Query()]


class ImportPages:
    """The pages of the imports of ``target`` below ``home``, whose lines ``importer`` understands; ``title`` is what they
    are headed by in the reader's language. ``tells_calls``: a preview says which calls it would have met."""

    def __init__(
        self, target: str, home: str, importer: Importer, title: Callable[[], str], *, read: Role = READS_LISTS,
        write: Role = JUDGES, tells_calls: bool = True,
    ) -> None:  # fmt: skip
        self._tells_calls = tells_calls
        self._target, self._home, self._importer, self._title = target, home, importer, title
        self.router = APIRouter(
            prefix=f"{home}/import", include_in_schema=False, route_class=PageRoute,
            dependencies=[Depends(allowed(read=read, write=write))],
        )  # fmt: skip
        add = self.router.add_api_route
        add("", self._begin, methods=["GET"], response_class=HTMLResponse)
        add("", self._upload, methods=["POST"])
        add("/{import_id}", self._shown, methods=["GET"], response_class=HTMLResponse)
        add("/{import_id}/columns", self._columns, methods=["POST"])
        add("/{import_id}/apply", self._apply, methods=["POST"])
        add("/{import_id}/undo", self._undo, methods=["POST"])
        add("/{import_id}/drop", self._drop, methods=["POST"])

    async def _begin(self, request: Request, board: Board, who: Who) -> HTMLResponse:
        """The form, and the imports of the last 30 days."""
        return await self._form(request, board, who)

    async def _upload(self, request: Request, board: Board, who: Who) -> Response:
        """Take the file, and show what would become of it."""
        form = await request.form()
        country = form.get("country")
        try:
            options = read_options(
                None, country if isinstance(country, str) else None, remove_missing="missing" in form
            )
            import_id = await new_import(
                board, who, self._target, self._importer, await uploaded(request, is_form=True), options, ask=True,
                patience=_PATIENCE_SECONDS,
            )  # fmt: skip
        except Problem as problem:
            return await self._form(request, board, who, problem)
        return self._to(import_id)

    async def _shown(
        self, request: Request, board: Board, who: Who, import_id: ImportId, kind: Kind = None, after: After = ""
    ) -> HTMLResponse:
        """What would become of the lines, or has become of them."""
        return await self._page(request, board, who, import_id, kind=kind, after=after)

    async def _columns(self, request: Request, board: Board, who: Who, import_id: ImportId) -> Response:
        """Read the file in another way."""
        form = await request.form()
        fields: list[str | None] = [value for value in form.getlist("column") if isinstance(value, str)]
        country, choices = form.get("country"), self._importer.choices(await tenant_of(board, who))
        try:
            options = read_options(
                fields, country if isinstance(country, str) else None, remove_missing="missing" in form,
                choices=choices,
            )  # fmt: skip
            await change_options(board, who, self._target, self._importer, import_id, options)
        except Problem as problem:
            return await self._told(request, board, who, import_id, problem)
        return self._to(import_id)

    async def _apply(self, request: Request, board: Board, who: Who, import_id: ImportId) -> Response:
        """Do it."""
        try:
            await apply_import(board, who, self._target, self._importer, import_id, patience=_PATIENCE_SECONDS)
        except Problem as problem:
            return await self._told(request, board, who, import_id, problem)
        return self._to(import_id)

    async def _undo(self, request: Request, board: Board, who: Who, import_id: ImportId) -> Response:
        """Take it back."""
        try:
            await undo_import(board, who, self._target, self._importer, import_id, patience=_PATIENCE_SECONDS)
        except Problem as problem:
            return await self._told(request, board, who, import_id, problem)
        return self._to(import_id)

    async def _drop(self, board: Board, who: Who, import_id: ImportId) -> Response:
        """Forget it before it is applied."""
        await drop_import(board, who, self._target, import_id)
        return RedirectResponse(f"{self._home}/import", 303)

    def _to(self, import_id: str) -> Response:
        return RedirectResponse(f"{self._home}/import/{import_id}", 303)

    async def _told(
        self, request: Request, board: Switchboard, who: Principal, import_id: str, problem: Problem
    ) -> Response:
        if problem.status == 404:
            raise problem
        return await self._page(request, board, who, import_id, problem)

    async def _form(
        self, request: Request, board: Switchboard, who: Principal, problem: Problem | None = None
    ) -> HTMLResponse:
        query = (
            select(StoredImport)
            .where(StoredImport.tenant_id == who.tenant_id, StoredImport.target == self._target)
            .order_by(StoredImport.id.desc())
            .limit(_EARLIER_SHOWN)
        )
        tenant = await tenant_of(board, who)
        async with board.sessions() as session:
            earlier = await as_seen(session, list(await session.scalars(query)))
        return await draw_in_frame(
            request, board, who, "lists/import.html", problem.status if problem else 200, earlier=earlier,
            zone=zone_of_company(tenant), now=board.clock(), megabytes=limits.IMPORT_BYTES // (1024 * 1024),
            problem=problem_words(problem), **self._choices(tenant),
        )  # fmt: skip

    async def _page(
        self, request: Request, board: Switchboard, who: Principal, import_id: str, problem: Problem | None = None,
        *, kind: RowKind | None = None, after: str = "",
    ) -> HTMLResponse:  # fmt: skip
        tenant = await tenant_of(board, who)
        seen = await see_import(board, who, self._target, import_id)
        stored, counts = seen.stored, seen.stored.counts
        shown_kind = kind or next((one for one in _LOOKED_AT_FIRST if counts.get(one.value)), RowKind.ADD)
        wanted = page_after(after, limits.ROWS_ON_PAGE)
        async with board.sessions() as session:
            stored_again = await find_import(session, who.tenant_id, self._target, import_id)
            lines, following = await lines_of(session, stored_again, self._importer, shown_kind, wanted)
            met = ""
            if seen.state is ImportState.PREVIEWED and self._tells_calls and can_read_lists(who.role):
                past = await calls_met_by_import(session, tenant, stored_again, board.clock())
                met = past_call_words(past.calls, past.clients, past.vips, past.days)
        until = stored.applied_at + timedelta(days=UNDO_DAYS) if stored.applied_at else None
        refused = file_words(file_problem_of_json(stored.refused)) if stored.refused else ""
        return await draw_in_frame(
            request, board, who, "lists/import_shown.html", problem.status if problem else 200, one=stored,
            state=seen.state, progress=seen.progress, counts=counts,
            kinds=[(one, kind_words(one), counts.get(one.value, 0)) for one in RowKind], kind=shown_kind, lines=lines,
            met=met, after=after, following=following, options=ImportOptions.of_json(stored.options), until=until,
            can_undo=seen.progress is None and can_be_undone(stored) and until is not None and until > board.clock(),
            zone=zone_of_company(tenant), problem=problem_words(problem) if problem else refused, **self._choices(tenant),
        )  # fmt: skip

    @property
    def _is_list(self) -> bool:
        return self._target in {one.value for one in ListName}

    def _choices(self, tenant: TenantRows) -> dict[str, object]:
        return {
            "column_words": column_words, "choices": self._importer.choices(tenant), "states": ImportState,
            "left_words": left_words, "because": LeftBecause,
            "phase_words": phase_words, "days": UNDO_DAYS, "title": self._title(),
            "home": self._home, "target": self._target, "name": ListName(self._target) if self._is_list else None,
        }  # fmt: skip


_LOOKED_AT_FIRST: Final = (RowKind.ERROR, RowKind.CHANGE, RowKind.ADD, RowKind.TWICE, RowKind.SAME)

LIST_PAGES: Final = tuple(
    ImportPages(name.value, f"/lists/{name.value}", LIST_IMPORTER, partial(list_title, name)) for name in ListName
)
