"""``/settings/borders``: the borders between segments, and what segments suggest."""

from typing import Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.tenant import tenant_of
from app.base.currency import companys_currency
from app.base.errors import Problem, Unprocessable
from app.base.language import gettext as _
from app.base.problems.edits import EditFault
from app.edits.confirmed_edit import confirmed_edit
from app.edits.in_turn import take_turn
from app.plan.rows import Row
from app.sales.borders import Borders, borders_of
from app.sales.segment_codes import ALWAYS_SHOWN, SEGMENTS
from app.segments.borders_edit import BordersIn, save_borders
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.resource_pages import named_rows, only_company, settings_router
from app.web.schema import validated
from app.web.seen_form import SEEN, has_changed, refuse_if_changed, seen_in
from app.web.typed_form import TypedForm, decimal_text, read_form, typed_over
from app.words.problems import field_words, problem_words
from app.words.segment_words import segment_words
from models import CategoryRule

PATH: Final = "/settings/borders"
_MONTHS: Final = ("months", "new_months", "lost_months")
_PERCENTS: Final = ("abc_a", "abc_b", "xyz_x", "xyz_y", "loyal_high", "loyal_medium")

router = settings_router()


@router.get(PATH)
async def borders_page(request: Request, board: Board, who: Who, saved: bool = False) -> HTMLResponse:
    """The form. ``saved`` tells that they have just been changed."""
    return await _draw(request, board, who, saved=saved)


@router.post(PATH)
async def change_borders_page(request: Request, board: Board, who: Who) -> Response:
    """Change the borders; the segments follow within a minute."""
    form = await read_form(request)
    try:
        borders = validated(BordersIn, read_borders(form))
        async with confirmed_edit(board, who) as edit:
            await take_turn(edit)
            refuse_if_changed(form.text(SEEN), _shown(await borders_of(edit.session, who.tenant_id)))
            await save_borders(edit, borders)
    except Problem as problem:
        return await _draw(request, board, who, problem.status, problem=problem, typed=form)
    return RedirectResponse(f"{PATH}?saved=1", 303)


def read_borders(form: TypedForm) -> Row:
    """What the form gives, as the API takes it; an empty field is as everybody begins. Raises :class:`Unprocessable`."""
    given: Row = {}
    for name in _MONTHS:
        if (months := form.whole(name)) is not None:
            given[name] = months
    for name in _PERCENTS:
        if (value := form.decimal(name)) is not None:
            given[name] = value
    given["rates"] = _rates(form.text("rates"))
    given["suggests"] = {code: chosen for code in SEGMENTS if (chosen := form.text(f"suggests_{code}"))}
    return given


def _rates(text: str) -> dict[str, float]:
    """A currency and what one of it is worth, on each line."""
    rates = {}
    for line in filter(None, (one.strip() for one in text.splitlines())):
        currency, _space, rest = line.partition(" ")
        rate = TypedForm({"rates": rest}).decimal("rates")
        if rate is None or currency.upper() in rates:
            raise Unprocessable(EditFault.RATE_UNREADABLE, field="rates")
        rates[currency.upper()] = rate
    return rates


def _shown(borders: Borders) -> dict[str, str]:
    shown = {name: decimal_text(getattr(borders, name)) for name in _PERCENTS}
    shown |= {name: str(getattr(borders, name)) for name in _MONTHS}
    shown["rates"] = "\n".join(f"{currency} {decimal_text(rate)}" for currency, rate in sorted(borders.rates.items()))
    return shown | {f"suggests_{code}": chosen for code, chosen in borders.suggests.items()}


async def _draw(
    request: Request, board: Switchboard, who: Principal, status: int = 200, *, saved: bool = False,
    problem: Problem | None = None, typed: TypedForm | None = None,
) -> HTMLResponse:  # fmt: skip
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        borders = await borders_of(session, who.tenant_id)
    company = only_company(tenant)
    fields = _shown(borders)
    shown = [code for code in SEGMENTS if code in ALWAYS_SHOWN or code in "XYZ" or code in borders.suggests]
    return await draw_in_frame(
        request, board, who, "settings_borders/page.html", status, saved=saved,
        fields=typed_over(fields, typed), languages={}, begins=_shown(Borders()),
        is_changed=borders != Borders(), segments=[(code, segment_words(code)) for code in shown],
        categories=named_rows(tenant, CategoryRule, _("nothing")),
        currency=companys_currency(company["treatments"], company["country"]),
        faults={name.partition(".")[0]: text for name, text in field_words(problem).items()},
        detail=problem_words(problem), has_changed=has_changed(problem),
        seen=seen_in(fields, typed.text(SEEN) if typed else "", problem),
    )  # fmt: skip
