"""``/invite/{token}`` and ``/reset/{token}``: an account of one's own, and a new password, by a link that works once.
Opening a link uses nothing up: mail servers look at links too."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response

from app.auth.passwords import MIN_PASSWORD_CHARACTERS, hash_password
from app.auth.require import Board
from app.auth.same_site import comes_from_our_pages
from app.base import limits
from app.base.errors import NotAllowed, NotFound, Problem, Unprocessable
from app.base.language import LANGUAGES, language, speak
from app.base.problems.people import PeopleFault
from app.base.problems.requests import RequestFault, TooLong
from app.edits.edit import editing
from app.edits.in_turn import find_or_404, take_turn
from app.edits.tell_panels import tell_streams_of_access
from app.people.edit_access import record_access_change
from app.people.enter import enter
from app.people.invitations import open_invitation, shown_invitation
from app.people.one_time_links import LONGEST_SECRET, count_attempt, refuse_link
from app.people.password_rules import check_password
from app.people.reset_links import user_of_reset
from app.people.users import USERS, revoke_resets
from app.switchboard import Switchboard
from app.web.drawing import page
from app.web.page_route import PageRoute
from app.words.problems import field_words, problem_words
from models import Company, Invitation, UserAccount

router = APIRouter(include_in_schema=False, route_class=PageRoute)
"""Without a sign-in: the link is the right."""

Token = Annotated[str, Path(max_length=LONGEST_SECRET)]
Secret = Annotated[str, Form(max_length=limits.PASSWORD)]


@router.get("/invite/{token}")
async def invitation_page(request: Request, board: Board, token: Token) -> Response:
    """Asks for name, password and language."""
    try:
        invitation = await open_invitation(board, token)
    except NotFound:
        raise await refuse_link(request, board, token) from None
    if invitation.language:
        speak(invitation.language)
    return await _invitation_form(board, token, invitation, name=invitation.name, chosen=language())


@router.post("/invite/{token}")
async def accept_invitation(
    request: Request, board: Board, token: Token, password: Secret = "", again: Secret = "",
    name: Annotated[str, Form(max_length=limits.TEXT)] = "", language: Annotated[str, Form(max_length=10)] = "",
) -> Response:  # fmt: skip
    """Make the account, and come in."""
    await _count(request, board, token)
    invitation = await open_invitation(board, token)
    chosen = language if language in LANGUAGES else invitation.language
    if chosen:
        speak(chosen)
    try:
        if not name.strip():
            raise Unprocessable(PeopleFault.OWN_NAME_MISSING, field="name")
        if len(name.strip()) > limits.NAME:
            raise Unprocessable(TooLong(limits.NAME), field="name")
        hashed = await _checked(password, again, invitation.email, name)
        user = await _account(board, invitation, name.strip(), hashed, chosen)
    except NotFound:
        raise
    except Problem as problem:
        return await _invitation_form(board, token, invitation, problem, name=name, chosen=chosen or "")
    return await enter(request, board, user)


@router.get("/reset/{token}")
async def reset_page(request: Request, board: Board, token: Token) -> Response:
    """Asks for the new password."""
    try:
        async with board.sessions() as session:
            user = await user_of_reset(session, token, board.clock())
    except NotFound:
        raise await refuse_link(request, board, token) from None
    return _reset_form(token, user)


@router.post("/reset/{token}")
async def reset_password(
    request: Request, board: Board, token: Token, password: Secret = "", again: Secret = ""
) -> Response:
    """The new password counts; every session of the person ends, and this browser gets a new one, after the second factor
    if they have one."""
    await _count(request, board, token)
    async with board.sessions() as session:
        user = await user_of_reset(session, token, board.clock())
    try:
        hashed = await _checked(password, again, user.email, user.name)
    except Problem as problem:
        return _reset_form(token, user, problem)
    async with editing(board.sessions, user.tenant_id, f"user:{user.email}") as edit:
        edit.now = board.clock()
        await take_turn(edit)
        await user_of_reset(edit.session, token, edit.now)  # whoever came first has used it
        await USERS.save(edit, {"password_hash": hashed}, user.id)
        await revoke_resets(edit.session, user.tenant_id, user.id)
        user = await find_or_404(edit, UserAccount, user.id)
    await tell_streams_of_access(board, edit)
    return await enter(request, board, user)


async def _count(request: Request, board: Switchboard, token: str) -> None:
    if not comes_from_our_pages(request, board.settings):
        raise NotAllowed(RequestFault.FROM_ANOTHER_SITE)
    await count_attempt(request, board, token)


async def _checked(password: str, again: str, *known: str) -> str:
    """The new password's stored form. Raises :class:`Unprocessable`."""
    check_password(password, *known)
    if password != again:
        raise Unprocessable(PeopleFault.PASSWORDS_DIFFER, field="again")
    return await asyncio.to_thread(hash_password, password)


async def _account(
    board: Switchboard, invitation: Invitation, name: str, hashed: str, chosen: str | None
) -> UserAccount:
    async with editing(board.sessions, invitation.tenant_id, f"user:{invitation.email}") as edit:
        edit.now = board.clock()
        await take_turn(edit)
        known = await find_or_404(edit, Invitation, invitation.id)
        if known.secret_hash != invitation.secret_hash:
            raise NotFound(PeopleFault.LINK_NOT_VALID)  # it was sent again meanwhile
        before = shown_invitation(known)
        await edit.session.delete(known)
        await edit.session.flush()
        await record_access_change(edit, "accept", Invitation.__tablename__, known.id, before, None)
        fields = {
            "email": known.email, "name": name, "role": known.role, "operator_id": known.operator_id,
            "may_block": known.may_block, "language": chosen, "password_hash": hashed,
        }  # fmt: skip
        row = await USERS.save(edit, fields)
        return await find_or_404(edit, UserAccount, row["id"])


async def _invitation_form(
    board: Switchboard, token: str, invitation: Invitation, problem: Problem | None = None, *, name: str, chosen: str
) -> Response:
    async with board.sessions() as session:
        company = await session.get_one(Company, invitation.tenant_id)
    return page(
        "one_time_link/invite.html", problem.status if problem else 200, token=token, company=company.name,
        email=invitation.email, name=name, chosen=chosen or company.language, shortest=MIN_PASSWORD_CHARACTERS,
        faults=_faults(problem), detail=_detail(problem),
    )  # fmt: skip


def _reset_form(token: str, user: UserAccount, problem: Problem | None = None) -> Response:
    if user.language:
        speak(user.language)
    return page(
        "one_time_link/reset.html", problem.status if problem else 200, token=token, email=user.email,
        shortest=MIN_PASSWORD_CHARACTERS, faults=_faults(problem), detail=_detail(problem),
    )  # fmt: skip


def _faults(problem: Problem | None) -> dict[str, str]:
    """The sentences beside their fields."""
    return field_words(problem)


def _detail(problem: Problem | None) -> str:
    """A sentence that has no field of the form's."""
    placed = bool(_faults(problem).keys() & {"name", "password", "again"})
    return problem_words(problem) if problem and not placed else ""
