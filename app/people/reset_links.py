"""Links for a new password: made by an admin, by the command line, or for somebody who forgot theirs. And what else an admin
does to somebody's access: ending sessions, resetting a second factor."""

from datetime import datetime

from fastapi import Response
from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.api_keys import hash_of
from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.auth.sessions import end_sessions, living_sessions
from app.base.errors import Conflict, NotFound
from app.base.problems.people import PeopleFault
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.people.edit_access import record_access_change
from app.people.one_time_links import RESET_LASTS, LinkKind, link_of, new_link_secret
from app.people.second_factor import drop_second_factor
from app.people.send_letter import MailState, Sending, letter_with_link
from app.people.users import revoke_resets, shown_user
from app.plan.rows import Row
from app.switchboard import Switchboard
from app.web.posting import Posting
from app.web.resource import ItemId, put_on_one_page, read_row, resource
from app.web.schema import Output, Page, Stored
from models import PasswordReset, UserAccount

_ASKED_FOR_AT_MOST = 3
"""Links that somebody who forgot a password has at a time: strangers can ask for them too."""

router = resource("users", "", read=Role.ADMIN, scope=Scope.KEYS)


class PasswordResetOut(Stored):
    """A link for a new password."""

    expires_at: datetime
    mail: MailState = Field(description="What becomes of the e-mail; `off`: there is no mail server.")
    link: str = Field(description="Shown this once.", examples=["https://pbx.example.org/reset/…"])


class SessionOut(Output):
    """A browser in which somebody is signed in."""

    id: str
    created_at: datetime
    seen_at: datetime = Field(description="To the minute.")
    browser: str = Field(description="What it says to be; empty: nothing that we know.", examples=["Firefox · Linux"])
    address: str = Field(examples=["192.0.2.7"])


@router.post("/{item_id}/password-resets", status_code=201, response_model=PasswordResetOut)
async def create_password_reset(post: Posting, item_id: ItemId) -> Response:
    """Make a link by which the person chooses a new password, and send it if there is a mail server. It works once, for an
    hour, and is shown only here. The password stays until then."""
    sending: list[Sending] = []

    async def make(edit: Edit) -> PasswordResetOut:
        user, reset, secret = await add_reset(edit, item_id)
        sending.append(await sending_of(post.board, user, secret, reset.expires_at))
        return PasswordResetOut(
            id=reset.id, created_at=reset.created_at, expires_at=reset.expires_at, mail=sending[0].state,
            link=link_of(post.board.settings, LinkKind.RESET, secret),
        )  # fmt: skip

    answer = await post.once(make, secret=True)
    for one in sending:
        one.begin()
    return answer


@router.delete("/{item_id}/password-resets", status_code=204)
async def delete_password_resets(board: Board, who: Who, item_id: ItemId) -> None:
    """Revoke every link for a new password that the person has."""
    async with confirmed_edit(board, who) as edit:
        await take_turn(edit)
        user = await find_or_404(edit, UserAccount, item_id)
        await revoke_resets(edit.session, edit.tenant_id, user.id)
        await record_access_change(edit, "revoke links of", UserAccount.__tablename__, user.id, None, shown_user(user))


@router.get("/{item_id}/sessions")
async def list_sessions(board: Board, who: Who, item_id: ItemId) -> Page[SessionOut]:
    """Where the person is signed in."""
    user = await read_row(board, who, UserAccount, item_id)
    async with board.sessions() as session:
        living = await living_sessions(session, who.tenant_id, user["id"], board.clock)
    return put_on_one_page([SessionOut.model_validate(one, from_attributes=True) for one in living])


@router.delete("/{item_id}/sessions", status_code=204)
async def delete_sessions(board: Board, who: Who, item_id: ItemId) -> None:
    """Sign the person out everywhere."""
    async with confirmed_edit(board, who) as edit:
        await sign_out_everywhere(edit, item_id)


@router.delete("/{item_id}/second-factor", status_code=204)
async def delete_second_factor(board: Board, who: Who, item_id: ItemId) -> None:
    """Take the person's second factor away, when they have lost it: they sign in with their password alone, until they
    set up a new one."""
    async with confirmed_edit(board, who) as edit:
        await reset_second_factor(edit, item_id)


async def add_reset(edit: Edit, user_id: str) -> tuple[UserAccount, PasswordReset, str]:
    """A link that an admin hands out, with whose it is and its secret. Raises :class:`Conflict` for somebody who is
    disabled."""
    await take_turn(edit)
    user = await find_or_404(edit, UserAccount, user_id)
    if user.disabled_at is not None:
        raise Conflict(PeopleFault.DISABLED)
    secret = new_link_secret()
    reset = await _reset(edit.session, user, secret, edit.now)
    await edit.session.refresh(reset)
    await record_access_change(edit, "reset password of", UserAccount.__tablename__, user.id, None, shown_user(user))
    return user, reset, secret


async def add_reset_asked_for(session: AsyncSession, user: UserAccount, now: datetime) -> str | None:
    """The secret of a link for somebody who says that they forgot their password; None when they have some already."""
    living = select(func.count()).where(
        PasswordReset.tenant_id == user.tenant_id, PasswordReset.user_id == user.id, PasswordReset.expires_at > now
    )
    if (await session.scalar(living) or 0) >= _ASKED_FOR_AT_MOST:
        return None
    secret = new_link_secret()
    await _reset(session, user, secret, now)
    return secret


async def user_of_reset(session: AsyncSession, secret: str, now: datetime) -> UserAccount:
    """Whose new password this link is for. Raises :class:`NotFound`."""
    found = await session.scalar(
        select(UserAccount)
        .join(
            PasswordReset,
            (PasswordReset.tenant_id == UserAccount.tenant_id) & (PasswordReset.user_id == UserAccount.id),
        )
        .where(
            PasswordReset.secret_hash == hash_of(secret), PasswordReset.expires_at > now,
            UserAccount.disabled_at.is_(None),
        )
    )  # fmt: skip
    if found is None:
        raise NotFound(PeopleFault.LINK_NOT_VALID)
    return found


async def sending_of(board: Switchboard, user: UserAccount, secret: str, until: datetime) -> Sending:
    """The letter with the link."""
    return Sending(
        board,
        await letter_with_link(board, user.tenant_id, LinkKind.RESET, secret, user.email, user.language, until),
    )


async def sign_out_everywhere(edit: Edit, user_id: str) -> None:
    """End a person's sessions."""
    await take_turn(edit)
    user = await find_or_404(edit, UserAccount, user_id)
    ended: Row = {"sessions": await end_sessions(edit.session, edit.tenant_id, user.id)}
    await record_access_change(edit, "sign out", UserAccount.__tablename__, user.id, None, ended)


async def reset_second_factor(edit: Edit, user_id: str) -> None:
    """Take a person's second factor away."""
    await take_turn(edit)
    user = await find_or_404(edit, UserAccount, user_id)
    await drop_second_factor(edit, user, "reset second factor of")


async def _reset(session: AsyncSession, user: UserAccount, secret: str, now: datetime) -> PasswordReset:
    reset = PasswordReset(
        tenant_id=user.tenant_id, user_id=user.id, secret_hash=hash_of(secret), expires_at=now + RESET_LASTS
    )
    session.add(reset)
    await session.flush()
    return reset
