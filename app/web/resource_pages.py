"""The one shape of the pages of a resource: ``/settings/<resource>`` lists its rows, and each has a form.

A resource's page has what is its own: what the list says of a row, how the form is read, and what it shows. Whatever is
saved goes through the :class:`app.web.resource.Resource`, so that page and API have the same rules and the same refusals.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Generic, TypeVar

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
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.edits.in_use import users_of
from app.plan.rows import Row, as_row
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.web.resource import Resource
from app.web.schema import validated
from app.web.seen_form import SEEN, has_changed, refuse_if_changed, seen_in
from app.web.typed_form import TypedForm, read_form, typed_over
from app.words.problems import field_words, problem_words
from app.words.resource_words import page_of, resource_words
from app.words.told_apart import told_apart
from models import AudioRecord, Company
from models.base import Identified

Record = TypeVar("Record", bound=Identified)
Shown = Mapping[str, str | Sequence[str]]
"""The fields of a form by name, as they stand in it: a text, or what is chosen of several."""
ItemId = Annotated[str, Path(max_length=limits.ROW_ID)]


def settings_router() -> APIRouter:
    """The router of a page for admins below ``/settings``."""
    guard = Depends(allowed(read=Role.ADMIN, write=Role.ADMIN))
    return APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[guard])


class ResourcePages(ABC, Generic[Record]):
    """Pages of ``resource``. Its templates in ``folder``, ``list.html`` and ``form.html``, extend those of ``settings/``.
    The form of a new row is at ``/new``; deleting asks on a page of its own, which says what is in the way."""

    folder: ClassVar[str]
    is_rehearsed: ClassVar[bool] = True
    """Whether a change can be tried on the calls of the last days: its form has a button for that, which posts it to
    ``…/rehearse`` instead (:mod:`app.rehearsals.begin_page`)."""

    moved_by_others: ClassVar[frozenset[str]] = frozenset()
    """Fields of the form that change with other rows: they make nobody's form an old one."""

    def __init__(self, resource: Resource[Record]) -> None:
        self.resource = resource
        self.table = resource.model.__tablename__
        self.path = f"/settings/{resource.model.resource}"
        self.router = settings_router()
        self._add_routes()

    # What is a resource's own.

    def listed(self, board: Switchboard, tenant: TenantRows) -> Sequence[object]:
        """What the list shows, in its order; each item has an ``id``."""
        return list(tenant.rows[self.table].values())

    async def items(self, board: Switchboard, tenant: TenantRows) -> Sequence[object]:
        """The same, of rows that are no part of the plan."""
        return self.listed(board, tenant)

    def title(self, row: Row) -> str:
        """What a row is called."""
        name: str = row.get("label") or row["name"]
        return name

    def around(self, board: Switchboard, tenant: TenantRows) -> object:
        """What the list's page shows besides; ``around`` in the template."""
        return None

    async def beside(self, board: Switchboard, tenant: TenantRows, rows: Sequence[Row]) -> Mapping[str, object]:
        """What is known of ``rows`` that is not in the plan, by their ids; ``beside`` in the templates."""
        return {}

    @abstractmethod
    def read(self, form: TypedForm, tenant: TenantRows, row: Row | None) -> Mapping[str, object]:
        """The fields of the API that the form gives. Raises :class:`app.base.errors.Unprocessable`."""

    @abstractmethod
    def shown(self, tenant: TenantRows, row: Row | None) -> Shown:
        """The form's fields for a row, or for a new one."""

    def choices(self, board: Switchboard, tenant: TenantRows, row: Row | None) -> object:
        """What the form's lists offer; ``choices`` in the template."""
        return None

    async def notices(self, board: Switchboard, tenant: TenantRows, row: Row) -> Sequence[str]:
        """What whoever looks at a row may not expect, in sentences."""
        return []

    async def columns(self, board: Switchboard, form: TypedForm, tenant: TenantRows, row: Row | None) -> Row:
        """The columns that the form gives ``row``, or a new one. Raises :class:`app.base.errors.Problem`."""
        given = self.read(form, tenant, row)
        if row is None:
            fields = validated(self.resource.form, given).model_dump()
        else:
            fields = validated(self.resource.patch, given).model_dump(include=set(given))
        return await self.resource.prepare(board, fields)

    # The routes.

    def _add_routes(self) -> None:
        route = self.router.add_api_route
        name = self.resource.many
        route(self.path, self._list, methods=["GET"], name=f"{name}_page")
        route(f"{self.path}/new", self._new, methods=["GET"], name=f"new_{name}_page")
        route(f"{self.path}/new", self._add, methods=["POST"], name=f"add_{name}")
        route(self.path + "/{item_id}", self._one, methods=["GET"], name=f"one_of_{name}_page")
        route(self.path + "/{item_id}", self._change, methods=["POST"], name=f"change_one_of_{name}")
        route(self.path + "/{item_id}/delete", self._ask_to_delete, methods=["GET"], name=f"ask_to_delete_{name}")
        route(self.path + "/{item_id}/delete", self._delete, methods=["POST"], name=f"delete_one_of_{name}")

    async def _list(
        self, request: Request, board: Board, who: Who, deleted: bool = False, moved: bool = False
    ) -> HTMLResponse:
        """All rows. ``deleted`` tells that one has just been deleted, ``moved`` that one has another place."""
        tenant = await tenant_of(board, who)
        rows = list(tenant.rows.get(self.table, {}).values())
        return await draw_in_frame(
            request, board, who, f"{self.folder}/list.html", items=await self.items(board, tenant), path=self.path,
            around=self.around(board, tenant), deleted=deleted, moved=moved,
            beside=await self.beside(board, tenant, rows), zone=zone_of_company(tenant),
        )  # fmt: skip

    async def _new(self, request: Request, board: Board, who: Who) -> HTMLResponse:
        """The form of a new row."""
        return await self.draw_form(request, board, who, None)

    async def _add(self, request: Request, board: Board, who: Who) -> Response:
        """Add a row; live when this answers."""
        tenant = await tenant_of(board, who)
        form = await read_form(request)
        try:
            fields = await self.columns(board, form, tenant, None)
            async with confirmed_edit(board, who) as edit:
                row = await self.resource.save(edit, fields)
        except Problem as problem:
            return await self.draw_form(request, board, who, None, problem.status, problem=problem, typed=form)
        return RedirectResponse(f"{self.path}/{row['id']}?saved=1", 303)

    async def _one(
        self, request: Request, board: Board, who: Who, item_id: ItemId, saved: bool = False
    ) -> HTMLResponse:
        """One row. ``saved`` tells that it has just been changed."""
        return await self.draw_form(request, board, who, await self.row_or_404(board, who, item_id), saved=saved)

    async def _change(self, request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
        """Change a row; live when this answers."""
        row = await self.row_or_404(board, who, item_id)
        tenant = await tenant_of(board, who)
        form = await read_form(request)
        try:
            fields = await self.columns(board, form, tenant, row)
            async with confirmed_edit(board, who) as edit:
                await self.refuse_if_row_changed(edit, form, tenant, item_id)
                await self.resource.save(edit, fields, item_id)
        except NotFound:
            raise
        except Problem as problem:
            return await self.draw_form(request, board, who, row, problem.status, problem=problem, typed=form)
        return RedirectResponse(f"{self.path}/{item_id}?saved=1", 303)

    async def refuse_if_row_changed(self, edit: Edit, form: TypedForm, tenant: TenantRows, item_id: str) -> None:
        """Raises :class:`ChangedMeanwhile` when the row is not any more the one that the form was drawn with."""
        if seen := form.text(SEEN):
            await take_turn(edit)
            row = as_row(await find_or_404(edit, self.resource.model, item_id))
            refuse_if_changed(seen, self._of_its_own(self.shown(tenant, row)))

    def _of_its_own(self, shown: Shown) -> Shown:
        return {name: value for name, value in shown.items() if name not in self.moved_by_others}

    async def _ask_to_delete(self, request: Request, board: Board, who: Who, item_id: ItemId) -> HTMLResponse:
        """What deleting means, and what is in its way."""
        return await self.draw_before_deleting(request, board, who, item_id)

    async def _delete(self, request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
        """Delete a row that nothing refers to."""
        try:
            async with confirmed_edit(board, who) as edit:
                await self.resource.delete(edit, item_id)
        except NotFound:
            raise
        except Problem as problem:
            return await self.draw_before_deleting(request, board, who, item_id, problem)
        return RedirectResponse(f"{self.path}?deleted=1", 303)

    async def draw_before_deleting(
        self, request: Request, board: Switchboard, who: Principal, item_id: str, problem: Problem | None = None
    ) -> HTMLResponse:
        """The page that asks, or that says why not."""
        row = await self.row_or_404(board, who, item_id)
        async with board.sessions() as session:
            users = [
                (page_of(user), user.name, resource_words(user.resource))
                async for user in users_of(session, who.tenant_id, self.resource.model, item_id)
            ]
        return await draw_in_frame(
            request, board, who, "settings/delete.html", problem.status if problem else 200, path=self.path, id=item_id,
            name=self.title(row), users=users, is_rehearsed=self.is_rehearsed,
            detail=problem_words(problem),
        )  # fmt: skip

    async def row_or_404(self, board: Switchboard, who: Principal, row_id: str) -> Row:
        """The row. Raises :class:`NotFound`."""
        row: Row | None = (await tenant_of(board, who)).rows[self.table].get(row_id)
        if row is None:
            raise NotFound(RequestFault.NOT_FOUND)
        return row

    async def draw_form(
        self, request: Request, board: Switchboard, who: Principal, row: Row | None, status: int = 200, *,
        saved: bool = False, problem: Problem | None = None, typed: TypedForm | None = None,
    ) -> HTMLResponse:  # fmt: skip
        """The form: with what was ``typed`` into it, if it was, and what is wrong with that."""
        tenant = await tenant_of(board, who)
        shown = self.shown(tenant, row)
        fields = typed_over(shown, typed)
        return await draw_in_frame(
            request, board, who, f"{self.folder}/form.html", status, path=self.path, row=row, fields=fields, saved=saved,
            seen=seen_in(self._of_its_own(shown), typed.text(SEEN) if typed else "", problem),
            has_changed=has_changed(problem), is_rehearsed=self.is_rehearsed,
            notices=await self.notices(board, tenant, row) if row else [],
            languages=languages_first(only_company(tenant)["language"]), choices=self.choices(board, tenant, row),
            recordings=recordings_of(tenant), beside=await self.beside(board, tenant, [row] if row else []),
            zone=zone_of_company(tenant),
            faults=field_words(problem), detail=problem_words(problem),
        )  # fmt: skip


def only_company(tenant: TenantRows) -> Row:
    """The company's own row."""
    (row,) = tenant.rows[Company.__tablename__].values()
    return row


def languages_first(first: str) -> dict[str, str]:
    """Every language by its own name, ``first`` before the others."""
    return {first: LANGUAGES[first]} | LANGUAGES


def named_rows(tenant: TenantRows, model: type[Identified], none: str = "") -> list[tuple[str, str]]:
    """The rows of ``model`` as the options of a list, by name; ``none`` are the words of its first, which chooses none."""
    named = told_apart(tenant.rows[model.__tablename__].values())
    return [("", none), *named] if none else named


def recordings_of(tenant: TenantRows) -> list[tuple[str, str]]:
    """The company's recordings as the options of a list: what stands for each in the place of words, and its name."""
    return [(AudioRecord.reference_to(row_id), name) for row_id, name in named_rows(tenant, AudioRecord)]


def shown_spoken(name: str, first: str, text: str, others: Mapping[str, str]) -> dict[str, str]:
    """The fields of a sentence that is stored as ``text`` in the language ``first`` and as ``others`` in theirs."""
    said = ({first: text} if text else {}) | dict(others)
    return {f"{name}_{code}": one for code, one in said.items()}
