"""The right to block callers, which an admin can take from an operator."""

from typing import Any

import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import API, fault, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
CALL = "CA" + "c" * 32


async def take_right(office: Office, role: Role) -> dict[str, Any]:
    """From the person of this role."""
    people = (await office.api.get(f"{API}/users", params={"q": f"{role}@people"})).json()["items"]
    changed = await office.api.patch(f"{API}/users/{people[0]['id']}", json={"may_block": False})
    answer: dict[str, Any] = changed.json()
    return answer


async def test_an_operator_without_the_right_is_offered_no_block_and_refused_one(office: Office) -> None:
    operator = await office.add_operator()
    await office.webhook("/twilio/voice", cast.UMA, CallSid=CALL)
    await office.settled()
    async with signed_in(office, Role.OPERATOR, operator["id"]) as olga:
        offered = f"/calls/{CALL}/block"
        assert offered in (await olga.get("/calls")).text
        assert "/block?" in (await olga.get("/palette", params={"q": cast.UMA})).text
        people = (await office.api.get(f"{API}/users", params={"q": "operator"})).json()["items"]
        assert people[0]["may_block"] is True
        assert (await office.api.patch(f"{API}/users/{people[0]['id']}", json={"may_block": False})).status_code == 200
        assert offered not in (await olga.get("/calls")).text
        assert "/block?" not in (await olga.get("/palette", params={"q": cast.UMA})).text
        refused = await olga.post(f"{API}/calls/{CALL}/block", json={"reason": "Shouts"})
        assert fault(refused)[:2] == (403, "not-allowed")
        for method, path, data in (
            ("GET", "/block", {}), ("POST", "/block", {"number": cast.UMA, "reason": "Shouts"}),
            ("GET", f"/calls/{CALL}/block", {}), ("POST", f"/calls/{CALL}/block", {"reason": "Shouts"}),
        ):  # fmt: skip
            assert (await olga.request(method, path, data=data)).status_code == 403, path
        assert (await olga.get("/calls")).status_code == 200, "all else is as before"
    assert (await office.api.get(f"{API}/blacklist")).json()["items"] == []


async def test_whoever_edits_the_lists_always_may(office: Office) -> None:
    await office.webhook("/twilio/voice", cast.UMA, CallSid=CALL)
    await office.settled()
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert (await take_right(office, Role.SUPERVISOR))["may_block"] is False
        assert (await sofia.post(f"{API}/calls/{CALL}/block", json={"reason": "Shouts"})).status_code == 201


async def test_it_is_given_unless_it_is_taken(office: Office) -> None:
    olga = await made(office, "users", email="olga@example.org", name="Olga", password="a long password")
    assert olga["may_block"] is True
    audit = (await office.api.get(f"{API}/audit", params={"row_id": olga["id"]})).json()["items"]
    assert audit[0]["after"]["may_block"] is True
