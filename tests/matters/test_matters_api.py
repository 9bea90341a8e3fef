"""``/matters``: opened, found, changed, told in the audit trail; of one company alone."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, fault, made, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
URL = f"{API}/matters"


async def listed(office: Office, query: str = "") -> list[dict[str, Any]]:
    answer = await office.api.get(f"{URL}?{query}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_opened_for_a_client_and_moved_until_it_is_settled(office: Office) -> None:
    clara = await office.add_client(name="Clara Martin")
    matter = await made(
        office, "matters", client_id=clara["id"], kind="complaint", text="Two chairs arrived scratched."
    )
    assert (matter["state"], matter["owner_id"], matter["taken_by"], matter["lesson"]) == ("registered", None, None, "")
    assert matter["opened_by"].startswith("key:")
    due = datetime.fromisoformat(matter["due_at"])
    assert due == office.clock.now() + timedelta(days=2)
    for state in ("examined", "cause_removed", "closed"):
        answer = await office.api.patch(f"{URL}/{matter['id']}", json={"state": state})
        assert answer.json()["state"] == state
    closed = (await office.api.patch(f"{URL}/{matter['id']}", json={"lesson": "Pack the legs apart."})).json()
    assert closed["closed_at"] is not None
    assert (closed["lesson"], closed["text"]) == ("Pack the legs apart.", "Two chairs arrived scratched.")
    back = (await office.api.patch(f"{URL}/{matter['id']}", json={"state": "examined"})).json()
    assert back["closed_at"] is None
    audit = (await office.api.get(f"{API}/audit?limit=100")).json()["items"]
    mine = [one for one in audit if one["subject"] == "matter"]
    assert [one["act"] for one in mine] == ["change"] * 5 + ["add"]
    assert (mine[0]["before"]["state"], mine[0]["after"]["state"]) == ("closed", "examined")


async def test_what_changes_nothing_leaves_no_trace(office: Office) -> None:
    matter = await made(office, "matters", text="When is the next fair?")
    await office.api.patch(f"{URL}/{matter['id']}", json={"state": "registered", "text": "When is the next fair?"})
    audit = (await office.api.get(f"{API}/audit?limit=100")).json()["items"]
    assert [one["act"] for one in audit if one["subject"] == "matter"] == ["add"]


async def test_found_by_state_owner_client_call_and_by_being_overdue(office: Office) -> None:
    olga, clara = await office.add_operator(), await office.add_client()
    late = await made(office, "matters", text="Late", owner_id=olga["id"], client_id=clara["id"], kind="order")
    await office.clock.sleep(3 * 86400)
    fresh = await made(office, "matters", text="Fresh")
    settled = await made(office, "matters", text="Settled", state="closed", due_at="2026-07-01T10:00:00Z")
    for query, found in (
        ("", [settled, fresh, late]),
        ("state=closed", [settled]),
        ("kind=order", [late]),
        (f"owner_id={olga['id']}", [late]),
        (f"client_id={clara['id']}", [late]),
        ("client_id=nobody", []),
        ("call_id=CA1", []),
        ("overdue=true", [late]),
        ("overdue=false", [settled, fresh]),
    ):
        assert [one["id"] for one in await listed(office, query)] == [one["id"] for one in found], query
    first = (await office.api.get(f"{URL}?limit=2")).json()
    rest = (await office.api.get(f"{URL}?limit=2&cursor={first['next_cursor']}")).json()
    assert [one["id"] for one in rest["items"]] == [late["id"]]


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({}, "text"),
        ({"text": "  \n"}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"text": "x\x00"}, "text"),
        ({"text": "x", "lesson": "\ud800"}, None),
        ({"text": "x", "kind": "scolding"}, "kind"),
        ({"text": "x", "state": "open"}, "state"),
        ({"text": "x", "owner_id": "nobody"}, "owner_id"),
        ({"text": "x", "client_id": "nobody"}, "client_id"),
        ({"text": "x", "client_id": "No Body"}, "client_id"),
        ({"text": "x", "due_at": "tomorrow"}, "due_at"),
        ({"text": "x", "due_at": "9999-12-31T23:59:59Z"}, "due_at"),
        ({"text": "x", "satisfaction": 1}, "satisfaction"),
    ],
)
async def test_what_cannot_be_meant_is_refused_by_field(
    office: Office, fields: dict[str, Any], at_fault: str | None
) -> None:
    # As ASCII, so that half a character comes through.
    refused = await office.api.post(URL, content=json.dumps(fields), headers={"Content-Type": "application/json"})
    assert refused.status_code in (400, 422), refused.text
    if at_fault is not None:
        assert fault(refused) == (422, refused.json()["code"], at_fault)
    assert await listed(office) == []


@pytest.mark.parametrize(("path", "fields"), [("matters", {"text": "x"}), ("callbacks", {"number": cast.UMA})])
async def test_an_unknown_call_is_named_as_the_field_at_fault(
    office: Office, path: str, fields: dict[str, str]
) -> None:
    for wrong in ("CA1", "\x00"):
        answer = await office.api.post(f"{API}/{path}", json={**fields, "call_id": wrong})
        assert fault(answer) == (422, "unprocessable", "call_id"), answer.text


async def test_an_unknown_matter_is_not_found(office: Office) -> None:
    for wrong in ("nobody", "%00", "x" * 90):
        assert (await office.api.get(f"{URL}/{wrong}")).status_code == 404
        assert (await office.api.patch(f"{URL}/{wrong}", json={"state": "closed"})).status_code == 404


async def test_a_retry_opens_it_once(office: Office) -> None:
    for _ in range(2):
        answer = await office.api.post(URL, json={"text": "Once"}, headers={"Idempotency-Key": "once"})
        assert answer.status_code == 201
    assert len(await listed(office)) == 1


async def test_the_neighbours_have_their_own(office: Office) -> None:
    mine = await made(office, "matters", text="Ours")
    clara = await office.add_client()
    async with neighbour(office) as (theirs, _company):
        assert (await theirs.get(URL)).json()["items"] == []
        assert (await theirs.get(f"{URL}/{mine['id']}")).status_code == 404
        assert (await theirs.patch(f"{URL}/{mine['id']}", json={"state": "closed"})).status_code == 404
        refused = await theirs.post(URL, json={"text": "x", "client_id": clara["id"]})
        assert fault(refused) == (422, "unprocessable", "client_id")


async def test_merged_clients_bring_their_matters_along_and_take_them_back(office: Office) -> None:
    clara, twin = await office.add_client(), await office.add_client("+33639980044", "Martin, Clara")
    matter = await made(office, "matters", text="Chairs", client_id=twin["id"])
    merged = await office.api.post(f"{API}/clients/{clara['id']}/merge", json={"other_id": twin["id"]})
    assert merged.status_code == 200, merged.text
    assert [one["id"] for one in await listed(office, f"client_id={clara['id']}")] == [matter["id"]]
    async with signed_in(office, Role.OPERATOR) as olga:
        assert f'href="/clients/{clara["id"]}"' in (await olga.get("/matters")).text
        assert f"/matters/{matter['id']}" in (await olga.get(f"/clients/{clara['id']}")).text
    undone = await office.api.post(f"{API}/clients/{merged.headers['Antichambre-Undo']}/unmerge")
    assert undone.status_code == 200, undone.text
    assert await listed(office, f"client_id={clara['id']}") == []
    assert [one["id"] for one in await listed(office, f"client_id={twin['id']}")] == [matter["id"]]
