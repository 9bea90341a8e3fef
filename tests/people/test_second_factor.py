"""Two factors: set up, asked for, lost, required."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pyotp
import pytest
from sqlalchemy import select, text, update

from app.auth.roles import Role
from models import RecoveryCode, SecondFactor, UserAccount
from tests import cast
from tests.api import API, client, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
ME = "/settings/me"
ADAM = {"email": cast.ADAM_EMAIL, "password": cast.ADAM_PASSWORD}


async def form(browser: httpx.AsyncClient, **fields: str) -> dict[str, str]:
    """The fields with the form's own against forgery."""
    page = (await browser.get(ME)).text
    return fields | {"csrf_token": page.partition('name="csrf_token" value="')[2].partition('"')[0]}


def read_secret(page: str) -> str:
    """The secret that is written below the picture."""
    return page.partition('class="secret">')[2].partition("<")[0].replace(" ", "")


def read_codes(page: str) -> list[str]:
    """The recovery codes on a page."""
    return [one.partition("<")[0] for one in page.split("<li><code>")[1:]]


def code(office: Office, secret: str, later: int = 0) -> str:
    """What the app shows now, or ``later`` seconds."""
    return pyotp.TOTP(secret).at(office.board.clock() + timedelta(seconds=later))


@asynccontextmanager
async def adam_in(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    """Adam, signed in by password alone."""
    async with client(office) as browser:
        assert (await browser.post("/sign-in", data=ADAM)).headers["location"] == "/"
        yield browser


async def set_up(office: Office, browser: httpx.AsyncClient) -> tuple[str, list[str]]:
    """Adam's second factor: the secret and the recovery codes."""
    fields = await form(browser, on_password=cast.ADAM_PASSWORD)
    assert (await browser.post(f"{ME}/second-factor", data=fields)).status_code == 303
    secret = read_secret((await browser.get(f"{ME}/second-factor")).text)
    shown = await browser.post(f"{ME}/second-factor/confirm", data=await form(browser, code=code(office, secret)))
    assert shown.status_code == 200, shown.text
    return secret, read_codes(shown.text)


async def test_it_is_set_up_by_a_code_and_asked_for_from_then_on(office: Office) -> None:
    async with adam_in(office) as here, client(office) as there:
        fields = await form(here, on_password="guessed")
        assert (await here.post(f"{ME}/second-factor", data=fields)).status_code == 422
        assert (await here.get(f"{ME}/second-factor")).status_code == 303, "nothing was set up"
        fields = await form(here, on_password=cast.ADAM_PASSWORD)
        assert (await here.post(f"{ME}/second-factor", data=fields)).headers["location"] == f"{ME}/second-factor"
        wrong = await here.post(f"{ME}/second-factor/confirm", data=await form(here, code="000000"))
        assert wrong.status_code == 422
        assert (await there.post("/sign-in", data=ADAM)).headers["location"] == "/", "it does not count yet"
        secret, codes = await set_up(office, here)
        assert len(codes) == 10
        assert (await here.get(f"{ME}/second-factor")).status_code == 303, "the secret is not shown any more"
        again = await here.post(f"{ME}/second-factor", data=await form(here, on_password=cast.ADAM_PASSWORD))
        assert again.status_code == 409

        assert (await there.get("/sign-in/code")).headers["location"] == "/sign-in"
        await there.get("/sign-in")
        there.cookies.clear()
        step = await there.post("/sign-in", data=ADAM | {"next": "/clients"})
        assert step.headers["location"] == "/sign-in/code"
        assert (await there.get("/")).status_code == 303, "the password alone opens nothing"
        assert cast.ADAM_EMAIL in (await there.get("/sign-in/code")).text
        assert (await there.post("/sign-in/code", data={"code": code(office, secret)})).status_code == 401, (
            "used already"
        )
        await office.clock.sleep(30)
        entered = await there.post("/sign-in/code", data={"code": code(office, secret)})
        assert (entered.status_code, entered.headers["location"]) == (303, "/clients")
        assert (await there.get("/")).status_code == 200
    async with office.board.sessions() as session:
        dumps = [
            row for table in ("second_factor", "recovery_code", "audit_entry")
            for row in (await session.scalars(text(f"SELECT t::text FROM {table} t"))).all()  # noqa: S608
        ]  # fmt: skip
    assert dumps
    assert not any(one in row for row in dumps for one in (secret, *codes, codes[0].replace("-", "")))
    program = await office.api.get(f"{API}/users")
    assert program.json()["items"][0]["second_factor"] is True, "and the API key works as before"


async def second_step(browser: httpx.AsyncClient, typed: str) -> int:
    """Sign in by password and ``typed``."""
    browser.cookies.clear()
    assert (await browser.post("/sign-in", data=ADAM)).headers["location"] == "/sign-in/code"
    return (await browser.post("/sign-in/code", data={"code": typed})).status_code


async def test_a_recovery_code_lets_in_once(office: Office) -> None:
    async with adam_in(office) as here, client(office) as there:
        _, codes = await set_up(office, here)
        assert await second_step(there, codes[0].upper()) == 303
        assert await second_step(there, codes[0]) == 401
        assert "9 recovery codes" in (await here.get(ME)).text
        renewed = await here.post(f"{ME}/second-factor/codes", data=await form(here, codes_password=cast.ADAM_PASSWORD))
        fresh = read_codes(renewed.text)
        assert len(fresh) == 10
        assert await second_step(there, codes[1]) == 401, "the old ones end"
        assert await second_step(there, fresh[1]) == 303


async def test_wrong_codes_are_counted_whatever_the_password_says(office: Office) -> None:
    async with adam_in(office) as here, client(office) as there:
        secret, codes = await set_up(office, here)
        statuses = [await second_step(there, f"{number:06}") for number in range(7)]
        assert statuses == [401] * 5 + [429] * 2, "a right password in between forgets none"
        assert await second_step(there, code(office, secret, 30)) == 429
        for wait in (61, 61):
            await office.clock.sleep(wait)
            await second_step(there, "000000")
        for number in range(3):
            assert await second_step(there, f"{number:06}") == 401
        await office.clock.sleep(61)
        assert await second_step(there, codes[0]) == 429, "ten in a row: an hour"
        await office.clock.sleep(3601)
        assert await second_step(there, codes[0]) == 303


async def test_two_browsers_never_use_one_code(office: Office) -> None:
    async with adam_in(office) as here, client(office) as one, client(office) as other:
        secret, codes = await set_up(office, here)
        await office.clock.sleep(30)
        for typed in (code(office, secret), codes[3]):
            for browser in (one, other):
                browser.cookies.clear()
                await browser.post("/sign-in", data=ADAM)
            both = await asyncio.gather(*(b.post("/sign-in/code", data={"code": typed}) for b in (one, other)))
            assert sorted(answer.status_code for answer in both) == [303, 401]


async def test_a_ticket_ends_with_time_and_with_the_password(office: Office) -> None:
    async with adam_in(office) as here, client(office) as there:
        _, codes = await set_up(office, here)
        await there.post("/sign-in", data=ADAM)
        await office.clock.sleep(601)
        late = await there.post("/sign-in/code", data={"code": codes[0]})
        assert late.headers["location"] == "/sign-in"
        await there.post("/sign-in", data=ADAM)
        async with office.board.sessions() as session, session.begin():
            await session.execute(update(UserAccount).values(password_hash="another"))
        changed = await there.post("/sign-in/code", data={"code": codes[0]})
        assert changed.headers["location"] == "/sign-in"
        for forged in ("", "x", "gAAAAAB", office.board.secret_box.encrypt('{"purpose":"other"}')):
            there.cookies.set("step", forged)
            assert (await there.post("/sign-in/code", data={"code": codes[0]})).headers["location"] == "/sign-in"
        foreign = await there.post("/sign-in/code", data={"code": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403


async def test_it_is_turned_off_by_the_password_and_by_an_admin(office: Office) -> None:
    async with adam_in(office) as here:
        await set_up(office, here)
        wrong = await here.post(f"{ME}/second-factor/off", data=await form(here, off_password="guessed"))
        assert wrong.status_code == 422
        done = await here.post(f"{ME}/second-factor/off", data=await form(here, off_password=cast.ADAM_PASSWORD))
        assert done.headers["location"] == f"{ME}?off=yes"
        await set_up(office, here)
        async with signed_in(office, Role.ADMIN) as ada:
            users = (await office.api.get(f"{API}/users")).json()["items"]
            adam = next(one for one in users if one["email"] == cast.ADAM_EMAIL)
            path = f"/settings/people/{adam['id']}"
            assert "Reset the second factor" in (await ada.get(path)).text
            assert (await ada.post(f"{path}/reset-second-factor")).status_code == 303
    async with adam_in(office):
        pass
    async with office.board.sessions() as session:
        assert (await session.scalars(select(SecondFactor))).all() == []
        assert (await session.scalars(select(RecoveryCode))).all() == []
    trail = (await office.api.get(f"{API}/audit", params={"row_id": adam["id"]})).json()["items"]
    assert [one["act"] for one in trail] == [
        "reset second factor of", "set up second factor of", "turn off second factor of", "set up second factor of",
    ]  # fmt: skip
    assert trail[0]["actor"] == "user:admin@people.example"


async def test_a_company_can_require_it_and_gives_a_week(office: Office) -> None:
    async with office.board.sessions() as session, session.begin():
        await session.execute(
            update(UserAccount).values(created_at=office.board.clock())
        )  # by the clock of the database
    async with adam_in(office) as here, client(office) as there:
        required = await office.api.patch(f"{API}/company", json={"second_factor": "admins"})
        assert required.json()["second_factor"] == "admins"
        assert (await here.get("/")).status_code == 200, "whoever is in stays in"
        led = await there.post("/sign-in", data=ADAM | {"next": "/clients"})
        assert led.headers["location"] == "/sign-in/second-factor"
        assert (await there.get("/")).status_code == 303
        later = await there.post("/sign-in/second-factor/later")
        assert later.headers["location"] == "/clients"
        assert (await there.get("/")).status_code == 200
        await office.clock.sleep(7 * 24 * 3600 + 1)
        there.cookies.clear()
        await there.post("/sign-in", data=ADAM | {"next": "/clients"})
        page = (await there.get("/sign-in/second-factor")).text
        assert "/later" not in page
        assert (await there.post("/sign-in/second-factor/later")).headers["location"] == "/sign-in/second-factor"
        assert (await there.get("/")).status_code == 303, "not without"
        assert (await there.post("/sign-in/second-factor", data={"code": "1"})).status_code == 422
        shown = await there.post("/sign-in/second-factor", data={"code": code(office, read_secret(page))})
        assert len(read_codes(shown.text)) == 10
        assert 'href="/clients"' in shown.text
        assert (await there.get("/")).status_code == 200
        refused = await there.post(f"{ME}/second-factor/off", data=await form(there, off_password=cast.ADAM_PASSWORD))
        assert refused.status_code == 409
        assert 'id="wrong-off_password"' in refused.text


async def test_operators_need_none_until_everybody_does(office: Office) -> None:
    people = {"email": "olga@example.org", "name": "Olga", "password": "a long password"}
    await office.api.post(f"{API}/users", json=people)
    async with client(office) as olga:
        for rule, place in (("admins", "/"), ("everybody", "/sign-in/second-factor"), ("optional", "/")):
            await office.api.patch(f"{API}/company", json={"second_factor": rule})
            assert (await olga.post("/sign-in", data=people)).headers["location"] == place
            olga.cookies.clear()
