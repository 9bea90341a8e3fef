"""Calling with one click: my telephone first, then theirs, logged with the client."""

import pytest

from app.auth.roles import Role
from simulator import ConnectedTo
from tests import cast
from tests.api import API, fault, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


async def test_olga_calls_clara_and_it_is_logged_with_her(office: Office) -> None:
    olga = await office.add_operator()
    clara = await office.add_client()
    office.phones.phone(cast.OLGA).answers_after(3).talks_for(60)
    office.phones.phone(cast.CLARA).answers_after(4).talks_for(30)
    async with signed_in(office, Role.OPERATOR, olga["id"]) as browser:
        body = {"number": "06 39 98 00 04", "client_id": clara["id"]}
        rung = await browser.post(f"{API}/callbacks/ring", json=body)
        assert (rung.status_code, rung.json()["attempts"]) == (202, 1), rung.text
        placed = office.phones.calls[rung.json()["call_id"]]
        await placed.hears(ConnectedTo)
        assert (placed.to, placed.connected_to) == (cast.OLGA, cast.CLARA)
        assert any('timeLimit="' in document.text for document in placed.documents)
        await placed.ended()
        await office.settled()
        (logged,) = (await browser.get(f"{API}/callbacks")).json()["items"]
    assert (logged["number"], logged["client_id"], logged["state"]) == (cast.CLARA, clara["id"], "done")
    assert placed.errors == []


async def test_olga_calls_from_a_clients_page(office: Office) -> None:
    olga = await office.add_operator()
    clara = await office.add_client()
    office.phones.phone(cast.OLGA).answers_after(3)
    async with signed_in(office, Role.OPERATOR, olga["id"]) as browser:
        page = await browser.get(f"/clients/{clara['id']}")
        assert 'action="/callbacks/ring"' in page.text
        form = {"number": cast.CLARA, "client": clara["id"]}
        headers = {"Origin": cast.BASE_URL, "HX-Request": "true"}
        rung = await browser.post("/callbacks/ring", data=form, headers=headers)
        assert (rung.status_code, "Your telephone rings." in rung.text) == (200, True)
    async with signed_in(office, Role.SUPERVISOR) as browser:
        assert 'action="/callbacks/ring"' not in (await browser.get(f"/clients/{clara['id']}")).text


async def test_nobody_is_called_who_must_not_be_and_nothing_is_logged(office: Office) -> None:
    olga = await office.add_operator()
    await office.add_blacklisted()
    async with signed_in(office, Role.OPERATOR, olga["id"]) as browser:
        for number in (cast.BORIS, "+4915112345678", "+33899123456"):
            assert (await browser.post(f"{API}/callbacks/ring", json={"number": number})).status_code == 409, number
        unknown = await browser.post(f"{API}/callbacks/ring", json={"number": cast.UMA, "client_id": "nobody"})
        assert fault(unknown) == (422, "unprocessable", "client_id")
        ours = await browser.post(f"{API}/callbacks/ring", json={"number": cast.LINE})
        assert fault(ours) == (422, "unprocessable", "number")
        office.phones.trouble.away = True
        away = await browser.post(f"{API}/callbacks/ring", json={"number": cast.UMA})
        assert fault(away) == (503, "unavailable", None)
        assert (await browser.get(f"{API}/callbacks")).json()["items"] == []
    assert fault(await office.api.post(f"{API}/callbacks/ring", json={"number": cast.UMA}))[0] == 422
