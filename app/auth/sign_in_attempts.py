"""How often somebody may try to sign in within a minute. Counted in the database, so that all workers count together and
none forgets when it is replaced; what is older than a minute is deleted with the next attempt, so that the table stays
small."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.api_keys import hash_of
from app.base.clock import Clock
from models import SignInAttempt

WINDOW: Final = timedelta(minutes=1)
PER_ACCOUNT_AND_ADDRESS: Final = 5
PER_ADDRESS: Final = 30
PER_ACCOUNT: Final = 20
PER_DEVICE: Final = 5
_LOCK: Final = 7_241_337
"""Of the advisory lock that attempts for the same account take one after the other."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at ``address`` who says to be ``account``. ``device`` names a browser in which this account has signed in
    before: it has a count of its own, so that strangers who try the account lock nobody out."""

    account: str
    address: str
    device: str | None = None

    @property
    def limits(self) -> dict[str, int]:
        """What is counted, by its key, and how much of it is allowed."""
        if self.device is not None:
            return {self.own: PER_DEVICE}
        return {
            self.own: PER_ACCOUNT_AND_ADDRESS,
            hash_of(f"address {self.address}"): PER_ADDRESS,
            hash_of(f"account {self.account}"): PER_ACCOUNT,
        }

    @property
    def own(self) -> str:
        """The key that counts for nobody else's attempts: the browser, or this account at this address."""
        if self.device is not None:
            return hash_of(f"device {self.device}")
        return hash_of(f"account {self.account} at {self.address}")


async def may_try(session: AsyncSession, attempt: Attempt, clock: Clock) -> bool:
    """Count the attempt, unless there were too many already. One that is refused does not count."""
    now, limits = clock(), attempt.limits
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK, func.hashtext(attempt.account))))
    await session.execute(delete(SignInAttempt).where(SignInAttempt.at <= now - WINDOW))
    counted = select(SignInAttempt.key, func.count()).where(SignInAttempt.key.in_(limits)).group_by(SignInAttempt.key)
    so_far = dict((await session.execute(counted)).all())
    if any(so_far.get(key, 0) >= most for key, most in limits.items()):
        return False
    await session.execute(insert(SignInAttempt), [{"key": key, "at": now} for key in limits])
    return True


async def forget_attempts(session: AsyncSession, attempt: Attempt) -> None:
    """After the right password: whoever mistyped it four times has five again."""
    await session.execute(delete(SignInAttempt).where(SignInAttempt.key == attempt.own))
