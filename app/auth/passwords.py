"""Passwords: argon2id with OWASP's parameters (19 MiB, two passes), never more than two at once, off the event loop, so
that a storm of sign-ins does not hold calls up."""

import asyncio
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

MIN_PASSWORD_CHARACTERS: Final = 10
_HASHER: Final = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))
_AT_ONCE: Final = 2
_NOBODY: Final = _HASHER.hash("nobody has this password")
_limits: dict[int, asyncio.Semaphore] = {}


def hash_password(password: str) -> str:
    """The stored form of a password."""
    return _HASHER.hash(password)


async def password_is_right(password: str, stored: str | None) -> bool:
    """Whether ``password`` has the stored form; as slow for an unknown account (``stored`` None) as for a known one."""
    limit = _limits.setdefault(id(asyncio.get_running_loop()), asyncio.Semaphore(_AT_ONCE))
    async with limit:
        right = await asyncio.to_thread(_HASHER.verify, password[:1000], stored or _NOBODY)
    return right and stored is not None
