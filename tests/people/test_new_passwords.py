"""A link for a new password: from an admin, or by asking for it."""

import httpx
import pytest
from sqlalchemy import func, select

from app.auth.roles import Role
from models import PasswordReset, UserAccount
from tests import cast
from tests.api import API, client, fault, neighbour
from tests.letters import mail_server, use_mail_server
from tests.office import Office

pytestmark = pytest.mark.anyio
NEW = {"password": "quite another secret", "again": "quite another secret"}


async def adam_id(office: Office) -> str:
    """The only person there is."""
    people: list[dict[str, str]] = (await office.api.get(f"{API}/users")).json()["items"]
    return people[0]["id"]


async def link(office: Office) -> str:
    """The path of a link that an admin made for Adam."""
    made = await office.api.post(f"{API}/users/{await adam_id(office)}/password-resets")
    assert made.status_code == 201, made.text
    path: str = made.json()["link"].removeprefix(cast.BASE_URL)
    return path


async def signs_in(office: Office, password: str) -> bool:
    """Whether Adam does with this password."""
    async with client(office) as browser:
        data = {"email": cast.ADAM_EMAIL, "password": password}
        return (await browser.post("/sign-in", data=data)).status_code == 303


async def test_a_new_password_signs_in_here_and_out_everywhere_else(office: Office) -> None:
    other = await link(office)
    path = await link(office)
    async with client(office) as here, client(office) as elsewhere:
        await elsewhere.post("/sign-in", data={"email": cast.ADAM_EMAIL, "password": cast.ADAM_PASSWORD})
        assert cast.ADAM_EMAIL in (await here.get(path)).text
        for typed in ({"password": "short"}, {"again": "different"}):
            assert (await here.post(path, data=NEW | typed)).status_code == 422
        assert (await elsewhere.get("/")).status_code == 200, "nothing has happened yet"
        assert (await here.post(path, data=NEW)).headers["location"] == "/"
        assert (await here.get("/")).status_code == 200
        assert (await elsewhere.get("/")).status_code == 303
        for used in (path, other):
            assert (await here.post(used, data=NEW)).status_code == 404
    assert await signs_in(office, NEW["password"])
    assert not await signs_in(office, cast.ADAM_PASSWORD)


async def test_links_end_after_an_hour_and_when_they_are_revoked(office: Office) -> None:
    early, late = await link(office), ""
    async with client(office) as browser:
        await office.clock.sleep(3601)
        assert (await browser.get(early)).status_code == 404
        late = await link(office)
        assert (await browser.get(late)).status_code == 200
        path = f"{API}/users/{await adam_id(office)}/password-resets"
        assert (await office.api.delete(path)).status_code == 204
        assert (await browser.post(late, data=NEW)).status_code == 404
        async with neighbour(office) as (next_door, _company):
            assert (await next_door.post(path)).status_code == 404
            assert (await next_door.delete(path)).status_code == 404


async def test_nobody_resets_the_password_of_somebody_who_is_kept_out(office: Office) -> None:
    path = await link(office)
    body = {"email": "ada@example.org", "name": "Ada", "password": "a long password", "role": "admin"}
    await office.api.post(f"{API}/users", json=body)
    adam = next(one for one in (await office.api.get(f"{API}/users")).json()["items"] if one["name"] != "Ada")
    await office.api.patch(f"{API}/users/{adam['id']}", json={"disabled": True})
    async with client(office) as browser:
        assert (await browser.get(path)).status_code == 404
    refused = await office.api.post(f"{API}/users/{adam['id']}/password-resets")
    assert fault(refused)[:2] == (409, "conflict")


async def ask(browser: httpx.AsyncClient, email: str) -> httpx.Response:
    """*Forgot your password?*"""
    return await browser.post("/sign-in/forgot", data={"email": email})


async def test_whoever_forgot_theirs_gets_a_letter_and_nobody_learns_who_is_there(office: Office) -> None:
    async with mail_server() as server, client(office) as browser:
        assert "/sign-in/forgot" not in (await browser.get("/sign-in")).text, "no mail server, no letter"
        assert (await ask(browser, cast.ADAM_EMAIL)).status_code == 200
        use_mail_server(office.board, server)
        assert "/sign-in/forgot" in (await browser.get("/sign-in")).text
        known = await ask(browser, cast.ADAM_EMAIL.upper())
        unknown = await ask(browser, "nobody@example.org")
        assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
        await office.board.mail.settled()
        (letter,) = server.letters
        assert letter["To"] == cast.ADAM_EMAIL
        assert (await browser.post(server.link(), data=NEW)).status_code == 303
    assert await signs_in(office, NEW["password"])


async def test_a_stranger_fills_nobody_s_letter_box(office: Office) -> None:
    async with mail_server() as server, client(office) as browser:
        use_mail_server(office.board, server)
        statuses = [(await ask(browser, cast.ADAM_EMAIL)).status_code for _ in range(7)]
        assert statuses == [200] * 5 + [429] * 2
        for _ in range(3):
            await office.clock.sleep(61)
            assert (await ask(browser, cast.ADAM_EMAIL)).status_code == 200
        await office.board.mail.settled()
        assert len(server.letters) == 3, "as many links as somebody can have at a time"
        async with office.board.sessions() as session:
            assert await session.scalar(select(func.count()).select_from(PasswordReset)) == 3


async def test_a_link_does_not_pass_by_the_second_factor(office: Office) -> None:
    async with office.board.sessions() as session, session.begin():
        adam = (await session.scalars(select(UserAccount))).one()
        adam.second_factor_at = office.board.clock()
    async with client(office) as browser:
        answer = await browser.post(await link(office), data=NEW)
        assert answer.headers["location"] == "/sign-in/code"
        assert (await browser.get("/")).status_code == 303


async def test_a_role_that_changes_ends_the_links(office: Office) -> None:
    body = {"email": "ada@example.org", "name": "Ada", "password": "a long password", "role": Role.ADMIN}
    ada = (await office.api.post(f"{API}/users", json=body)).json()
    made = (await office.api.post(f"{API}/users/{ada['id']}/password-resets")).json()
    await office.api.patch(f"{API}/users/{ada['id']}", json={"email": "ada@example.com"})
    async with client(office) as browser:
        assert (await browser.get(made["link"].removeprefix(cast.BASE_URL))).status_code == 404, (
            "the letter may lie in somebody else's box"
        )
