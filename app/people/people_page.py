"""``/settings/people``: who may sign in, who is invited, and what each may do."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.roles import Role
from app.auth.second_factor_rule import SecondFactorRule
from app.auth.sessions import living_sessions
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Problem
from app.base.language import LANGUAGES
from app.base.language import gettext as _
from app.base.problems.requests import RequestFault
from app.base.text import is_storable
from app.company.company import CompanyPatch, change_company
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.people.invitations import InvitationIn, add_invitation, cancel_invitation, renew_invitation, seen, sending_of
from app.people.one_time_links import LinkKind, link_of
from app.people.reset_links import add_reset, reset_second_factor, sign_out_everywhere
from app.people.reset_links import sending_of as sending_of_reset
from app.people.send_letter import MailState, Sending
from app.people.users import USERS
from app.plan.rows import Row, as_row
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.resource_pages import named_rows, settings_router
from app.web.schema import validated
from app.web.seen_form import SEEN, has_changed, refuse_if_changed, seen_in
from app.web.typed_form import TypedForm, read_form, typed_over
from app.words.problems import field_words, problem_words
from app.words.role_words import role_words, second_factor_words
from models import Company, Invitation, OperatorRecord, UserAccount

PATH: Final = "/settings/people"
_MOST: Final = 1000
"""Rows that the page shows; a company of more edits them through the API."""

router = settings_router()
ItemId = Annotated[str, Path(max_length=limits.ROW_ID)]
_Act = Callable[[Edit, str], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Handed:
    """What was just made for ``email``: the ``link`` where no letter has taken it, and what became of the letter."""

    email: str
    mail: MailState
    link: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """A person, or an invitation, in the list."""

    id: str
    name: str
    email: str
    role: str
    operator: str
    signed_in_at: datetime | None = None
    has_second_factor: bool = False
    disabled: bool = False
    may_block: bool = True
    expires_at: datetime | None = None
    expired: bool = False
    mail: MailState = MailState.OFF


@router.get(PATH)
async def people_page(request: Request, board: Board, who: Who, done: str = "") -> HTMLResponse:
    """Everybody. ``done`` says what has just been done."""
    return await _list(request, board, who, done=done)


@router.post(f"{PATH}/invite")
async def invite(request: Request, board: Board, who: Who) -> Response:
    """Invite somebody; shows the link if no letter has taken it."""
    typed = await read_form(request)
    try:
        form = validated(InvitationIn, _invited(typed))
        async with confirmed_edit(board, who) as edit:
            row, secret = await add_invitation(edit, form)
    except Problem as problem:
        return await _list(request, board, who, problem=problem, typed=typed)
    return await _list(request, board, who, handed=await _invitation_sent(board, row, secret))


@router.post(PATH + "/invitations/{item_id}/resend")
async def resend(request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
    """A new link in place of the old one."""
    try:
        async with confirmed_edit(board, who) as edit:
            row, secret = await renew_invitation(edit, item_id)
    except NotFound:
        raise
    except Problem as problem:
        return await _list(request, board, who, problem=problem)
    return await _list(request, board, who, handed=await _invitation_sent(board, row, secret))


@router.post(PATH + "/invitations/{item_id}/cancel")
async def cancel(board: Board, who: Who, item_id: ItemId) -> Response:
    """Take an invitation back."""
    async with confirmed_edit(board, who) as edit:
        await cancel_invitation(edit, item_id)
    return RedirectResponse(f"{PATH}?done=cancelled", 303)


@router.post(f"{PATH}/second-factor")
async def require_second_factor(request: Request, board: Board, who: Who) -> Response:
    """Say who needs a second factor."""
    typed = await read_form(request)
    try:
        form = validated(CompanyPatch, {"second_factor": typed.text("second_factor")})
        async with confirmed_edit(board, who) as edit:
            await change_company(edit, form.model_dump(mode="json", exclude_unset=True))
    except Problem as problem:
        return await _list(request, board, who, problem=problem)
    return RedirectResponse(f"{PATH}?done=saved", 303)


@router.get("/settings/users")
@router.get("/settings/users/{item_id}")
async def by_the_resource_s_name(item_id: str = "") -> Response:
    """The page by the name of the API's resource."""
    return RedirectResponse(f"{PATH}/{item_id}" if item_id.isalnum() and item_id.isascii() else PATH, 303)


@router.get(PATH + "/{item_id}")
async def person_page(request: Request, board: Board, who: Who, item_id: ItemId, done: str = "") -> HTMLResponse:
    """One person."""
    return await _person(request, board, who, item_id, done=done)


@router.post(PATH + "/{item_id}")
async def change_person(request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
    """Change what somebody is and may do."""
    typed = await read_form(request)
    try:
        given = _changes(typed)
        fields = validated(USERS.patch, given).model_dump(include=set(given))
        async with confirmed_edit(board, who) as edit:
            await take_turn(edit)
            refuse_if_changed(typed.text(SEEN), _shown(await find_or_404(edit, UserAccount, item_id)))
            await USERS.save(edit, fields, item_id)
    except NotFound:
        raise
    except Problem as problem:
        return await _person(request, board, who, item_id, problem=problem, typed=typed)
    return RedirectResponse(f"{PATH}/{item_id}?done=saved", 303)


@router.post(PATH + "/{item_id}/reset-link")
async def make_reset_link(request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
    """A link for a new password; shown if no letter has taken it."""
    try:
        async with confirmed_edit(board, who) as edit:
            user, reset, secret = await add_reset(edit, item_id)
            email, until = user.email, reset.expires_at
    except NotFound:
        raise
    except Problem as problem:
        return await _person(request, board, who, item_id, problem=problem)
    sending = await sending_of_reset(board, user, secret, until)
    handed = await _handed(sending, email, link_of(board.settings, LinkKind.RESET, secret))
    return await _person(request, board, who, item_id, handed=handed)


@router.post(PATH + "/{item_id}/deactivate")
async def deactivate(request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
    """Sign somebody out and keep them out."""
    return await _act(request, board, who, item_id, _disable, "deactivated")


@router.post(PATH + "/{item_id}/activate")
async def activate(request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
    """Let somebody in again."""
    return await _act(request, board, who, item_id, _enable, "activated")


@router.post(PATH + "/{item_id}/end-sessions")
async def end_all_sessions(request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
    """Sign somebody out everywhere."""
    return await _act(request, board, who, item_id, sign_out_everywhere, "ended")


@router.post(PATH + "/{item_id}/reset-second-factor")
async def take_second_factor(request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
    """Take a second factor away that is lost."""
    return await _act(request, board, who, item_id, reset_second_factor, "second-factor")


async def _disable(edit: Edit, user_id: str) -> None:
    await USERS.save(edit, {"disabled": True}, user_id)


async def _enable(edit: Edit, user_id: str) -> None:
    await USERS.save(edit, {"disabled": False}, user_id)


async def _act(request: Request, board: Switchboard, who: Principal, user_id: str, act: _Act, done: str) -> Response:
    try:
        async with confirmed_edit(board, who) as edit:
            await act(edit, user_id)
    except NotFound:
        raise
    except Problem as problem:
        return await _person(request, board, who, user_id, problem=problem)
    return RedirectResponse(f"{PATH}/{user_id}?done={done}", 303)


def _invited(typed: TypedForm) -> dict[str, object]:
    return {
        "email": typed.text("email"), "name": typed.text("name"), "role": typed.text("role"),
        "operator_id": typed.text_or_none("operator_id"), "language": typed.text_or_none("language"),
        "may_block": typed.is_ticked("may_block"),
    }  # fmt: skip


def _changes(typed: TypedForm) -> dict[str, object]:
    fields: dict[str, object] = {name: typed.text(name) for name in ("name", "email", "role") if name in typed}
    fields |= {name: typed.text_or_none(name) for name in ("operator_id", "language") if name in typed}
    if "may_block" in typed:
        fields["may_block"] = typed.is_ticked("may_block")
    return fields


async def _invitation_sent(board: Switchboard, row: Row, secret: str) -> Handed:
    sending = await sending_of(board, row, secret)
    return await _handed(sending, row["email"], link_of(board.settings, LinkKind.INVITE, secret))


async def _handed(sending: Sending, email: str, link: str) -> Handed:
    await sending.soon()
    return Handed(email, sending.state, "" if sending.state is MailState.SENT else link, sending.why)


async def _list(
    request: Request, board: Switchboard, who: Principal, *, done: str = "", handed: Handed | None = None,
    problem: Problem | None = None, typed: TypedForm | None = None,
) -> HTMLResponse:  # fmt: skip
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        people = await session.scalars(
            select(UserAccount).where(UserAccount.tenant_id == who.tenant_id).order_by(UserAccount.name).limit(_MOST)
        )
        invited = await session.scalars(
            select(Invitation).where(Invitation.tenant_id == who.tenant_id).order_by(Invitation.id.desc()).limit(_MOST)
        )
        company = await session.get_one(Company, who.tenant_id)
        known = [_seen(one, tenant) for one in people]
        waiting = [_seen_invitation(board, one, tenant) for one in invited]
    fields = typed_over({"role": Role.OPERATOR.value, "may_block": "1"}, typed)
    rules = [(one.value, second_factor_words(one)) for one in SecondFactorRule]
    return await draw_in_frame(
        request, board, who, "settings_people/list.html", problem.status if problem else 200, path=PATH,
        people=sorted(known, key=lambda one: one.name.casefold()), invited=waiting, done=done, handed=handed,
        rules=rules, rule=company.second_factor, fields=fields, **_choices(tenant), **_faults(problem),
    )  # fmt: skip


async def _person(
    request: Request, board: Switchboard, who: Principal, user_id: str, *, done: str = "",
    handed: Handed | None = None, problem: Problem | None = None, typed: TypedForm | None = None,
) -> HTMLResponse:  # fmt: skip
    tenant = await tenant_of(board, who)
    async with board.sessions() as session:
        user = (
            await session.get(UserAccount, {"tenant_id": who.tenant_id, "id": user_id})
            if is_storable(user_id)
            else None
        )
        if user is None:
            raise NotFound(RequestFault.NOT_FOUND)
        living = await living_sessions(session, who.tenant_id, user_id, board.clock)
    fields = _shown(user)
    return await draw_in_frame(
        request, board, who, "settings_people/person.html", problem.status if problem else 200, path=PATH,
        person_id=user.id, person_name=user.name, has_second_factor=user.second_factor_at is not None,
        disabled=user.disabled_at is not None, signed_in_at=user.signed_in_at, living=living, done=done, handed=handed,
        is_me=user.id == who.user_id, fields=typed_over(fields, typed), has_changed=has_changed(problem),
        seen=seen_in(fields, typed.text(SEEN) if typed else "", problem), **_choices(tenant), **_faults(problem),
    )  # fmt: skip


def _shown(user: UserAccount) -> dict[str, str]:
    """An account as its form shows it."""
    return {
        "name": user.name, "email": user.email, "role": user.role, "operator_id": user.operator_id or "",
        "language": user.language or "", "may_block": "1" if user.may_block else "",
    }  # fmt: skip


def _choices(tenant: TenantRows) -> dict[str, object]:
    return {
        "zone": zone_of_company(tenant),
        "roles": [(one.value, role_words(one)) for one in Role],
        "operators": named_rows(tenant, OperatorRecord, _("none: takes no calls")),
        "spoken": [("", _("as the browser says")), *LANGUAGES.items()],
        "languages": LANGUAGES,
    }


def _faults(problem: Problem | None) -> dict[str, object]:
    return {"faults": field_words(problem), "detail": problem_words(problem)}


def _seen(user: UserAccount, tenant: TenantRows) -> PersonSeen:
    return PersonSeen(
        user.id, user.name, user.email, role_words(Role(user.role)), _operator_name(user.operator_id, tenant),
        user.signed_in_at, user.second_factor_at is not None, user.disabled_at is not None, user.may_block,
    )  # fmt: skip


def _seen_invitation(board: Switchboard, invitation: Invitation, tenant: TenantRows) -> PersonSeen:
    row = seen(board, as_row(invitation))
    return PersonSeen(
        invitation.id, invitation.name, invitation.email, role_words(Role(invitation.role)),
        _operator_name(invitation.operator_id, tenant), expires_at=invitation.expires_at,
        expired=row["state"] == "expired", mail=MailState(invitation.mail),
    )  # fmt: skip


def _operator_name(operator_id: str | None, tenant: TenantRows) -> str:
    row = tenant.rows[OperatorRecord.__tablename__].get(operator_id or "")
    return str(row["name"]) if row else ""
