"""How often numbers have called lately, for rules that count: known to every worker from the event log, without asking the
database when a call comes in.

Like :class:`app.event_log.open_calls.OpenCalls`, of which this is a part, it is a picture: of a flood of calls it forgets
the numbers that were heard of first.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from routing.rules import LONGEST_WITHIN_MINUTES, MOST_CALLS

LOOKED_BACK: Final = timedelta(minutes=LONGEST_WITHIN_MINUTES)
KEPT: Final = 50_000
"""So many numbers are remembered at least, and twice as many at most: some dozen megabytes."""

_Key = tuple[str, str]


class _Came(NamedTuple):
    at: float
    call_id: str


@dataclass(slots=True)
class RecentCalls:
    """By company and number the last calls. What is told again, or in another order, changes nothing."""

    _calls: dict[_Key, tuple[_Came, ...]] = field(default_factory=dict)
    _before: dict[_Key, tuple[_Came, ...]] = field(default_factory=dict)

    def note(self, tenant_id: str, number: str, call_id: str, at: datetime) -> None:
        """A real call came in ``at`` that moment."""
        key, came = (tenant_id, number), _Came(at.timestamp(), call_id)
        known = self._calls.get(key)
        if known is None:
            known = self._before.pop(key, ())
            if len(self._calls) >= KEPT:
                self._before, self._calls = self._calls, {}
        if any(one.call_id == call_id for one in known):
            self._calls[key] = known
            return
        self._calls[key] = (came,) if not known else tuple(sorted((*known, came), reverse=True)[:MOST_CALLS])

    def ages(self, tenant_id: str, number: str, call_id: str, at: datetime, within: int) -> tuple[float, ...]:
        """How many seconds before ``at`` this number called, the latest first: other calls than ``call_id``, and of the last
        ``within`` seconds."""
        key, now = (tenant_id, number), at.timestamp()
        known = self._calls.get(key) or self._before.get(key) or ()
        return tuple(now - one.at for one in known if one.call_id != call_id and 0 <= now - one.at <= within)
