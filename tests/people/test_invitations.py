"""An invitation: a link that works once, for a week, until it is taken back."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.auth.roles import Role, Scope
from tests import cast
from tests.api import API, client, fault, key_with, made, neighbour, signed_in
from tests.letters import mail_server, use_mail_server
from tests.office import FRIDAY_MORNING, Office

pytestmark = pytest.mark.anyio
INVITATIONS = "users/invitations"
ACCOUNT = {"name": "Olga", "password": "olga's long secret", "again": "olga's long secret", "language": "es"}


def path_of(link: str) -> str:
    """Its path."""
    return link.removeprefix(cast.BASE_URL)


async def invited(office: Office, **fields: Any) -> dict[str, Any]:
    """Olga's invitation, with its link."""
    return await made(office, INVITATIONS, **({"email": "olga@example.org"} | fields))


async def test_somebody_accepts_and_is_signed_in_with_what_the_invitation_gives(office: Office) -> None:
    operator = await office.add_operator()
    one = await invited(
        office, email=" Olga@Example.org", role="supervisor", operator_id=operator["id"], may_block=False
    )
    assert (one["state"], one["mail"], one["email"]) == ("open", "off", "olga@example.org")
    assert one["expires_at"] == (FRIDAY_MORNING + timedelta(days=7)).isoformat().replace("+00:00", "Z")
    path = path_of(one["link"])
    async with client(office) as olga:
        for _ in range(3):  # opening a link uses nothing up
            assert "Maison Vera" in (await olga.get(path)).text
        entered = await olga.post(path, data=ACCOUNT)
        assert (entered.status_code, entered.headers["location"]) == (303, "/")
        assert '<html lang="es"' in (await olga.get("/")).text
        assert (await olga.get(path)).status_code == 404
        assert (await olga.post(path, data=ACCOUNT)).status_code == 404
    (user,) = (await office.api.get(f"{API}/users", params={"q": "olga@"})).json()["items"]
    assert (user["role"], user["operator_id"], user["may_block"], user["name"]) == (
        "supervisor", operator["id"], False, "Olga",
    )  # fmt: skip
    assert user["signed_in_at"] is not None
    assert (await office.api.get(f"{API}/{INVITATIONS}")).json()["items"] == []
    acts = [
        one["act"] for one in (await office.api.get(f"{API}/audit", params={"subject": "invitation"})).json()["items"]
    ]
    assert acts == ["accept", "invite"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": " "}, "name"), ({"name": "x" * 201}, "name"), ({"password": "short", "again": "short"}, "password"),
        ({"again": "another"}, "again"), ({"password": "olga@example.org", "again": "olga@example.org"}, "password"),
        ({"name": "a\0b"}, "name"),
    ],
)  # fmt: skip
async def test_what_is_refused_leaves_the_link_as_it_is(office: Office, typed: dict[str, str], field: str) -> None:
    path = path_of((await invited(office))["link"])
    async with client(office) as olga:
        wrong = await olga.post(path, data=ACCOUNT | typed)
        assert wrong.status_code == 422, wrong.text
        assert f'id="wrong-{field}"' in wrong.text
        assert ACCOUNT["password"] not in wrong.text
        assert (await olga.post(path, data=ACCOUNT)).status_code == 303


async def test_links_end_by_time_by_being_sent_again_and_by_being_taken_back(office: Office) -> None:
    first = await invited(office)
    second = (await office.api.post(f"{API}/{INVITATIONS}/{first['id']}/resend")).json()
    async with client(office) as olga:
        assert (await olga.get(path_of(first["link"]))).status_code == 404
        assert (await olga.get(path_of(second["link"]))).status_code == 200
        await office.clock.sleep(7 * 24 * 3600 + 1)
        assert (await olga.post(path_of(second["link"]), data=ACCOUNT)).status_code == 404
        assert (await office.api.get(f"{API}/{INVITATIONS}/{first['id']}")).json()["state"] == "expired"
        third = await invited(office)  # in place of the one that expired
        assert [one["id"] for one in (await office.api.get(f"{API}/{INVITATIONS}")).json()["items"]] == [third["id"]]
        assert (await office.api.delete(f"{API}/{INVITATIONS}/{third['id']}")).status_code == 204
        assert (await olga.get(path_of(third["link"]))).status_code == 404


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"email": "nobody"}, (422, "unprocessable", "email")),
        ({"email": cast.ADAM_EMAIL.upper()}, (409, "name-taken", "email")),
        ({"email": "Olga@example.org"}, (409, "name-taken", "email")),
        ({"role": "emperor"}, (422, "unprocessable", "role")),
        ({"language": "xx"}, (422, "unprocessable", "language")),
        ({"operator_id": "01aaaaaaaaaaaaaaaaaa"}, (422, "unprocessable", "operator_id")),
        ({"name": "a\0b"}, (422, "unprocessable", "name")),
        ({"may_block": 1}, (422, "unprocessable", "may_block")),
    ],
)
async def test_invitations_that_make_no_sense(
    office: Office, body: dict[str, Any], problem: tuple[int, str, str]
) -> None:
    await invited(office)
    answer = await office.api.post(f"{API}/{INVITATIONS}", json={"email": "x@example.org"} | body)
    assert fault(answer) == problem


async def test_the_address_is_taken_meanwhile(office: Office) -> None:
    path = path_of((await invited(office))["link"])
    await made(office, "users", email="olga@example.org", name="Olga", password="a long password")
    async with client(office) as olga:
        refused = await olga.post(path, data=ACCOUNT | {"language": "en"})
        assert refused.status_code == 409
        assert "already signs in" in refused.text


async def test_the_link_is_nowhere_but_in_the_answer_and_shown_once(office: Office) -> None:
    again = {"Idempotency-Key": "olga"}
    body = {"email": "olga@example.org"}
    first = await office.api.post(f"{API}/{INVITATIONS}", json=body, headers=again)
    token = first.json()["link"].rsplit("/", 1)[1]
    assert fault(await office.api.post(f"{API}/{INVITATIONS}", json=body, headers=again))[:2] == (
        409, "secret-shown-once",
    )  # fmt: skip
    async with office.board.sessions() as session:
        for table in ("invitation", "audit_entry", "idempotent_request"):
            rows = (await session.scalars(text(f"SELECT t::text FROM {table} t"))).all()  # noqa: S608
            assert rows
            assert not any(token in row for row in rows), table
    assert token not in (await office.api.get(f"{API}/{INVITATIONS}")).text


async def test_only_admins_and_keys_that_hand_out_keys_invite(office: Office) -> None:
    one = await invited(office)
    for role in (Role.OPERATOR, Role.SUPERVISOR):
        async with signed_in(office, role) as person:
            for answer in (
                await person.get(f"{API}/{INVITATIONS}"), await person.get("/settings/people"),
                await person.post(f"{API}/{INVITATIONS}", json={"email": "x@example.org"}),
                await person.post("/settings/people/invite", data={"email": "x@example.org"}),
            ):  # fmt: skip
                assert answer.status_code == 403
    key = await key_with(office, Scope.READ, Scope.WRITE)
    async with client(office, Authorization=f"Bearer {key}") as program:
        assert (await program.post(f"{API}/{INVITATIONS}", json={"email": "x@example.org"})).status_code == 403
    async with neighbour(office) as (next_door, _company):
        assert (await next_door.get(f"{API}/{INVITATIONS}/{one['id']}")).status_code == 404
        assert (await next_door.delete(f"{API}/{INVITATIONS}/{one['id']}")).status_code == 404
        assert (await next_door.post(f"{API}/{INVITATIONS}/{one['id']}/resend")).status_code == 404


async def test_links_are_not_guessed_one_after_the_other(office: Office) -> None:
    async with client(office) as stranger:
        for kind in ("invite", "reset"):
            statuses = [(await stranger.get(f"/{kind}/{number:043}")).status_code for number in range(31)]
            assert statuses[0] == (404 if kind == "invite" else 429)
            assert statuses[-1] == 429
        forged = await stranger.post("/invite/x", data=ACCOUNT, headers={"Sec-Fetch-Site": "cross-site"})
        assert forged.status_code == 403
        assert (await stranger.get("/invite/" + "x" * 5000)).status_code in {404, 422}


async def test_a_letter_goes_out_in_the_recipient_s_language(office: Office) -> None:
    async with mail_server() as server, client(office) as olga:
        use_mail_server(office.board, server)
        one = await invited(office, language="es")
        await office.board.mail.settled()
        (letter,) = server.letters
        assert letter["To"] == "olga@example.org"
        assert server.link() == path_of(one["link"])
        assert (await office.api.get(f"{API}/{INVITATIONS}/{one['id']}")).json()["mail"] == "sent"
        assert (await olga.post(server.link(), data=ACCOUNT)).status_code == 303


async def test_an_admin_sees_on_the_page_what_became_of_the_letter(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def handed(adam: httpx.AsyncClient, email: str) -> str:
        answer = await adam.post("/settings/people/invite", data={"email": email, "role": "operator", "may_block": "1"})
        assert answer.status_code == 200, answer.text
        return answer.text

    async with mail_server() as server, signed_in(office, Role.ADMIN) as adam:
        assert f"{cast.BASE_URL}/invite/" in await handed(adam, "a@example.org"), "no mail server: by hand"
        use_mail_server(office.board, server)
        assert "/invite/" not in (await handed(adam, "b@example.org")).partition("<main")[2].replace(
            "/people/invite", ""
        )
        server.refuses = "550 Nobody of this name"
        failed = await handed(adam, "c@example.org")
        assert "Nobody of this name" in failed
        assert f"{cast.BASE_URL}/invite/" in failed
        server.refuses, server.is_slow = "", True
        monkeypatch.setattr("app.people.send_letter.PATIENCE", 0.05)
        assert f"{cast.BASE_URL}/invite/" in await handed(adam, "d@example.org"), "in case that it never goes out"
        await office.board.mail.close()
        assert "c@example.org" in (await adam.get("/settings/people")).text
