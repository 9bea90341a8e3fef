"""One card on which two people stand becomes two, and a merge takes it back."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from app.auth.roles import Role
from models import ClientNote
from tests import cast
from tests.api import API, fault, made, neighbour, signed_in
from tests.clients.test_clients import client_of, page_of
from tests.office import Office

pytestmark = pytest.mark.anyio
PAULS, HOME = "+33639980044", "+33199001234"


async def the_martins(office: Office, **fields: Any) -> dict[str, Any]:
    """Clara and Paul on one card."""
    category = await made(office, "categories", name="Regulars")
    return await made(
        office, "clients", name="Clara and Paul Martin", numbers=[cast.CLARA, PAULS, HOME], tags=["newsletter"],
        emails=["clara@example.org", "paul@example.org"], addresses=["1 rue du Port\n29000 Quimper", "Poste restante"],
        category_id=category["id"], language="fr", about="Chairs", keep_until="2030-12-31", **fields,
    )  # fmt: skip


async def call_from(office: Office, number: str) -> str:
    call = await office.phones.place_call(number, cast.LINE)
    await call.hang_up_after(1)
    await office.phones.let_pass(60)
    await office.settled()
    return str(call.sid)


async def test_what_is_chosen_goes_over_with_its_calls_and_a_merge_takes_it_back(office: Office) -> None:
    both = await the_martins(office)
    claras, pauls = await call_from(office, cast.CLARA), await call_from(office, PAULS)
    matter = await made(office, "matters", text="Legs", kind="complaint", client_id=both["id"], call_id=pauls)
    other = await made(office, "matters", text="Seat", kind="complaint", client_id=both["id"], call_id=claras)
    async with signed_in(office, Role.OPERATOR) as olga:
        for text in ("About Clara", "About <Paul>"):
            await olga.post(f"/clients/{both['id']}/notes", data={"text": text})
        async with office.board.sessions() as session:
            note = await session.scalar(select(ClientNote.id).where(ClientNote.text == "About <Paul>"))
        assert "/split" in page_of(await olga.get(f"/clients/{both['id']}"))
        form = page_of(await olga.get(f"/clients/{both['id']}/split"))
        for word in ("+33 6 39 98 00 44", "paul@example.org", "Poste restante", "About &lt;Paul&gt;"):
            assert word in form
        assert await client_of(office, both["id"]) == both, "looking writes nothing"
        chosen = {
            "name": "Paul Martin", f"number {PAULS}": "theirs", f"number {HOME}": "both", f"number {cast.CLARA}": "stays",
            "emails": "paul@example.org", "addresses": "1 rue du Port\r\n29000 Quimper", "notes": note,
        }  # fmt: skip
        split = await olga.post(f"/clients/{both['id']}/split", data=chosen)
        assert split.status_code == 303, split.text
        paul_id = split.headers["location"].removeprefix("/clients/").partition("?")[0]
        clara, paul = await client_of(office, both["id"]), await client_of(office, paul_id)
        assert paul["numbers"] == [{"number": PAULS, "shared": False}, {"number": HOME, "shared": True}]
        assert clara["numbers"] == [{"number": cast.CLARA, "shared": False}, {"number": HOME, "shared": True}]
        assert (clara["emails"], paul["emails"]) == (["clara@example.org"], ["paul@example.org"])
        assert (clara["addresses"], paul["addresses"]) == (["Poste restante"], ["1 rue du Port\n29000 Quimper"])
        for field in ("category", "language", "tags", "standing", "responsible_operator_id", "keep_until"):
            assert clara[field] == paul[field] == both[field], field
        assert (clara["name"], clara["about"]) == ("Clara and Paul Martin", "Chairs")
        assert (paul["about"], paul["consent"]) == ("", "")
        pages = [page_of(await olga.get(f"/clients/{one}")) for one in (both["id"], f"{paul_id}?of={both['id']}")]
        for page, mine, theirs in ((pages[0], claras, pauls), (pages[1], pauls, claras)):
            assert f"/calls/{mine}" in page
            assert f"/calls/{theirs}" not in page
        assert ("About Clara" in pages[0], "About Clara" in pages[1]) == (True, False)
        assert ("About &lt;Paul&gt;" in pages[0], "About &lt;Paul&gt;" in pages[1]) == (False, True)
        matters = {one["id"]: one["client_id"] for one in (await office.api.get(f"{API}/matters")).json()["items"]}
        assert matters == {matter["id"]: paul_id, other["id"]: both["id"]}
        assert f'action="/clients/{both["id"]}/merge"' in pages[1], "the way back"
        stranger = await office.add_client(cast.UMA, "Uma")
        lied = page_of(await olga.get(f"/clients/{stranger['id']}?of={both['id']}"))
        assert f'action="/clients/{both["id"]}/merge"' not in lied
        undone = await olga.post(f"/clients/{both['id']}/merge", data={"other": paul_id})
        assert undone.status_code == 303
        again = await client_of(office, both["id"])
        assert {one["number"] for one in again["numbers"]} == {cast.CLARA, PAULS, HOME}
        for field in ("name", "about", "category", "tags", "emails", "addresses", "language"):
            assert sorted(again[field]) == sorted(both[field]), field
        page = page_of(await olga.get(f"/clients/{both['id']}"))
        assert f"/calls/{pauls}" in page
        assert "About &lt;Paul&gt;" in page
    trail = (await office.api.get(f"{API}/audit")).json()["items"]
    assert "split" in {one["act"] for one in trail}


async def test_by_the_api(office: Office) -> None:
    both = await the_martins(office)
    path = f"{API}/clients/{both['id']}/split"
    answer = await office.api.post(path, json={"name": "Paul", "numbers": ["06 39 98 00 44"]})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"{API}/clients/{answer.json()['id']}"
    assert answer.json()["numbers"] == [{"number": PAULS, "shared": False}]
    assert (await office.api.get(f"{API}/clients", params={"number": PAULS})).json()["items"][0]["name"] == "Paul"
    for wrong, field in (
        ({"name": "Paul"}, "numbers"),
        ({"name": " ", "numbers": [HOME]}, "name"),
        ({"name": "P", "numbers": [PAULS]}, "numbers"),
        ({"name": "P", "numbers": ["x"]}, "numbers"),
        ({"name": "P", "numbers": [HOME, HOME]}, "numbers"),
        ({"name": "P", "numbers": [HOME], "shared_numbers": [HOME]}, "shared_numbers"),
        ({"name": "P", "emails": ["x@example.org"]}, "emails"),
        ({"name": "P", "addresses": ["\0"]}, "addresses"),
        ({"name": "P", "notes": ["01k"]}, "notes"),
        ({"name": "P\0", "numbers": [HOME]}, "name"),
        ({"name": "P", "notes": ["\0"]}, "notes.0"),
    ):
        assert fault(await office.api.post(path, json=wrong))[::2] == (422, field), wrong
    assert (await client_of(office, both["id"]))["numbers"] == [
        {"number": cast.CLARA, "shared": False}, {"number": HOME, "shared": False}
    ]  # fmt: skip
    assert (
        await office.api.post(f"{API}/clients/nobody/split", json={"name": "P", "numbers": [HOME]})
    ).status_code == 404
    async with neighbour(office) as (api, _company):
        assert (await api.post(path, json={"name": "P", "numbers": [HOME]})).status_code == 404


async def test_a_vip_s_card_is_a_supervisor_s_affair(office: Office) -> None:
    both = await the_martins(office, standing="vip")
    form = {"name": "Paul", f"number {PAULS}": "theirs"}
    async with signed_in(office, Role.OPERATOR) as olga:
        assert "Ask a supervisor" in page_of(await olga.get(f"/clients/{both['id']}/split"))
        refused = await olga.post(f"/clients/{both['id']}/split", data=form)
        assert refused.status_code == 403
    async with signed_in(office, Role.SUPERVISOR) as susan:
        wrong = await susan.post(f"/clients/{both['id']}/split", data=form | {"name": " "})
        assert 'value="theirs" checked' in page_of(wrong, 422), "what was chosen stays chosen"
        assert (await susan.post(f"/clients/{both['id']}/split", data=form)).status_code == 303
    told = (await office.api.post(f"{API}/explain", json={"from": PAULS, "to": cast.LINE})).json()
    assert told["reason"]["code"] == "vip", "received as before"


async def test_two_who_split_at_once_make_one_card(office: Office) -> None:
    both = await the_martins(office)
    path = f"{API}/clients/{both['id']}/split"
    answers = await asyncio.gather(
        *(office.api.post(path, json={"name": "Paul", "numbers": [PAULS]}) for _ in range(4))
    )
    assert sorted(one.status_code for one in answers) == [201, 422, 422, 422]
    owners = (await office.api.get(f"{API}/clients", params={"number": PAULS})).json()["items"]
    assert [one["name"] for one in owners] == ["Paul"]
