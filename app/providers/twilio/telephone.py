"""Twilio's REST API (twilio.com/docs/usage/api): the auth token that signs webhooks opens it too. Where
webhooks are signed with a key of the customer's own, the auth token has to be given beside it."""

from typing import Final

from app.plan.live_plan import ProviderKeys
from app.providers.addresses import Addresses
from app.providers.twiml.rest import RestApi
from app.providers.twiml.telephone import Habits, TwimlTelephone
from app.telephone.means import Means

_HABITS: Final = Habits(at_failure="#rc=2&rp=all")
"""A request that failed is made twice again (twilio.com/docs/usage/webhooks/webhooks-connection-overrides)."""


def telephone(tenant_id: str, keys: ProviderKeys, means: Means) -> TwimlTelephone:
    """What a company's calls at Twilio are moved with."""
    root = f"{means.twilio_api_url}/2010-04-01/Accounts/{keys.account}"
    api = RestApi(means, tenant_id, keys.provider, root, ".json", (keys.account, keys.api_token or keys.secret))
    return TwimlTelephone(api, Addresses(means.base_url, keys.provider, means.step_key), _HABITS)
