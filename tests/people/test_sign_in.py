"""Signing in and out."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import select, update

from app.auth.passwords import GoneAway, password_is_right
from app.auth.sign_in_attempts import WINDOW
from app.people.set_up_company import CompanyForm, set_up_company
from app.web.page_route import own_path
from models import SignInAttempt, UserAccount
from tests import cast
from tests.office import Office
from tests.served import PASSWORD, ServedOffice

pytestmark = pytest.mark.anyio
RIGHT = {"email": cast.ADAM_EMAIL, "password": cast.ADAM_PASSWORD}


@pytest.fixture
async def visitor(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a session."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(office.app), base_url=cast.BASE_URL) as client:
        yield client


async def test_the_right_password_leads_to_the_panel_with_a_guarded_cookie(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/sign-in", data=RIGHT)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("sid=")
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/"))
    assert "secure" not in cookie, "plain http on loopback"
    panel = await visitor.get("/")
    assert panel.status_code == 200
    assert "Maison Vera" in panel.text


async def test_over_https_the_cookie_is_secure_and_tied_to_the_host(office: Office, visitor: httpx.AsyncClient) -> None:
    https = {"public_base_url": ("https://pbx.example.org",)}
    office.board.settings = office.board.settings.model_copy(update=https)
    cookie = (await visitor.post("/sign-in", data=RIGHT)).headers.get_list("set-cookie")[0]
    assert cookie.startswith("__Host-sid=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


async def test_pages_lead_to_the_sign_in_and_back(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/?line=sales")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/%3Fline%3Dsales")
    form = await visitor.get(answer.headers["location"])
    assert 'name="next" value="/?line=sales"' in form.text
    back = await visitor.post("/sign-in", data=RIGHT | {"next": "/?line=sales"})
    assert back.headers["location"] == "/?line=sales"
    assert (await visitor.post("/sign-in?next=/calls", data=RIGHT)).headers["location"] == "/calls"


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb", "", "/x\\y"]
)
def test_nobody_is_led_to_another_site(wanted: str) -> None:
    assert own_path(wanted) == "/"


async def test_wrong_and_unknown_are_told_the_same(visitor: httpx.AsyncClient) -> None:
    wrong = await visitor.post("/sign-in", data=RIGHT | {"password": "wrong"})
    unknown = await visitor.post("/sign-in", data={"email": "nobody@example.org", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace(cast.ADAM_EMAIL, "") == unknown.text.replace("nobody@example.org", "")
    assert "Wrong e-mail address or password" in wrong.text
    assert "set-cookie" not in wrong.headers


async def test_a_disabled_account_is_unknown(visitor: httpx.AsyncClient, office: Office) -> None:
    async with office.board.sessions() as session, session.begin():
        await session.execute(update(UserAccount).values(disabled_at=datetime(2026, 1, 1, tzinfo=UTC)))
    assert (await visitor.post("/sign-in", data=RIGHT)).status_code == 401


async def test_the_sixth_wrong_attempt_within_a_minute_waits(visitor: httpx.AsyncClient) -> None:
    for _ in range(5):
        assert (await visitor.post("/sign-in", data=RIGHT | {"password": "wrong"})).status_code == 401
    refused = await visitor.post("/sign-in", data=RIGHT)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    other = await visitor.post("/sign-in", data={"email": "nobody@example.org", "password": "wrong"})
    assert other.status_code == 401


@pytest.mark.parametrize(
    "spelling", ["adam@example.org\0", " ADAM@example.org", "adam\u200b@example.org", "\0adam@example.org\r\n"]
)
async def test_another_spelling_of_the_account_has_no_attempts_of_its_own(
    visitor: httpx.AsyncClient, spelling: str
) -> None:
    for _ in range(5):
        await visitor.post("/sign-in", data=RIGHT | {"password": "wrong"})
    assert (await visitor.post("/sign-in", data=RIGHT | {"email": spelling})).status_code == 429


async def test_a_minute_later_the_attempts_are_forgotten_and_nothing_is_kept(
    visitor: httpx.AsyncClient, office: Office
) -> None:
    for _ in range(6):
        await visitor.post("/sign-in", data=RIGHT | {"password": "wrong"})
    await office.clock.sleep(61)
    assert (await visitor.post("/sign-in", data=RIGHT)).status_code == 303
    async with office.board.sessions() as session:
        left = (await session.scalars(select(SignInAttempt.at))).all()
    assert all(at >= office.clock.now() - WINDOW for at in left)


async def test_strangers_do_not_lock_a_browser_out_that_has_signed_in_before(
    visitor: httpx.AsyncClient, office: Office
) -> None:
    """Behind a proxy that nobody declared, they even come from the same address."""
    assert (await visitor.post("/sign-in", data=RIGHT)).status_code == 303
    transport = httpx.ASGITransport(office.app)
    async with httpx.AsyncClient(transport=transport, base_url=cast.BASE_URL) as stranger:
        answers = [(await stranger.post("/sign-in", data=RIGHT | {"password": "guess"})).status_code for _ in range(8)]
    assert answers == [401] * 5 + [429] * 3
    assert (await visitor.post("/sign-in", data=RIGHT)).status_code == 303
    visitor.cookies.set("device", "f" * 64)
    assert (await visitor.post("/sign-in", data=RIGHT)).status_code == 429, "a forged cookie is none"


async def test_a_storm_is_turned_away_at_once_and_does_not_keep_the_owner_waiting(
    visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    checking, go_on = asyncio.Event(), threading.Event()

    def slow(*_: object) -> bool:
        loop.call_soon_threadsafe(checking.set)
        return not go_on.wait(10)

    loop = asyncio.get_running_loop()
    monkeypatch.setattr("app.auth.passwords._HASHER.verify", slow)
    storm = [
        asyncio.create_task(visitor.post("/sign-in", data={"email": f"{n}@example.org", "password": "x"}))
        for n in range(60)
    ]
    await checking.wait()
    refused, _ = await asyncio.wait(storm, timeout=1)
    go_on.set()
    codes = sorted(answer.status_code for answer in await asyncio.gather(*storm))
    assert codes.count(503) + codes.count(429) >= 30
    assert any(one.result().headers.get("retry-after") for one in refused)
    monkeypatch.undo()
    assert (await visitor.post("/sign-in", data=RIGHT)).status_code in (303, 429)


async def test_the_work_of_a_client_that_has_gone_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone() -> bool:
        return True

    monkeypatch.setattr("app.auth.passwords._HASHER.verify", lambda *_: pytest.fail("nobody waits for it"))
    with pytest.raises(GoneAway):
        await password_is_right("x", None, gone)


async def test_signing_in_often_and_rightly_is_no_attack(visitor: httpx.AsyncClient) -> None:
    for _ in range(7):
        assert (await visitor.post("/sign-in", data=RIGHT)).status_code == 303


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_a_foreign_page_cannot_sign_anybody_in(visitor: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await visitor.post("/sign-in", data=RIGHT, headers=headers)).status_code == 403


async def test_strange_fields_are_simply_wrong(visitor: httpx.AsyncClient) -> None:
    for email, password in (("", ""), ("a\0b@example.org", "x"), ("x" * 5000, "y" * 5000)):
        assert (await visitor.post("/sign-in", data={"email": email, "password": password})).status_code == 401


async def test_an_old_cookie_is_never_taken_over(visitor: httpx.AsyncClient) -> None:
    visitor.cookies.set("sid", "planted")
    answer = await visitor.post("/sign-in", data=RIGHT)
    assert "sid=planted" not in answer.headers["set-cookie"]


async def test_signing_out_ends_the_session(served_office: ServedOffice) -> None:
    await served_office.add_person("olga@example.org")
    async with served_office.signed_in("olga@example.org", PASSWORD) as olga:
        cookie = olga.cookies["sid"]
        token = (await olga.get("/")).text.partition('name="csrf_token" value="')[2].partition('"')[0]
        assert (await olga.post("/sign-out")).status_code == 403, "without the token"
        out = await olga.post("/sign-out", data={"csrf_token": token})
        assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
        olga.cookies.clear()
        olga.cookies.set("sid", cookie)
        assert (await olga.get("/")).status_code == 303
        assert (await olga.get("/events")).status_code == 401


async def test_a_form_of_a_session_that_has_ended_leads_to_the_sign_in(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/clients/from-call", data={"call": "CA", "name": "Uma"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in")


async def test_a_program_s_key_opens_no_panel(office: Office) -> None:
    assert (await office.api.get("/")).status_code == 303


async def test_a_company_set_up_a_moment_ago_has_its_panel(served_office: ServedOffice) -> None:
    board = served_office.office.board
    form = CompanyForm(
        "Nouvelle Maison", cast.SECOND_LINE, "FR", "Europe/Paris", "fr", "AC" + "b" * 32, "0123456789abcdef",
        "eve@example.org", PASSWORD, bare=True,
)  # fmt: skip
    await set_up_company(board.sessions, board.secret_box, form)
    async with served_office.signed_in("eve@example.org", PASSWORD) as eve:
        assert "Nouvelle Maison" in (await eve.get("/")).text
