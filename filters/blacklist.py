"""Is this caller blocked now, and by which entry."""

from collections.abc import Iterable

from filters.list_entry import Treatment
from filters.matches import Match, MatchSource
from filters.vip import best


def blacklist_match(matches: Iterable[Match]) -> Match | None:
    """The deciding blacklist match: the most specific that counts, or None. An exception is one too; of two that are equally
    specific the one that blocks decides."""
    of_list = sorted((one for one in matches if one.source is MatchSource.BLACKLIST), key=is_exception)
    return best(of_list, MatchSource.BLACKLIST)


def is_exception(match: Match) -> bool:
    """Whether the entry lets callers through that a broader one blocks."""
    return match.treatment is Treatment.ALLOW
