"""Which company can use which provider's REST API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.plan.live_plan import LivePlan, ProviderKeys
from app.telephone.telephone import Telephone

MakeTelephone = Callable[[str, ProviderKeys], Telephone | None]
"""Makes, of a company's id and its account at the provider, its telephone; None where the account has no key for the API."""
_KEPT: Final = 1000


@dataclass(slots=True)
class Telephones:
    """``makers`` by the provider's name. What was made is kept: connections and budgets belong to an account."""

    live_plan: LivePlan
    makers: Mapping[str, MakeTelephone]
    _made: dict[tuple[str, ProviderKeys], Telephone | None] = field(default_factory=dict)

    def of(self, tenant_id: str, provider: str) -> Telephone | None:
        """The company's telephone at a provider; None where it has no account there with a key for the API."""
        make, keys = self.makers.get(provider), self.live_plan.keys_at(tenant_id, provider)
        if make is None or keys is None:
            return None
        key = tenant_id, keys
        if key not in self._made:
            if len(self._made) >= _KEPT:
                self._made.clear()
            self._made[key] = make(tenant_id, keys)
        return self._made[key]
