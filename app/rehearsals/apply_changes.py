"""Changes as the REST API takes them, made in one edit by the very code behind it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Final, Literal, Protocol

from pydantic import Field, JsonValue, ValidationError
from sqlalchemy.exc import IntegrityError

from app.base import limits
from app.base.errors import Problem, Unprocessable
from app.base.problems.edits import EditFault
from app.base.problems.requests import FieldNotValid, FieldsNotValid
from app.clients.client import ClientIn, ClientPatch
from app.clients.edit_client import add_client, change_client
from app.clients.edit_client_gone import delete_client
from app.company.categories import CATEGORIES
from app.company.company import CompanyPatch, change_company
from app.company.holidays import HOLIDAYS
from app.company.hours import HOURS
from app.company.lines import LINES
from app.company.menus import MENUS
from app.company.operators import OPERATORS
from app.company.queues import QUEUES
from app.company.rules import RULES
from app.edits.confirmed_edit import problem_of
from app.edits.edit import Edit
from app.lists.entries_api import BLACKLIST, VIPS
from app.plan.rows import Row
from app.subscriptions.subscriptions_api import SUBSCRIPTIONS
from app.switchboard import Switchboard
from app.web.schema import Form, Input

Body = dict[str, JsonValue]
MOST_CHANGES: Final = 100
_API: Final = "/api/v1/"


class Change(Input):
    """One request to this API."""

    method: Literal["POST", "PATCH", "PUT", "DELETE"] = Field(examples=["PATCH"])
    path: str = Field(
        max_length=limits.ADDRESS, examples=["/api/v1/company"],
        description="Of a resource that decides calls: `/vip`, `/blacklist`, `/clients`, `/categories`, `/lines`, `/hours`, "
        "`/holidays`, `/menus`, `/queues`, `/rules`, `/operators`, `/subscriptions` or `/company`.",
    )  # fmt: skip
    body: Body | None = Field(None, description="As it would be sent; nothing for DELETE.")


Changes = Annotated[list[Change], Field(min_length=1, max_length=MOST_CHANGES)]


class _Editable(Protocol):
    """What is used of a :class:`app.web.resource.Resource`."""

    @property
    def form(self) -> type[Input]: ...
    @property
    def patch(self) -> type[Input]: ...
    @property
    def is_replaced(self) -> bool: ...
    async def prepare(self, board: Switchboard, fields: Row) -> Row: ...
    async def save(self, edit: Edit, fields: Row, row_id: str | None = None) -> Row: ...
    async def delete(self, edit: Edit, row_id: str) -> None: ...


_RESOURCES: Final[Mapping[str, _Editable]] = {
    "vip": VIPS, "blacklist": BLACKLIST, "categories": CATEGORIES, "lines": LINES, "hours": HOURS, "holidays": HOLIDAYS,
    "menus": MENUS, "queues": QUEUES, "rules": RULES, "operators": OPERATORS, "subscriptions": SUBSCRIPTIONS,
}  # fmt: skip


def changing(board: Switchboard, changes: Sequence[Change]) -> Callable[[Edit], Awaitable[None]]:
    """What makes ``changes`` in an edit, in their order. It raises what the API would answer, with ``changes.N.`` before the
    field, and :class:`Unprocessable` naming ``changes.N.path`` for what is no change of a call's decision."""

    async def apply(edit: Edit) -> None:
        for place, change in enumerate(changes):
            try:
                await _apply(board, edit, change)
            except IntegrityError as error:
                raise _of_change(place, problem_of(error)) from error
            except Problem as error:
                raise _of_change(place, error) from error

    return apply


def _of_change(place: int, error: Problem) -> Problem:
    if isinstance(error.cause, FieldsNotValid):
        fields = (replace(one, field=f"changes.{place}.{one.field}") for one in error.cause.fields)
        return type(error)(FieldsNotValid(tuple(fields)))
    return type(error)(error.cause, field=f"changes.{place}" + (f".{error.field}" if error.field else ""))


async def _apply(board: Switchboard, edit: Edit, change: Change) -> None:
    name, row_id = _target(change)
    match name, change.method:
        case "company", "PATCH":
            form = _read(CompanyPatch, change)
            await change_company(edit, form.model_dump(mode="json", exclude_unset=True))
        case "clients", "POST":
            await add_client(edit, _read(ClientIn, change), edit.now, may_judge=True)
        case "clients", "PATCH":
            patch = _read(ClientPatch, change)
            fields = {one: getattr(patch, one) for one in patch.model_fields_set}
            await change_client(edit, row_id, fields, edit.now, may_judge=True)
        case "clients", "PUT":
            await change_client(edit, row_id, dict(_read(ClientIn, change)), edit.now, may_judge=True)
        case "clients", "DELETE":
            await delete_client(edit, row_id, edit.now, may_judge=True)
        case _:
            await _edit_row(board, edit, change, _RESOURCES[name], row_id)


async def _edit_row(board: Switchboard, edit: Edit, change: Change, resource: _Editable, row_id: str) -> None:
    match change.method:
        case "POST":
            form = _read(resource.form, change)
            await resource.save(edit, await resource.prepare(board, form.model_dump()))
        case "PATCH":
            form = _read(resource.patch, change)
            fields = form.model_dump(include=form.model_fields_set)
            await resource.save(edit, await resource.prepare(board, fields), row_id)
        case "PUT":
            if not resource.is_replaced:
                raise Unprocessable(EditFault.NOT_REHEARSED, field="method")
            form = _read(resource.form, change)
            await resource.save(edit, await resource.prepare(board, form.model_dump()), row_id)
        case "DELETE":
            await resource.delete(edit, row_id)


def _target(change: Change) -> tuple[str, str]:
    """The resource, and the id of the row: empty for a new one, and for the company."""
    parts = change.path.removeprefix(_API).rstrip("/").split("/") if change.path.startswith(_API) else []
    name = parts[0] if parts else ""
    wants_row = name != "company" and change.method != "POST"
    known = name in _RESOURCES or name in ("clients", "company")
    if not known or len(parts) != 1 + wants_row or not all(parts) or len(parts[-1]) > limits.ROW_ID:
        raise Unprocessable(EditFault.NOT_REHEARSED, field="path")
    if name == "company" and change.method != "PATCH":
        raise Unprocessable(EditFault.NOT_REHEARSED, field="method")
    return name, parts[1] if wants_row else ""


def _read(form: type[Form], change: Change) -> Form:
    try:
        return form.model_validate(change.body or {})
    except ValidationError as error:
        wrong = error.errors(include_url=False)
        fields = (FieldNotValid.of(".".join(str(part) for part in one["loc"]), one) for one in wrong)
        raise Unprocessable(FieldsNotValid(tuple(fields))) from error
