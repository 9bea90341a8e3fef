"""The parts of ``/settings/me`` about getting in: the second factor and the sessions."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.auth.principal import Principal
from app.auth.require import Board, Who, allowed
from app.auth.roles import Role
from app.auth.sessions import end_sessions
from app.auth.totp import grouped_secret, totp_address, totp_picture
from app.base import limits
from app.base.errors import Problem
from app.edits.confirmed_edit import confirmed_edit
from app.edits.in_turn import take_turn
from app.people.edit_access import record_access_change
from app.people.my_settings import PATH, Secret, draw_my_settings
from app.people.own_password import check_own_password, own_account, own_user_id
from app.people.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    give_up_second_factor,
    renew_recovery_codes,
    secret_to_confirm,
)
from app.plan.rows import Row
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.page_route import PageRoute
from app.words.problems import problem_words
from models import UserAccount

SECOND_FACTOR: Final = f"{PATH}/second-factor"

router = APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(allowed(write=Role.OPERATOR))])


@router.post(SECOND_FACTOR)
async def begin(request: Request, board: Board, who: Who, on_password: Secret = "") -> Response:
    """Set one up; leads to the picture for the app."""
    try:
        user = await own_account(board, who)
        await check_own_password(request, board, user, on_password, "on_password")
        await begin_second_factor(board, user)
    except Problem as problem:
        return await draw_my_settings(request, board, who, problem)
    return RedirectResponse(SECOND_FACTOR, 303)


@router.get(SECOND_FACTOR)
async def set_up_page(request: Request, board: Board, who: Who) -> Response:
    """The picture for the app, and the field for its first code."""
    return await _set_up(request, board, who)


@router.post(f"{SECOND_FACTOR}/confirm")
async def confirm(
    request: Request, board: Board, who: Who, code: Annotated[str, Form(max_length=limits.NAME)] = ""
) -> Response:
    """The first code turns it on; shows the recovery codes."""
    try:
        codes = await confirm_second_factor(board, await own_account(board, who), code)
    except Problem as problem:
        return await _set_up(request, board, who, problem)
    return await draw_in_frame(request, board, who, "second_factor/codes.html", codes=codes)


@router.post(f"{SECOND_FACTOR}/codes")
async def new_codes(request: Request, board: Board, who: Who, codes_password: Secret = "") -> Response:
    """Ten new recovery codes."""
    try:
        await check_own_password(request, board, await own_account(board, who), codes_password, "codes_password")
        async with confirmed_edit(board, who) as edit:
            codes = await renew_recovery_codes(edit, board, own_user_id(who))
    except Problem as problem:
        return await draw_my_settings(request, board, who, problem)
    return await draw_in_frame(request, board, who, "second_factor/codes.html", codes=codes)


@router.post(f"{SECOND_FACTOR}/off")
async def turn_off(request: Request, board: Board, who: Who, off_password: Secret = "") -> Response:
    """Do without, if the company allows it."""
    try:
        await check_own_password(request, board, await own_account(board, who), off_password, "off_password")
        async with confirmed_edit(board, who) as edit:
            await give_up_second_factor(edit, own_user_id(who))
    except Problem as problem:
        problem.field = problem.field or "off_password"
        return await draw_my_settings(request, board, who, problem)
    return RedirectResponse(f"{PATH}?off=yes", 303)


@router.post(f"{PATH}/sessions/end")
async def end_session(
    board: Board, who: Who, session_id: Annotated[str, Form(alias="session", max_length=limits.ROW_ID)] = ""
) -> Response:
    """End one session of one's own, or all others."""
    user_id = own_user_id(who)
    async with confirmed_edit(board, who) as edit:
        await take_turn(edit)
        ended: Row = {
            "sessions": await end_sessions(
                edit.session, who.tenant_id, user_id, only=session_id or None,
                but=None if session_id else who.session_hash,
            )
        }  # fmt: skip
        await record_access_change(edit, "sign out", UserAccount.__tablename__, user_id, None, ended)
    return RedirectResponse(f"{PATH}?ended=yes", 303)


async def _set_up(request: Request, board: Switchboard, who: Principal, problem: Problem | None = None) -> Response:
    user = await own_account(board, who)
    if (secret := await secret_to_confirm(board, user)) is None:
        return RedirectResponse(PATH, 303)
    return await draw_in_frame(
        request, board, who, "second_factor/set_up.html", problem.status if problem else 200,
        picture=totp_picture(totp_address(secret, user.email)), secret=grouped_secret(secret),
        wrong=problem_words(problem),
    )  # fmt: skip
