"""Sign-in sessions of people: a random secret in a cookie, its SHA-256 in the database."""

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.api_keys import hash_of
from app.auth.principal import Principal
from app.auth.roles import Role
from app.base.clock import Clock
from models import SignInSession, UserAccount

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
_TOUCH_EVERY: Final = timedelta(minutes=1)


async def open_session(
    session: AsyncSession, user: UserAccount, clock: Clock, *, browser: str = "", address: str = ""
) -> str:
    """A new session for ``user``; returns the secret for the cookie. Old sessions stay valid, their secrets are never
    taken over (no fixation). ``browser`` and ``address`` are shown to the person in their list of sessions."""
    secret = secrets.token_urlsafe(32)
    now = clock()
    session.add(
        SignInSession(
            tenant_id=user.tenant_id, secret_hash=hash_of(secret), user_id=user.id, created_at=now, seen_at=now,
            browser=browser, address=address,
        )
    )  # fmt: skip
    of_user = UserAccount.tenant_id == user.tenant_id, UserAccount.id == user.id
    await session.execute(update(UserAccount).where(*of_user).values(signed_in_at=now))
    await session.execute(delete(SignInSession).where(SignInSession.created_at < now - LONGEST))
    return secret


async def close_session(session: AsyncSession, secret: str) -> None:
    """Sign out."""
    await session.execute(delete(SignInSession).where(SignInSession.secret_hash == hash_of(secret)))


async def living_sessions(session: AsyncSession, tenant_id: str, user_id: str, clock: Clock) -> list[SignInSession]:
    """A person's sessions that still open something, the one used last first."""
    now = clock()
    mine = select(SignInSession).where(
        SignInSession.tenant_id == tenant_id, SignInSession.user_id == user_id,
        SignInSession.seen_at >= now - IDLE, SignInSession.created_at >= now - LONGEST,
    )  # fmt: skip
    return list(await session.scalars(mine.order_by(SignInSession.seen_at.desc(), SignInSession.id)))


async def end_sessions(
    session: AsyncSession, tenant_id: str, user_id: str, *, only: str | None = None, but: str | None = None
) -> int:
    """End a person's sessions: all, ``only`` the one with this id, or all ``but`` the one whose secret has this hash.
    Returns how many there were."""
    ending = delete(SignInSession).where(SignInSession.tenant_id == tenant_id, SignInSession.user_id == user_id)
    if only is not None:
        ending = ending.where(SignInSession.id == only)
    if but is not None:
        ending = ending.where(SignInSession.secret_hash != but)
    return len((await session.execute(ending.returning(SignInSession.id))).all())


async def principal_of_session(session: AsyncSession, secret: str, clock: Clock) -> Principal | None:
    """Who this is, if the session is living and the account is not disabled. Counts as activity."""
    found = (
        await session.execute(
            select(SignInSession, UserAccount)
            .join(
                UserAccount,
                (UserAccount.tenant_id == SignInSession.tenant_id) & (UserAccount.id == SignInSession.user_id),
            )
            .where(SignInSession.secret_hash == hash_of(secret), UserAccount.disabled_at.is_(None))
        )
    ).one_or_none()
    if found is None:
        return None
    signed_in, user = found
    now = clock()
    if now - signed_in.seen_at > IDLE or now - signed_in.created_at > LONGEST:
        return None
    if now - signed_in.seen_at > _TOUCH_EVERY:
        await session.execute(
            update(SignInSession).where(SignInSession.secret_hash == signed_in.secret_hash).values(seen_at=now)
        )
    return Principal(
        tenant_id=user.tenant_id,
        actor=f"user:{user.email}",
        role=Role(user.role),
        user_id=user.id,
        user_name=user.name,
        operator_id=user.operator_id,
        language=user.language,
        theme=user.theme,
        may_block=user.may_block,
        session_hash=signed_in.secret_hash,
    )
