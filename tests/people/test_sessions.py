"""Where somebody is signed in, and how it ends."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.browser_name import browser_name
from app.auth.roles import Role
from tests import cast
from tests.api import API, client, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
ME = "/settings/me"
ADAM = {"email": cast.ADAM_EMAIL, "password": cast.ADAM_PASSWORD}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (FIREFOX, "Firefox · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5) Version/18.5 Mobile/15E148 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.5 Safari/605.1.15", "Safari · macOS"),
        ("curl/8", ""),
    ],
)  # fmt: skip
def test_browsers_by_name(header: str, name: str) -> None:
    assert browser_name(header) == name


@given(st.text())
def test_any_header_makes_a_name_of_ours(header: str) -> None:
    assert len(browser_name(header)) < 40


async def form(browser: httpx.AsyncClient, **fields: str) -> dict[str, str]:
    """The fields with the form's own against forgery."""
    page = (await browser.get(ME)).text
    return fields | {"csrf_token": page.partition('name="csrf_token" value="')[2].partition('"')[0]}


async def test_a_person_sees_and_ends_their_own(office: Office) -> None:
    async with client(office, **{"User-Agent": FIREFOX}) as here, client(office) as phone, client(office) as other:
        for browser in (here, phone, other):
            await browser.post("/sign-in", data=ADAM)
        page = (await here.get(ME)).text
        assert "Firefox · Linux" in page
        ids = [part.partition('"')[0] for part in page.split('name="session" value="')[1:]]
        assert len(ids) == 2, "each but this one"
        ended = await here.post(f"{ME}/sessions/end", data=await form(here, session=ids[0]))
        assert ended.headers["location"] == f"{ME}?ended=yes"
        assert sorted([(await one.get("/")).status_code for one in (phone, other)]) == [200, 303]
        await here.post(f"{ME}/sessions/end", data=await form(here))
        assert [(await one.get("/")).status_code for one in (here, phone, other)] == [200, 303, 303]


async def test_nobody_ends_a_session_of_somebody_else_by_its_id(office: Office) -> None:
    async with client(office) as adam, signed_in(office, Role.OPERATOR) as olga:
        await adam.post("/sign-in", data=ADAM)
        users = (await office.api.get(f"{API}/users")).json()["items"]
        of_adam = next(one["id"] for one in users if one["email"] == cast.ADAM_EMAIL)
        (mine,) = (await office.api.get(f"{API}/users/{of_adam}/sessions")).json()["items"]
        assert (await olga.post(f"{ME}/sessions/end", data={"session": mine["id"]})).status_code == 303
        assert (await adam.get("/")).status_code == 200
        assert (await olga.get(f"{API}/users/{of_adam}/sessions")).status_code == 403
        async with neighbour(office) as (next_door, _company):
            assert (await next_door.get(f"{API}/users/{of_adam}/sessions")).status_code == 404
            assert (await next_door.delete(f"{API}/users/{of_adam}/sessions")).status_code == 404
        assert (await office.api.delete(f"{API}/users/{of_adam}/sessions")).status_code == 204
        assert (await adam.get("/")).status_code == 303
        assert (await office.api.get(f"{API}/users/{of_adam}/sessions")).json()["items"] == []
