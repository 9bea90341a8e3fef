"""From an empty database to a first call, by pages."""

import asyncio
import os
import re
from pathlib import Path

import httpx
import pytest

from app.first_run.one_time_address import close_first_run, is_offered, offer_first_run
from app.first_run.places import countries, likely_country, likely_zone, zones, zones_of
from app.first_run.sample_data import BORIS, CLARA, VERA
from tests import cast
from tests.api import API, client
from tests.office import Office
from tests.service import running_service

pytestmark = pytest.mark.anyio
FIRST = {
    "language": "fr", "company": "Maison Uma", "country": "FR", "time_zone": "Europe/Paris", "line": "01 99 00 10 88",
    "admin_email": "uma@example.org", "admin_password": "a long password of hers",
}  # fmt: skip


def test_an_address_is_good_until_it_is_closed(tmp_path: Path) -> None:
    address = offer_first_run(tmp_path, "http://127.0.0.1:8000")
    token = address.partition("token=")[2]
    assert is_offered(tmp_path, token)
    assert offer_first_run(tmp_path, "http://127.0.0.1:8000") == address, "a restart keeps the page that is open"
    for wrong in ("", "x", token + "x", token[:-1], "é"):
        assert not is_offered(tmp_path, wrong)
    assert os.stat(tmp_path / "first-run").st_mode & 0o077 == 0
    close_first_run(tmp_path)
    close_first_run(tmp_path)
    assert not is_offered(tmp_path, token)
    assert not is_offered(tmp_path, "")


def test_the_place_is_guessed_from_the_browser() -> None:
    assert [likely_country(one) for one in ("fr-CH,fr;q=0.9", "de", "ru", "", "x-\x00", "en-US")] == [
        "CH", "", "RU", "", "", "US",
    ]  # fmt: skip
    assert likely_zone("FR") == "Europe/Paris"
    assert likely_zone("") == ""
    assert likely_zone("US") == "", "the first by name is America/Adak, and nobody would have chosen it"
    assert {"America/New_York", "America/Adak"} <= set(zones_of("US"))
    assert ("FR", "France") in countries()
    assert "Europe/Paris" in zones()


async def test_without_the_address_nobody_sets_anything_up(office: Office) -> None:
    async with client(office) as stranger:
        for answer in (
            await stranger.get("/setup?token=guessed"), await stranger.get("/setup"),
            await stranger.post("/setup", data=FIRST | {"token": "guessed"}), await stranger.get("/setup/closed"),
        ):  # fmt: skip
            assert answer.status_code in {303, 404}
            assert "admin_password" not in answer.text
        token = offer_first_run(office.board.settings.data_dir, "http://x").partition("token=")[2]
        again = await stranger.post("/setup", data=FIRST | {"token": token})
        assert (again.status_code, again.headers["location"]) == (303, "/setup/address"), "there is a company already"
        assert not again.cookies
        assert (await stranger.get("/setup/hours")).headers["location"].startswith("/sign-in")


async def test_a_newcomer_comes_to_a_first_call(data_dir: Path, database_url: str) -> None:
    async with running_service(data_dir, database_url) as service:
        found = re.search(r"http\S+(/setup\?token=(\S+))", (data_dir / "service.log").read_text())
        assert found is not None
        async with httpx.AsyncClient(base_url=service.base_url, timeout=20, trust_env=False) as uma:
            assert "admin_password" in (await uma.get(found[1])).text
            wrong = await uma.post("/setup", data=FIRST | {"token": found[2], "line": "12"})
            assert (wrong.status_code, 'id="line-fault"' in wrong.text) == (422, True)
            assert FIRST["admin_password"] not in wrong.text
            pressed = [uma.post("/setup", data=FIRST | {"token": found[2]}) for _ in range(2)]
            both = await asyncio.gather(*pressed)
            assert [one.headers["location"] for one in both] == ["/setup/address"] * 2, "pressed twice"
            assert (await uma.get("/setup/admin")).headers["location"] == "/setup/address"
            assert (await uma.get(found[1])).status_code == 303, "the address works once"
            page = (await uma.get("/setup/address")).text
            csrf = {"csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page)[1]}  # type: ignore[index]
            token = {"X-CSRF-Token": csrf["csrf_token"]}
            assert "answers there" in (await uma.post("/setup/check", data=csrf)).text
            assert (await uma.post("/setup/address", data=csrf)).headers["location"] == "/setup/provider"
            hours = {"day_monday": "9:00-18:00", "holidays": "FR"}
            assert (await uma.post("/setup/hours", data=csrf | hours)).headers["location"] == "/setup/people"
            assert 'value="09:00-18:00"' in (await uma.get("/setup/hours")).text, "what was saved, not the start again"
            again = await uma.post("/setup/hours", data=csrf | {"day_monday": "10:00-17:00"})
            assert again.headers["location"] == "/setup/people", "a step can be taken up again"
            assert [one["days"] for one in await listed(uma, "hours")] == [{"monday": ["10:00-17:00"]}]
            assert await listed(uma, "holidays") == [], "unticked"
            nobody = await uma.post("/setup/people", data=csrf)
            assert (nobody.status_code, 'id="operator_0_address-fault"' in nobody.text) == (422, True)
            rung = {
                "manager_name": "Martin", "manager_address": cast.MARTIN, "operator_0_name": "Olga",
                "operator_0_address": cast.OLGA,
            }  # fmt: skip
            twice = await uma.post("/setup/people", data=csrf | rung | {"operator_1_address": cast.OLGA})
            assert (twice.status_code, 'id="operator_1_address-fault"' in twice.text) == (409, True)
            assert (await uma.post("/setup/people", data=csrf | rung)).headers["location"] == "/setup/lists"
            assert ">Martin</bdi>" in (await uma.get("/setup/people")).text, "rung already"
            assert (await uma.post("/setup/people", data=csrf)).headers["location"] == "/setup/lists", "nobody more"
            lists = {"vip": f"{cast.VERA} Vera\nnonsense", "blacklist": cast.BORIS}
            left = await uma.post("/setup/lists", data=csrf | lists)
            assert (left.status_code, ">nonsense</textarea>" in left.text) == (200, True), (
                "to be mended, not typed again"
            )
            await uma.post("/setup/sample", data=csrf)
            assert {one["number"] for one in await listed(uma, "vip")} == {cast.VERA, VERA}
            assert {one["number"] for one in await listed(uma, "blacklist")} == {cast.BORIS, BORIS}
            assert CLARA in (await uma.get("/clients")).text.replace(" ", "")
            (mine, vera) = sorted(await listed(uma, "vip"), key=lambda one: str(one["number"]) == VERA)
            for one, reason in ((mine, "Sample data"), (vera, "Called twice")):
                await uma.patch(f"{API}/vip/{one['id']}", json={"reason": reason}, headers=token)
            await uma.post("/setup/sample", data=csrf)
            await uma.post("/setup/sample", data=csrf | {"gone": "true"})
            assert [one["number"] for one in await listed(uma, "vip")] == [cast.VERA]
            assert [one["number"] for one in await listed(uma, "blacklist")] == [cast.BORIS]
            line = (await listed(uma, "lines"))[0]
            assert (line["number"], line["hours_id"] is None) == ("+33199001088", False)
            glance = (await uma.get("/settings")).text
            assert "Martin" in glance
            assert "Nobody is rung" not in glance
        assert not (data_dir / "first-run").exists()


async def listed(uma: httpx.AsyncClient, resource: str) -> list[dict[str, object]]:
    answer = await uma.get(f"{API}/{resource}")
    items: list[dict[str, object]] = answer.json()["items"]
    return items
