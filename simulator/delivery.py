"""How Twilio delivers a webhook: time-outs and retries, with the overrides in the URL's fragment.

Source: Twilio docs, connection-overrides: `#ct=…&rt=…&tt=…&rc=…&rp=…`; milliseconds; all of it within 15 s.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

HARD_LIMIT = 15.0
"""Seconds for everything about one webhook, over every override."""


@dataclass(frozen=True)
class Delivery:
    """Seconds and counts for one webhook."""

    read_timeout: float = HARD_LIMIT
    total_timeout: float = HARD_LIMIT
    retries: int = 1
    retry_on: frozenset[str] = frozenset(["ct"])

    def retries_after(self, failure: str) -> bool:
        """Is a further attempt made after this failure ("ct", "rt", "4xx", "5xx")?"""
        return failure in self.retry_on or "all" in self.retry_on


def delivery_for(url: str, longest: float = HARD_LIMIT) -> Delivery:
    """The delivery a URL asks for; unknown names and unreadable values are left at their defaults."""
    wishes = dict(parse_qsl(urlsplit(url).fragment))
    longest = min(longest, HARD_LIMIT)
    retry_on = frozenset(wishes.get("rp", "ct").split(","))
    return Delivery(
        read_timeout=min(_milliseconds(wishes.get("rt"), 15000) / 1000, longest),
        total_timeout=min(_milliseconds(wishes.get("tt"), 15000) / 1000, longest),
        retries=min(5, _milliseconds(wishes.get("rc"), 1)),
        retry_on=retry_on,
    )


def _milliseconds(wish: str | None, default: int) -> int:
    return int(wish) if wish is not None and wish.isascii() and wish.isdigit() else default
