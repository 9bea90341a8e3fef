"""A number is either welcome or not: contradictions are refused when they are saved, with the entry and whose it is."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests import cast
from tests.api import API, fault, made
from tests.office import FRIDAY_MORNING, Office

pytestmark = pytest.mark.anyio

CODES = {"vip": "listed-as-vip", "blacklist": "listed-as-blacklisted"}
PATTERNS: list[dict[str, Any]] = [
    {"number": cast.UMA},
    {"number": "+33639", "match": "prefix"},
    {"number": "+33170000000", "to": "+33170000099", "match": "range"},
    {"number": "BE", "match": "country"},
]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(("first", "second"), [("vip", "blacklist"), ("blacklist", "vip")])
async def test_the_same_pattern_on_both_lists(office: Office, pattern: dict[str, Any], first: str, second: str) -> None:
    entry = await made(office, first, label="Uma", **pattern)
    response = await office.api.post(f"{API}/{second}", json=pattern)
    assert fault(response) == (409, CODES[first], "number")
    assert response.json()["entry"] == {
        "id": entry["id"], "list": first, "number": entry["number"], "match": entry["match"], "to": entry["to"],
        "label": "Uma",
    }  # fmt: skip
    assert "Uma" in response.json()["detail"]
    assert (await office.api.get(f"{API}/{second}")).json()["items"] == []


@pytest.mark.parametrize("pattern", PATTERNS)
async def test_the_same_entry_twice(office: Office, pattern: dict[str, Any]) -> None:
    entry = await made(office, "blacklist", **pattern)
    response = await office.api.post(f"{API}/blacklist", json=pattern)
    assert fault(response) == (409, "already-listed", "number")
    assert response.json()["entry"]["id"] == entry["id"]


async def test_an_entry_for_other_lines_is_a_conflict_all_the_same(office: Office) -> None:
    await made(office, "lines", number=cast.SECOND_LINE, label="Second")
    await made(office, "vip", number=cast.UMA, lines=[cast.LINE])
    response = await office.api.post(f"{API}/blacklist", json={"number": cast.UMA, "lines": [cast.SECOND_LINE]})
    assert fault(response)[:2] == (409, "listed-as-vip")


async def test_a_range_and_a_prefix_of_equal_width_are_a_conflict(office: Office) -> None:
    await made(office, "vip", number="+3317000", match="prefix")
    same = {"number": "+33170000000", "to": "+33170009999", "match": "range"}
    assert fault(await office.api.post(f"{API}/blacklist", json=same))[:2] == (409, "listed-as-vip")
    await made(office, "blacklist", number="+33180000000", to="+33180009999", match="range")
    prefix = {"number": "+3318000", "match": "prefix"}
    assert fault(await office.api.post(f"{API}/vip", json=prefix))[:2] == (409, "listed-as-blacklisted")
    shifted = {"number": "+33180005000", "to": "+33180014999", "match": "range"}
    assert fault(await office.api.post(f"{API}/vip", json=shifted))[:2] == (409, "listed-as-blacklisted")


async def test_an_exception_inside_a_wide_entry_is_no_conflict(office: Office) -> None:
    await made(office, "blacklist", number="+33639", match="prefix")
    await made(office, "blacklist", number="FR", match="country")
    await made(office, "vip", number=cast.VERA)
    await made(office, "vip", number="+3363998", match="prefix")


async def test_an_expired_entry_no_longer_stands_in_the_way(office: Office) -> None:
    until = (FRIDAY_MORNING + timedelta(minutes=1)).isoformat()
    vip = await made(office, "vip", number=cast.UMA, expires_at=until)
    await office.clock.sleep(61)
    await made(office, "blacklist", number=cast.UMA)
    revived = await office.api.patch(f"{API}/vip/{vip['id']}", json={"expires_at": None})
    assert fault(revived)[:2] == (409, "listed-as-blacklisted")


async def test_a_client_with_a_standing_counts_like_an_entry(office: Office) -> None:
    vera = await made(office, "clients", name="Vera", standing="vip", numbers=[cast.VERA])
    boris = await made(office, "clients", name="Boris", standing="blacklisted", numbers=[cast.BORIS])
    blacklisting = await office.api.post(f"{API}/blacklist", json={"number": cast.VERA})
    assert fault(blacklisting)[:2] == (409, "listed-as-vip")
    assert blacklisting.json()["client"] == {"id": vera["id"], "name": "Vera"}
    assert blacklisting.json()["entry"]["number"] == cast.VERA
    promoting = await office.api.post(f"{API}/vip", json={"number": cast.BORIS})
    assert fault(promoting)[:2] == (409, "listed-as-blacklisted")
    assert promoting.json()["client"]["id"] == boris["id"]


async def test_a_shared_number_carries_no_standing(office: Office) -> None:
    await made(office, "clients", name="Vera", standing="vip", numbers=[{"number": cast.VERA, "shared": True}])
    await made(office, "blacklist", number=cast.VERA)


@pytest.mark.parametrize(
    ("resource", "standing", "code"),
    [("vip", "blacklisted", "listed-as-vip"), ("blacklist", "vip", "listed-as-blacklisted")],
)
async def test_a_client_cannot_stand_against_a_list(office: Office, resource: str, standing: str, code: str) -> None:
    await made(office, resource, number=cast.UMA, label="Uma")
    body = {"name": "Uma", "standing": standing, "numbers": [cast.UMA]}
    assert fault(await office.api.post(f"{API}/clients", json=body)) == (409, code, "numbers")
    uma = await made(office, "clients", name="Uma", numbers=[cast.UMA])
    path = f"{API}/clients/{uma['id']}"
    assert fault(await office.api.patch(path, json={"standing": standing}))[:2] == (409, code)
    shared = {"standing": standing, "numbers": [{"number": cast.UMA, "shared": True}]}
    assert (await office.api.patch(path, json=shared)).status_code == 200
    assert fault(await office.api.patch(path, json={"numbers": [cast.UMA]}))[:2] == (409, code)


async def test_two_clients_cannot_have_opposite_standings_by_one_number(office: Office) -> None:
    vera = await made(office, "clients", name="Vera", standing="vip", numbers=[cast.VERA])
    body = {"name": "Boris", "standing": "blacklisted", "numbers": [cast.BORIS, cast.VERA]}
    response = await office.api.post(f"{API}/clients", json=body)
    assert fault(response) == (409, "listed-as-vip", "numbers")
    assert response.json()["client"] == {"id": vera["id"], "name": "Vera"}
    again = await office.api.patch(f"{API}/clients/{vera['id']}", json={"standing": "blacklisted"})
    assert again.status_code == 200


async def test_a_change_may_not_bring_a_conflict_in_through_the_back_door(office: Office) -> None:
    await made(office, "vip", number=cast.VERA)
    boris = await made(office, "blacklist", number=cast.BORIS)
    await made(office, "blacklist", number=cast.UMA)
    path = f"{API}/blacklist/{boris['id']}"
    assert fault(await office.api.patch(path, json={"number": cast.VERA}))[:2] == (409, "listed-as-vip")
    assert fault(await office.api.patch(path, json={"number": cast.UMA}))[:2] == (409, "already-listed")
    assert (await office.api.get(path)).json()["number"] == cast.BORIS


async def test_of_two_contradicting_edits_at_once_one_is_refused(office: Office) -> None:
    for round_ in range(8):
        number = f"+3363998{round_:04}"
        answers = await asyncio.gather(
            *(office.api.post(f"{API}/{resource}", json={"number": number}) for resource in ("vip", "blacklist") * 2)
        )
        assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
