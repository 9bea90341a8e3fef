"""``/settings/company``: its name and place, what unwanted and hidden callers get, and what calls cost."""

from typing import Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import Problem
from app.base.language import LANGUAGES
from app.company.company import CompanyPatch, change_company, treatments_of
from app.edits.confirmed_edit import confirmed_edit
from app.edits.in_turn import take_turn
from app.plan.rows import Row, as_row
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.resource_pages import only_company, settings_router
from app.web.schema import validated
from app.web.seen_form import SEEN, has_changed, refuse_if_changed, seen_in
from app.web.typed_form import TypedForm, decimal_text, read_form, typed_over
from app.words.list_words import treatment_words
from app.words.problems import field_words, problem_words
from app.words.treatment_words import hidden_words, vip_policy_words
from filters.entries import Treatment
from filters.vip import VipPolicy
from models import Company
from routing.plan import HiddenTreatment

PATH: Final = "/settings/company"
_OWN: Final = ("name", "country", "time_zone", "language")
_CHOSEN: Final = ("blacklist", "withheld", "unavailable", "vip_policy", "currency")
_NUMBERS: Final = ("billing_increment_seconds", "longest_wait_seconds", "voicemail_days")

router = settings_router()


@router.get(PATH)
async def company_page(request: Request, board: Board, who: Who, saved: bool = False) -> HTMLResponse:
    """The form. ``saved`` tells that it has just been changed."""
    return await draw_company(request, board, who, saved=saved)


@router.post(PATH)
async def change_company_page(request: Request, board: Board, who: Who) -> Response:
    """Change the company; live when this answers."""
    form = await read_form(request)
    try:
        patch = validated(CompanyPatch, read_company(form))
        if "countries" in patch.model_fields_set:
            who.require(Role.ADMIN, Scope.KEYS)
        async with confirmed_edit(board, who) as edit:
            await take_turn(edit)
            company = await edit.session.get_one(Company, edit.tenant_id)
            refuse_if_changed(form.text(SEEN), _shown(as_row(company)))
            await change_company(edit, patch.model_dump(mode="json", exclude_unset=True))
    except Problem as problem:
        return await draw_company(request, board, who, problem.status, problem=problem, typed=form)
    return RedirectResponse(f"{PATH}?saved=1", 303)


def read_company(form: TypedForm) -> Row:
    """What the form gives, as the API takes it. Raises :class:`app.base.errors.Unprocessable`."""
    fields: Row = {name: form.text(name) for name in _OWN if name in form}
    treatments: Row = {name: form.text(name) for name in _CHOSEN if name in form}
    for name in _NUMBERS:
        if name in form and (number := form.whole(name)) is not None:
            treatments[name] = number
    if "rate_per_minute" in form:
        treatments["rate_per_minute"] = form.decimal("rate_per_minute")
    if treatments:
        fields["treatments"] = treatments
    if "protected" in form:
        fields["protected"] = form.text("protected").split("\n") if form.text("protected") else []
        fields["protected"] = [text.strip() for text in fields["protected"] if text.strip()]
    if "countries" in form:
        fields["countries"] = form.text("countries").upper().replace(",", " ").split()
    return fields


def _shown(row: Row) -> dict[str, str]:
    chosen = treatments_of(row)
    fields = {name: row[name] for name in _OWN} | {name: chosen[name] for name in _CHOSEN}
    fields |= {name: str(chosen[name]) for name in _NUMBERS}
    fields["rate_per_minute"] = decimal_text(chosen["rate_per_minute"])
    fields["protected"] = "\n".join(row["protected"])
    fields["countries"] = " ".join(row["treatments"].get("countries", []))
    return fields


async def draw_company(
    request: Request, board: Switchboard, who: Principal, status: int = 200, *, saved: bool = False,
    problem: Problem | None = None, typed: TypedForm | None = None,
) -> HTMLResponse:  # fmt: skip
    """The form, with what was ``typed`` into it, if it was, and what is wrong with that."""
    row = only_company(await tenant_of(board, who))
    shown = _shown(row)
    return await draw_in_frame(
        request, board, who, "settings_company/page.html", status, saved=saved, limits=limits,
        fields=typed_over(shown, typed), languages={}, has_changed=has_changed(problem),
        seen=seen_in(shown, typed.text(SEEN) if typed else "", problem),
        spoken=list(LANGUAGES.items()),
        hidden=[(one.value, hidden_words(one)) for one in HiddenTreatment],
        policies=[(one.value, vip_policy_words(one)) for one in VipPolicy],
        treatments=[(one.value, treatment_words(one.value)) for one in Treatment if one is not Treatment.ALLOW],
        faults=_beside(field_words(problem)), detail=problem_words(problem),
    )  # fmt: skip


def _beside(faults: dict[str, str]) -> dict[str, str]:
    """By the form's fields: those of the API lie one deeper, or are one of a list."""
    return {
        name.removeprefix("treatments.") if name.startswith("treatments.") else name.partition(".")[0]: text
        for name, text in faults.items()
    }
