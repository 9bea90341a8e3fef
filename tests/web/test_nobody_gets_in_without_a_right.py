"""A walk over every route of the service: deny by default. A new route is public only if it is added to the table here."""

import re
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from app.auth.roles import Scope
from models import VoicemailRecord
from tests import cast
from tests.api import API, client, key_with, made, neighbour
from tests.company.recordings import recorded
from tests.office import Office

pytestmark = pytest.mark.anyio

PUBLIC = {
    "/health/live",
    "/health/ready",
    "/metrics",
    "/sign-in",
    "/sign-in/forgot",  # the same answer to everybody, see tests/people/test_new_passwords.py
    "/invite/{token}",  # the link is the right, see tests/people/test_invitations.py
    "/reset/{token}",
    "/setup",  # the one-time address is the right, see tests/first_run/test_first_run.py
    "/setup/closed",
    "/setup/mark",
    "/openapi.json",
    "/docs",
    "/docs/{name}",
    "/static",
    "/audio/hold-music.wav",
    "/audio/hold-music-{part}.wav",
    "/audio/{file}.wav",  # what providers play to callers: whoever knows its name has been told by a document of ours
    "/booth/line",  # a WebSocket, whose refusals are in tests/booth/test_booth_page.py
}
"""Nothing here shows or changes data of a company."""

# A question asked by POST: reading is enough.
SAFE_POSTS = {f"{API}/explain"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def routes(office: Office) -> list[tuple[str, str]]:
    """Every method and path template of the application."""
    walked = [
        (method, route.path or "")
        for route in iter_route_contexts(office.app.routes)
        for method in sorted(route.methods or {"GET"})
    ]
    assert len(walked) > 60
    return walked


def filled(template: str) -> str:
    return re.sub(r"{[^}]+}", "x", template)


async def test_without_credentials_every_route_but_the_public_ones_is_shut(office: Office) -> None:
    async with client(office) as stranger:
        for method, template in routes(office):
            if template in PUBLIC:
                continue
            response = await stranger.request(method, filled(template))
            to_sign_in = response.status_code == 303 and response.headers["Location"].startswith("/sign-in")
            shut = {403} if template.startswith("/twilio/") else {401, 403}
            assert response.status_code in shut or to_sign_in, (method, template, response.status_code)


async def test_a_wrong_key_opens_nothing(office: Office) -> None:
    keys = ["ack_" + "x" * 43, office.company.api_key[:-1], office.company.api_key + "x", "ack_", "é"]
    for key in keys:
        async with client(office) as stranger:
            for method, template in routes(office):
                if not template.startswith((API, "/events")):
                    continue
                headers = {b"Authorization": f"Bearer {key}".encode()}
                response = await stranger.request(method, filled(template), headers=headers)
                assert response.status_code == 401, (method, template)
                assert method == "HEAD" or response.json()["code"] == "not-authenticated"
                assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_a_key_in_the_address_is_refused_since_logs_would_keep_it(office: Office) -> None:
    async with client(office) as careless:
        response = await careless.get(f"{API}/vip?api_key={office.company.api_key}")
    assert response.status_code == 400


async def test_a_read_only_key_changes_nothing(office: Office) -> None:
    key = await key_with(office, Scope.READ)
    async with client(office, Authorization=f"Bearer {key}") as reader:
        for method, template in routes(office):
            if method not in UNSAFE or not template.startswith(API) or template in SAFE_POSTS:
                continue
            response = await reader.request(method, filled(template), json={})
            assert response.status_code == 403, (method, template)
            assert response.json()["code"] == "not-allowed"
        explained = await reader.post(f"{API}/explain", json={"from": cast.UMA, "to": cast.LINE})
        assert explained.status_code == 200


async def test_a_key_that_writes_still_hands_out_no_keys(office: Office) -> None:
    key = await key_with(office, Scope.READ, Scope.WRITE)
    async with client(office, Authorization=f"Bearer {key}") as writer:
        for resource in ("api-keys", "accounts", "users", "webhooks", "look-ups"):
            for method, template in routes(office):
                if template.startswith(f"{API}/{resource}"):
                    response = await writer.request(method, filled(template), json={})
                    assert response.status_code == 403, (method, template)


async def one_of_each(office: Office) -> dict[str, str]:
    """An id of ours for every resource that is read by id."""
    queue_id = office.company.queue_id
    rows: dict[str, dict[str, Any]] = {
        "vip": await made(office, "vip", number=cast.VERA),
        "blacklist": await made(office, "blacklist", number=cast.BORIS),
        "categories": await made(office, "categories", name="Regulars"),
        "clients": await made(office, "clients", name="Clara", numbers=[cast.CLARA]),
        "lines": await made(office, "lines", number=cast.SECOND_LINE, label="Second"),
        "hours": await made(office, "hours", name="Office", days={"monday": ["09:00-18:00"]}),
        "holidays": await made(office, "holidays", country="FR"),
        "menus": await made(
            office, "menus", name="Accueil", prompts={"fr": "Tapez 1."}, keys={"1": {"kind": "queue", "id": queue_id}}
        ),
        "queues": await made(office, "queues", name="Orders"),
        "rules": await made(office, "rules", name="Hidden", when={"kind": "withheld"}, do={"action": "reject"}),
        "subscriptions": await made(office, "subscriptions", name="Calls", source="arcep"),
        "operators": await made(office, "operators", name="Olga", address=cast.OLGA),
        "api-keys": await made(office, "api-keys", name="CRM"),
        "products": await made(office, "products", name="Tea"),
        "client-fields": await made(office, "client-fields", name="Size", kind="text"),
        "scripts": await made(
            office, "scripts", name="Calm", steps={"en": [{"title": "Begin", "text": "Good morning."}]}
        ),
        "audio": await recorded(office.api),
        "users/invitations": await made(office, "users/invitations", email="i@example.org"),
        "webhooks": await made(office, "webhooks", url="https://crm.example.org/hook"),
        "look-ups": await made(office, "look-ups", url="https://crm.example.org/who-calls"),
        "users": await made(office, "users", email="o@example.org", name="Olga", password="a long password"),
    }
    ids = {resource: row["id"] for resource, row in rows.items()}
    for name in ("vip", "blacklist", "clients"):
        uploaded = await office.api.post(
            f"{API}/{name}/imports", content=f"number,name\n{cast.CLARA},Clara\n", headers={"Content-Type": "text/csv"}
        )
        ids[f"{name}/imports"] = uploaded.json()["id"]
    sold = f"client,date,amount\n{cast.CLARA},2026-07-01,5\n"
    uploaded = await office.api.post(f"{API}/sales/imports", content=sold, headers={"Content-Type": "text/csv"})
    ids["sales/imports"] = uploaded.json()["id"]
    await made(office, "categories", name="Close to us", priority=50)
    assert (await office.api.post(f"{API}/sales/imports/{ids['sales/imports']}/apply")).status_code == 200
    assert (await office.api.post(f"{API}/segments/compute")).status_code == 200
    ids["segments/suggestions"] = (await office.api.get(f"{API}/segments/suggestions")).json()["items"][0]["id"]
    change = {"method": "PATCH", "path": f"{API}/company", "body": {"name": "Another"}}
    rehearsal = await office.api.post(f"{API}/rehearsals", json={"changes": [change], "days": 1})
    ids["rehearsals"] = rehearsal.json()["id"]
    said = {"name": "Goodbye", "language": "fr", "text": "Au revoir.", "to": cast.OLGA}
    ids["audio/record"] = (await office.api.post(f"{API}/audio/record", json=said)).json()["id"]
    ids["accounts"] = (await office.api.get(f"{API}/accounts")).json()["items"][0]["id"]
    call = await office.phones.place_call(cast.UMA, cast.LINE)
    await call.hang_up_after(5)
    await office.settled()
    ids["calls"] = (await office.api.get(f"{API}/calls")).json()["items"][0]["id"]
    ids["callbacks"] = (await made(office, "callbacks", number=cast.CLARA))["id"]
    ids["matters"] = (await made(office, "matters", text="Chairs"))["id"]
    message = VoicemailRecord(
        tenant_id=office.company.tenant, call_id=call.sid, provider="twilio", recording="RE1", seconds=5,
        received_at=office.clock.now(), next_try_at=office.clock.now(),
    )  # fmt: skip
    async with office.board.sessions() as session, session.begin():
        session.add(message)
        await session.flush()
        ids["voicemails"] = message.id
    return ids


WHOLE_BODIES: dict[str, dict[str, Any]] = {
    "vip": {"number": cast.VERA},
    "blacklist": {"number": cast.BORIS},
    "clients": {"name": "Mine now"},
    "hours": {"name": "Mine now", "days": {}},
    "products": {"name": "Mine now"},
    "menus": {"name": "Mine now", "prompts": {"fr": "x"}, "keys": {"1": {"kind": "repeat"}}},
}


async def test_another_companys_rows_are_as_good_as_absent(office: Office) -> None:
    ids = await one_of_each(office)
    by_id = [
        (method, template.removeprefix(f"{API}/").removesuffix("/{item_id}"))
        for method, template in routes(office)
        if template.startswith(f"{API}/") and template.endswith("/{item_id}")
    ]
    assert {resource for _, resource in by_id} == set(ids)
    async with neighbour(office) as (nina, _):
        for method, resource in by_id:
            body = WHOLE_BODIES[resource] if method == "PUT" else {}
            theirs = await nina.request(method, f"{API}/{resource}/{ids[resource]}", json=body)
            absent = await nina.request(method, f"{API}/{resource}/01aaaaaaaaaaaaaaaaaa", json=body)
            assert theirs.status_code == 404, (method, resource)
            assert theirs.json() == absent.json()
        for resource in ids:
            shown = (await nina.get(f"{API}/{resource}")).text
            assert ids[resource] not in shown
    for resource, row_id in ids.items():
        assert (await office.api.get(f"{API}/{resource}/{row_id}")).status_code == 200


async def test_nothing_of_another_company_can_be_referred_to(office: Office) -> None:
    async with neighbour(office) as (_, theirs):
        attempts: list[tuple[str, dict[str, Any], str]] = [
            ("lines", {"number": cast.SECOND_LINE, "label": "x", "queue_id": theirs.queue_id}, "queue_id"),
            ("categories", {"name": "x", "queue_id": theirs.queue_id}, "queue_id"),
            ("operators", {"name": "x", "address": cast.OLGA, "queue_ids": [theirs.queue_id]}, "queue_ids.0"),
            ("vip", {"number": cast.VERA, "lines": [theirs.line_id]}, "lines"),
            ("callbacks", {"number": cast.CLARA, "queue_id": theirs.queue_id}, "queue_id"),
            (
                "menus",
                {"name": "x", "prompts": {"fr": "x"}, "keys": {"1": {"kind": "queue", "id": theirs.queue_id}}},
                "keys.1.id",
            ),
        ]
        for resource, body, field in attempts:
            response = await office.api.post(f"{API}/{resource}", json=body)
            assert response.status_code == 422, resource
            assert response.json()["errors"][0]["field"] == field
