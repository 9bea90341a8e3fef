"""Telnyx's REST API for TeXML (developers.telnyx.com/api-reference/texml-rest-commands), opened by an API key."""

from dataclasses import dataclass
from typing import Final

from app.plan.live_plan import ProviderKeys
from app.providers.addresses import Addresses
from app.providers.twiml.rest import RestApi
from app.providers.twiml.telephone import Habits, TwimlTelephone, id_in
from app.telephone.fault import Fault, TelephoneFault
from app.telephone.means import Means
from routing.carriers import BROWSER_PHONE
from routing.step import Step

_API: Final = "https://api.telnyx.com/v2/texml"
_HABITS: Final = Habits(lists_by_the_minute=False, recordings=False, numbers=False)
"""Calls are listed by days (fetch-multiple-call-resources). A recording is a link to another host, which no page names, in a
format that none states (fetch-recording-resource): no host but the API's own is ever asked. Numbers go where their TeXML
application says, and are not among the TeXML resources."""


@dataclass(frozen=True, slots=True)
class TelnyxTelephone(TwimlTelephone):
    """``application`` is the id of the TeXML application by which calls are placed; empty: none can be."""

    application: str = ""

    async def ring(self, to: str, shown: str, step: Step, seconds: int) -> str:
        """See :class:`app.telephone.telephone.Telephone`. By create-a-connection-scoped-texml-call, since only its answer
        has the new call's id. It can be told neither how long to ring nor a status callback: the telephone rings as long as
        Telnyx has it, and the end is told to the application's own status callback."""
        if not self.application or to.startswith(BROWSER_PHONE):
            raise TelephoneFault(Fault.NOT_POSSIBLE_THERE)
        body = {"To": to, "From": shown, "Url": self.first_url(step), "Method": "POST"}
        return id_in(await self.api.create_at(f"{_API}/calls/{self.application}", body), "call_sid")


def telephone(tenant_id: str, keys: ProviderKeys, means: Means) -> TwimlTelephone | None:
    """What a company's calls at Telnyx are moved and placed with; None without its API key."""
    if not keys.api_token:
        return None
    api = RestApi(means, tenant_id, keys.provider, f"{_API}/Accounts/{keys.account}", "", keys.api_token)
    return TelnyxTelephone(api, Addresses(means.base_url, keys.provider, means.step_key), _HABITS, keys.application)
