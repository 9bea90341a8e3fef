"""Roles: operators read and keep client cards, supervisors judge callers, admins do the rest."""

from typing import Any

import pytest

from app.auth.roles import Role, Scope
from tests import cast
from tests.api import API, client, fault, key_with, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio

OPERATOR, SUPERVISOR, ADMIN = Role.OPERATOR, Role.SUPERVISOR, Role.ADMIN
OPEN_TO_ALL = "categories clients lines hours holidays menus queues operators calls texts company"
READERS: dict[str, Role] = dict.fromkeys(OPEN_TO_ALL.split(), OPERATOR) | {
    "vip": SUPERVISOR,
    "blacklist": SUPERVISOR,
    "audit": ADMIN,
    "api-keys": ADMIN,
    "accounts": ADMIN,
    "users": ADMIN,
    "fallback": ADMIN,
}
WRITERS: dict[str, tuple[dict[str, Any], Role]] = {
    "vip": ({"number": cast.VERA}, SUPERVISOR),
    "blacklist": ({"number": cast.BORIS}, SUPERVISOR),
    "clients": ({"name": "Clara"}, OPERATOR),
    "categories": ({"name": "Regulars"}, ADMIN),
    "lines": ({"number": cast.SECOND_LINE, "label": "Second"}, ADMIN),
    "hours": ({"name": "Office", "days": {}}, ADMIN),
    "holidays": ({"country": "FR"}, ADMIN),
    "menus": ({"name": "A", "prompts": {"fr": "x"}, "keys": {"1": {"kind": "repeat"}}}, ADMIN),
    "queues": ({"name": "Orders"}, ADMIN),
    "operators": ({"name": "Olga", "address": cast.OLGA}, ADMIN),
    "api-keys": ({"name": "CRM"}, ADMIN),
    "fallback/exports": ({}, ADMIN),
    "users": ({"email": "x@example.org", "name": "X", "password": "a long password"}, ADMIN),
}
RANK = [OPERATOR, SUPERVISOR, ADMIN]


@pytest.mark.parametrize("role", RANK)
async def test_each_role_reads_and_writes_what_is_its_own(office: Office, role: Role) -> None:
    async with signed_in(office, role) as browser:
        for resource, needed in READERS.items():
            response = await browser.get(f"{API}/{resource}")
            assert response.status_code == (200 if RANK.index(role) >= RANK.index(needed) else 403), resource
        for resource, (body, needed) in WRITERS.items():
            response = await browser.post(f"{API}/{resource}", json=body)
            assert response.status_code == (201 if RANK.index(role) >= RANK.index(needed) else 403), resource


@pytest.mark.parametrize("role", RANK)
async def test_the_api_tells_of_the_lists_whom_the_pages_tell(office: Office, role: Role) -> None:
    """What would happen to a number says who is blocked as plainly as the list does."""
    await office.add_blacklisted()
    await office.webhook("/twilio/voice", cast.BORIS, CallSid="CA" + "b" * 32)
    await office.settled()
    sees = role is not OPERATOR
    async with signed_in(office, role) as browser:
        for page, path in (("/lists/vip", "vip"), ("/lists/blacklist", "blacklist"), ("/test", "")):
            assert (await browser.get(page)).status_code == (200 if sees else 403), page
            if path:
                assert (await browser.get(f"{API}/{path}")).status_code == (200 if sees else 403), path
                one = await browser.get(f"{API}/{path}/01aaaaaaaaaaaaaaaaaa")
                assert one.status_code == (404 if sees else 403), path
        asked = await browser.post(f"{API}/explain", json={"from": cast.BORIS, "to": cast.LINE})
        assert asked.status_code == (200 if sees else 403)


@pytest.mark.parametrize("role", RANK)
async def test_calls_that_the_blacklist_ended_are_hidden_alike_on_pages_and_in_the_api(
    office: Office, role: Role
) -> None:
    await office.add_blacklisted()
    boris, uma = "CA" + "b" * 32, "CA" + "c" * 32
    await office.webhook("/twilio/voice", cast.BORIS, CallSid=boris)
    await office.webhook("/twilio/voice", cast.UMA, CallSid=uma)
    await office.settled()
    sees = role is not OPERATOR
    async with signed_in(office, role) as browser:
        for query in ({}, {"number": cast.BORIS}, {"q": "980002"}, {"reason": "blacklisted"}):
            items = (await browser.get(f"{API}/calls", params=query)).json()["items"]
            assert (boris in {one["id"] for one in items}) is sees, query
        assert uma in {one["id"] for one in (await browser.get(f"{API}/calls")).json()["items"]}
        for path in (f"/calls/{boris}", f"{API}/calls/{boris}"):
            assert (await browser.get(path)).status_code == (200 if sees else 404), path
        blocked = await browser.post(f"{API}/calls/{boris}/block", json={})
        assert blocked.status_code == (409 if sees else 404)
        state = await browser.get("/events/state")
        assert (cast.BORIS[-4:] in state.text.replace(" ", "")) is sees


async def test_what_else_the_blacklist_says_of_a_caller_is_not_told_to_operators(office: Office) -> None:
    await office.add_vip()
    await office.add_blacklisted("+33639", match="prefix", label="Nuisance", reason="They all lie")
    vera = "CA" + "d" * 32
    await office.webhook("/twilio/voice", cast.VERA, CallSid=vera)
    await office.settled()
    told: dict[Role, str] = {}
    for role in RANK:
        async with signed_in(office, role) as browser:
            told[role] = (await browser.get(f"{API}/calls/{vera}")).text
    assert "They all lie" not in told[OPERATOR]
    assert "Nuisance" not in told[OPERATOR]
    assert "They all lie" in told[SUPERVISOR]


async def test_an_operator_cannot_make_a_vip_by_way_of_the_client_card(office: Office) -> None:
    vera = await made(office, "clients", name="Vera", standing="vip", numbers=[cast.VERA])
    async with signed_in(office, OPERATOR) as olga:
        attempts = [
            await olga.post(f"{API}/clients", json={"name": "Uma", "standing": "vip", "numbers": [cast.UMA]}),
            await olga.patch(f"{API}/clients/{vera['id']}", json={"standing": "ordinary"}),
            await olga.patch(f"{API}/clients/{vera['id']}", json={"numbers": [cast.VERA, cast.UMA]}),
            await olga.delete(f"{API}/clients/{vera['id']}"),
        ]
        assert [fault(one)[:2] for one in attempts] == [(403, "not-allowed")] * 4
        noted = await olga.patch(f"{API}/clients/{vera['id']}", json={"pinned_note": "Likes to be called Madame"})
        assert noted.status_code == 200
    async with signed_in(office, SUPERVISOR) as sofia:
        judged = await sofia.patch(f"{API}/clients/{vera['id']}", json={"standing": "ordinary"})
        assert judged.status_code == 200


async def test_a_key_cannot_hand_out_a_scope_that_it_lacks(office: Office) -> None:
    key = await key_with(office, Scope.KEYS)
    async with client(office, Authorization=f"Bearer {key}") as api:
        response = await api.post(f"{API}/api-keys", json={"name": "more", "scopes": ["write"]})
    assert fault(response)[:2] == (403, "not-allowed")


async def test_a_forged_request_of_another_site_changes_nothing(office: Office) -> None:
    async with signed_in(office, ADMIN) as adam:
        foreign = await adam.post(f"{API}/vip", json={"number": cast.VERA}, headers={"Sec-Fetch-Site": "cross-site"})
        stale = await adam.post(f"{API}/vip", json={"number": cast.VERA}, headers={"X-CSRF-Token": "stale"})
    assert (foreign.status_code, stale.status_code) == (403, 403)
