"""Imports of clients by the API: a preview that keeps its word, and an undo that gives back what was there."""

import csv
import io
from decimal import Decimal
from typing import Any

import httpx
import pytest

from app.auth.roles import Role
from models import Callback, CallNote, ClientNote, Matter, ProductState, Sale
from tests import cast
from tests.api import API, fault, made, neighbour, signed_in
from tests.office import Office

pytestmark = pytest.mark.anyio
IMPORTS = f"{API}/clients/imports"
ANNA, PETER, LUCIA, DESK = "+33639980101", "+33639980102", "+33639980103", "+33199001234"


async def previewed(api: httpx.AsyncClient, content: str | bytes, **query: Any) -> dict[str, Any]:
    """What the upload of ``content`` answers."""
    answer = await api.post(IMPORTS, content=content, params=query, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def do(api: httpx.AsyncClient, one: dict[str, Any], act: str) -> dict[str, Any]:
    answer = await api.post(f"{IMPORTS}/{one['id']}/{act}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def lines(api: httpx.AsyncClient, one: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    answer = await api.get(f"{IMPORTS}/{one['id']}/rows", params={"kind": kind, "limit": 500})
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def clients(api: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    """The cards by name."""
    answer = await api.get(f"{API}/clients", params={"limit": 500})
    return {row["name"]: row for row in answer.json()["items"]}


async def exported(api: httpx.AsyncClient, form: str = "json") -> bytes:
    answer = await api.get(f"{API}/clients/export", params={"format": form})
    assert answer.status_code == 200, answer.text
    return answer.content


def counts(add: int = 0, change: int = 0, same: int = 0, twice: int = 0, error: int = 0) -> dict[str, int]:
    return {"add": add, "change": change, "same": same, "twice": twice, "error": error}


def under_another_name(line: int, name: str) -> str:
    return (
        f"Line {line} has this client's number under another name ({name}), and counts. If two people share the number, "
        "write “shared” behind it in both lines."
    )


async def test_a_messy_file_ends_as_its_preview_said_and_is_undone(office: Office) -> None:
    api = office.api
    await office.add_category("Постоянные")
    clara = await office.add_client(about="Invoice 1042")
    await office.add_client(DESK, "Dora")
    await office.add_client(DESK, "Denis")
    before = await exported(api)
    content = (
        "Фамилия;Имя;Компания;Мобильный телефон;Рабочий телефон;Категория;Язык;Описание\r\n"
        "Иванова;Анна;Ромашка;06 39 98 01 01;01 99 00 20 00 общий;постоянные;ru;«Звонить утром»\r\n"
        "Петров;Пётр;;0639980102 / 0639980103;01 99 00 20 00 общий;;;\r\n"
        "Иванова;Аня;;+33 6 39 98 01 01;;;;\r\n"
        ";;Ателье;06 39 98 00 04;;Постоянные;;\r\n"
        "Сидоров;Иван;;12;;;;\r\n"
        "Сидоров;Иван;;06 39 98 01 05;;Нет такой;;\r\n"
        "Кто-то;;;01 99 00 12 34;;;;\r\n"
        "Без;Номера;;;;;;\r\n"
        ";;;06 39 98 01 07;;;;\r\n"
        "Немец;Ганс;;06 39 98 01 08;;;de;\r\n"
    ).encode("cp1251")
    one = await previewed(api, content, file_name="клиенты.csv")
    assert one["encoding"] == "cp1251"
    assert one["counts"] == counts(add=2, change=1, twice=1, error=6)
    assert [column["field"] for column in one["columns"]] == [
        "last_name", "first_name", "company", "number", "number", "category", "language", "about",
    ]  # fmt: skip
    assert await exported(api) == before, "a preview writes nothing"
    errors = {row["line"]: (row["field"], row["detail"]) for row in await lines(api, one, "error")}
    assert [(line, errors[line][0]) for line in sorted(errors)] == [
        (6, "number"), (7, "category"), (8, "number"), (9, "number"), (10, "name"), (11, "language"),
    ]  # fmt: skip
    assert "Нет такой" in errors[7][1]
    assert "Dora" in errors[8][1]
    assert "Denis" in errors[8][1]
    (changed,) = await lines(api, one, "change")
    assert changed["before"] == {"category": "", "company": ""}
    assert changed["after"] == {"category": "Постоянные", "company": "Ателье"}
    assert [row["detail"] for row in await lines(api, one, "twice")] == [under_another_name(2, "Анна Иванова")]

    applied = await do(api, one, "apply")
    assert (applied["state"], applied["counts"]) == ("applied", one["counts"])
    found = await clients(api)
    anna, peter = found["Анна Иванова"], found["Пётр Петров"]
    assert anna["numbers"] == [{"number": ANNA, "shared": False}, {"number": "+33199002000", "shared": True}]
    assert [one["number"] for one in peter["numbers"]] == [PETER, LUCIA, "+33199002000"]
    assert (anna["category"], anna["language"], anna["about"]) == ("Постоянные", "ru", "«Звонить утром»")
    assert (found["Clara"]["company"], found["Clara"]["about"]) == ("Ателье", "Invoice 1042"), (
        "an empty cell says nothing"
    )
    office_knows = office.board.live_plan.tenant(office.company.tenant).rows["client"]
    assert office_knows[clara["id"]]["company"] == "Ателье", "workers serve it"
    audit = (await api.get(f"{API}/audit", params={"limit": 5})).json()["items"]
    assert next((row["act"], row["subject"]) for row in audit[:2]) == ("import", "client")
    assert audit[0]["after"]["add"] == 2

    again = await previewed(api, content)
    assert again["counts"] == counts(same=3, twice=1, error=6), "the same file says nothing new"

    undone = await do(api, one, "undo")
    assert undone["undone"] == {"removed": 2, "restored": 1, "kept": 0, "left": []}
    assert await exported(api) == before
    assert fault(await api.post(f"{IMPORTS}/{one['id']}/undo"))[:2] == (409, "conflict")


async def test_two_people_on_one_number_are_not_the_same(office: Office) -> None:
    api = office.api
    one = await previewed(api, f"name,number\nÉlodie,{ANNA}\nJean,{ANNA}\nelodie,{ANNA}\n,{ANNA}\n")
    assert one["counts"] == counts(add=1, twice=3)
    assert [row["detail"] for row in await lines(api, one, "twice")] == [
        under_another_name(2, "Élodie"), "The same as line 2, which counts.", "The same as line 2, which counts.",
    ]  # fmt: skip
    await do(api, one, "apply")
    assert list(await clients(api)) == ["Élodie"]
    # As the sentence says:
    both = await previewed(api, f"name,number\nÉlodie,{ANNA} shared\nJean,{ANNA} shared\n")
    assert both["counts"] == counts(add=1, change=1)
    await do(api, both, "apply")
    found = await clients(api)
    assert {name: one["numbers"] for name, one in found.items()} == {
        "Élodie": [{"number": ANNA, "shared": True}], "Jean": [{"number": ANNA, "shared": True}],
    }  # fmt: skip


async def test_two_names_for_one_known_client_are_told(office: Office) -> None:
    added = await office.api.post(f"{API}/clients", json={"name": "Anna", "numbers": [ANNA, PETER]})
    assert added.status_code == 201, added.text
    one = await previewed(office.api, f"name,number\nAnna,{ANNA}\nPeter,{PETER}\nAnna,{PETER}\n")
    assert one["counts"] == counts(same=1, twice=2)
    assert [row["detail"] for row in await lines(office.api, one, "twice")] == [
        under_another_name(2, "Anna"), "The same as line 2, which counts.",
    ]  # fmt: skip


async def test_whoever_was_edited_since_is_not_undone(office: Office) -> None:
    api = office.api
    await office.add_client(name="Clara")
    rows = f"name,number\nChanged,{cast.CLARA}\nAnna,{ANNA}\nPeter,{PETER}\nLucia,{LUCIA}\n"
    one = await previewed(api, rows)
    await do(api, one, "apply")
    found = await clients(api)
    for name in ("Changed", "Anna"):
        assert (await api.patch(f"{API}/clients/{found[name]['id']}", json={"about": "mine"})).status_code == 200
    assert (await api.delete(f"{API}/clients/{found['Peter']['id']}")).status_code == 204
    undone = (await do(api, one, "undo"))["undone"]
    assert (undone["removed"], undone["restored"], undone["kept"]) == (1, 0, 2)
    assert undone["left"] == [{"number": ANNA, "why": "edited"}, {"number": cast.CLARA, "why": "edited"}]
    assert set(await clients(api)) == {"Changed", "Anna"}


async def test_whoever_was_written_about_since_is_not_undone(office: Office) -> None:
    api, now = office.api, office.clock.now()
    names = ("Note", "Matter", "Sale", "Product", "Call", "Somebody", "Callback", "Missed")
    rows = [f"{name},+3363998{place:04}\n" for place, name in enumerate(names, 200)]
    one = await previewed(api, "name,number\n" + "".join(rows))
    await do(api, one, "apply")
    found = {name: card["id"] for name, card in (await clients(api)).items()}
    product = await made(office, "products", name="Alarm")
    mine, call, other = {"tenant_id": office.company.tenant}, "CA" + "1" * 32, "CA" + "2" * 32
    await office.webhook("/twilio/voice", "+33639980204", CallSid=call)
    await office.webhook("/twilio/voice", cast.UMA, CallSid=other)
    await office.settled()
    async with office.board.sessions() as session, session.begin():
        session.add(ClientNote(**mine, client_id=found["Note"], author="x", text="Rings on Mondays"))
        session.add(
            Matter(**mine, kind="complaint", client_id=found["Matter"], due_at=now, text="Noise", opened_by="x")
        )
        session.add(
            Sale(
                **mine, import_id="x", line=1, client_id=found["Sale"], day=now.date(), amount=Decimal(9), currency="EUR"
            )
        )  # fmt: skip
        session.add(
            ProductState(
                **mine, client_id=found["Product"], product_id=product["id"], state="refused", at=now, actor="x"
            )
        )
        session.add(CallNote(**mine, call_id=call, satisfaction=2))
        session.add(CallNote(**mine, call_id=other, client_id=found["Somebody"], outcome="done"))
        for name, reason in (("Callback", "promised"), ("Missed", "missed")):
            session.add(Callback(**mine, number=name, client_id=found[name], reason=reason, due_at=now))
    undone = (await do(api, one, "undo"))["undone"]
    assert (undone["removed"], undone["kept"]) == (1, 7), "a call alone is nobody's work"
    assert {row["why"] for row in undone["left"]} == {"written_about"}
    assert set(await clients(api)) == set(names) - {"Missed"}


async def test_whoever_was_merged_since_is_named(office: Office) -> None:
    api = office.api
    clara, vera = await office.add_client(name="Clara"), await office.add_client(cast.VERA, "Vera")
    one = await previewed(api, f"name,number\nAnna,{ANNA}\nVera Vee,{cast.VERA}\n")
    await do(api, one, "apply")
    anna = (await clients(api))["Anna"]
    for other in (anna, vera):
        merged = await api.post(f"{API}/clients/{clara['id']}/merge", json={"other_id": other["id"]})
        assert merged.status_code == 200, merged.text
    assert (await do(api, one, "undo"))["undone"] == {
        "removed": 0, "restored": 0, "kept": 2,
        "left": [{"number": ANNA, "why": "merged"}, {"number": cast.VERA, "why": "merged"}],
    }  # fmt: skip


async def test_whoever_a_later_import_changed_is_undone_after_that_one(office: Office) -> None:
    api = office.api
    await office.add_client(name="Clara")
    before = await exported(api)
    one = await previewed(api, f"name,number\nOne,{cast.CLARA}\nAnna,{ANNA}\n")
    await do(api, one, "apply")
    two = await previewed(api, f"name,number\nTwo,{cast.CLARA}\nAnnie,{ANNA}\n")
    await do(api, two, "apply")
    left = (await do(api, one, "undo"))["undone"]["left"]
    assert left == [{"number": ANNA, "why": "later_import"}, {"number": cast.CLARA, "why": "later_import"}]
    await do(api, two, "undo")
    assert (await do(api, one, "undo"))["undone"] == {"removed": 1, "restored": 1, "kept": 0, "left": []}
    assert await exported(api) == before
    assert fault(await api.post(f"{IMPORTS}/{one['id']}/undo"))[:2] == (409, "conflict")


async def test_a_client_does_not_go_back_to_what_is_gone(office: Office) -> None:
    api, gold = office.api, await office.add_category("Gold")
    await made(office, "client-fields", name="Colour", kind="choice", choices=["red", "blue"])
    await office.add_category("Silver")
    (field,) = (await api.get(f"{API}/client-fields")).json()["items"]
    await office.add_client(name="Clara", category_id=gold["id"])
    await office.add_client(cast.VERA, "Vera", fields={field["id"]: "red"})
    one = await previewed(api, f"number,category,Colour\n{cast.CLARA},Silver,\n{cast.VERA},,blue\n")
    await do(api, one, "apply")
    await office.add_client(cast.BORIS, "Boris", fields={field["id"]: "red"})
    boris = (await clients(api))["Boris"]["id"]
    deleted = await api.delete(f"{API}/clients/{boris}")
    assert (await api.delete(f"{API}/categories/{gold['id']}")).status_code == 204
    assert (await api.patch(f"{API}/client-fields/{field['id']}", json={"choices": ["blue"]})).status_code == 200
    undone = (await do(api, one, "undo"))["undone"]
    assert (undone["restored"], {row["why"] for row in undone["left"]}) == (0, {"gone"})
    back = await api.post(f"{API}/clients/{deleted.headers['Antichambre-Undo']}/restore")
    assert back.json()["fields"] == {}, "nor does one who was deleted"
    assert (await previewed(api, await exported(api)))["counts"] == counts(same=3)


async def test_standing_is_for_those_who_judge(office: Office) -> None:
    await office.add_blacklisted(cast.BORIS)
    vip = await office.add_client(cast.VERA, "Vera", standing="vip")
    content = (
        f"name,number,standing\nAnna,{ANNA},VIP\nVera,{cast.VERA},\nBoris,{cast.BORIS},vip\nVera,{LUCIA};{cast.VERA},\n"
    )
    async with signed_in(office, Role.OPERATOR) as olga, signed_in(office, Role.SUPERVISOR) as sofia:
        seen = await previewed(olga, content)
        assert seen["counts"] == counts(same=1, add=0, twice=1, error=1 + 0) | {"add": 0, "error": 2} | {
            "add": seen["counts"]["add"]
        }
        details = [row["detail"] for row in await lines(olga, seen, "error")]
        assert details[0] == "Only supervisors can change who is a VIP or blacklisted."
        judged = await previewed(sofia, content)
        assert judged["counts"] == counts(add=1, same=1, twice=1, error=1)
        (boris,) = await lines(sofia, judged, "error")
        assert "blacklist" in boris["detail"]
        await do(sofia, judged, "apply")
        assert (await clients(sofia))["Anna"]["standing"] == "vip"
        refused = await olga.post(f"{IMPORTS}/{judged['id']}/undo")
        assert fault(refused)[:2] == (403, "not-allowed")
        assert (await do(sofia, judged, "undo"))["undone"]["removed"] == 1
        more = await previewed(olga, f"name,number\nVera,{cast.VERA};{LUCIA}\n")
        assert more["counts"] == counts(error=1), "numbers of a VIP are for those who judge"
    assert vip["standing"] == "vip"


async def test_a_preview_is_made_anew_when_something_has_changed(office: Office) -> None:
    one = await previewed(office.api, f"name,number\nAnna,{ANNA}\n")
    await office.add_client(ANNA, "Annie")
    assert fault(await office.api.post(f"{IMPORTS}/{one['id']}/apply"))[:2] == (409, "import-differs")
    assert (await office.api.get(f"{IMPORTS}/{one['id']}")).json()["counts"] == counts(change=1)
    annie = (await clients(office.api))["Annie"]
    assert (await office.api.delete(f"{API}/clients/{annie['id']}")).status_code == 204
    confirmed = await office.api.post(f"{IMPORTS}/{one['id']}/apply", json={"confirmed": True})
    assert (confirmed.status_code, confirmed.json()["counts"]) == (200, counts(add=1))
    assert [row["label"] for row in await lines(office.api, one, "add")] == ["Anna"]


async def test_address_books_are_read(office: Office) -> None:
    google = (
        "First Name,Middle Name,Last Name,Organization Name,Notes,Labels,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,"
        "Phone 2 - Label,Phone 2 - Value\n"
        f"Anna,,Lind,Acme,VIP? no,* myContacts,a@example.org,Mobile,{ANNA} ::: {LUCIA},Work,{PETER}\n"
        "Only,,Mail,,,,m@example.org,,,,\n"
    )
    one = await previewed(office.api, google)
    assert one["counts"] == counts(add=1, error=1)
    (row,) = await lines(office.api, one, "add")
    assert row["after"] == {
        "name": "Anna Lind", "company": "Acme", "about": "VIP? no", "number": f"{ANNA}; {LUCIA}; {PETER}",
        "emails": "a@example.org",
    }  # fmt: skip
    outlook = (
        '"First Name","Last Name","Company","Business Fax","Business Phone","Company Main Phone","Mobile Phone","Notes"\n'
        '"Anna","Lind","Acme","0199009999","","01 99 00 12 34","06 39 98 01 01","two\n\nlines"\n'
        '"Peter","Lind","Acme","","06 39 98 01 02","01 99 00 12 34","",""\n'
    )
    one = await previewed(office.api, outlook)
    assert one["counts"] == counts(add=2), "the switchboard is nobody's own"
    (anna, peter) = await lines(office.api, one, "add")
    assert (anna["after"]["number"], anna["after"]["about"]) == (f"{DESK} shared; {ANNA}", "two\n\nlines")
    assert peter["after"]["number"] == f"{PETER}; {DESK} shared"


@pytest.mark.parametrize(
    ("header", "row", "after"),
    [
        (
            "Prénom;Nom;Société;Tél. mobile;Téléphone 2 (bureau);Tél. société;Télécopie (bureau)",
            f"Anna;Lind;Acme;{ANNA};{PETER};{DESK};+33199009999",
            {"name": "Anna Lind", "company": "Acme", "number": f"{ANNA}; {PETER}; {DESK} shared"},
        ),
        (
            "First Name,Mobile Phone,Categories", f"Anna,{ANNA},Red Category;VIP",
            {"name": "Anna", "number": ANNA, "tags": "Red Category, VIP"},
        ),
        (
            "contact_organization,contact_name_given,contact_name_family,contact_note,phone_label,phone_number",
            f"Acme,Anna,Lind,Quiet,work,{ANNA}",
            {"name": "Anna Lind", "company": "Acme", "about": "Quiet", "number": ANNA},
        ),
        (
            "First Name,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value",
            f"Anna,Work Fax,+33199009999,Work,{ANNA}", {"name": "Anna", "number": ANNA},
        ),
        (
            "displayname,phone_1_number,phone_1_type,phone_2_number,phone_2_type",
            f"Anna,{ANNA},cell,+33199009999,fax", {"name": "Anna", "number": ANNA},
        ),
        ("Имя,Моб. тел.,Тел. (рабочий)", f"Анна,{ANNA},{PETER}", {"name": "Анна", "number": f"{ANNA}; {PETER}"}),
    ],
    ids=["Outlook in French", "Outlook's categories", "FusionPBX", "Google's faxes", "FreePBX's faxes", "Russian"],
)  # fmt: skip
async def test_columns_of_address_books(office: Office, header: str, row: str, after: dict[str, str]) -> None:
    one = await previewed(office.api, f"{header}\n{row}\n")
    assert [line["after"] for line in await lines(office.api, one, "add")] == [after]


async def test_a_tag_like_googles_own_comes_back_from_our_export(office: Office) -> None:
    clara = await made(office, "clients", name="Clara", numbers=[cast.CLARA], tags=["* starred", "regular"])
    content = await exported(office.api, "csv")
    assert (await office.api.delete(f"{API}/clients/{clara['id']}")).status_code == 204
    await do(office.api, await previewed(office.api, content), "apply")
    assert (await clients(office.api))["Clara"]["tags"] == ["* starred", "regular"]


async def test_cards_of_three_versions_are_read(office: Office) -> None:
    cards = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=\r\n=D0=B0=D0=BD;;;\r\n"
        "TEL;CELL;VOICE:+33 6 39 98 01 01\r\nTEL;WORK;FAX:0199009999\r\nNOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab\r\n"
        "END:VCARD\r\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:Clara\\, M\nN:Martin;Clara;;;\nitem1.TEL;TYPE=CELL:06 39 98 01 02\nORG:A\\;B;Desk\n"
        "END:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:Broken\nthis is no line\nEND:VCARD\n"
        'BEGIN:VCARD\nVERSION:4.0\nFN:Lucía\nTEL;VALUE=uri;TYPE="voice,cell":tel:+33-6-39-98-01-03;ext=1\nLANG:fr\nEND:VCARD\n'
    )
    one = await previewed(office.api, cards, file_name="contacts.vcf")
    assert one["counts"] == counts(add=3, error=1)
    assert [row["after"] for row in await lines(office.api, one, "add")] == [
        {"name": "Иван", "about": "a\nb", "number": ANNA},
        {"name": "Clara, M", "company": "A;B", "number": PETER},
        {"name": "Lucía", "language": "fr", "number": LUCIA},
    ]
    old = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Иванов;Пётр\r\nTEL;CELL:0639980101\r\nEND:VCARD\r\n".encode("cp1251")
    (row,) = await lines(office.api, await previewed(office.api, old), "add")
    assert row["after"]["name"] == "Пётр Иванов"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
async def test_a_card_without_its_end_is_one_that_cannot_be_read(office: Office, encoding: str) -> None:
    cut = "BEGIN:VCARD\nVERSION:3.0\nFN:{}\nTEL:{}\n"
    cards = f"{cut.format('Anna', ANNA)}{cut.format('Пётр', PETER)}END:VCARD\n{cut.format('Lucía', LUCIA)}"
    one = await previewed(office.api, cards.encode(encoding))
    assert one["counts"] == counts(add=1, error=2)
    assert [row["after"] for row in await lines(office.api, one, "add")] == [{"name": "Пётр", "number": PETER}]


async def test_rejected_lines_come_back_with_the_reason(office: Office) -> None:
    one = await previewed(office.api, f'number;name;"about"\n12;"=cmd";two\n{ANNA};good;\n')
    answer = await office.api.get(f"{IMPORTS}/{one['id']}/errors.csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["number", "name", "about", "file_line", "problem"]
    assert rows[1][:4] == ["12", "'=cmd", "two", "2"]
    assert len(rows) == 2
    assert (await previewed(office.api, answer.text))["counts"] == counts(error=1)


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 422), (b"colour,size\nred,1\n", 422), (b"\xff\xfe\x00", 422), (b"[1, 2]", 422), (b"BEGIN:VCARD\n", 201)],
)
async def test_what_is_no_file_of_clients_is_told(office: Office, content: bytes, status: int) -> None:
    answer = await office.api.post(IMPORTS, content=content)
    assert answer.status_code == status, answer.text
    refused = await office.api.post(IMPORTS, content=b"name,number\nA,1\n", params={"remove_missing": "true"})
    assert fault(refused) == (422, "unprocessable", "remove_missing")


async def test_hostile_cells_spoil_their_own_line(office: Office) -> None:
    long, many = "x" * 2000, " ".join(f"+336399802{place:02}" for place in range(21))
    content = (
        f"name;number;about;pinned_note;id\n{long};{ANNA};;;\nA;{PETER};{long};;\nB;{LUCIA};;{'y' * 91};\nC\0D;{ANNA};;;\n"
        f'E;"{many}";;;\n"F;{ANNA}\nG;{ANNA};;;{"z" * 300}\nH;{ANNA};ok;;;;;;more\nI;{ANNA};ok;;\n'
    )
    one = await previewed(office.api, content.encode())
    assert one["counts"] == counts(add=1, error=one["rows"] - 1)
    assert (await do(office.api, one, "apply"))["state"] == "applied"
    assert list(await clients(office.api)) == ["I"]


async def test_imports_are_their_companys_own(office: Office) -> None:
    await office.add_client(ANNA, "Anna")
    async with neighbour(office) as (nina, _company):
        theirs = await previewed(nina, f"name,number\nAnna,{ANNA}\n")
        assert theirs["counts"] == counts(add=1)
        for act in ("apply", "undo"):
            assert (await office.api.post(f"{IMPORTS}/{theirs['id']}/{act}")).status_code == 404
        await do(nina, theirs, "apply")
        assert list(await clients(nina)) == ["Anna"]
        await do(nina, theirs, "undo")
    assert list(await clients(office.api)) == ["Anna"]
