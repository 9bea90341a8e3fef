"""``/users``: the people who sign in. They are audited like every edit, but they are no part of the routing plan."""

import asyncio
from datetime import datetime
from typing import Final

from pydantic import Field, SecretStr
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.account_name import account_name
from app.auth.passwords import hash_password
from app.auth.roles import Role, Scope
from app.auth.sessions import end_sessions
from app.base import limits
from app.base.email_address import is_email_address
from app.base.errors import LastAdmin, NameTaken, Unprocessable
from app.base.problems.people import PeopleFault
from app.base.text import refuse_unstorable
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.edits.place import check_language
from app.people.edit_access import record_access_change
from app.people.password_rules import check_password
from app.plan.rows import Row, as_row
from app.switchboard import Switchboard
from app.web.resource import Resource
from app.web.schema import Id, Input, Name, Stored
from models import OperatorRecord, PasswordReset, UserAccount

_ENDS_SESSIONS: Final = frozenset({"password_hash", "role", "disabled_at"})


class UserIn(Input):
    """An account."""

    email: str = Field(max_length=limits.EMAIL, examples=["olga@example.org"])
    name: Name = Field(examples=["Olga"])
    role: Role = Field(Role.OPERATOR)
    password: SecretStr = Field(max_length=limits.PASSWORD, description="At least 10 characters. Write only.")
    operator_id: Id | None = Field(None, description="Who they are on the phone, if they take calls.")
    language: str | None = Field(None, max_length=2, description="Of the pages; null: the browser's.")
    may_block: bool = Field(
        True,
        description="Whether an operator may block callers. Supervisors and admins, who edit the lists, always may.",
    )
    disabled: bool = Field(False, description="Signs them out and keeps them out.")


class UserOut(Stored):
    """An account as stored."""

    email: str
    name: str
    role: Role
    operator_id: str | None
    language: str | None
    may_block: bool
    disabled: bool
    second_factor: bool = Field(description="Whether they have one, and are asked for a code when they sign in.")
    signed_in_at: datetime | None = Field(description="When they signed in last; null: not yet.")


class Users(Resource[UserAccount]):
    """An e-mail address is one person's on the whole service, and somebody is left who can let others in."""

    async def prepare(self, board: Switchboard, fields: Row) -> Row:
        """A password becomes its hash, which takes a tenth of a second. Raises :class:`Unprocessable`."""
        if "password" in fields:
            password = fields.pop("password").get_secret_value()
            check_password(password, str(fields.get("email", "")), str(fields.get("name", "")))
            fields["password_hash"] = await asyncio.to_thread(hash_password, password)
        return fields

    def shown(self, row: Row) -> Row:
        """What the answer is made of."""
        return row | {
            "disabled": row["disabled_at"] is not None, "second_factor": row["second_factor_at"] is not None,
        }  # fmt: skip

    async def save(self, edit: Edit, fields: Row, row_id: str | None = None) -> Row:
        """Add a person, or give ``fields`` of one new values: columns, and ``disabled`` for ``disabled_at``. A new password
        or role, or disabling, ends the person's sessions. Raises :class:`Problem` naming the field, and
        :class:`LastAdmin`."""
        await take_turn(edit)
        user = await find_or_404(edit, UserAccount, row_id) if row_id else None
        await check_account(edit, fields, row_id)
        if "disabled" in fields:
            was = user.disabled_at if user else None
            fields["disabled_at"] = (was or edit.now) if fields.pop("disabled") else None
        for name, value in fields.items():
            refuse_unstorable(value, name)
        before = shown_user(user) if user else None
        differ = {name for name, value in fields.items() if getattr(user, name, None) != value}
        if user is None:
            user = UserAccount(tenant_id=edit.tenant_id, **fields)
            edit.session.add(user)
        for name, value in fields.items():
            setattr(user, name, value)
        await edit.session.flush()
        await edit.session.refresh(user)
        if before is not None:
            await _refuse_without_admin(edit)
            if _ENDS_SESSIONS & differ:
                await end_sessions(edit.session, edit.tenant_id, user.id)
            if (_ENDS_SESSIONS | {"email"}) & differ:
                await revoke_resets(edit.session, edit.tenant_id, user.id)
        row = shown_user(user)
        await record_access_change(edit, "change" if before else "add", UserAccount.__tablename__, user.id, before, row)
        return row

    async def delete(self, edit: Edit, row_id: str) -> None:
        """Delete a person's account and sessions. Raises :class:`LastAdmin`."""
        await take_turn(edit)
        user = await find_or_404(edit, UserAccount, row_id)
        before = shown_user(user)
        await edit.session.delete(user)
        await edit.session.flush()
        await _refuse_without_admin(edit)
        await record_access_change(edit, "delete", UserAccount.__tablename__, row_id, before, None)


# Whoever makes an admin account holds every right, so a key needs the scope that hands out keys.
USERS = Users(
    UserAccount, UserIn, "user", out=UserOut, read=Role.ADMIN, scope=Scope.KEYS,
    finds=[UserAccount.name, UserAccount.email],
    about="The people who sign in.", lists="Everybody who may sign in.", reads="One account.",
    adds="Let somebody in.",
    changes="Change the fields that are given. A new password or role, or disabling, ends the person's sessions.",
    deletes="Delete an account. What it did stays in the audit trail.",
)  # fmt: skip


def shown_user(user: UserAccount) -> Row:
    """The account's row without its password's hash."""
    row = as_row(user)
    del row["password_hash"]
    return row


async def check_account(edit: Edit, fields: Row, user_id: str | None) -> None:
    """Refuse those of ``email``, ``language`` and ``operator_id`` that make no sense, and put the address into the form in
    which it is stored; ``user_id`` is whose account it is, None for a new one. Raises :class:`Problem`."""
    if "language" in fields:
        check_language(fields["language"])
    if "email" in fields:
        typed = fields["email"]
        refuse_unstorable(typed, "email")
        fields["email"] = email = account_name(typed)
        # What cannot be seen is refused here: nobody would type it again at the sign-in.
        if not is_email_address(email) or len(email) != len(typed.strip()):
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


async def revoke_resets(session: AsyncSession, tenant_id: str, user_id: str) -> None:
    """No link for a new password works any more."""
    mine = PasswordReset.tenant_id == tenant_id, PasswordReset.user_id == user_id
    await session.execute(delete(PasswordReset).where(*mine))
