"""A screen on the wall: a link that shows figures without a sign-in, and nothing once it is revoked."""

import re

import httpx
import pytest

from app.auth.roles import Role
from tests import cast
from tests.api import client, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio


async def a_link(sofia: httpx.AsyncClient, **fields: str) -> str:
    answer = await sofia.post("/live/screens", data={"name": "Hall", **fields})
    assert answer.status_code == 200, answer.text
    found = re.search(r'href="[^"]*(/wall/[\w-]+)"', answer.text)
    assert found is not None
    again = (await sofia.get("/live/screens")).text
    assert found.group(1) not in again, "it is shown once"
    assert "Hall" in again
    return found.group(1)


async def test_whoever_has_the_link_sees_figures_and_no_caller(office: Office) -> None:
    await office.add_operator()
    await office.add_client(name="Clara Martin")
    call = await office.phones.place_call(cast.CLARA, cast.LINE)
    await office.phones.let_pass(5)
    await office.settled()
    async with signed_in(office, Role.SUPERVISOR) as sofia, client(office) as screen:
        plain, named = await a_link(sofia), await a_link(sofia, names="yes")
        for path, olga in ((plain, False), (named, True)):
            for address in (path, f"{path}/parts"):
                answer = await screen.get(address)
                assert answer.status_code == 200
                assert ("Olga" in answer.text) is olga
                for name in ("Clara", cast.CLARA, call.sid, "csrf"):
                    assert name not in answer.text
        assert "Niveau de service" in (await screen.get(plain)).text, "in the company's language"
    await call.hang_up_after(1)


async def test_it_opens_nothing_else_and_changes_nothing(office: Office) -> None:
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        path = await a_link(sofia)
    secret = path.rpartition("/")[2]
    async with client(office, Authorization=f"Bearer {secret}") as thief:
        for address in ("/api/v1/live", "/live", "/events", "/api/v1/calls"):
            assert (await thief.get(address)).status_code in {303, 401}, address
        assert (await thief.post(path)).status_code == 405


async def test_a_revoked_link_shows_nothing(office: Office) -> None:
    async with signed_in(office, Role.SUPERVISOR) as sofia, client(office) as screen:
        path = await a_link(sofia)
        (revoke,) = re.findall(r'action="(/live/screens/\w+/revoke)"', (await sofia.get("/live/screens")).text)
        async with neighbour(office) as (api, _company):
            assert (await api.post(revoke)).status_code == 404
        assert (await screen.get(path)).status_code == 200
        assert (await sofia.post(revoke)).status_code == 303
        assert (await screen.get(path)).status_code == 303
        assert (await screen.get(f"{path}/parts")).status_code == 401
        assert (await screen.get(f"{path}/events")).status_code in {303, 401}
        assert "/revoke" not in (await sofia.get("/live/screens")).text


@pytest.mark.parametrize("secret", ["x", "A" * 43, "%00", "\u2028", "a" * 500])
async def test_nobody_guesses_a_link(office: Office, secret: str) -> None:
    async with client(office) as stranger:
        assert (await stranger.get(f"/wall/{secret}")).status_code in {303, 404, 422}
        assert (await stranger.get(f"/wall/{secret}/parts")).status_code in {401, 404, 422}


async def test_links_are_made_by_supervisors(office: Office) -> None:
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await olga.get("/live/screens")).status_code == 403
        assert (await olga.post("/live/screens", data={"name": "Mine"})).status_code == 403
