"""PhoneBlock's community list: ``GET /api/blocklist`` with a token (github.com/haumacher/phoneblock, INTEGRATIONS.md).

Without ``since`` it answers the whole list, at most once a month; with the version of the last answer what has changed, at
most once a day, where ``votes`` 0 takes a number off. It asks to be asked at odd times, every 23 to 25 hours.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct

from app.subscriptions.fetch import NotFetched, fetch
from app.subscriptions.read_list import ReadList, packed_list
from filters.number import E164
from filters.number_index import key_of
from filters.subscribed_numbers import SubscribedNumbers
from models.subscription import RenewalFault

ADDRESS: Final = "https://phoneblock.net/phoneblock/api"
WHOLE_EVERY: Final = timedelta(days=40)
"""After so long everything is fetched anew, as PhoneBlock's own app does, should a change ever have been missed."""
_HIGHEST_VERSION: Final = 1 << 62
_LEGITIMATE: Final = "A_LEGITIMATE"


class _Number(Struct):
    phone: str
    votes: int
    rating: str = ""


class _Answer(Struct):
    numbers: list[_Number] = []
    version: int = 0


_ANSWER: Final = msgspec.json.Decoder(_Answer)


@dataclass(frozen=True, slots=True)
class Have:
    """What is here: the numbers as of PhoneBlock's ``version``, which came as a whole at ``whole_at``."""

    numbers: SubscribedNumbers
    version: int
    whole_at: datetime | None


@dataclass(frozen=True, slots=True)
class PhoneBlocked:
    """The list as it is now, and whether it came as a whole."""

    read: ReadList
    version: int
    is_whole: bool


async def fetch_phoneblock(
    address: str, key: str, min_votes: int, have: Have, now: datetime, *, allow_private: bool
) -> PhoneBlocked:
    """The numbers with at least ``min_votes`` votes. Raises :class:`app.subscriptions.fetch.NotFetched` and
    :class:`app.subscriptions.read_list.ListUnreadable`."""
    is_whole = not have.version or have.whole_at is None or now - have.whole_at >= WHOLE_EVERY
    query = "format=json" if is_whole else f"since={have.version}&format=json"
    fetched = await fetch(f"{address.rstrip('/')}/blocklist?{query}", allow_private=allow_private, key=key)
    if fetched is None:
        raise NotFetched(RenewalFault.UNREADABLE)
    return await asyncio.to_thread(_applied, fetched.content, min_votes, have, is_whole)


def _applied(content: bytes, min_votes: int, have: Have, is_whole: bool) -> PhoneBlocked:
    try:
        answer = _ANSWER.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NotFetched(RenewalFault.UNREADABLE) from None
    if not 0 < answer.version < _HIGHEST_VERSION:
        raise NotFetched(RenewalFault.UNREADABLE)
    keys = set() if is_whole else set(have.numbers.keys)
    skipped = 0
    for one in answer.numbers:
        if not E164.fullmatch(one.phone):
            skipped += 1
        elif one.votes >= min_votes and one.rating != _LEGITIMATE:
            keys.add(key_of(one.phone))
        else:
            keys.discard(key_of(one.phone))
    return PhoneBlocked(packed_list(keys, (), skipped), answer.version, is_whole)
