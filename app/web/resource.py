"""What the files of the resources have in common: their routers, and the plain way to list and to read."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from app.auth.principal import Principal
from app.auth.require import allowed
from app.auth.roles import Role, Scope
from app.base.errors import NotFound
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.plan.rows import Row, as_row
from app.switchboard import Switchboard
from app.web.paging import PageWanted, page_of, page_wanted
from app.web.schema import Page
from models import ClientCard

MAX_BODY_BYTES: Final = 1024 * 1024
Shown = TypeVar("Shown", bound=BaseModel)

ItemId = Annotated[str, Path(max_length=100, description="The id.")]
Wanted = Annotated[PageWanted, Depends(page_wanted)]


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}


_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    401: _problem("No key, or a wrong, revoked or expired one."),
    403: _problem("The key or the person lacks the right."),
    404: _problem("Nothing of that id here."),
    409: _problem("The change contradicts what is there; `code` says how."),
    422: _problem("A field cannot be read; `errors` names it."),
}


def resource(
    name: str, *, read: Role = Role.OPERATOR, write: Role = Role.ADMIN, scope: Scope | None = None
) -> APIRouter:
    """The router of ``/api/v1/<name>``: who may read, who may change, and a special scope for API keys."""
    return APIRouter(
        prefix=f"/api/v1/{name}",
        tags=[name],
        dependencies=[Depends(allowed(read=read, write=write, scope=scope))],
        responses=_PROBLEMS,
        max_body_size=MAX_BODY_BYTES,
    )


async def listed(
    board: Switchboard, who: Principal, model: Any, page: PageWanted, shown: Callable[[Row], Shown],
    *conditions: ColumnElement[bool],
) -> Page[Shown]:  # fmt: skip
    """One page of the tenant's rows of ``model`` that meet ``conditions``."""
    id_column: InstrumentedAttribute[str] = model.id
    query = select(model).where(model.tenant_id == who.tenant_id, *conditions)
    if model is ClientCard:
        query = query.options(selectinload(ClientCard.numbers))
    async with board.sessions() as session:
        records, next_cursor = await page_of(session, query, id_column, page)
    return Page(items=[shown(as_row(record)) for record in records], next_cursor=next_cursor)


async def read_row(board: Switchboard, who: Principal, model: Any, row_id: str) -> Row:
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


def all_on_one_page(items: Sequence[Shown]) -> Page[Shown]:
    """A list that is short by nature."""
    return Page(items=list(items), next_cursor=None)
