"""Clients and calls as files: safe from formulas, and for clients read back to the same state."""

import csv
import io
import json
from typing import Any

import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from app.auth.roles import Role
from app.base.problems.import_lines import RowKind
from app.clients.client import LISTS
from app.clients.imports.client_file import CLIENT_FIELDS
from app.clients.imports.line import ClientLine, Place, read_line
from app.clients.imports.match import KnownClients, judge_lines
from app.clients.imports.table import CLIENT_LAYOUT, find_own_fields
from app.clients.own_fields import FieldKind, OwnField
from app.clients.several_values import joined
from app.lists.files.list_file import csv_parts
from tests import cast
from tests.api import API, fault, neighbour, signed_in
from tests.clients.test_client_imports import ANNA, DESK, IMPORTS, counts, do, exported, previewed
from tests.office import Office

pytestmark = pytest.mark.anyio

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=60).map(str.strip)
WORD = st.characters(codec="utf-8", categories=["L", "N", "P", "S"], exclude_characters=",;:")
WORDS = st.text(WORD, min_size=1, max_size=20)
EMAILS = st.from_regex(r"[a-z0-9.+-]{1,10}@[a-z0-9-]{1,10}\.example", fullmatch=True)
DAYS = st.none() | st.dates().map(lambda day: day.isoformat())
FIELDS = (
    OwnField("f1", "Contract", FieldKind.TEXT),
    OwnField("f2", "=Discount; %", FieldKind.NUMBER),
    OwnField("f3", "День", FieldKind.DATE),
    OwnField("f4", "Size", FieldKind.CHOICE, ("S", "-M", "=L")),
)
COLUMNS = (*CLIENT_FIELDS, *(f"field:{one.name}" for one in FIELDS))
OWN = st.fixed_dictionaries(
    {},
    optional={
        "f1": TEXT.filter(bool),
        "f2": st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15, allow_nan=False),
        "f3": st.dates().map(lambda day: day.isoformat()),
        "f4": st.sampled_from(["S", "-M", "=L"]),
    },
)
NUMBERS = st.dictionaries(st.integers(0, 30).map(lambda place: f"+3363998{place:04}"), st.booleans(), max_size=4)
CARDS = st.lists(
    st.fixed_dictionaries(
        {
            "name": TEXT.filter(bool), "company": TEXT, "language": st.sampled_from([None, "en", "fr", "es", "ru"]),
            "about": TEXT, "pinned_note": TEXT, "standing": st.sampled_from(["ordinary", "vip", "blacklisted"]),
            "category_id": st.sampled_from([None, "c1", "c2"]), "numbers": NUMBERS,
            "kind": st.sampled_from(["person", "company"]), "emails": st.lists(EMAILS, max_size=4, unique=True),
            "addresses": st.lists(WORDS.map(lambda text: f"{text}\n{text}"), max_size=3, unique_by=str.casefold),
            "tags": st.lists(WORDS, max_size=4, unique_by=str.casefold),
            "card_number": TEXT.map(lambda text: text[:40].strip()),
            "responsible_operator_id": st.sampled_from([None, "o1", "o2"]), "consent": TEXT, "consented_at": DAYS,
            "keep_until": DAYS, "fields": OWN,
        }
    ),
    min_size=1, max_size=6,
)  # fmt: skip
CATEGORIES = {"c1": "Regulars", "c2": '=Постоянные, "new"'}

NAMES = {one.id: one.name for one in FIELDS}
OPERATORS = {"o1": "Olga", "o2": "+33639980091"}


async def rows_of(cards: list[dict[str, Any]]) -> Any:
    for place, card in enumerate(cards):
        row = {name: card.get(name) for name in CLIENT_FIELDS} | {"id": f"id{place}"}
        row["category"] = CATEGORIES.get(card["category_id"])
        row["numbers"] = [f"{one} shared" if shared else one for one, shared in card["numbers"].items()]
        row["responsible"] = OPERATORS.get(card["responsible_operator_id"])
        row |= {name: joined(name, card[name]) for name in LISTS}
        row |= {f"field:{one.name}": card["fields"].get(one.id) for one in FIELDS}
        yield row


@given(CARDS)
@settings(deadline=None, max_examples=150)
async def test_what_is_exported_is_read_back(cards: list[dict[str, Any]]) -> None:
    written = "".join([part async for part in csv_parts(rows_of(cards), COLUMNS)])
    for line in csv.reader(io.StringIO(written)):
        assert not any(cell[:1] in tuple("=+-@\t\r\n") and cell for cell in line)
    table = CLIENT_LAYOUT.read(io.StringIO(written, newline=""))
    find_own_fields(table, {one.name for one in FIELDS}, is_told=False)
    place = Place(
        "FR", {name: category_id for category_id, name in CATEGORIES.items()}, {one.name: one for one in FIELDS},
        {name: operator_id for operator_id, name in OPERATORS.items()},
    )  # fmt: skip
    lines = [read_line(row, table, place) for row in table.rows]
    assert all(isinstance(one, ClientLine) for one in lines), lines
    elsewhere = judge_lines(lines, KnownClients({}, CATEGORIES, fields=NAMES, operators=OPERATORS), may_judge=True)
    assert [one.kind for one in elsewhere] == [RowKind.ADD] * len(cards)
    for verdict, card in zip(elsewhere, cards, strict=True):
        assert verdict.values | {"numbers": verdict.numbers} == card
        assert list(verdict.numbers) == list(card["numbers"])
    rows = {
        f"id{place}": card | {"numbers": [{"number": one, "shared": shared} for one, shared in card["numbers"].items()]}
        for place, card in enumerate(cards)
    }
    here = judge_lines(lines, KnownClients(rows, CATEGORIES, fields=NAMES, operators=OPERATORS), may_judge=False)
    assert [one.kind for one in here] == [RowKind.SAME] * len(cards)


FIELD_BODIES: list[dict[str, Any]] = [
    {"name": "Contract"}, {"name": "Discount", "kind": "number"},
    {"name": "Size", "kind": "choice", "choices": ["S", "M"]},
]  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
async def test_a_second_company_gets_the_same_clients(office: Office, form: str) -> None:
    regulars = await office.add_category("Regulars")
    await office.add_client(
        name="=Clara", company="Acme, Inc.", category_id=regulars["id"], pinned_note="Call\u202fback", language="fr",
        about='"quoted"\n\n#two; lines',
    )  # fmt: skip
    await office.add_client(cast.VERA, "Vera", standing="vip")
    olga = await office.add_operator(name="Olga")
    for body in FIELD_BODIES:
        assert (await office.api.post(f"{API}/client-fields", json=body)).status_code == 201
    nora = {
        "name": "Nora", "kind": "company", "emails": ["nora@example.org", "desk@example.org"], "card_number": "=44 10",
        "addresses": ["1 rue du Port\n29000 Quimper", "Poste restante"], "tags": ["newsletter", "-fair 2026"],
        "responsible_operator_id": olga["id"], "consent": "By phone,\nfor offers", "consented_at": "2026-01-02",
        "keep_until": "2030-12-31", "fields": {"Contract": "-17", "Discount": 12.5, "Size": "M"},
    }  # fmt: skip
    assert (await office.api.post(f"{API}/clients", json=nora)).status_code == 201
    for name in ("Dora", "Denis"):
        post = {"name": name, "numbers": [{"number": DESK, "shared": True}]}
        assert (await office.api.post(f"{API}/clients", json=post)).status_code == 201
    assert (await office.api.post(f"{API}/clients", json={"name": "No number"})).status_code == 201
    file = await exported(office.api, form)
    assert (await previewed(office.api, file))["counts"] == counts(same=6)
    async with neighbour(office) as (nina, _company):
        assert (await nina.post(f"{API}/categories", json={"name": "Regulars"})).status_code == 201
        assert (await nina.post(f"{API}/operators", json={"name": "Olga", "address": "client:olga"})).status_code == 201
        for body in FIELD_BODIES:
            assert (await nina.post(f"{API}/client-fields", json=body)).status_code == 201
        one = await previewed(nina, file)
        assert one["counts"] == counts(add=6)
        await do(nina, one, "apply")
        theirs, ours = json.loads(await exported(nina)), json.loads(await exported(office.api))
        assert [row | {"id": ""} for row in theirs] == [row | {"id": ""} for row in ours]
        assert (await previewed(nina, file))["counts"] == counts(same=6)
    if form == "xlsx":
        sheet = python_calamine.load_workbook(io.BytesIO(file)).get_sheet_by_index(0).to_python()
        assert sheet[1][1] == "'=Clara"


async def test_calls_are_exported_for_supervisors(office: Office) -> None:
    await office.add_operator()
    await office.add_blacklisted(reason="Shouts")
    await office.add_client(name="=Clara")
    for caller in (cast.CLARA, cast.BORIS, cast.UMA):
        call = await office.phones.place_call(caller, cast.LINE)
        await call.hang_up_after(5)
    await office.phones.let_pass(10)
    await office.settled()
    export = f"{API}/calls/export"
    rows = (await office.api.get(export, params={"format": "json"})).json()
    assert [row["caller"] for row in rows] == [cast.UMA, cast.BORIS, cast.CLARA]
    assert [row["outcome"] for row in rows] == ["missed", "blocked", "missed"]
    assert (rows[2]["client"], rows[1]["reason"]) == ("=Clara", "blacklisted")
    table = list(csv.DictReader(io.StringIO((await office.api.get(export)).text)))
    assert [row["client"] for row in table] == ["", "", "'=Clara"]
    assert table[0]["caller"] == f"'{cast.UMA}"
    later = {"since": "2036-01-01T00:00:00Z", "format": "json"}
    assert (await office.api.get(export, params=later)).json() == []
    async with signed_in(office, Role.OPERATOR) as olga, signed_in(office, Role.SUPERVISOR) as sofia:
        assert fault(await olga.get(export))[0] == 403
        assert (await olga.get("/calls/file.csv")).status_code == 403
        blocked = await sofia.get("/calls/file.json", params={"outcome": "blocked"})
        assert [row["caller"] for row in blocked.json()] == [cast.BORIS]
        assert (await sofia.get("/calls/file.xlsx", params={"since": "2026-01-01"})).content[:2] == b"PK"
        assert (await sofia.get("/calls/file.csv", params={"since": "never"})).status_code == 422
        assert "/calls/file.csv" in (await sofia.get("/calls")).text
        assert "/calls/file.csv" not in (await olga.get("/calls")).text
        assert (await olga.get("/clients/file.csv")).text == (await exported(office.api, "csv")).decode()


async def test_the_page_leads_from_file_to_undo(office: Office) -> None:
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await olga.get("/clients/import")).status_code == 200
        sent = await olga.post("/clients/import", data={"lines": f"name,number,colour\nAnna,{ANNA},red\n,12,\n"})
        assert sent.status_code == 303, sent.text
        shown = sent.headers["Location"]
        assert 'data-line="3"' in (await olga.get(f"{shown}?kind=error")).text
        assert "Anna" in (await olga.get(f"{shown}?kind=add")).text
        assert (await olga.post(f"{shown}/columns", data={"column": ["name", "number", "about"]})).status_code == 303
        assert "red" in (await olga.get(f"{shown}?kind=add")).text
        assert (await olga.post(f"{shown}/apply")).status_code == 303
        assert "Anna" in (await olga.get("/clients")).text
        assert (await olga.post(f"{shown}/undo")).status_code == 303
        assert "Anna" not in (await olga.get("/clients")).text
        unknown = await olga.post("/clients/import", data={"lines": f"a,b\nAnna,{ANNA}\n"}, files={"none": b""})
        assert (await olga.get(unknown.headers["Location"])).status_code == 200
        chosen = await olga.post(f"{unknown.headers['Location']}/columns", data={"column": ["name", "number"]})
        assert chosen.status_code == 303
        assert (await olga.get(f"{IMPORTS}")).json()["items"][0]["counts"] == counts(add=1)


async def test_a_column_can_be_a_field_of_the_company_s_own(office: Office) -> None:
    """Whatever its header is called, on the page and by the API; one that there is not is refused."""
    for body in (*FIELD_BODIES, {"name": "Contracts"}):
        assert (await office.api.post(f"{API}/client-fields", json=body)).status_code == 201
    content = f"Name,Phone,Ref.,<i>\nNora,{cast.UMA},A-17,12\n"
    one = await previewed(office.api, content)
    assert [column["field"] for column in one["columns"]] == ["name", "number", None, None]
    async with signed_in(office, Role.OPERATOR) as olga:
        path = f"/clients/import/{one['id']}"
        page = (await olga.get(path)).text
        for name in ("Contract", "Discount", "Size", "Contracts"):
            assert page.count(f'<option value="field:{name}">{name}</option>') == 4, "for each column"
        chosen = {"column": ["name", "number", "field:Contract", "field:Discount"], "country": ""}
        assert (await olga.post(f"{path}/columns", data=chosen)).status_code == 303
        page = (await olga.get(path)).text
        assert '<option value="field:Contract" selected>' in page
        assert "A-17" in page
        assert (await olga.post(f"{path}/apply")).status_code == 303
    (nora,) = (await office.api.get(f"{API}/clients")).json()["items"]
    assert nora["fields"] == {"Contract": "A-17", "Discount": 12}
    alike = await previewed(office.api, f"x,y,z\nDora,{cast.VERA},B-1\n", columns="name,number,field:Contracts")
    await do(office.api, alike, "apply")
    (dora,) = (await office.api.get(f"{API}/clients", params={"q": "Dora"})).json()["items"]
    assert dora["fields"] == {"Contracts": "B-1"}, "and not the one that is called alike"
    wrong = {"columns": "name,number,field:Shoe", "file_name": "x.csv"}
    refused = await office.api.post(f"{API}/clients/imports", content=content, params=wrong)
    assert fault(refused)[::2] == (422, "columns")
    assert "field:Discount" in refused.json()["detail"]
    of_a_list = await office.api.post(
        f"{API}/vip/imports", content=content, params={"columns": "number,field:Contract"}
    )
    assert fault(of_a_list)[::2] == (422, "columns")
    async with neighbour(office) as (nina, _company):
        theirs = await nina.post(
            f"{API}/clients/imports", content=content, params={"columns": "name,number,field:Size"}
        )
        assert fault(theirs)[::2] == (422, "columns"), "a field of another company"
