"""The second factor of a person: set up, asked for, given up. A code is taken once; wrong ones are counted where all workers
see them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from fastapi import Request
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.roles import Role
from app.auth.second_factor_rule import SecondFactorRule, grace_until, needs_second_factor
from app.auth.sign_in_attempts import Attempt, forget_attempts, may_try
from app.auth.totp import new_recovery_codes, new_totp_secret, recovery_code_hash, step_of
from app.base.errors import Conflict, TooManyRequests, Unprocessable
from app.base.problems.people import PeopleFault
from app.base.secrets_at_rest import SecretUnreadable, derive
from app.edits.edit import Edit, editing
from app.edits.in_turn import find_or_404, take_turn
from app.people.edit_access import record_access_change
from app.people.users import shown_user
from app.switchboard import Switchboard
from app.web.client_address import client_address
from models import Company, RecoveryCode, SecondFactor, UserAccount

_WRONG_IN_A_ROW: Final = 10
_LOCKED: Final = timedelta(hours=1)
"""After so many wrong codes in a row. Whoever is here knows the password: five a minute for days would find a code."""


@dataclass(frozen=True, slots=True)
class Needed:
    """Somebody has to set up a second factor; ``can_wait``: not at this sign-in yet."""

    can_wait: bool


async def second_factor_needed(session: AsyncSession, user: UserAccount, board: Switchboard) -> Needed | None:
    """Whether ``user``, who has none, needs a second factor."""
    company = await session.get_one(Company, user.tenant_id)
    if not needs_second_factor(SecondFactorRule(company.second_factor), Role(user.role)):
        return None
    return Needed(board.clock() < grace_until(company.second_factor_since, user.created_at))


async def begin_second_factor(board: Switchboard, user: UserAccount) -> None:
    """A new secret, to be confirmed by a code. Raises :class:`Conflict` while another one counts."""
    async with editing(board.sessions, user.tenant_id, f"user:{user.email}") as edit:
        await take_turn(edit)
        known = await find_or_404(edit, UserAccount, user.id)
        if known.second_factor_at is not None:
            raise Conflict(PeopleFault.SECOND_FACTOR_ON)
        sealed = board.secret_box.encrypt(new_totp_secret())
        await edit.session.merge(
            SecondFactor(
                tenant_id=user.tenant_id, user_id=user.id, sealed=sealed, last_step=0, wrong=0, locked_until=None
            )
        )


async def secret_to_confirm(board: Switchboard, user: UserAccount) -> str | None:
    """The secret that is being set up; None when there is none, or when it counts already and is not shown any more."""
    async with board.sessions() as session:
        factor = await session.get(SecondFactor, {"tenant_id": user.tenant_id, "user_id": user.id})
    if factor is None or user.second_factor_at is not None:
        return None
    try:
        return board.secret_box.decrypt(factor.sealed)
    except SecretUnreadable:
        return None


async def confirm_second_factor(board: Switchboard, user: UserAccount, typed: str) -> list[str]:
    """From now on it counts. Returns the recovery codes. Raises :class:`Unprocessable` for a wrong code, and
    :class:`Conflict`."""
    async with editing(board.sessions, user.tenant_id, f"user:{user.email}") as edit:
        edit.now = board.clock()
        await take_turn(edit)
        known = await find_or_404(edit, UserAccount, user.id)
        factor = await edit.session.get(SecondFactor, {"tenant_id": user.tenant_id, "user_id": user.id})
        if factor is None or known.second_factor_at is not None:
            raise Conflict(PeopleFault.SECOND_FACTOR_ON)
        step = step_of(board.secret_box.decrypt(factor.sealed), typed, edit.now)
        if step is None:
            raise Unprocessable(PeopleFault.CODE_WRONG, field="code")
        before = shown_user(known)
        factor.last_step, known.second_factor_at = step, edit.now
        codes = await _new_codes(edit, board, known)
        await record_access_change(
            edit, "set up second factor of", UserAccount.__tablename__, known.id, before, shown_user(known)
        )
        return codes


async def renew_recovery_codes(edit: Edit, board: Switchboard, user_id: str) -> list[str]:
    """Ten new codes; the old ones end. Raises :class:`Conflict` without a second factor."""
    await take_turn(edit)
    user = await find_or_404(edit, UserAccount, user_id)
    if user.second_factor_at is None:
        raise Conflict(PeopleFault.NO_SECOND_FACTOR)
    codes = await _new_codes(edit, board, user)
    row = shown_user(user)
    await record_access_change(edit, "renew recovery codes of", UserAccount.__tablename__, user.id, row, row)
    return codes


async def recovery_codes_left(session: AsyncSession, user: UserAccount) -> int:
    """How many were not used yet."""
    mine = RecoveryCode.tenant_id == user.tenant_id, RecoveryCode.user_id == user.id
    return await session.scalar(select(func.count()).select_from(RecoveryCode).where(*mine)) or 0


async def give_up_second_factor(edit: Edit, user_id: str) -> None:
    """A person turns their own off. Raises :class:`Conflict` while their company requires one."""
    await take_turn(edit)
    user = await find_or_404(edit, UserAccount, user_id)
    company = await edit.session.get_one(Company, edit.tenant_id)
    if needs_second_factor(SecondFactorRule(company.second_factor), Role(user.role)):
        raise Conflict(PeopleFault.SECOND_FACTOR_NEEDED)
    await drop_second_factor(edit, user, "turn off second factor of")


async def drop_second_factor(edit: Edit, user: UserAccount, act: str) -> None:
    """It does not count any more; ``act`` is what the audit trail says."""
    before = shown_user(user)
    user.second_factor_at = None
    for table in (SecondFactor, RecoveryCode):
        mine = table.tenant_id == user.tenant_id, table.user_id == user.id
        await edit.session.execute(delete(table).where(*mine))
    await edit.session.flush()
    await record_access_change(edit, act, UserAccount.__tablename__, user.id, before, shown_user(user))


async def take_code(request: Request, board: Switchboard, user: UserAccount, typed: str) -> None:
    """Take a code of the app, or one of the recovery codes, which is used up by it. Raises :class:`Unprocessable` for a
    wrong one, :class:`TooManyRequests` after too many."""
    attempt = Attempt(f"code of {user.tenant_id} {user.id}", client_address(request, board.settings))
    async with board.sessions() as session, session.begin():
        if not await may_try(session, attempt, board.clock):
            raise TooManyRequests(PeopleFault.TOO_MANY_GUESSES, field="code")
    async with board.sessions() as session, session.begin():
        fault = await _take(session, board, user, typed)
        if fault is None:
            await forget_attempts(session, attempt)
    if fault is PeopleFault.CODES_LOCKED:
        raise TooManyRequests(fault, field="code")
    if fault is not None:
        raise Unprocessable(fault, field="code")


async def _take(session: AsyncSession, board: Switchboard, user: UserAccount, typed: str) -> PeopleFault | None:
    mine = SecondFactor.tenant_id == user.tenant_id, SecondFactor.user_id == user.id
    factor = await session.scalar(select(SecondFactor).where(*mine).with_for_update())
    if factor is None:
        return PeopleFault.CODE_WRONG
    now = board.clock()
    if factor.locked_until is not None and factor.locked_until > now:
        return PeopleFault.CODES_LOCKED
    if await _is_right(session, board, factor, typed):
        factor.wrong, factor.locked_until = 0, None
        return None
    factor.wrong += 1
    if factor.wrong % _WRONG_IN_A_ROW == 0:
        factor.locked_until = now + _LOCKED
    return PeopleFault.CODE_WRONG


async def _is_right(session: AsyncSession, board: Switchboard, factor: SecondFactor, typed: str) -> bool:
    secret = board.secret_box.decrypt(factor.sealed)
    if (step := step_of(secret, typed, board.clock(), later_than=factor.last_step)) is not None:
        factor.last_step = step
        return True
    used = delete(RecoveryCode).where(
        RecoveryCode.tenant_id == factor.tenant_id, RecoveryCode.user_id == factor.user_id,
        RecoveryCode.code_hash == recovery_code_hash(_codes_key(board), factor.user_id, typed),
    )  # fmt: skip
    return await session.scalar(used.returning(RecoveryCode.user_id)) is not None


async def _new_codes(edit: Edit, board: Switchboard, user: UserAccount) -> list[str]:
    mine = RecoveryCode.tenant_id == user.tenant_id, RecoveryCode.user_id == user.id
    await edit.session.execute(delete(RecoveryCode).where(*mine))
    codes, key = new_recovery_codes(), _codes_key(board)
    edit.session.add_all(
        RecoveryCode(tenant_id=user.tenant_id, user_id=user.id, code_hash=recovery_code_hash(key, user.id, code))
        for code in codes
    )
    await edit.session.flush()
    return codes


def _codes_key(board: Switchboard) -> bytes:
    return derive(board.settings.key, "recovery codes")
