"""Which company can use which provider's REST API."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.plan.live_plan import LivePlan, ProviderKeys
from app.telephone.fault import TelephoneFault
from app.telephone.means import Means
from app.telephone.telephone import Telephone

MakeTelephone = Callable[[str, ProviderKeys, Means], Telephone | None]
"""Makes, of a company's id and its account at the provider, its telephone; None where the account has no key for the API."""
_LOOK_SECONDS: Final = 5.0
_KEPT: Final = 1000


@dataclass(slots=True)
class Telephones:
    """``makers`` by the provider's name, ``means`` is what all are made with. What was made is kept:
    connections and budgets belong to an account."""

    live_plan: LivePlan
    makers: Mapping[str, MakeTelephone]
    means: Means
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
            self._made[key] = make(tenant_id, keys, self.means)
        return self._made[key]

    def forget(self) -> None:
        """Make every telephone anew: the means have changed."""
        self._made.clear()

    async def watch(self) -> None:
        """Look again, for ever, at the APIs that could not be used: nothing else shows that they are well again."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            await self.look_again()

    async def look_again(self) -> None:
        """Look at each of them once."""
        for tenant_id, provider in list(self.means.reach.away):
            if (telephone := self.of(tenant_id, provider)) is None:
                self.means.reach.answered(tenant_id, provider)  # its account is gone
                continue
            with contextlib.suppress(TelephoneFault):
                await telephone.look()
