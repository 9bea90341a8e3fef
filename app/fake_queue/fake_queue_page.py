"""``/settings/fake-queue``: who is held and what it costs, month by month; its caps, the ladder below it and the rate; and
what each provider bills. Supervisors see it and let callers go, admins change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.rights import RELEASES
from app.auth.roles import Role, Scope, at_least
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Problem, Unprocessable
from app.base.problems.company import CompanyFault
from app.company.company import CompanyPatch, change_company, treatments_of
from app.company.lines import LINES
from app.edits.confirmed_edit import confirmed_edit
from app.edits.in_turn import find_or_404, take_turn
from app.fake_queue.cost import tariff_of
from app.fake_queue.held_calls import held_by_month, held_now
from app.fake_queue.let_go import hang_up_all_held, hang_up_held, release_caller
from app.plan.rows import Row, as_row
from app.providers.registry import PROVIDERS
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute, path_before
from app.web.schema import validated
from app.web.seen_form import has_changed, refuse_if_changed, seen_in
from app.web.typed_form import decimal_text
from app.words.fake_queue_words import billed_words, lasting_words, month_words
from app.words.list_words import treatment_words
from app.words.problems import problem_words
from filters.list_entry import Treatment
from models import Company, LineRecord
from routing.fake_queue import RUNGS

PATH: Final = "/settings/fake-queue"
_LADDER_ORDER: Final = (Treatment.RING_OUT, Treatment.NOT_IN_SERVICE, Treatment.BUSY, Treatment.REJECT)
_STEPS: Final = ("second", "third", "fourth")

router = APIRouter(
    include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(read=RELEASES, write=RELEASES))]
)

Typed = Annotated[str, Form(max_length=40)]
Seen = Annotated[str, Form(max_length=64)]


@router.get(PATH)
async def fake_queue_page(request: Request, board: Board, who: Who) -> Response:
    """The page."""
    return await _drawn(request, board, who)


@router.post(PATH)
async def save_fake_queue(
    request: Request, board: Board, who: Who, call_minutes: Typed = "", at_once: Typed = "", number_minutes: Typed = "",
    line_minutes: Typed = "", month_minutes: Typed = "", second: Typed = "", third: Typed = "", fourth: Typed = "",
    rate: Typed = "", increment: Typed = "", currency: Typed = "", seen: Seen = "",
) -> Response:  # fmt: skip
    """Save caps, ladder and rate, for admins. An empty field is no cap, or no rate."""
    who.require(Role.ADMIN, Scope.WRITE)
    typed = {
        "call_minutes": call_minutes, "at_once": at_once, "number_minutes": number_minutes,
        "line_minutes": line_minutes, "month_minutes": month_minutes, "rate": rate, "increment": increment,
        "currency": currency, "ladder": [one for one in (second, third, fourth) if one],
    }  # fmt: skip
    try:
        fields = _read(typed)
        async with confirmed_edit(board, who) as edit:
            await take_turn(edit)
            company = await edit.session.get_one(Company, edit.tenant_id)
            refuse_if_changed(seen, _as_typed(treatments_of(as_row(company))))
            await change_company(edit, fields)
    except Problem as problem:
        return await _drawn(request, board, who, problem, typed, seen)
    return RedirectResponse(f"{PATH}?saved=yes", 303)


@router.post(f"{PATH}/lines")
async def save_line_rate(
    request: Request, board: Board, who: Who, line: Annotated[str, Form(max_length=limits.ROW_ID)],
    rate: Typed = "", increment: Typed = "", seen: Seen = "",
) -> Response:  # fmt: skip
    """The rate of one line, for admins; empty for the company's."""
    who.require(Role.ADMIN, Scope.WRITE)
    try:
        fields = validated(
            LINES.patch,
            {"rate_per_minute": _amount(rate, "rate"), "billing_increment_seconds": _whole(increment, "increment")},
        ).model_dump(include={"rate_per_minute", "billing_increment_seconds"})
        async with confirmed_edit(board, who) as edit:
            await take_turn(edit)
            refuse_if_changed(seen, _line_as_typed(as_row(await find_or_404(edit, LineRecord, line))))
            await LINES.save(edit, fields, line)
    except NotFound:
        raise
    except Problem as problem:
        typed = {"rate": rate, "increment": increment}
        return await _drawn(request, board, who, problem, of_line=LineTyped(line, typed, seen))
    return RedirectResponse(f"{PATH}?saved=yes", 303)


@router.post("/fake-queue/{call_id}/release")
async def release(request: Request, board: Board, who: Who, call_id: str) -> Response:
    """Let a caller out for this call."""
    await release_caller(board, who, call_id)
    return _back(request)


@router.post("/fake-queue/{call_id}/hang-up")
async def hang_up(request: Request, board: Board, who: Who, call_id: str) -> Response:
    """End one call."""
    await hang_up_held(board, who, call_id)
    return _back(request)


@router.post("/fake-queue/hang-up")
async def hang_up_all(request: Request, board: Board, who: Who) -> Response:
    """End all of them."""
    await hang_up_all_held(board, who)
    return _back(request)


def _back(request: Request) -> Response:
    if "HX-Request" in request.headers:
        return Response(status_code=204)
    return RedirectResponse(path_before(request), 303)


def _read(typed: Row) -> Row:
    """What was typed, as the company's treatments. Raises :class:`Unprocessable`."""
    minutes = _whole(typed["call_minutes"], "call_minutes")
    treatments = {
        "fake_queue_number_minutes": _whole(typed["number_minutes"], "number_minutes"),
        "fake_queue_line_minutes": _whole(typed["line_minutes"], "line_minutes"),
        "fake_queue_month_minutes": _whole(typed["month_minutes"], "month_minutes"),
        "ladder": [Treatment.FAKE_QUEUE.value, *dict.fromkeys(typed["ladder"])],
        "rate_per_minute": _amount(typed["rate"], "rate"),
        "currency": typed["currency"].strip().upper(),
    }
    if minutes is not None:
        treatments["fake_queue_cap_seconds"] = minutes * 60
    for name, value in (("fake_queue_at_once", typed["at_once"]), ("billing_increment_seconds", typed["increment"])):
        if (number := _whole(value, name)) is not None:
            treatments[name] = number
    form = validated(CompanyPatch, {"treatments": treatments})
    return form.model_dump(mode="json", exclude_unset=True)


def _whole(text: str, field: str) -> int | None:
    if not (text := text.strip()):
        return None
    if not (text.isascii() and text.isdigit()):
        raise Unprocessable(CompanyFault.WHOLE_NUMBER_WANTED, field=field)
    return int(text)


def _amount(text: str, field: str) -> float | None:
    if not (text := text.strip().replace(",", ".")):
        return None
    if not (text.isascii() and text.replace(".", "", 1).isdigit()):
        raise Unprocessable(CompanyFault.AMOUNT_WANTED, field=field)
    return float(text)


@dataclass(frozen=True, slots=True)
class LineTyped:
    """What was typed for the rate of a line, and with what its form was drawn."""

    line_id: str
    typed: Mapping[str, str]
    seen: str


@dataclass(frozen=True, slots=True)
class LineRate:
    """The form for the rate of a line: its fields, and with what it is drawn."""

    id: str
    number: str
    label: str
    form: Mapping[str, str]
    seen: str


async def _drawn(
    request: Request, board: Switchboard, who: Principal, problem: Problem | None = None, typed: Row | None = None,
    seen: str = "", of_line: LineTyped | None = None,
) -> Response:  # fmt: skip
    tenant, now = await tenant_of(board, who), board.clock()
    async with board.sessions() as session:
        tariff = await tariff_of(session, tenant)
        held = await held_now(session, who.tenant_id, tariff, now)
        months = await held_by_month(session, tenant, tariff, now)
    chosen = treatments_of(tenant.rows["company"][tenant.tenant_id])
    used = {line["provider"] for line in tenant.rows["line"].values()} & PROVIDERS.keys()
    return await draw_in_frame(
        request, board, who, "fake_queue/page.html", problem.status if problem else 200, held=held, months=months,
        tariff=tariff, now=now, month_words=month_words, lasting=lasting_words, treatment_words=treatment_words,
        form=typed or _as_typed(chosen), seen=seen_in(_as_typed(chosen), seen, problem), steps=_STEPS,
        has_changed=has_changed(problem),
        rungs=[one for one in _LADDER_ORDER if one in RUNGS], problem=problem_words(problem),
        saved="saved" in request.query_params, administers=at_least(who.role, Role.ADMIN),
        lines=[
            _line_rate(row, problem, of_line)
            for row in sorted(tenant.rows["line"].values(), key=lambda row: str(row["number"]))
        ],
        providers=[PROVIDERS[name] for name in sorted(used)], billed_words=billed_words,
    )  # fmt: skip


def _line_rate(row: Row, problem: Problem | None, typed: LineTyped | None) -> LineRate:
    shown = _line_as_typed(row)
    form, seen = (typed.typed, typed.seen) if typed and typed.line_id == row["id"] else (shown, "")
    return LineRate(row["id"], row["number"], row["label"], form, seen_in(shown, seen, problem))


def _line_as_typed(row: Row) -> dict[str, str]:
    per_minute, increment = row["rate_per_minute"], row["billing_increment_seconds"]
    return {"rate": decimal_text(per_minute), "increment": str(increment or "")}


def _as_typed(chosen: Row) -> Row:
    return {
        "call_minutes": f"{chosen['fake_queue_cap_seconds'] / 60:g}", "at_once": str(chosen["fake_queue_at_once"]),
        "number_minutes": decimal_text(chosen["fake_queue_number_minutes"]),
        "line_minutes": decimal_text(chosen["fake_queue_line_minutes"]),
        "month_minutes": decimal_text(chosen["fake_queue_month_minutes"]),
        "rate": decimal_text(chosen["rate_per_minute"]), "increment": str(chosen["billing_increment_seconds"]),
        "currency": chosen["currency"], "ladder": chosen["ladder"][1:],
    }  # fmt: skip
