"""What an entry or an import would have met in the last 90 days, told before it is saved."""

from datetime import timedelta

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, fault, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


async def test_calls_clients_and_vips_are_counted_before_saving(office: Office) -> None:
    await office.add_vip()
    await office.add_client()
    await office.webhook("/twilio/voice", cast.BORIS)
    await office.clock.sleep(timedelta(days=91).total_seconds())
    for caller in (cast.BORIS, cast.BORIS, cast.VERA, cast.CLARA, "+33162123456"):
        await office.webhook("/twilio/voice", caller)
        await office.clock.sleep(60)
    await office.settled()
    reach = f"{API}/blacklist/reach"
    village = (await office.api.get(reach, params={"number": "+3363998", "match": "prefix"})).json()
    assert {key: village[key] for key in ("calls", "clients", "vips", "days")} == {
        "calls": 4, "clients": 1, "vips": 1, "days": 90,
    }  # fmt: skip
    assert village["text"] == "Would have met 4 calls in 90 days, from 1 client and 1 VIP."
    assert (await office.api.get(reach, params={"number": "06 39 98 00 02"})).json()["calls"] == 2
    assert (await office.api.get(reach, params={"number": "FR", "match": "country"})).json()["calls"] == 5
    within = {"number": "+33639980000", "to": "+33639980002", "match": "range"}
    assert (await office.api.get(reach, params=within)).json()["calls"] >= 2
    assert fault(await office.api.get(reach, params={"number": "12"})) == (422, "unprocessable", "number")
    async with neighbour(office) as (nina, _):
        assert (await nina.get(reach, params={"number": "FR", "match": "country"})).json()["calls"] == 0
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await olga.get(reach, params={"number": cast.BORIS})).status_code == 403
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        checked = await sofia.post("/lists/blacklist/check", data={"lines": "+3363998*\n"})
        assert "Would have met 4 calls in 90 days, from 1 client and 1 VIP." in checked.text
        sent = await sofia.post("/lists/blacklist/import", data={"lines": cast.BORIS}, files={"file": ("", b"")})
        assert "Would have met 2 calls in 90 days." in (await sofia.get(sent.headers["Location"])).text
