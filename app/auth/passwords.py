"""Passwords: argon2id with OWASP's parameters (19 MiB, two passes), never more than two at once, off the event loop, so
that a storm of sign-ins does not hold calls up. Whoever comes when the queue is full is turned away at once."""

import asyncio
import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final
from weakref import WeakKeyDictionary

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

MIN_PASSWORD_CHARACTERS: Final = 10
_LEAST_DIFFERENT: Final = 5
_HASHER: Final = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))
_AT_ONCE: Final = 2
_IN_QUEUE: Final = 20
_NOBODY: Final = _HASHER.hash("nobody has this password")


class TooBusy(Exception):
    """So many passwords are being checked that this one is not."""


class GoneAway(Exception):
    """Whoever wanted the password checked is gone."""


@dataclass(slots=True)
class _Checks:
    """Of one event loop: two at once, and a short queue."""

    free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    held: int = 0


_checks: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, _Checks]] = WeakKeyDictionary()


def hash_password(password: str) -> str:
    """The stored form of a password."""
    return _HASHER.hash(password)


@contextmanager
def place_in_queue() -> Iterator[None]:
    """Held by an attempt from its first question to the database until its password is checked. Raises :class:`TooBusy`
    when too many are held already."""
    checks = _checks_of_the_loop()
    if checks.held >= _IN_QUEUE:
        raise TooBusy
    checks.held += 1
    try:
        yield
    finally:
        checks.held -= 1


async def password_is_right(
    password: str, stored: str | None, is_gone: Callable[[], Awaitable[bool]] | None = None
) -> bool:
    """Whether ``password`` has the stored form; as slow for an unknown account (``stored`` None) as for a known one. Raises
    :class:`GoneAway` when the client is gone by the time its turn comes, so that attempts whose connections are closed at
    once take no time."""
    async with _checks_of_the_loop().free:
        if is_gone is not None and await is_gone():
            raise GoneAway
        right = await asyncio.to_thread(_HASHER.verify, password[:1000], stored or _NOBODY)
    return right and stored is not None


def _checks_of_the_loop() -> _Checks:
    return _checks.setdefault(asyncio.get_running_loop(), _Checks())


def is_easily_guessed(password: str, *known: str) -> bool:
    """Whether a password is among the first that somebody would try: one of the most common, a few characters over and
    over, keys in a row, or little more than a name that is ``known`` (the e-mail address, the company)."""
    plain = unicodedata.normalize("NFKC", password).casefold().strip()
    if len(set(plain)) < _LEAST_DIFFERENT or _is_a_row(plain) or plain in _common_passwords():
        return True
    rest = plain
    for name in sorted((part for one in known for part in _names(one)), key=len, reverse=True):
        rest = rest.replace(name, "")
    return rest != plain and len(rest) < _LEAST_DIFFERENT


def _names(known: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", known).casefold()
    return [part for part in (plain, *plain.replace("@", " ").replace(".", " ").split()) if len(part) >= 3]


def _is_a_row(plain: str) -> bool:
    """``abcdefghij``, ``0987654321``, ``2468…``: each character as far from the next as the one before."""
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    return len(steps) == 1


@cache
def _common_passwords() -> frozenset[str]:
    """The most common passwords that are long enough. The list is Django's (BSD licence, see the file), without shorter
    ones."""
    lines = files("app.auth").joinpath("common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("# "))
