"""Which accounts' APIs can be used now, as far as this worker has seen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from app.telephone.fault import Fault


class Away(NamedTuple):
    """Since when an API cannot be used, and why."""

    since: datetime
    fault: Fault


@dataclass(slots=True)
class Reach:
    """``away`` by company and provider."""

    clock: Callable[[], datetime]
    away: dict[tuple[str, str], Away] = field(default_factory=dict)

    def failed(self, tenant_id: str, provider: str, fault: Fault) -> None:
        """An API could not be used."""
        since = known.since if (known := self.away.get((tenant_id, provider))) else self.clock()
        self.away[tenant_id, provider] = Away(since, fault)

    def answered(self, tenant_id: str, provider: str) -> None:
        """An API was used."""
        if self.away:
            self.away.pop((tenant_id, provider), None)

    def of(self, tenant_id: str) -> datetime | None:
        """Since when one of a company's APIs cannot be used; None when all can."""
        return min((away.since for (tenant, _), away in self.away.items() if tenant == tenant_id), default=None)
