"""The account's numbers at the provider: listed with where their calls go, and pointed here."""

import pytest

from app.telephone.fault import Fault
from simulator import PhoneCompany, Provider, SignalWire, Telnyx, Twilio
from tests.simulator.a_service import BASE, VERA, Service, company_for
from tests.telephone.test_commands import PROJECT, refused, telephone_of

pytestmark = pytest.mark.anyio
OURS, OTHER, LED = "+33199001000", "+33199001001", "+33199001002"


def with_numbers(company: PhoneCompany) -> None:
    company.own(OURS, friendly_name="Paris", voice_url=f"{BASE}/{company.provider.name}/voice")
    company.own(OTHER, voice_url="https://old.example.org/ivr", status_callback="https://old.example.org/end")
    company.own(LED, voice_url="https://old.example.org/ivr", trunk_sid="TK1", takes_calls=False)


def a_company(provider: Provider) -> PhoneCompany:
    """With an account whose id has the provider's form."""
    pages = {f"/{provider.name}/voice": "<Say>Here.</Say>"}
    account = {} if isinstance(provider, Twilio) else {"account": PROJECT}
    return company_for(Service(dict(pages)), provider=provider, **account)


@pytest.mark.parametrize("provider", [Twilio(), SignalWire("a-signing-key")], ids=lambda one: str(one.name))
async def test_numbers_are_listed_and_pointed_here(provider: Provider) -> None:
    async with a_company(provider) as company:
        with_numbers(company)
        telephone = telephone_of(company)
        seen = {one.number: one async for one in telephone.numbers()}
        assert [seen[one].is_here for one in (OURS, OTHER, LED)] == [True, False, False]
        assert (seen[OTHER].voice_url, seen[OTHER].status_url) == (
            "https://old.example.org/ivr", "https://old.example.org/end",
        )  # fmt: skip
        assert (seen[LED].led_by, seen[LED].takes_calls, seen[OURS].name) == ("TK1", False, "Paris")
        for number in (OTHER, LED):
            await telephone.point_here(seen[number].number_id)
            after = await telephone.number(seen[number].number_id)
            assert (after.is_here, after.led_by) == (True, "")
            assert after.status_url == f"{BASE}/{provider.name}/status"
        call = await company.place_call(VERA, OTHER)
        assert "Here." in (await call.ended()).said()


async def test_many_numbers_come_page_by_page() -> None:
    async with a_company(Twilio()) as company:
        for place in range(1_203):
            company.own(f"+3319900{place:04}")
        assert len([one async for one in telephone_of(company).numbers()]) == 1_203


async def test_what_cannot_be_is_told() -> None:
    async with a_company(Telnyx()) as company:
        telephone = telephone_of(company)
        fault = await refused(lambda: telephone.point_here("1"))
        assert fault.fault is Fault.NOT_POSSIBLE_THERE
    async with a_company(Twilio()) as company:
        with_numbers(company)
        telephone = telephone_of(company)
        assert (await refused(lambda: telephone.point_here("PN" + "0" * 32))).fault is Fault.GONE
        company.trouble.away = True
        assert (await refused(lambda: telephone.number("PN" + "0" * 32))).fault is Fault.UNREACHABLE
        company.trouble.away = False
        company.auth_token = "another"
        assert (await refused(lambda: telephone.number("PN" + "0" * 32))).fault is Fault.REFUSED
