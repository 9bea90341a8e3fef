"""*What would change?* of every form of a resource: the very change that its other button would make is rehearsed."""

from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import IntegrityError

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.tenant import tenant_of
from app.base.errors import NotFound, Problem
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.company import (
    categories_page,
    company_page,
    holidays_page,
    hours_page,
    lines_page,
    menus_page,
    operators_page,
    queues_page,
    rules_page,
)
from app.company.company import CompanyPatch, change_company
from app.edits.confirmed_edit import problem_of
from app.edits.edit import Edit
from app.rehearsals.rehearse import FilledForm, of_company, rehearse
from app.subscriptions import subscriptions_page
from app.switchboard import Switchboard
from app.web.resource_pages import ItemId, ResourcePages, settings_router
from app.web.schema import validated
from app.web.typed_form import TypedForm, read_form
from models import Rehearsal
from models.base import Identified

Record = TypeVar("Record", bound=Identified)
REHEARSALS: Final = "/settings/rehearsals"
DAYS: Final = 30
_TITLES: Final = ("name", "label")
_LONGEST_TITLE: Final = 200
_KEPT_NOWHERE: Final = frozenset({"csrf_token", "api_key"})

router = settings_router()
_of_path: Final[dict[str, Callable[[Request, Switchboard, Principal, Rehearsal], Awaitable[Response]]]] = {}


@router.get(REHEARSALS + "/{item_id}/form", name="rehearsed_form")
async def form_again(request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
    """Back to the form that a rehearsal was begun with: nothing that was typed is lost."""
    rehearsal = await of_company(board, who.tenant_id, item_id) if is_storable(item_id) else None
    again = _of_path.get(rehearsal.page.rpartition("/")[0]) if rehearsal is not None else None
    if rehearsal is None or again is None:
        raise NotFound(RequestFault.NOT_FOUND)
    return await again(request, board, who, rehearsal)


class _Begin(Generic[Record]):
    """The three routes of one resource's pages."""

    def __init__(self, pages: ResourcePages[Record]) -> None:
        self.pages = pages
        _of_path[pages.path] = self.again
        name = pages.resource.many
        for path, begin, act in (
            ("/new/rehearse", self._adding, "adding"),
            ("/{item_id}/rehearse", self._changing, "changing"),
            ("/{item_id}/delete/rehearse", self._deleting, "deleting"),
        ):
            router.add_api_route(pages.path + path, begin, methods=["POST"], name=f"rehearse_{act}_{name}")

    async def again(self, request: Request, board: Switchboard, who: Principal, rehearsal: Rehearsal) -> Response:
        """The form as it was typed; it saves to where it always does."""
        row_id = rehearsal.page.rsplit("/", 1)[1]
        row = None if rehearsal.act == "add" else await self.pages.row_or_404(board, who, row_id)
        return await self.pages.draw_form(request, board, who, row, typed=_typed_then(rehearsal))

    async def _adding(self, request: Request, board: Board, who: Who) -> Response:
        """Begin, and go to what comes of it."""
        tenant, form = await tenant_of(board, who), await read_form(request)
        try:
            fields = await self.pages.columns(board, form, tenant, None)

            async def add(edit: Edit) -> None:
                await self.pages.resource.save(edit, fields)

            asked = FilledForm(f"{self.pages.path}/new", "add", _title(form), kept(form))
            begun = await rehearse(board, who.tenant_id, who.actor, _told(add), DAYS, asked)
        except Problem as problem:
            return await self.pages.draw_form(request, board, who, None, problem.status, problem=problem, typed=form)
        return RedirectResponse(f"{REHEARSALS}/{begun}", 303)

    async def _changing(self, request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
        """Begin, and go to what comes of it."""
        row = await self.pages.row_or_404(board, who, item_id)
        tenant, form = await tenant_of(board, who), await read_form(request)
        try:
            fields = await self.pages.columns(board, form, tenant, row)

            async def change(edit: Edit) -> None:
                await self.pages.resource.save(edit, fields, item_id)

            asked = FilledForm(f"{self.pages.path}/{item_id}", "change", self.pages.title(row), kept(form))
            begun = await rehearse(board, who.tenant_id, who.actor, _told(change), DAYS, asked)
        except NotFound:
            raise
        except Problem as problem:
            return await self.pages.draw_form(request, board, who, row, problem.status, problem=problem, typed=form)
        return RedirectResponse(f"{REHEARSALS}/{begun}", 303)

    async def _deleting(self, request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
        """Begin, and go to what comes of it."""
        row = await self.pages.row_or_404(board, who, item_id)

        async def delete(edit: Edit) -> None:
            await self.pages.resource.delete(edit, item_id)

        asked = FilledForm(f"{self.pages.path}/{item_id}/delete", "delete", self.pages.title(row))
        try:
            begun = await rehearse(board, who.tenant_id, who.actor, _told(delete), DAYS, asked)
        except NotFound:
            raise
        except Problem as problem:
            return await self.pages.draw_before_deleting(request, board, who, item_id, problem)
        return RedirectResponse(f"{REHEARSALS}/{begun}", 303)


@router.post(f"{company_page.PATH}/rehearse", name="rehearse_company")
async def rehearse_company(request: Request, board: Board, who: Who) -> Response:
    """Begin with the company's form. The texts have no such button: they decide nothing; nor have the fake queue's limits,
    none of which a rehearsal reaches."""
    form = await read_form(request)
    try:
        fields = validated(CompanyPatch, company_page.read_company(form)).model_dump(mode="json", exclude_unset=True)

        async def change(edit: Edit) -> None:
            await change_company(edit, fields)

        asked = FilledForm(f"{company_page.PATH}/form", "change", _title(form), kept(form))
        begun = await rehearse(board, who.tenant_id, who.actor, _told(change), DAYS, asked)
    except Problem as problem:
        return await company_page.draw_company(request, board, who, problem.status, problem=problem, typed=form)
    return RedirectResponse(f"{REHEARSALS}/{begun}", 303)


async def _company_again(request: Request, board: Switchboard, who: Principal, rehearsal: Rehearsal) -> Response:
    return await company_page.draw_company(request, board, who, typed=_typed_then(rehearsal))


_of_path[company_page.PATH] = _company_again


def _typed_then(rehearsal: Rehearsal) -> TypedForm:
    several = {name: tuple(values) for name, values in (rehearsal.typed or {}).items() if values}
    return TypedForm({name: values[-1] for name, values in several.items()}, several)


def kept(form: TypedForm) -> dict[str, list[str]]:
    """What is kept of a form: all that was typed and can be stored."""
    return {
        name: [one for one in values if is_storable(one)]
        for name, values in form.several.items()
        if name not in _KEPT_NOWHERE and is_storable(name)
    }


def _title(form: TypedForm) -> str:
    return next((form.text(one) for one in _TITLES if is_storable(form.text(one))), "")[:_LONGEST_TITLE]


def _told(apply: Callable[[Edit], Awaitable[None]]) -> Callable[[Edit], Awaitable[None]]:
    """``apply``, with what the database refuses told as a problem."""

    async def told(edit: Edit) -> None:
        try:
            await apply(edit)
        except IntegrityError as error:
            raise problem_of(error) from error

    return told


_Begin(lines_page.PAGES)
_Begin(hours_page.PAGES)
_Begin(holidays_page.PAGES)
_Begin(menus_page.PAGES)
_Begin(queues_page.PAGES)
_Begin(operators_page.PAGES)
_Begin(categories_page.PAGES)
_Begin(rules_page.PAGES)
_Begin(subscriptions_page.PAGES)
