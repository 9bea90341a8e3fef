"""Add, change and delete the people who sign in."""

import re
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select

from app.auth.passwords import MIN_PASSWORD_CHARACTERS
from app.auth.roles import Role
from app.base.errors import LastAdmin, NameTaken, Unprocessable
from app.base.problems.people import PasswordTooShort, PeopleFault
from app.base.text import refuse_unstorable
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.edits.place import check_language
from app.people.edit_access import record_access_change
from app.plan.rows import Row, as_row
from models import OperatorRecord, SignInSession, UserAccount

_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_ENDS_SESSIONS: Final = frozenset({"password_hash", "role", "disabled_at"})


async def save_user(edit: Edit, fields: Row, now: datetime, user_id: str | None = None) -> Row:
    """Add a person, or give ``fields`` of one new values: columns of :class:`models.UserAccount`, and ``disabled`` for
    ``disabled_at``. A new password or role, or disabling, ends the person's sessions.

    Raises :class:`Problem` naming the field, and :class:`LastAdmin`.
    """
    await take_turn(edit)
    user = await find_or_404(edit, UserAccount, user_id) if user_id else None
    await _check(edit, fields, user_id)
    if "disabled" in fields:
        was = user.disabled_at if user else None
        fields["disabled_at"] = (was or now) if fields.pop("disabled") else None
    for name, value in fields.items():
        refuse_unstorable(value, name)
    before = shown_user(user) if user else None
    if user is None:
        user = UserAccount(tenant_id=edit.tenant_id, **fields)
        edit.session.add(user)
    for name, value in fields.items():
        setattr(user, name, value)
    await edit.session.flush()
    await edit.session.refresh(user)
    if before is not None:
        await _refuse_without_admin(edit)
        if _ENDS_SESSIONS & set(fields):
            await _end_sessions(edit, user.id)
    row = shown_user(user)
    await record_access_change(edit, "change" if before else "add", UserAccount.__tablename__, user.id, before, row)
    return row


async def delete_user(edit: Edit, user_id: str) -> None:
    """Delete a person's account and sessions. Raises :class:`LastAdmin`."""
    await take_turn(edit)
    user = await find_or_404(edit, UserAccount, user_id)
    before = shown_user(user)
    await edit.session.delete(user)
    await edit.session.flush()
    await _refuse_without_admin(edit)
    await record_access_change(edit, "delete", UserAccount.__tablename__, user_id, before, None)


def check_password(password: str) -> None:
    """Raises :class:`Unprocessable` for a password that is too short."""
    if len(password) < MIN_PASSWORD_CHARACTERS:
        raise Unprocessable(PasswordTooShort(MIN_PASSWORD_CHARACTERS), field="password")


def shown_user(user: UserAccount) -> Row:
    """The account's row without its password's hash."""
    row = as_row(user)
    del row["password_hash"]
    row["disabled"] = user.disabled_at is not None
    return row


async def _check(edit: Edit, fields: Row, user_id: str | None) -> None:
    if "language" in fields:
        check_language(fields["language"])
    if "email" in fields:
        fields["email"] = email = fields["email"].strip().lower()
        refuse_unstorable(email, "email")
        if not _EMAIL.fullmatch(email):
            raise Unprocessable(PeopleFault.EMAIL_NOT_VALID, field="email")
        taken = select(UserAccount.id).where(UserAccount.email == email, UserAccount.id != (user_id or ""))
        if await edit.session.scalar(taken):
            raise NameTaken(PeopleFault.EMAIL_TAKEN, field="email")
    if (operator_id := fields.get("operator_id")) is not None:
        await _check_operator(edit, operator_id)


async def _check_operator(edit: Edit, operator_id: str) -> None:
    """Raises :class:`Unprocessable` when there is no such operator."""
    there = select(OperatorRecord.id).where(
        OperatorRecord.tenant_id == edit.tenant_id, OperatorRecord.id == operator_id
    )
    if await edit.session.scalar(there) is None:
        raise Unprocessable(PeopleFault.UNKNOWN_OPERATOR, field="operator_id")


async def _refuse_without_admin(edit: Edit) -> None:
    living = (
        select(func.count())
        .select_from(UserAccount)
        .where(
            UserAccount.tenant_id == edit.tenant_id,
            UserAccount.role == Role.ADMIN.value,
            UserAccount.disabled_at.is_(None),
        )
    )
    if not await edit.session.scalar(living):
        raise LastAdmin(PeopleFault.LAST_ADMIN)


async def _end_sessions(edit: Edit, user_id: str) -> None:
    await edit.session.execute(
        delete(SignInSession).where(SignInSession.tenant_id == edit.tenant_id, SignInSession.user_id == user_id)
    )
