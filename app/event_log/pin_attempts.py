"""Which VIPs' PINs were keyed in wrong lately: known to every worker from the event log, so that whoever guesses with many
calls, or after a restart, is guessing all the same."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from app.event_log.records import CallFact
from filters.vip_pin import LOCKED_FOR, locked_until

REMEMBERED_FOR: Final = 2 * LOCKED_FOR
"""A lock that holds began with a wrong PIN no longer ago."""
_NONE: Final[frozenset[str]] = frozenset()


@dataclass(slots=True)
class PinAttempts:
    """By company and entry (ids) the wrong PINs, each with the id of its fact: in any order and any number of times."""

    _wrong: dict[str, dict[str, dict[str, datetime]]] = field(default_factory=dict)
    _locked: dict[str, tuple[datetime, frozenset[str]]] = field(default_factory=dict)

    def apply(self, fact: CallFact) -> None:
        """A PIN was wrong. What is tried in the phone booth counts for nobody."""
        if "booth" in fact.payload:
            return
        self._locked.pop(fact.tenant_id, None)
        entries = self._wrong.setdefault(fact.tenant_id, {})
        entries.setdefault(fact.payload["entry_id"], {})[fact.event_id] = fact.at
        for entry_id, moments in [*entries.items()]:
            entries[entry_id] = {one: at for one, at in moments.items() if fact.at - at < REMEMBERED_FOR}
            if not entries[entry_id]:
                del entries[entry_id]

    def knows(self, fact: CallFact) -> bool:
        """Whether this very attempt has been told of."""
        moments = self._wrong.get(fact.tenant_id, {}).get(fact.payload["entry_id"], {})
        return fact.event_id in moments

    def locked_until(self, tenant_id: str, entry_id: str, now: datetime) -> datetime | None:
        """Until when the PIN of an entry is not asked for; None when it is."""
        until = locked_until(self._wrong.get(tenant_id, {}).get(entry_id, {}).values())
        return until if until is not None and until > now else None

    def locked(self, tenant_id: str, now: datetime) -> frozenset[str]:
        """The entries (ids) whose PINs are not asked for now."""
        if not (entries := self._wrong.get(tenant_id)):
            return _NONE
        known = self._locked.get(tenant_id)  # every call asks
        if known is None or known[0] <= now:
            untils = {one: until for one in entries if (until := self.locked_until(tenant_id, one, now)) is not None}
            known = self._locked[tenant_id] = (min(untils.values(), default=now + LOCKED_FOR), frozenset(untils))
        return known[1]
