"""``/setup``: six steps from an empty database to a first call. All but the first can be skipped, done in any order and
taken up again; what they make is edited later under *Settings*."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from app.auth.account_name import account_name
from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.roles import Role
from app.auth.same_site import comes_from_our_pages
from app.auth.tenant import tenant_of
from app.base.address_check import MARK, AddressFound, check_address
from app.base.errors import NotAllowed, Problem
from app.base.language import LANGUAGES, language, speak
from app.base.problems.people import PeopleFault
from app.base.problems.requests import RequestFault
from app.base.secrets_at_rest import derive
from app.base.settings import BASE_URL_SETTING
from app.company.accounts_page import PATH as ACCOUNTS
from app.company.hours_page import PAGES as HOURS_PAGES
from app.company.hours_page import day_names
from app.edits.confirmed_edit import confirmed_edit
from app.first_run.make_steps import (
    PEOPLE,
    enter_account,
    fill_lists,
    keep_hours,
    observes_country,
    ring_people,
    rung_now,
    week_kept,
)
from app.first_run.one_time_address import close_first_run, is_offered
from app.first_run.places import countries, likely_country, likely_zone, zones, zones_of
from app.first_run.progress import Step, next_step, progress
from app.first_run.sample_data import add_sample_data, has_sample_data, remove_sample_data
from app.first_run.simulated_account import is_simulated, simulated_account
from app.lists.edit_lines import Verdict
from app.people.enter import enter
from app.people.set_up_company import CompanyForm, set_up_company
from app.plan.build_plan import WEEKDAYS
from app.providers.registry import PROVIDERS
from app.switchboard import Switchboard
from app.web.drawing import page
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.web.resource_pages import only_company
from app.web.typed_form import TypedForm, read_form, typed_over
from app.words.first_run_words import address_words
from app.words.number_words import country_words
from app.words.problems import field_words, problem_words
from models import CallRecord, Company, ProviderAccount, UserAccount
from models.list_name import ListName

PATH: Final = "/setup"

entrance = APIRouter(include_in_schema=False, route_class=PageRoute)
"""Before there is anybody who could sign in."""
router = APIRouter(
    include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(read=Role.ADMIN, write=Role.ADMIN))]
)
Token = Annotated[str, Query(max_length=100)]


@entrance.get(f"{PATH}/mark")
async def mark(board: Board) -> Response:
    """By which this service knows itself when it asks its own public address."""
    return Response(status_code=204, headers={MARK: _mark(board)})


@entrance.get(PATH)
async def first_page(request: Request, board: Board, token: Token = "") -> Response:
    """The first step for whoever has the one-time address, the steps for everybody else; who may see these, the page of the
    steps decides."""
    if is_offered(board.settings.data_dir, token) and not await _is_set_up(board):
        return _first_step(request, token)
    return RedirectResponse(f"{PATH}/{Step.ADDRESS}" if await _is_set_up(board) else f"{PATH}/closed", 303)


@entrance.get(f"{PATH}/closed")
async def closed() -> HTMLResponse:
    """Where the one-time address is to be found."""
    return page("setup/closed.html", 404)


@entrance.post(PATH)
async def make_company(request: Request, board: Board) -> Response:
    """Make the company and its first admin, who is signed in."""
    if not comes_from_our_pages(request, board.settings):
        raise NotAllowed(RequestFault.FROM_ANOTHER_SITE)
    form = await read_form(request)
    token = form.text("token")
    if await _is_set_up(board):  # pressed twice, perhaps
        return RedirectResponse(f"{PATH}/{Step.ADDRESS}", 303)
    if not is_offered(board.settings.data_dir, token):
        return page("setup/closed.html", 404)
    if (spoken := form.text("language")) in LANGUAGES:
        speak(spoken)
    try:
        made = await set_up_company(board.sessions, board.secret_box, _company(form), as_first=True)
    except Problem as problem:
        if problem.cause is PeopleFault.SET_UP_ALREADY:  # somebody was quicker, or the button was pressed twice
            return RedirectResponse(f"{PATH}/{Step.ADDRESS}", 303)
        return _first_step(request, token, problem.status, problem=problem, typed=form)
    close_first_run(board.settings.data_dir)
    await board.live_plan.catch_up()
    async with board.sessions() as session:
        user = await session.scalar(select(UserAccount).where(UserAccount.email == account_name(made.admin_email)))
    assert user is not None  # noqa: S101  it was made with the company
    return await enter(request, board, user, f"{PATH}/{Step.ADDRESS}")


@router.get(PATH + "/{step}")
async def step_page(request: Request, board: Board, who: Who, step: Step) -> Response:
    """One step, beside the list of all. The first has been taken by whoever sees this."""
    if step is Step.ADMIN:
        return RedirectResponse(f"{PATH}/{Step.ADDRESS}", 303)
    return await _drawn(request, board, who, step)


@router.post(f"{PATH}/check")
async def check_public_address(request: Request, board: Board, who: Who) -> Response:
    """Ask the public address from here."""
    found = await check_address(board.settings.base_url, _mark(board))
    return await _drawn(request, board, who, Step.ADDRESS, found=found)


@router.post(f"{PATH}/sample")
async def sample_data(board: Board, who: Who, gone: Annotated[bool, Form()] = False) -> Response:
    """Add the sample data, or take it away."""
    async with confirmed_edit(board, who) as edit:
        await (remove_sample_data if gone else add_sample_data)(edit)
    return RedirectResponse(f"{PATH}/{Step.LISTS}", 303)


@router.post(PATH + "/{step}")
async def do_step(request: Request, board: Board, who: Who, step: Step) -> Response:
    """Make what the step is about, and go on to the next one."""
    form = await read_form(request)
    left: Mapping[ListName, Sequence[Verdict]] = {}
    account_id = ""
    tenant = await tenant_of(board, who)
    try:
        async with confirmed_edit(board, who) as edit:
            match step:
                case Step.PROVIDER:
                    account_id = await enter_account(edit, form, tenant, board.secret_box)
                case Step.HOURS:
                    await keep_hours(edit, form, tenant)
                case Step.PEOPLE:
                    await ring_people(edit, form)
                case Step.LISTS:
                    left = await fill_lists(edit, form)
                case Step.ADMIN | Step.ADDRESS:
                    pass
    except Problem as problem:
        return await _drawn(request, board, who, step, problem.status, problem=problem, typed=form)
    if any(left.values()):
        return await _drawn(request, board, who, step, 200, left=left)
    if account_id:
        return RedirectResponse(f"{ACCOUNTS}/{account_id}/numbers?first=1", 303)
    following = next_step(step)
    return RedirectResponse(f"{PATH}/{following}" if following else f"{PATH}/{Step.LISTS}?done=1", 303)


def _mark(board: Switchboard) -> str:
    return derive(board.settings.key, "first run").hex()


async def _is_set_up(board: Switchboard) -> bool:
    async with board.sessions() as session:
        return await session.scalar(select(Company.id).limit(1)) is not None


def _company(form: TypedForm) -> CompanyForm:
    simulated = simulated_account()
    return CompanyForm(
        company=form.text("company"), line=form.text("line"), country=form.text("country"),
        time_zone=form.text("time_zone"), language=form.text("language"), account=simulated.account,
        secret=simulated.secret, admin_email=form.text("admin_email"), admin_password=form.texts.get("admin_password", ""),
    )  # fmt: skip


def _first_step(
    request: Request, token: str, status: int = 200, *, problem: Problem | None = None, typed: TypedForm | None = None
) -> HTMLResponse:
    country = likely_country(request.headers.get("Accept-Language", ""))
    fields = {"language": language(), "country": country, "time_zone": likely_zone(country)}
    return page(
        "setup/first.html", status, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}, token=token,
        fields=typed_over(fields, typed, "admin_password"),
        countries=[(code, name, zones_of(code)) for code, name in countries()],
        guessed=typed is None,
        zones=zones(), languages={}, spoken=list(LANGUAGES.items()),
        faults=field_words(problem), detail=problem_words(problem),
    )  # fmt: skip


async def _drawn(
    request: Request, board: Switchboard, who: Principal, step: Step, status: int = 200, *,
    problem: Problem | None = None, typed: TypedForm | None = None, found: AddressFound | None = None,
    left: Mapping[ListName, Sequence[Verdict]] = MappingProxyType({}),
) -> HTMLResponse:  # fmt: skip
    tenant = await tenant_of(board, who)
    company = only_company(tenant)
    kept = week_kept(tenant)
    fields: dict[str, str | Sequence[str]] = {
        **HOURS_PAGES.shown(tenant, kept),
        "holidays": company["country"] if kept is None or observes_country(tenant) else "",
    }
    fields |= {name.value: "\n".join(one.line.text for one in verdicts) for name, verdicts in left.items()}
    accounts = [row for row in tenant.rows[ProviderAccount.__tablename__].values() if not is_simulated(row)]
    async with board.sessions() as session:
        sample = await has_sample_data(session, who.tenant_id)
        called = await session.scalar(select(CallRecord.call_id).where(CallRecord.tenant_id == who.tenant_id).limit(1))
    return await draw_in_frame(
        request, board, who, f"setup/{step}.html", status, step=step, steps=progress(tenant, board.settings.base_url),
        following=next_step(step), fields=typed_over(fields, typed, "token", "api_token"), languages={},
        base_url=board.settings.base_url, setting=BASE_URL_SETTING,
        found=address_words(found) if found else "", is_ours=found is AddressFound.OURS,
        titles={name: one.title for name, one in PROVIDERS.items()}, people=PEOPLE,
        rung=rung_now(tenant), accounts=accounts,
        weekdays=[*zip(WEEKDAYS, day_names(), strict=True)],
        country=country_words(company["country"]), country_code=company["country"], sample=sample,
        left=[
            (one.line.text, problem_words(one.why) if one.why else "") for verdicts in left.values() for one in verdicts
        ],
        done="done" in request.query_params, has_called=called is not None,
        faults=field_words(problem), detail=problem_words(problem),
    )  # fmt: skip
