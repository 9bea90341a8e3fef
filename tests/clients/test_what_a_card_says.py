"""What a client's card says besides: kind, addresses, tags, the company's own fields, who is responsible, consent."""

from typing import Any

import pytest

from tests import cast
from tests.api import API, fault, made, neighbour
from tests.clients.test_client_imports import counts, do, lines, previewed
from tests.office import Office

pytestmark = pytest.mark.anyio

MORE: dict[str, Any] = {
    "kind": "company", "emails": ["desk@example.org"], "addresses": ["1 rue du Port\n29000 Quimper"],
    "card_number": "4410-22", "tags": ["Fair 2026"], "consent": "Agreed by phone", "consented_at": "2026-01-02",
    "keep_until": "2030-12-31",
}  # fmt: skip
EMPTY: dict[str, Any] = {
    "kind": "person", "emails": [], "addresses": [], "card_number": "", "responsible_operator_id": None, "tags": [],
    "fields": {}, "consent": "", "consented_at": None, "keep_until": None,
}  # fmt: skip


def said(client: dict[str, Any]) -> dict[str, Any]:
    return {name: client[name] for name in EMPTY}


async def test_everything_is_answered_as_it_was_written_and_can_be_emptied(office: Office) -> None:
    olga = await office.add_operator(name="Olga")
    await made(office, "client-fields", name="Contract")
    await made(office, "client-fields", name="Discount", kind="number")
    await made(office, "client-fields", name="Since", kind="date", position=2)
    size = await made(office, "client-fields", name="Size", kind="choice", choices=["S", "M"], position=1)
    more = MORE | {"responsible_operator_id": olga["id"]}
    fields: dict[str, Any] = {"Contract": " A-17 ", "Discount": "12,5", size["id"]: "M", "Since": "2026-02-03"}
    nora = await made(office, "clients", name="Nora", fields=fields, **more)
    stored = {"Contract": "A-17", "Discount": 12.5, "Size": "M", "Since": "2026-02-03"}
    assert said(nora) == more | {"fields": stored}
    assert list(nora["fields"]) == ["Contract", "Discount", "Size", "Since"], "in the order of the card"
    path = f"{API}/clients/{nora['id']}"
    changed = (await office.api.patch(path, json={"fields": {"Size": None, "Discount": 3}})).json()
    assert changed["fields"] == {"Contract": "A-17", "Discount": 3, "Since": "2026-02-03"}
    anew = (await office.api.put(path, json={"name": "Nora", "fields": {"Size": "S"}})).json()
    assert said(anew) == EMPTY | {"fields": {"Size": "S"}}
    assert said((await office.api.put(path, json={"name": "Nora"})).json()) == EMPTY
    row = office.board.live_plan.tenant(office.company.tenant).rows["client"][nora["id"]]
    assert not set(row) & set(EMPTY), "what is empty takes no memory"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "robot"}, "kind"),
        ({"emails": ["nobody"]}, "emails.0"),
        ({"emails": ["a@b.example", "x y@b.example"]}, "emails.1"),
        ({"emails": [f"a{n}@b.example" for n in range(11)]}, "emails"),
        ({"tags": ["a,b"]}, "tags.0"),
        ({"tags": ["x" * 41]}, "tags.0"),
        ({"tags": ["\u202e"]}, "tags.0"),
        ({"addresses": ["x" * 301]}, "addresses.0"),
        ({"responsible_operator_id": "01aaaaaaaaaaaaaaaaaa"}, "responsible_operator_id"),
        ({"keep_until": "tomorrow"}, "keep_until"),
        ({"consented_at": 5}, "consented_at"),
        ({"fields": {"Nothing": "x"}}, "fields.Nothing"),
        ({"fields": {"Discount": "much"}}, "fields.Discount"),
        ({"fields": {"Discount": 1e300}}, "fields.Discount"),
        ({"fields": {"Discount": "9" * 5000}}, "fields.Discount"),
        ({"fields": {"Size": "XL"}}, "fields.Size"),
        ({"fields": {"Size": "\0"}}, "fields.Size"),
    ],
)
async def test_what_cannot_be_read_names_its_field(office: Office, body: dict[str, Any], field: str) -> None:
    await made(office, "client-fields", name="Discount", kind="number")
    await made(office, "client-fields", name="Size", kind="choice", choices=["S"])
    assert fault(await office.api.post(f"{API}/clients", json={"name": "x"} | body)) == (422, "unprocessable", field)


async def test_two_fields_do_not_differ_in_capitals_only(office: Office) -> None:
    field = await made(office, "client-fields", name="Contrat", kind="text")
    other = await made(office, "client-fields", name="Straße", kind="text")
    for name in ("Contrat", "contrat", " CONTRAT ", "STRASSE"):
        answer = await office.api.post(f"{API}/client-fields", json={"name": name, "kind": "text"})
        assert fault(answer) == (409, "name-taken", "name"), name
    assert fault(await office.api.patch(f"{API}/client-fields/{other['id']}", json={"name": "contrat"}))[0] == 409
    assert (await office.api.patch(f"{API}/client-fields/{field['id']}", json={"name": "CONTRAT"})).is_success


async def test_a_change_of_a_field_loses_nothing(office: Office) -> None:
    field = await made(office, "client-fields", name="Size", kind="choice", choices=["S", "M"])
    nora = await made(office, "clients", name="Nora", fields={"Size": "S"})
    path = f"{API}/client-fields/{field['id']}"
    assert fault(await office.api.patch(path, json={"choices": ["M"]})) == (409, "conflict", "choices")
    assert fault(await office.api.patch(path, json={"kind": "number", "choices": []})) == (409, "conflict", "kind")
    assert fault(await office.api.patch(path, json={"choices": []})) == (422, "unprocessable", "choices")
    refusal = await office.api.delete(path)
    assert refusal.status_code == 409
    assert [one["id"] for one in refusal.json()["used_by"]] == [nora["id"]]
    assert (await office.api.patch(path, json={"name": "Shirt", "choices": ["S"]})).is_success
    renamed = (await office.api.get(f"{API}/clients/{nora['id']}")).json()
    assert renamed["fields"] == {"Shirt": "S"}
    await office.api.patch(f"{API}/clients/{nora['id']}", json={"fields": {"Shirt": None}})
    assert (await office.api.delete(path)).status_code == 204


async def test_an_operator_who_is_responsible_stays(office: Office) -> None:
    olga = await office.add_operator(name="Olga")
    await made(office, "clients", name="Nora", responsible_operator_id=olga["id"])
    assert fault(await office.api.delete(f"{API}/operators/{olga['id']}"))[:2] == (409, "in-use")


async def test_a_merge_unites_and_comes_apart_again(office: Office) -> None:
    await made(office, "client-fields", name="Contract")
    await made(office, "client-fields", name="Discount", kind="number")
    kept = await made(office, "clients", name="Nora", tags=["a"], emails=["A@x.example"], fields={"Contract": "A"})
    other = await made(
        office, "clients", name="N.", fields={"Contract": "B", "Discount": 5}, **MORE | {"tags": ["A", "b"]}
    )
    path = f"{API}/clients/{kept['id']}"
    answer = await office.api.post(f"{path}/merge", json={"other_id": other["id"], "take": ["kind"]})
    merged = answer.json()
    assert said(merged) == MORE | {
        "tags": ["a", "b"], "emails": ["A@x.example", "desk@example.org"], "fields": {"Contract": "A", "Discount": 5},
        "responsible_operator_id": None,
    }  # fmt: skip
    await office.api.patch(path, json={"tags": ["a", "b", "c"], "fields": {"Contract": "C"}})
    undone = await office.api.post(f"{API}/clients/{answer.headers['Antichambre-Undo']}/unmerge")
    assert said(undone.json()) == said(other)
    back = said((await office.api.get(path)).json())
    assert back == EMPTY | {"tags": ["a", "c"], "emails": ["A@x.example"], "fields": {"Contract": "C"}}


async def test_who_was_deleted_comes_back_with_all_that_is_still_there(office: Office) -> None:
    olga = await office.add_operator(name="Olga")
    field = await made(office, "client-fields", name="Contract")
    more = MORE | {"responsible_operator_id": olga["id"]}
    nora = await made(office, "clients", name="Nora", fields={"Contract": "A"}, **more)
    gone = await office.api.delete(f"{API}/clients/{nora['id']}")
    assert (await office.api.delete(f"{API}/operators/{olga['id']}")).status_code == 204
    assert (await office.api.delete(f"{API}/client-fields/{field['id']}")).status_code == 204
    back = (await office.api.post(f"{API}/clients/{gone.headers['Antichambre-Undo']}/restore")).json()
    assert said(back) == MORE | {"responsible_operator_id": None, "fields": {}}


@pytest.mark.parametrize("text", ["desk@exam", "4410-22", "fair 2026", "FAIR nora"])
async def test_clients_are_found_by_all_that_names_them(office: Office, text: str) -> None:
    nora = await made(office, "clients", name="Nora", **MORE)
    await made(office, "clients", name="Uma")
    found = (await office.api.get(f"{API}/clients", params={"q": text})).json()["items"]
    assert [one["id"] for one in found] == [nora["id"]]
    async with neighbour(office) as (nina, _company):
        assert (await nina.get(f"{API}/clients", params={"q": text})).json()["items"] == []


async def test_a_file_adds_to_what_is_known_and_is_taken_back(office: Office) -> None:
    await office.add_operator(name="Olga")
    await made(office, "client-fields", name="Contract")
    nora = await made(office, "clients", name="Nora", numbers=[cast.CLARA], tags=["a"], emails=["n@x.example"])
    file = (
        "Phone;Name;E-mail 1 - Value;Address 1 - Formatted;Address 1 - City;Labels;Contract;Responsible;Kind\n"
        f"{cast.CLARA};Nora;N@x.example, m@x.example;1 rue du Port;Quimper;A ::: b ::: * myContacts;A-17;Olga;société\n"
    )
    one = await previewed(office.api, file)
    assert one["counts"] == counts(change=1)
    (row,) = await lines(office.api, one, "change")
    assert row["after"] == {
        "emails": "n@x.example; m@x.example", "addresses": "1 rue du Port", "tags": "a, b", "field:Contract": "A-17",
        "responsible_operator_id": "Olga", "kind": "company",
    }  # fmt: skip
    await do(office.api, one, "apply")
    changed = (await office.api.get(f"{API}/clients/{nora['id']}")).json()
    assert (changed["tags"], changed["fields"], changed["kind"]) == (["a", "b"], {"Contract": "A-17"}, "company")
    await do(office.api, one, "undo")
    assert said((await office.api.get(f"{API}/clients/{nora['id']}")).json()) == said(nora)
    bad = f"number;name;email;responsible;Contract\n{cast.UMA};Uma;nonsense;;\n{cast.BORIS};Boris;;Nobody;\n"
    one = await previewed(office.api, bad)
    assert one["counts"] == counts(error=2)
    assert [row["field"] for row in await lines(office.api, one, "error")] == ["emails", "responsible"]


async def test_outlooks_addresses_and_cards_of_companies_are_read(office: Office) -> None:
    outlook = (
        '"First Name","Company","Business Street","Business City","Business Postal Code","Home City","Business Phone",'
        '"E-mail Address","E-mail 2 Address"\n'
        f'"Anna","Acme","1 High St","Bath","BA1","Wells","{cast.CLARA}","a@x.example","b@x.example"\n'
        f'"","Acme Ltd","","","","","{cast.UMA}","",""\n'
    )
    anna, acme = await lines(office.api, await previewed(office.api, outlook), "add")
    assert (anna["after"]["addresses"], anna["after"]["emails"]) == (
        "1 High St, Bath, BA1\n\nWells", "a@x.example; b@x.example",
    )  # fmt: skip
    assert acme["after"]["kind"] == "company"
    card = (
        "BEGIN:VCARD\nVERSION:4.0\nKIND:org\nFN:Acme\nTEL:+33639980004\nEMAIL:mailto:a@x.example\n"
        "ADR:;;1 High St;Bath;;BA1;UK\nCATEGORIES:press,fair\nEND:VCARD\n"
    )
    (row,) = await lines(office.api, await previewed(office.api, card, file_name="a.vcf"), "add")
    assert row["after"] == {
        "name": "Acme", "number": "+33639980004", "kind": "company", "emails": "a@x.example", "tags": "press, fair",
        "addresses": "1 High St\nBA1 Bath\nUK",
    }  # fmt: skip
