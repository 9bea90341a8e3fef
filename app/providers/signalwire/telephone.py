"""SignalWire's REST API (developer.signalwire.com/compatibility-api/rest): below the space's own address, opened by the
project's API token, which is not the Signing Key."""

from app.plan.live_plan import ProviderKeys
from app.providers.addresses import Addresses
from app.providers.twiml.rest import RestApi
from app.providers.twiml.telephone import Habits, TwimlTelephone
from app.telephone.means import Means


def telephone(tenant_id: str, keys: ProviderKeys, means: Means) -> TwimlTelephone | None:
    """What a company's calls at SignalWire are moved with; None without its space and API token. Calls are listed by days
    (compatibility-api/rest/calls/list-all-calls)."""
    if not (keys.space and keys.api_token):
        return None
    root = f"https://{keys.space}.signalwire.com/api/laml/2010-04-01/Accounts/{keys.account}"
    api = RestApi(means, tenant_id, keys.provider, root, ".json", (keys.account, keys.api_token))
    habits = Habits(lists_by_the_minute=False)
    return TwimlTelephone(api, Addresses(means.base_url, keys.provider, means.step_key), habits)
