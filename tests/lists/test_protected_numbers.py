"""Some numbers cannot be blocked, and a wide entry says whom it covers by the way."""

import pytest

from tests import cast
from tests.api import API, fault, made
from tests.office import Office

pytestmark = pytest.mark.anyio

HOSPITAL = "+33199009999"


@pytest.fixture
async def protected(office: Office) -> Office:
    await office.add_operator()
    changed = await office.api.patch(f"{API}/company", json={"protected": ["01 99 00 99 99"]})
    assert changed.json()["protected"] == [HOSPITAL]
    return office


@pytest.mark.parametrize(("number", "whose"), [(cast.LINE, "line"), (cast.OLGA, "Olga"), (HOSPITAL, "company")])
async def test_a_protected_number_cannot_be_blocked(protected: Office, number: str, whose: str) -> None:
    response = await protected.api.post(f"{API}/blacklist", json={"number": number})
    assert fault(response) == (409, "protected-number", "number")
    assert whose in response.json()["detail"]
    client = {"name": "x", "standing": "blacklisted", "numbers": [number]}
    assert fault(await protected.api.post(f"{API}/clients", json=client)) == (409, "protected-number", "numbers")


async def test_a_wide_entry_leaves_protected_numbers_reachable_and_says_so(protected: Office) -> None:
    entry = await made(protected, "blacklist", number="+33199", match="prefix", treatment="busy")
    assert entry["warnings"] == [
        "covers 2 protected numbers (+33 1 99 00 10 00, +33 1 99 00 99 99); they stay reachable"
    ]
    assert "<Enqueue" in (await protected.webhook("/twilio/voice", HOSPITAL)).text
    assert "<Reject" in (await protected.webhook("/twilio/voice", "+33199008888")).text


@pytest.mark.parametrize(
    "body",
    [
        {"number": "+3363998", "match": "prefix"},
        {"number": "+33639980000", "to": "+33639980009", "match": "range"},
        {"number": "FR", "match": "country"},
    ],
)
async def test_a_wide_entry_counts_the_clients_and_vips_that_it_covers(office: Office, body: dict[str, str]) -> None:
    await made(office, "vip", number=cast.VERA)
    await made(office, "clients", name="Clara", numbers=[cast.CLARA, "+33639980005"])
    await made(office, "clients", name="Uma", standing="vip", numbers=[cast.UMA])
    await made(office, "clients", name="Klaus", numbers=["+4915112345678"])
    entry = await made(office, "blacklist", **body)
    assert entry["warnings"][-1].startswith("covers 2 clients, 2 VIPs; ")


async def test_a_country_that_shares_its_calling_code_counts_only_its_own(office: Office) -> None:
    await made(office, "vip", number="+12125550100")
    await made(office, "vip", number="+14165550100")
    assert (await made(office, "blacklist", number="CA", match="country"))["warnings"][0].startswith("covers 1 VIP;")


async def test_a_wide_vip_entry_counts_who_is_blacklisted(office: Office) -> None:
    await made(office, "blacklist", number=cast.BORIS)
    entry = await made(office, "vip", number="+3363998", match="prefix")
    assert entry["warnings"] == [
        "covers 1 blacklisted; more specific entries and a client's own status decide before this"
    ]


async def test_an_exact_entry_warns_of_nothing(office: Office) -> None:
    assert (await made(office, "blacklist", number=cast.BORIS))["warnings"] == []
