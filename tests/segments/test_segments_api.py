"""Segments through the API: from an imported file to the numbers beside a client."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.auth.roles import Role
from app.segments.keep_segments import compute_what_is_wanted
from tests import cast
from tests.api import API, fault, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
SOLD = (
    "client,date,amount,product\n"
    f"{cast.CLARA},2026-05-04,100,Tea\n{cast.CLARA},2026-06-04,110,Tea\n{cast.CLARA},2026-07-04,90,Cake\n"
    f"{cast.UMA},2026-01-04,200,Tea\n"
)


async def import_sales(office: Office, content: str = SOLD) -> None:
    """As a file of the shop."""
    made = await office.api.post(f"{API}/sales/imports", content=content, headers={"Content-Type": "text/csv"})
    assert made.status_code == 201, made.text
    assert made.json()["counts"]["error"] == 0, made.text
    applied = await office.api.post(f"{API}/sales/imports/{made.json()['id']}/apply")
    assert applied.status_code == 200, applied.text


async def segments(office: Office, client: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = (await office.api.get(f"{API}/clients/{client['id']}")).json()["segments"]
    return told


async def test_an_import_is_followed_by_segments_with_their_numbers(office: Office) -> None:
    clara, uma = await office.add_client(), await office.add_client(cast.UMA, "Uma")
    nobody = await office.add_client(cast.VERA, "Vera")
    assert (await segments(office, clara))["life_cycle"] == "potential"
    await import_sales(office)
    assert await compute_what_is_wanted(office.board) == 1
    assert await compute_what_is_wanted(office.board) == 0, "nobody wants it again"
    told = await segments(office, clara)
    assert (told["abc"], told["xyz"], told["life_cycle"], told["loyalty"]) == ("A", "X", "new", "high")
    reasons = told["reasons"]
    assert (reasons["revenue"], reasons["share"], reasons["monthly"], reasons["variation"]) == (300, 60, 105, 4.76)
    assert "€300.00" in reasons["abc"]
    assert "60%" in reasons["abc"].replace("\u202f", "")
    assert (await segments(office, uma))["life_cycle"] == "lost"
    assert (await segments(office, nobody))["abc"] is None
    listed = (await office.api.get(f"{API}/clients")).json()["items"]
    assert {one["name"]: one["segments"]["abc"] for one in listed} == {"Clara": "A", "Uma": "C", "Vera": None}
    whole = (await office.api.get(f"{API}/segments")).json()
    assert (whole["clients"], whole["sales"], whole["revenue"], whole["currency"]) == (2, 4, 500, "EUR")
    assert {"segment": "A", "clients": 1, "revenue": 300} in whole["items"]
    async with signed_in(office, Role.OPERATOR) as olga:
        page = (await olga.get(f"/clients/{clara['id']}")).text
        assert "€300.00 since 1 Aug 2025" in page
        assert (await olga.get("/clients/new")).status_code == 200
    later = replace(office.board, clock=lambda: office.clock.now() + timedelta(days=92))
    assert await compute_what_is_wanted(later) == 1, "another day"
    assert (await segments(office, clara))["life_cycle"] == "lost"


async def test_numbers_and_days_are_written_as_the_reader_writes_them(office: Office) -> None:
    clara = await office.add_client(keep_until=date(2027, 1, 5))
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await call.hang_up_after(5)
    await import_sales(office, SOLD.rpartition(cast.UMA)[0])
    await compute_what_is_wanted(office.board)
    async with signed_in(office, Role.OPERATOR) as olga:
        page = (await olga.get(f"/clients/{clara['id']}", headers={"Accept-Language": "fr"})).text
    assert "66,7" in page
    assert "jusqu'au 5 janv. 2027" in page.replace("&#39;", "'").replace("’", "'")
    assert "Appel</" in page
    assert "Appeler</" not in page


async def test_borders_are_the_companys(office: Office) -> None:
    clara = await office.add_client()
    await office.add_client(cast.UMA, "Uma")
    await import_sales(office)
    changed = await office.api.put(f"{API}/segments/borders", json={"xyz_x": 2, "abc_a": 40, "rates": {"USD": 0.9}})
    assert changed.status_code == 200, changed.text
    assert (await office.api.get(f"{API}/segments/borders")).json() == changed.json()
    assert (changed.json()["xyz_x"], changed.json()["abc_b"], changed.json()["months"]) == (2, 79, 12)
    assert (await office.api.post(f"{API}/segments/compute")).status_code == 200
    assert (await segments(office, clara))["xyz"] == "Y"
    trail = (await office.api.get(f"{API}/audit")).json()["items"]
    assert trail[0]["subject"] == "segment_borders"
    for wrong in ({"abc_a": 90}, {"abc_a": -1}, {"months": 0}, {"rates": {"x": 1}}, {"rates": {"USD": 0}},
                  {"suggests": {"Q": "x"}}, {"suggests": {"A": "nobody"}}, {"abc_a": "x"}):  # fmt: skip
        assert fault(await office.api.put(f"{API}/segments/borders", json=wrong))[0] == 422, wrong


async def test_who_may(office: Office) -> None:
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await olga.get(f"{API}/segments")).status_code == 403
        assert (await olga.post(f"{API}/segments/compute")).status_code == 403
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.post(f"{API}/segments/compute")).status_code == 200
        assert (await sofia.put(f"{API}/segments/borders", json={})).status_code == 403
    await office.add_client()
    await office.add_client(cast.UMA, "Uma")
    await import_sales(office)
    async with neighbour(office) as (api, _company):
        assert (await api.post(f"{API}/segments/compute")).json()["sales"] == 0


async def test_a_suggestion_waits_for_an_admin(office: Office) -> None:
    clara, uma = await office.add_client(), await office.add_client(cast.UMA, "Uma")
    key = await office.add_category("Key clients", priority=8)
    await import_sales(office)
    listed = f"{API}/segments/suggestions"

    async def computed(state: str = "open") -> list[dict[str, Any]]:
        await office.api.post(f"{API}/segments/compute")
        items: list[dict[str, Any]] = (await office.api.get(listed, params={"state": state})).json()["items"]
        return items

    (one,) = await computed()
    assert (one["client_id"], one["category"], one["priority"], one["segment"]) == (clara["id"], "Key clients", 8, "A")
    assert "€300.00" in one["reason"]
    assert (await office.api.get(f"{API}/clients/{clara['id']}")).json()["category"] is None, "nothing by itself"
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.get(listed)).status_code == 200
        assert (await sofia.post(f"{listed}/{one['id']}/accept")).status_code == 403
    accepted = await office.api.post(f"{listed}/{one['id']}/accept")
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert (await office.api.get(f"{API}/clients/{clara['id']}")).json()["category"] == "Key clients"
    trail = (await office.api.get(f"{API}/audit")).json()["items"]
    assert (trail[0]["subject"], trail[0]["row_id"]) == ("client", clara["id"])
    assert fault(await office.api.post(f"{listed}/{one['id']}/accept"))[0] == 409
    assert await computed() == []
    await office.api.put(f"{API}/segments/borders", json={"suggests": {"lost": key["id"]}})
    (lost,) = await computed()
    assert lost["client_id"] == uma["id"]
    assert (await office.api.post(f"{listed}/{lost['id']}/dismiss")).json()["state"] == "dismissed"
    assert await computed() == [], "what was dismissed is not suggested again"
    async with neighbour(office) as (api, _company):
        assert (await api.post(f"{listed}/{lost['id']}/accept")).status_code == 404
        assert (await api.get(listed)).json()["items"] == []


async def test_a_client_of_another_category_since_keeps_it(office: Office) -> None:
    clara, uma = await office.add_client(), await office.add_client(cast.UMA, "Uma")
    key, staff = await office.add_category("Key clients", priority=8), await office.add_category("Staff")
    await import_sales(office)
    rules = {"suggests": {"new": key["id"], "lost": key["id"]}}
    assert (await office.api.put(f"{API}/segments/borders", json=rules)).status_code == 200
    await office.api.post(f"{API}/segments/compute")
    listed = f"{API}/segments/suggestions"
    found = {one["client_id"]: one["id"] for one in (await office.api.get(listed)).json()["items"]}
    assert set(found) == {clara["id"], uma["id"]}
    changed = await office.api.patch(f"{API}/clients/{clara['id']}", json={"category_id": staff["id"]})
    assert changed.status_code == 200
    refused = await office.api.post(f"{listed}/{found[clara['id']]}/accept")
    assert fault(refused)[0] == 409
    assert "another category" in refused.json()["detail"]
    assert [one["client_id"] for one in (await office.api.get(listed)).json()["items"]] == [uma["id"]]
    async with signed_in(office, Role.ADMIN) as adam:
        accepted = await adam.post(
            "/segments/suggestions/accept", data={"chosen": [found[uma["id"]], found[clara["id"]]]}
        )
        assert accepted.status_code == 303, accepted.text
        page = (await adam.get(accepted.headers["Location"])).text
        assert "1 client was left out" in page
        assert "Accepted" in page
    categories = {one["name"]: one["category"] for one in (await office.api.get(f"{API}/clients")).json()["items"]}
    assert categories == {"Clara": "Staff", "Uma": "Key clients"}
    await office.api.post(f"{API}/segments/compute")
    (again,) = (await office.api.get(listed)).json()["items"]
    assert (again["client_id"], again["id"] != found[clara["id"]]) == (clara["id"], True)
    assert fault(await office.api.post(f"{listed}/{found[clara['id']]}/accept"))[0] == 404, (
        "it was about somebody without"
    )
    assert (await office.api.post(f"{listed}/{again['id']}/accept")).json()["state"] == "accepted"


async def test_the_page_tells_it_all_and_an_admin_decides_in_bulk(office: Office) -> None:
    clara = await office.add_client()
    await office.add_client(cast.UMA, "<b>Uma</b>")
    await office.add_category("Key clients", priority=8)
    async with signed_in(office, Role.ADMIN) as adam:
        assert "No sales yet" in (await adam.get("/segments")).text
        await import_sales(office)
        assert (await adam.post("/segments/compute")).status_code == 303
        page = (await adam.get("/segments")).text
        assert "Key clients" in page
        assert "Tea" in page
        (one,) = (await adam.get(f"{API}/segments/suggestions")).json()["items"]
        accepted = await adam.post("/segments/suggestions/accept", data={"chosen": one["id"]})
        assert accepted.status_code == 303
        assert (await adam.get(f"{API}/clients/{clara['id']}")).json()["category"] == "Key clients"
        assert (await adam.post("/segments/suggestions/dismiss", data={"chosen": one["id"]})).status_code == 409
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await sofia.get("/segments")).status_code == 200
        assert (await sofia.post("/segments/suggestions/accept", data={"chosen": one["id"]})).status_code == 403
