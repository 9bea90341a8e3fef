"""Who can use which provider's API: ``board.telephone``."""

from typing import cast as as_type

import pytest
from pydantic import ValidationError

from app.base.settings import Settings
from app.plan.live_plan import ProviderKeys
from app.telephone.fault import TelephoneFault
from app.telephone.means import Means
from app.telephone.telephone import Telephone
from tests import cast
from tests.api import API
from tests.office import Office

pytestmark = pytest.mark.anyio
SOMETHING = as_type(Telephone, object())


async def test_a_telephone_is_found_by_the_line_or_by_the_provider(office: Office) -> None:
    asked: list[tuple[str, ProviderKeys]] = []

    def make(tenant_id: str, keys: ProviderKeys, means: Means) -> Telephone:
        asked.append((tenant_id, keys))
        return SOMETHING

    office.board.telephones.makers = {"twilio": make}
    tenant = office.company.tenant
    assert office.board.telephone(tenant, cast.LINE) is office.board.telephone(tenant, "twilio") is SOMETHING
    assert asked == [(tenant, ProviderKeys("twilio", cast.ACCOUNT_SID, cast.AUTH_TOKEN))]


async def test_without_an_account_there_is_no_telephone(office: Office) -> None:
    office.board.telephones.makers = {"telnyx": lambda tenant_id, keys, means: SOMETHING}
    assert office.board.telephone(office.company.tenant, "telnyx") is None
    assert office.board.telephone("nobody", cast.LINE) is None


async def test_signalwire_needs_a_key_of_its_own(office: Office) -> None:
    project, api = "f5586561-8ff0-4291-a51b-c7dfe4139ff9", f"{API}/accounts"
    account = {"provider": "signalwire", "account_sid": project, "token": "a-signing-key", "space": "example"}
    made = (await office.api.post(api, json=account)).json()
    assert (made["has_api_token"], made["api"]) == (False, "no_key")
    assert office.board.telephone(office.company.tenant, "signalwire") is None
    given = await office.api.patch(f"{api}/{made['id']}", json={"api_token": "an-api-token"})
    assert (given.json()["has_api_token"], given.json()["api"]) == (True, "ready")
    assert "an-api-token" not in given.text + (await office.api.get(f"{API}/audit")).text
    assert office.board.telephone(office.company.tenant, "signalwire") is not None


async def test_twilios_token_is_given_where_webhooks_are_signed_with_another_key(office: Office) -> None:
    account = (await office.api.get(f"{API}/accounts")).json()["items"][0]
    assert account["api"] == "ready"
    path = f"{API}/accounts/{account['id']}"
    await office.api.patch(path, json={"token": "a key of their own", "api_token": cast.AUTH_TOKEN})
    telephone = office.board.telephone(office.company.tenant, cast.LINE)
    assert telephone is not None
    await telephone.look()


async def test_an_api_that_is_away_stands_in_the_readiness_until_it_is_back(office: Office) -> None:
    telephone = office.board.telephone(office.company.tenant, cast.LINE)
    assert telephone is not None
    office.phones.trouble.away = True
    with pytest.raises(TelephoneFault):
        await telephone.look()
    await office.app.state.degradation.look()
    ready = (await office.api.get("/health/ready")).json()
    assert (ready["ready"], [*ready["degraded"]]) == (True, ["telephone"])
    assert (await office.api.get(f"{API}/accounts")).json()["items"][0]["api"] == "unreachable"
    office.phones.trouble.away = False
    await office.board.telephones.look_again()
    await office.app.state.degradation.look()
    assert (await office.api.get("/health/ready")).json()["degraded"] == {}


@pytest.mark.parametrize("url", ["http://api.example.org", "https://api.twilio.com/2010-04-01", "api.twilio.com"])
def test_the_token_goes_nowhere_unencrypted(url: str) -> None:
    with pytest.raises(ValidationError, match="API_URL_UNREADABLE"):
        Settings(twilio_api_url=url, _env_file=None)
    assert Settings(twilio_api_url="http://127.0.0.1:9/", _env_file=None).twilio_api_url == "http://127.0.0.1:9"
