"""The one shape of a resource of the API: rows of one table that are listed, read, added, changed and deleted.

A resource's file has its schema, its rules (an own subclass of :class:`Resource`, where it has any) and one line that makes
the resource. Whoever else changes such a row, be it a page or a command, goes through :meth:`Resource.save` and
:meth:`Resource.delete` too.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import APIRouter, Depends, Path, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.roles import Role, Scope
from app.base import limits
from app.base.errors import NotFound
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, save, take_turn
from app.edits.in_use import refuse_if_in_use
from app.plan.rows import Row, as_row
from app.switchboard import Switchboard
from app.web.body_size import most_of
from app.web.number_query import country_of_company, number_asked_for
from app.web.paging import NumberQuery, PageWanted, Part, Search, match_text, read_page, read_page_query
from app.web.posting import Posting
from app.web.schema import Input, Page, Stored, out_of, patch_of
from models import AuditEntry, ClientCard
from models.base import Identified

Record = TypeVar("Record", bound=Identified)
Shown = TypeVar("Shown", bound=BaseModel)
Conditions = list[ColumnElement[bool]]

ItemId = Annotated[str, Path(max_length=limits.ROW_ID, description="The id.", examples=["01kfx3v9q2abcdefghjk"])]
Wanted = Annotated[PageWanted, Depends(read_page_query)]


class Tag(str):
    """The name of a group of operations, with what the description says ``about`` it."""

    about: str

    def __new__(cls, name: str, about: str) -> "Tag":
        """Text like any other, for whoever asks for no more."""
        tag = super().__new__(cls, name)
        tag.about = about
        return tag


def resource(
    name: str, about: str, *, read: Role = Role.OPERATOR, write: Role = Role.ADMIN, scope: Scope | None = None
) -> APIRouter:
    """The router of ``/api/v1/<name>``: who may read, who may change, and a special scope for API keys. ``about`` is what
    the description says of it. What can go wrong is added there, see :mod:`app.web.described_problems`."""
    return APIRouter(
        prefix=f"/api/v1/{name}",
        tags=[Tag(name, about)],
        dependencies=[Depends(allowed(read=read, write=write, scope=scope))],
        max_body_size=most_of(f"/api/v1/{name}"),
        generate_unique_id_function=operation_id,
    )


def operation_id(route: APIRoute) -> str:
    """The route's name as generated clients call it: ``list_vip`` is ``listVip``."""
    first, *others = route.name.split("_")
    return first + "".join(word.title() for word in others)


class Resource(Generic[Record]):
    """Rows of ``model``, made by ``form`` (``QueueIn``). ``one`` and ``many`` are what the ids of the operations say, by one
    rule for all: ``listQueues``, ``createQueue``, ``getQueue``, ``updateQueue``, ``replaceQueue``, ``deleteQueue``.

    ``finds`` are the columns in which ``q`` looks, ``finds_number`` one in which it looks for digits, and ``numbers``
    whether ``number`` finds its row; ``in_order_of`` is the place by which rows are listed that have one. ``about``
    describes the resource, ``adds`` and the other words its operations; without ``adds`` there is no POST of its body,
    without ``replaces`` no PUT. ``out`` is the schema of an answer where it does not follow from ``form``.
    """

    def __init__(
        self, model: type[Record], form: type[Input], one: str, many: str = "", *, out: type[Stored] | None = None,
        read: Role = Role.OPERATOR, write: Role = Role.ADMIN, scope: Scope | None = None,
        finds: Sequence[InstrumentedAttribute[str]] = (), finds_number: InstrumentedAttribute[str] | None = None,
        numbers: bool = False, in_order_of: InstrumentedAttribute[int] | None = None,
        about: str, lists: str, reads: str, adds: str = "",
        changes: str = "Change the fields that are given.", replaces: str = "", deletes: str,
    ) -> None:  # fmt: skip
        self.model, self.form, self.patch, self.out = model, form, patch_of(form), out or out_of(form)
        self._page_out: type[BaseModel] = Page[self.out]  # type: ignore[name-defined]  # FastAPI reads it while running
        self.one, self.many, self.is_replaced = one, many or model.resource, bool(replaces)
        self.router = resource(model.resource, about, read=read, write=write, scope=scope)
        self._finds, self._finds_number, self._in_order_of = finds, finds_number, in_order_of
        self._add_list(lists, numbers=numbers)
        if adds:
            self._add_post(adds)
        self._add_read(reads)
        self._add_write("PATCH", "update", changes, self.patch)
        if replaces:
            self._add_write("PUT", "replace", replaces, form)
        self._add_delete(deletes)

    # The rules.

    async def check(self, edit: Edit, fields: Row, record: Record | None) -> None:
        """Refuse ``fields`` (columns of the model), or put them into the form in which they are stored; ``record`` is the
        row as it is, None for a new one. Raises :class:`app.base.errors.Problem`."""

    async def check_saved(self, edit: Edit, row: Row) -> None:
        """Refuse what can only be seen when ``row`` is in the database; then nothing is saved. Raises
        :class:`app.base.errors.Problem`."""

    async def prepare(self, board: Switchboard, fields: Row) -> Row:
        """The columns that a body means. What takes long is done here, before anybody has to wait for this edit, and what
        takes a key of the installation's."""
        return fields

    def shown(self, row: Row) -> Row:
        """What the answer is made of."""
        return row

    async def see_now(self, board: Switchboard, who: Principal) -> Callable[[Row], Row]:
        """What adds to a row, before :meth:`shown`, what is not stored but known at this moment."""
        return lambda row: row

    # The one way to edit.

    async def save(self, edit: Edit, fields: Row, row_id: str | None = None) -> Row:
        """Add a row, or give ``fields`` (columns) of one new values. Raises :class:`app.base.errors.Problem`."""
        await take_turn(edit)
        record = await find_or_404(edit, self.model, row_id) if row_id else None
        await self.check(edit, fields, record)
        row = await save(edit, self.model, fields, record)
        await self.check_saved(edit, row)
        return row

    async def delete(self, edit: Edit, row_id: str) -> None:
        """Delete a row. Raises :class:`app.base.errors.NotFound`, and :class:`app.base.errors.InUse` while others refer to
        it."""
        await take_turn(edit)
        record = await find_or_404(edit, self.model, row_id)
        await refuse_if_in_use(edit, record)
        await edit.record_deleted(record)

    async def page_of_number(
        self, board: Switchboard, who: Principal, page: PageWanted, q: str, number: str
    ) -> BaseModel:
        """The rows of exactly this number."""
        conditions = self._that_hold(board, who, q)
        if self._finds_number is not None:
            conditions.append(self._finds_number == number_asked_for(board, who, number))
        return await self._page(board, who, page, conditions)

    # The routes.

    def _add_list(self, description: str, *, numbers: bool) -> None:
        async def list_all(board: Board, who: Who, page: Wanted) -> BaseModel:
            return await self._page(board, who, page, [])

        async def list_found(board: Board, who: Who, page: Wanted, q: Search = "") -> BaseModel:
            return await self._page(board, who, page, self._that_hold(board, who, q))

        async def list_numbers(
            board: Board, who: Who, page: Wanted, q: Search = "", number: NumberQuery = None
        ) -> BaseModel:
            if number is not None:
                return await self.page_of_number(board, who, page, q, number)
            return await self._page(board, who, page, self._that_hold(board, who, q))

        searched = list_numbers if numbers else list_found if self._finds else list_all
        self._route("", "GET", searched, f"list_{self.many}", description, self._page_out)

    def _add_post(self, description: str) -> None:
        async def add(form: Input, post: Posting) -> Response:
            fields = await self.prepare(post.board, form.model_dump())

            async def make(edit: Edit) -> BaseModel:
                return self.out.model_validate(self.shown(await self.save(edit, fields)))

            return await post.once(make)

        add.__annotations__["form"] = self.form  # by which FastAPI reads and describes the body
        self._route("", "POST", add, f"create_{self.one}", description, self.out, 201)

    def _add_read(self, description: str) -> None:
        async def read(board: Board, who: Who, item_id: ItemId) -> Row:
            row = await read_row(board, who, self.model, item_id)
            return self.shown((await self.see_now(board, who))(row))

        self._route("/{item_id}", "GET", read, f"get_{self.one}", description, self.out)

    def _add_write(self, method: str, verb: str, description: str, body: type[Input]) -> None:
        async def write(board: Board, who: Who, response: Response, item_id: ItemId, form: Input) -> Row:
            given = form.model_fields_set if method == "PATCH" else None
            fields = await self.prepare(board, form.model_dump(include=given))
            async with confirmed_edit(board, who, response) as edit:
                return self.shown(await self.save(edit, fields, item_id))

        write.__annotations__["form"] = body
        self._route("/{item_id}", method, write, f"{verb}_{self.one}", description, self.out)

    def _add_delete(self, description: str) -> None:
        async def remove(board: Board, who: Who, response: Response, item_id: ItemId) -> None:
            async with confirmed_edit(board, who, response) as edit:
                await self.delete(edit, item_id)

        self._route("/{item_id}", "DELETE", remove, f"delete_{self.one}", description, None, 204)

    def _route(
        self, path: str, method: str, answer: Callable[..., Awaitable[object]], name: str, description: str,
        model: type[BaseModel] | None, status: int = 200,
    ) -> None:  # fmt: skip
        self.router.add_api_route(
            path, answer, methods=[method], name=name, description=description, response_model=model, status_code=status
        )

    async def _page(self, board: Switchboard, who: Principal, page: PageWanted, conditions: Conditions) -> BaseModel:
        see_now = await self.see_now(board, who)
        return await list_rows(
            board, who, self.model, page, lambda row: self.out.model_validate(self.shown(see_now(row))), *conditions,
            in_order_of=self._in_order_of,
        )  # fmt: skip

    def _that_hold(self, board: Switchboard, who: Principal, text: str) -> Conditions:
        if not text:
            return []
        numbers = [self._finds_number] if self._finds_number is not None else []
        return [match_text(text, *self._finds, numbers=numbers, country=country_of_company(board, who))]


async def list_rows(
    board: Switchboard, who: Principal, model: type[Identified | AuditEntry], page: PageWanted,
    shown: Callable[[Row], Shown], *conditions: ColumnElement[bool],
    in_order_of: InstrumentedAttribute[int] | None = None,
) -> Page[Shown]:  # fmt: skip
    """One page of the tenant's rows of ``model`` that meet ``conditions``, ``in_order_of`` their place or else the newest
    first: ids sort by age."""
    query = select(model).where(model.tenant_id == who.tenant_id, *conditions)
    if model is ClientCard:
        query = query.options(selectinload(ClientCard.numbers))
    async with board.sessions() as session:
        placed = Part(query, (in_order_of, model.id), descending=False) if in_order_of is not None else None
        rows = await read_page(session, page, placed or Part(query, (model.id,)))
    return Page(items=[shown(as_row(row[0])) for row in rows.items], next_cursor=rows.after)


async def read_row(board: Switchboard, who: Principal, model: type[Identified], row_id: str) -> Row:
    """The tenant's row of this id. Raises :class:`NotFound`, in the same words whether there is none or it is
    somebody else's."""
    if is_storable(row_id):
        query = select(model).where(model.tenant_id == who.tenant_id, model.id == row_id)
        if model is ClientCard:
            query = query.options(selectinload(ClientCard.numbers))
        async with board.sessions() as session:
            if (record := await session.scalar(query)) is not None:
                return as_row(record)
    raise NotFound(RequestFault.NOT_FOUND)


def put_on_one_page(items: Sequence[Shown]) -> Page[Shown]:
    """A list that is short by nature."""
    return Page(items=list(items), next_cursor=None)
