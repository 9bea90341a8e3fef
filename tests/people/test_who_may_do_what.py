"""Roles: operators read and keep client cards, supervisors judge callers, admins do the rest."""

from typing import Any

import pytest

from app.auth.roles import Role, Scope
from tests import cast
from tests.api import API, client, fault, key_with, made, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio

OPERATOR, SUPERVISOR, ADMIN = Role.OPERATOR, Role.SUPERVISOR, Role.ADMIN
OPEN_TO_ALL = "vip blacklist categories clients lines hours holidays menus queues operators calls texts company"
READERS: dict[str, Role] = dict.fromkeys(OPEN_TO_ALL.split(), OPERATOR) | {
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


async def test_an_operator_may_ask_what_would_happen(office: Office) -> None:
    async with signed_in(office, OPERATOR) as olga:
        response = await olga.post(f"{API}/explain", json={"from": "", "to": cast.LINE})
    assert response.status_code == 200


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
