"""The clients' pages: found, written, changed by two at once, deleted and brought back."""

import re
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.auth.roles import Role
from models import AuditEntry, ClientNote, GoneClient
from tests import cast
from tests.api import made, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
HTML = {"Accept": "text/html"}


async def client_of(office: Office, client_id: str) -> dict[str, Any]:
    answer = await office.api.get(f"/api/v1/clients/{client_id}")
    assert answer.status_code == 200
    row: dict[str, Any] = answer.json()
    return row


def form_of(client: dict[str, Any], **fields: str) -> dict[str, str]:
    """The form of a client's page as it is, but for ``fields``."""
    values = {
        name: client[name] or "" for name in ("name", "company", "category_id", "language", "about", "pinned_note")
    }
    for place, one in enumerate(client["numbers"]):
        values[f"number-{place}"] = one["number"]
        if one["shared"]:
            values[f"shared-{place}"] = "yes"
    return values | {"standing": client["standing"], "as_of": client["updated_at"]} | fields


async def made_by(api: httpx.AsyncClient, name: str) -> None:
    assert (await api.post("/api/v1/clients", json={"name": name})).status_code == 201


def page_of(answer: httpx.Response, status: int = 200) -> str:
    assert answer.status_code == status, answer.text
    return answer.text


async def test_the_list_finds_them_by_part_of_a_name_and_of_a_number(office: Office) -> None:
    await office.add_client(cast.CLARA, "Lucía Ortiz", company="Muebles del Sur")
    await office.add_client(cast.UMA, "Uma")
    async with signed_in(office, Role.OPERATOR) as olga:
        assert "2 clients" in page_of(await olga.get("/clients"))
        found = page_of(await olga.get("/clients?q=ortiz+lucia"))
        assert "Lucía Ortiz" in found
        assert "1 client<" in found
        assert "Uma" not in found
        rows = page_of(await olga.get("/clients?q=06+39+98+00+03", headers={"X-Part": "found"}))
        assert "Uma" in rows
        assert "<html" not in rows
        assert "No clients match" in page_of(await olga.get("/clients?q=nobody"))
        offered = (await olga.get("/clients/found?q=ortiz")).json()
        assert [(one["name"], one["company"], one["numbers"]) for one in offered] == [
            ("Lucía Ortiz", "Muebles del Sur", [cast.CLARA])
        ]
        async with neighbour(office) as (api, _nina):
            await made_by(api, "Lucía of next door")
            assert [one["name"] for one in (await olga.get("/clients/found?q=lucia")).json()] == ["Lucía Ortiz"]


async def test_the_list_goes_on_where_it_ended_in_either_order(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.base.limits.CLIENTS_ON_PAGE", 2)
    names = ["Anna", "Clara", "Uma", "Vera", "Zoé"]
    for place, name in enumerate(names):
        await office.add_client(f"+3363998010{place}", name)
    for place in (3, 1):
        call = await office.phones.place_call(f"+3363998010{place}", cast.LINE)
        await call.hang_up_after(1)
        await office.phones.let_pass(60)
    await office.settled()
    async with signed_in(office, Role.OPERATOR) as olga:
        for order, expected in (("name", names), ("call", ["Clara", "Vera", "Zoé", "Uma", "Anna"])):
            address, seen = f"/clients?sort={order}", []
            for _ in range(3):
                page = page_of(await olga.get(address))
                seen += re.findall(r'class="name"[^>]*><bdi>([^<]*)', page)
                address = unescape(([*re.findall(r'href="(/clients\?[^"]*)">Next page', page), ""])[0])
            assert seen == expected
            assert address == "", "the last page is the last"
        assert (await olga.get("/clients?sort=call&after=AAAA", headers=HTML)).status_code == 422


async def test_a_client_is_written_and_what_is_wrong_stands_at_its_field(office: Office) -> None:
    async with signed_in(office, Role.OPERATOR) as olga:
        wrong = page_of(await olga.post("/clients/new", data={"name": "Clara", "number-0": "12"}), 422)
        assert 'aria-invalid="true"' in wrong
        assert 'id="wrong-numbers.0"' in wrong
        assert 'value="12"' in wrong
        nameless = page_of(await olga.post("/clients/new", data={"name": " ", "number-0": "06 39 98 00 04"}), 422)
        assert 'id="wrong-name"' in nameless
        saved = await olga.post(
            "/clients/new",
            data={"name": "Clara", "number-0": "06 39 98 00 04", "number-3": "01 99 00 44 44", "shared-3": "yes"},
        )
        assert saved.status_code == 303
        client = await client_of(office, saved.headers["location"].split("/")[2].partition("?")[0])
        assert client["numbers"] == [
            {"number": cast.CLARA, "shared": False}, {"number": "+33199004444", "shared": True},
        ]  # fmt: skip
        page = page_of(await olga.get(saved.headers["location"]))
        assert "Saved." in page
        assert "+33 6 39 98 00 04" in page
        assert (await olga.get("/clients/nobody", headers=HTML)).status_code == 404
        assert "<option" not in page.partition('name="standing"')[2], "operators do not judge"


async def test_an_operator_cannot_make_a_vip_and_a_conflict_is_told_at_the_numbers(office: Office) -> None:
    await office.add_blacklisted(cast.BORIS)
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA])
    path = f"/clients/{clara['id']}/edit"
    async with signed_in(office, Role.OPERATOR) as olga:
        page_of(await olga.post(path, data=form_of(clara, standing="vip")), 403)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        told = page_of(await sofia.post(path, data=form_of(clara, **{"standing": "vip", "number-1": cast.BORIS})), 409)
        assert 'id="wrong-numbers"' in told
        assert 'value="vip" selected' in told
        assert (await sofia.post(path, data=form_of(clara, standing="vip"))).status_code == 303
    assert (await client_of(office, clara["id"]))["standing"] == "vip"


async def test_whoever_saves_second_is_told_and_nothing_is_lost(office: Office) -> None:
    clara = await made(office, "clients", name="Clara", about="chairs", numbers=[cast.CLARA])
    path = f"/clients/{clara['id']}/edit"
    async with signed_in(office, Role.OPERATOR) as olga, signed_in(office, Role.ADMIN) as adam:
        first = form_of(clara, about="tables", **{"number-1": cast.UMA})
        assert (await olga.post(path, data=first)).status_code == 303
        told = page_of(await adam.post(path, data=form_of(clara, about="a wardrobe")), 409)
        assert "operator@people.example has changed this client in the meantime" in told
        assert "a wardrobe</textarea>" in told
        assert "Current value: tables" in told
        assert "Current value: +33 6 39 98 00 04, +33 6 39 98 00 03" in told
        assert (await client_of(office, clara["id"]))["about"] == "tables"
        as_of = told.partition('name="as_of" value="')[2].partition('"')[0]
        again = form_of(await client_of(office, clara["id"]), about="a wardrobe", as_of=as_of)
        assert (await adam.post(path, data=again)).status_code == 303
    now = await client_of(office, clara["id"])
    assert (now["about"], len(now["numbers"])) == ("a wardrobe", 2)


async def test_a_deleted_client_comes_back_with_everything(office: Office) -> None:
    clara = await made(office, "clients", name="Clara", company="Petit", numbers=[cast.CLARA, cast.UMA])
    async with signed_in(office, Role.OPERATOR) as olga:
        await olga.post(f"/clients/{clara['id']}/notes", data={"text": "Wants it before Christmas."})
        gone = await olga.post(f"/clients/{clara['id']}/delete")
        assert gone.status_code == 303
        page = page_of(await olga.get(gone.headers["location"]))
        assert "Clara was deleted." in page
        assert (await olga.get(f"/clients/{clara['id']}", headers=HTML)).status_code == 404
        assert not (await office.api.get(f"/api/v1/clients?number={cast.CLARA[1:]}")).json()["items"]
        undo = page.partition('action="/clients/gone/')[2].partition('"')[0]
        back = await olga.post(f"/clients/gone/{undo}")
        assert back.status_code == 303
        assert await client_of(office, clara["id"]) == clara
        assert "Wants it before Christmas." in page_of(await olga.get(back.headers["location"]))
        assert (await olga.post(f"/clients/gone/{undo}", headers=HTML)).status_code == 404, "once is enough"


async def test_after_a_month_a_deleted_client_is_forgotten_notes_and_all(office: Office) -> None:
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA])
    uma = await made(office, "clients", name="Uma", numbers=[cast.UMA])
    async with signed_in(office, Role.OPERATOR) as olga:
        await olga.post(f"/clients/{clara['id']}/notes", data={"text": "A secret."})
        location = (await olga.post(f"/clients/{clara['id']}/delete")).headers["location"]
    await office.phones.let_pass(31 * 24 * 3600)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        undo = location.rpartition("=")[2]
        assert (await sofia.post(f"/clients/gone/{undo}/undo", headers=HTML)).status_code == 404
        await sofia.post(f"/clients/{uma['id']}/delete")
    async with office.board.sessions() as session:
        assert (await session.scalars(select(ClientNote))).all() == []
        assert [one.client_id for one in (await session.scalars(select(GoneClient))).all()] == [uma["id"]]


async def test_notes_are_dated_signed_and_removed_with_undo(office: Office) -> None:
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA])
    path = f"/clients/{clara['id']}"
    async with signed_in(office, Role.OPERATOR) as olga, signed_in(office, Role.SUPERVISOR) as sofia:
        page_of(await olga.post(f"{path}/notes", data={"text": "  "}), 422)
        await sofia.post(f"{path}/notes", data={"text": "<b>Be careful</b>"})
        page = page_of(await olga.get(path))
        assert "&lt;b&gt;Be careful&lt;/b&gt;" in page
        assert "supervisor@people.example" in page
        assert "24 Jul 2026, 10:00" in page
        assert "/remove" not in page, "it is not hers"
        note = page_of(await sofia.get(path)).partition(f"{path}/notes/")[2].partition("/")[0]
        assert (await olga.post(f"{path}/notes/{note}/remove", headers=HTML)).status_code == 403
        removed = await sofia.post(f"{path}/notes/{note}/remove")
        page = page_of(await sofia.get(removed.headers["location"]))
        assert "The note was removed." in page
        assert "Be careful" not in page
        await sofia.post(f"{path}/notes/{note}/restore")
        assert "Be careful" in page_of(await olga.get(path))


async def test_operators_see_neither_lists_nor_who_is_blacklisted(office: Office) -> None:
    boris = await made(office, "clients", name="Boris", standing="blacklisted", numbers=["+33639980099"])
    await office.add_blacklisted("+33639980099", label="Boris the loud", reason="Shouts")
    call = await office.phones.place_call("+33639980099", cast.LINE)
    await call.hang_up_after(1)
    await office.settled()
    path = f"/clients/{boris['id']}"
    async with signed_in(office, Role.OPERATOR) as olga:
        page = page_of(await olga.get(path)) + page_of(await olga.get("/clients"))
        assert "Boris" in page
        assert "Not put through" in page
        for secret in ("lacklist", "Shouts", "the loud"):
            assert secret not in page
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        page = page_of(await sofia.get(path))
        assert "Blacklist: Boris the loud" in page
        assert "Shouts" in page
        assert "Blacklisted" in page_of(await sofia.get("/clients"))


async def test_what_is_done_is_in_the_audit_trail(office: Office) -> None:
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA])
    async with signed_in(office, Role.OPERATOR) as olga:
        gone = await olga.post(f"/clients/{clara['id']}/delete")
        await olga.post(f"/clients/gone/{gone.headers['location'].rpartition('=')[2]}/undo")
    async with office.board.sessions() as session:
        query = select(AuditEntry).where(AuditEntry.row_id == clara["id"]).order_by(AuditEntry.id)
        acts = [(one.act, one.actor.partition(":")[0]) for one in (await session.scalars(query)).all()]
    assert acts == [("add", "key"), ("delete", "user"), ("restore", "user")]


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "‮evil", "a" * 200])
async def test_hostile_text_stays_text(office: Office, text: str) -> None:
    clara = await made(office, "clients", name=text, company=text, about=text, numbers=[cast.CLARA])
    async with signed_in(office, Role.ADMIN) as adam:
        for path in ("/clients", f"/clients/{clara['id']}", f"/clients/{clara['id']}/merge", f"/clients?q={text[:50]}"):
            assert "<script>alert" not in page_of(await adam.get(path))
        assert (await adam.get("/clients?q=%00&category=%00&gone=%00")).status_code == 200
        assert (await adam.get("/clients/%00", headers=HTML)).status_code == 404
