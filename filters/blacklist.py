"""Is this caller blocked now, and by which entry."""

from collections.abc import Iterable

from filters.matches import Match, MatchSource
from filters.vip import best


def blacklist_match(matches: Iterable[Match]) -> Match | None:
    """The deciding blacklist match: the most specific that counts, or None."""
    return best(matches, MatchSource.BLACKLIST)
