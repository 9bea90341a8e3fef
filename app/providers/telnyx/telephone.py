"""Telnyx's REST API for TeXML (developers.telnyx.com/api-reference/texml-rest-commands), opened by an API key."""

from typing import Final

from app.plan.live_plan import ProviderKeys
from app.providers.addresses import Addresses
from app.providers.twiml.rest import RestApi
from app.providers.twiml.telephone import Habits, TwimlTelephone
from app.telephone.means import Means

_HABITS: Final = Habits(rings=False, lists_by_the_minute=False, recordings=False)
"""A new call needs the id of a TeXML application beside the account's (initiate-an-outbound-call); calls are listed by days
(fetch-multiple-call-resources); a recording is a link to another host, and no host but the API's own is ever asked."""


def telephone(tenant_id: str, keys: ProviderKeys, means: Means) -> TwimlTelephone | None:
    """What a company's calls at Telnyx are moved with; None without its API key."""
    if not keys.api_token:
        return None
    api = RestApi(
        means, tenant_id, keys.provider, f"https://api.telnyx.com/v2/texml/Accounts/{keys.account}", "", keys.api_token
    )
    return TwimlTelephone(api, Addresses(means.base_url, keys.provider, means.step_key), _HABITS)
