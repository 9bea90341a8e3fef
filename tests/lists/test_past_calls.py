"""What an entry or an import would have met in the last 90 days, told before it is saved."""

from datetime import timedelta

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, fault, made, neighbour, signed_in
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


async def called(office: Office, *callers: str, line: str = cast.LINE) -> None:
    for caller in callers:
        await office.webhook("/twilio/voice", caller, to=line)
        await office.clock.sleep(60)
    await office.settled()


@pytest.mark.parametrize(
    ("target", "rows", "told"),
    [
        ("blacklist", "number,match\n+3363998,prefix\n", "3 calls"),
        ("blacklist", f"number,match,to\n{cast.VERA},range,{cast.CLARA}\n", "3 calls"),
        ("blacklist", f"number,match\nFR,country\n{cast.BORIS},exact\n", "4 calls"),
        ("vip", f"number,match\n+3363997,prefix\nGB,country\n{cast.BORIS},\n", "2 calls"),
        ("vip", "number,match\n+3363997,prefix\nGB,country\n", "no call"),
        ("clients", f"number,name,number\n+33639970000,Boris,{cast.BORIS}\n", "2 calls"),
    ],
)
async def test_an_import_tells_of_all_that_it_covers(office: Office, target: str, rows: str, told: str) -> None:
    await called(office, cast.BORIS, cast.BORIS, cast.CLARA, "+33162123456")
    home = "/clients" if target == "clients" else f"/lists/{target}"
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        sent = await sofia.post(f"{home}/import", data={"lines": rows}, files={"file": ("", b"")})
        assert f"Would have met {told} in 90 days" in (await sofia.get(sent.headers["Location"])).text


async def test_whoever_is_a_vip_elsewhere_or_was_one_is_none_here(office: Office) -> None:
    fields = {"label": "Two", "country": "FR", "time_zone": "Europe/Paris", "language": "fr"}
    second = (await made(office, "lines", number=cast.SECOND_LINE, **fields))["id"]
    await office.add_vip(cast.VERA, lines=[second])
    await office.add_vip(cast.BORIS, expires_at=office.clock.now() + timedelta(minutes=1))
    await called(office, cast.VERA, cast.BORIS)
    reach, village = f"{API}/blacklist/reach", {"number": "+3363998", "match": "prefix"}
    met = (await office.api.get(reach, params=village)).json()
    assert (met["calls"], met["vips"]) == (2, 0)
    await called(office, cast.VERA, line=cast.SECOND_LINE)
    met = (await office.api.get(reach, params=village)).json()
    assert (met["calls"], met["vips"]) == (3, 1)
    for line in (second, cast.SECOND_LINE):
        assert (await office.api.get(reach, params={**village, "lines": line})).json()["calls"] == 1
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        checked = await sofia.post("/lists/blacklist/check", data={"lines": "+3363998*\n", "only_on": second})
        assert "Would have met 1 call in 90 days" in checked.text
