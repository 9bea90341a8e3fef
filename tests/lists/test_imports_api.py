"""Imports by the API: nothing is written before one is applied, five counts, and an undo that gives back what was there."""

import asyncio
import csv
import io
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
import xlsxwriter
from sqlalchemy import func, select

from app.auth.roles import Role, Scope
from app.base import limits
from app.lists.imports import stored_imports
from models import BlacklistEntry, LineRecord, StoredImport
from tests import cast
from tests.api import API, client, fault, key_with, neighbour, signed_in
from tests.lists.importing import exported
from tests.office import Office

pytestmark = pytest.mark.anyio
IMPORTS = f"{API}/blacklist/imports"
OTHERS = [f"+3363998{place:04}" for place in range(100, 140)]


async def previewed(office: Office, content: str | bytes, **query: Any) -> dict[str, Any]:
    """What the upload of ``content`` answers."""
    answer = await office.api.post(IMPORTS, content=content, params=query, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def lines(office: Office, one: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (
        await office.api.get(f"{IMPORTS}/{one['id']}/rows", params={"kind": kind, "limit": 500})
    ).json()["items"]
    return items


async def do(office: Office, one: dict[str, Any], act: str, **body: Any) -> dict[str, Any]:
    answer = await office.api.post(f"{IMPORTS}/{one['id']}/{act}", json=body or None)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_file_is_looked_at_applied_and_taken_back(office: Office) -> None:
    await office.add_operator()
    await office.add_vip(label="Vera Fournier")
    await office.add_blacklisted(reason="Shouts")
    await office.add_blacklisted(cast.UMA, label="Uma", treatment="busy")
    before = await exported(office)
    content = (
        "Téléphone;Nom;Motif;couleur\n"
        f"{OTHERS[0]};New;;red\n{cast.BORIS};Boris;;\n{cast.UMA};Uma the Great;Rude;\n{OTHERS[0]};again;;\n"
        f"{cast.VERA};;;\n{cast.OLGA};;;\n12;;;\n0899*;;;\n"
    )
    one = await previewed(office, content, file_name="C:\\spam\\list.csv")
    assert (one["state"], one["counts"]) == (
        "previewed", {"add": 1, "change": 1, "same": 1, "twice": 1, "error": 4},
    )  # fmt: skip
    assert [(column["name"], column["field"]) for column in one["columns"]] == [
        ("Téléphone", "number"), ("Nom", "label"), ("Motif", "reason"), ("couleur", None),
    ]  # fmt: skip
    assert (one["file_name"], one["encoding"], one["country"], one["rows"]) == ("list.csv", "utf-8", "FR", 8)
    assert await exported(office) == before, "a preview writes nothing"
    (changed,) = await lines(office, one, "change")
    assert (changed["line"], changed["label"], changed["before"]) == (
        4,
        "Uma the Great",
        {"label": "Uma", "reason": ""},
    )
    errors = await lines(office, one, "error")
    assert [(row["line"], row["why"]) for row in errors] == [
        (6, "opposite"), (7, "protected"), (8, "bad"), (9, "bad"),
    ]  # fmt: skip
    assert "Vera Fournier" in errors[0]["detail"]
    assert "Olga" in errors[1]["detail"]
    assert [row["line"] for row in await lines(office, one, "twice")] == [5]

    applied = await do(office, one, "apply")
    assert (applied["state"], applied["counts"]) == ("applied", one["counts"])
    found = {row["number"]: row for row in (await office.api.get(f"{API}/blacklist")).json()["items"]}
    assert (found[cast.UMA]["label"], found[cast.UMA]["reason"]) == ("Uma the Great", "Rude")
    assert found[cast.UMA]["treatment"] == "busy", "an empty cell says nothing"
    assert OTHERS[0] in found

    undone = await do(office, one, "undo")
    assert (undone["state"], undone["undone"]) == ("undone", {"removed": 1, "restored": 1, "kept": 0, "left": []})
    assert await exported(office) == before
    assert fault(await office.api.post(f"{IMPORTS}/{one['id']}/undo"))[:2] == (409, "conflict")


async def test_rejected_lines_come_back_as_they_stood_with_the_reason(office: Office) -> None:
    one = await previewed(office, f'number,label\n12,"=cmd, two"\n{OTHERS[0]},good\nabc,\n')
    answer = await office.api.get(f"{IMPORTS}/{one['id']}/errors.csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["number", "label", "file_line", "problem"]
    assert [row[:3] for row in rows[1:]] == [["12", "'=cmd, two", "2"], ["abc", "", "4"]]
    assert all(row[3] for row in rows[1:])
    again = await previewed(office, answer.text)
    assert again["counts"] == {"add": 0, "change": 0, "same": 0, "twice": 0, "error": 2}
    mended = await previewed(office, answer.text.replace('"12"', f'"{OTHERS[1]}"'))
    assert mended["counts"] == {"add": 1, "change": 0, "same": 0, "twice": 0, "error": 1}


@pytest.mark.parametrize(
    ("content", "query", "header", "row"),
    [
        ("number,label\n{new},Doe, John,rude\n", {}, ["number", "label"], ["{new}", "Doe", " John", "rude"]),
        ("Doe;06399801230000\n", {"columns": "label,number"}, ["label", "number"], ["Doe", "06399801230000"]),
    ],
)  # fmt: skip
async def test_nothing_is_lost_of_a_rejected_line(
    office: Office, content: str, query: dict[str, str], header: list[str], row: list[str]
) -> None:
    one = await previewed(office, content.format(new=OTHERS[0]), **query)
    answer = await office.api.get(f"{IMPORTS}/{one['id']}/errors.csv")
    said, found = csv.reader(io.StringIO(answer.text))
    assert said == [*header, "file_line", "problem"]
    assert [*found[: len(header)], *found[len(said) :]] == [cell.format(new=f"'{OTHERS[0]}") for cell in row]
    again = await previewed(office, answer.text)
    assert again["counts"]["error"] == 1, "it is still wrong, until somebody has mended it"


async def test_what_was_edited_since_is_not_undone(office: Office) -> None:
    boris = await office.add_blacklisted()
    one = await previewed(
        office, "number,label\n" + f"{cast.BORIS},Changed\n" + "".join(f"{n},x\n" for n in OTHERS[:3])
    )
    await do(office, one, "apply")
    found = {row["number"]: row["id"] for row in (await office.api.get(f"{API}/blacklist")).json()["items"]}
    for number in (cast.BORIS, OTHERS[1]):
        edited = await office.api.patch(f"{API}/blacklist/{found[number]}", json={"reason": "mine"})
        assert edited.status_code == 200
    assert (await office.api.delete(f"{API}/blacklist/{found[OTHERS[2]]}")).status_code == 204
    undone = (await do(office, one, "undo"))["undone"]
    assert (undone["removed"], undone["restored"], undone["kept"]) == (1, 0, 2)
    assert {(row["number"], row["why"]) for row in undone["left"]} == {(cast.BORIS, "edited"), (OTHERS[1], "edited")}
    left = {row["number"]: row for row in (await office.api.get(f"{API}/blacklist")).json()["items"]}
    assert left.keys() == {cast.BORIS, OTHERS[1]}
    assert (left[cast.BORIS]["id"], left[cast.BORIS]["label"]) == (boris["id"], "Changed")


async def test_what_would_contradict_by_now_is_not_restored(office: Office) -> None:
    await office.add_blacklisted(OTHERS[0])
    one = await previewed(office, f"number,treatment\n{OTHERS[0]},allow\n")
    await do(office, one, "apply")
    assert (await office.api.post(f"{API}/vip", json={"number": OTHERS[0]})).status_code == 201
    undone = (await do(office, one, "undo"))["undone"]
    assert undone["left"] == [{"number": OTHERS[0], "why": "conflict"}]


async def test_what_a_later_import_changed_is_undone_after_that_one(office: Office) -> None:
    await office.add_blacklisted()
    await office.add_blacklisted(OTHERS[2])
    before = await exported(office)
    one = await previewed(office, f"number,label\n{cast.BORIS},One\n{OTHERS[0]},New\n", remove_missing=True)
    await do(office, one, "apply")
    two = await previewed(office, f"number,label\n{cast.BORIS},Two\n{OTHERS[0]},Two\n{OTHERS[2]},Two\n")
    await do(office, two, "apply")
    left = (await do(office, one, "undo"))["undone"]
    assert (left["removed"], left["restored"], left["kept"]) == (0, 0, 3)
    assert {row["why"] for row in left["left"]} == {"later_import"}
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        page = (await sofia.get(f"/lists/blacklist/import/{one['id']}")).text
        assert "a later import has changed it: undo that one first" in page
        assert "Undo what was left" in page
    assert (await do(office, two, "undo"))["undone"] == {"removed": 1, "restored": 2, "kept": 0, "left": []}
    again = await do(office, one, "undo")
    assert again["undone"] == {"removed": 1, "restored": 2, "kept": 0, "left": []}, "what was left can be undone later"
    assert await exported(office) == before
    assert fault(await office.api.post(f"{IMPORTS}/{one['id']}/undo"))[:2] == (409, "conflict")


async def test_an_entry_does_not_go_back_to_a_line_that_is_gone(office: Office) -> None:
    second = await office.add(
        LineRecord(number=cast.SECOND_LINE, label="Second", country="FR", time_zone="Europe/Paris", language="fr")
    )
    await office.add_blacklisted(lines=[second["id"]])
    one = await previewed(office, f"number,lines\n{cast.BORIS},{cast.LINE}\n")
    await do(office, one, "apply")
    assert (await office.api.delete(f"{API}/lines/{second['id']}")).status_code == 204
    undone = (await do(office, one, "undo"))["undone"]
    assert undone == {"removed": 0, "restored": 0, "kept": 1, "left": [{"number": cast.BORIS, "why": "gone"}]}
    (boris,) = (await office.api.get(f"{API}/blacklist")).json()["items"]
    assert boris["lines"] == [office.company.line_id]


async def test_a_list_that_changed_since_the_preview_is_previewed_anew(office: Office) -> None:
    one = await previewed(office, f"{OTHERS[0]}\n{OTHERS[1]}\n")
    await office.add_blacklisted(OTHERS[0])
    refused = await office.api.post(f"{IMPORTS}/{one['id']}/apply")
    assert fault(refused)[:2] == (409, "import-differs")
    again = (await office.api.get(f"{IMPORTS}/{one['id']}")).json()
    assert (again["state"], again["counts"]["add"], again["counts"]["same"]) == ("previewed", 1, 1)
    await office.add_blacklisted(OTHERS[1])
    applied = await do(office, one, "apply", confirmed=True)
    assert (applied["counts"]["add"], applied["counts"]["same"]) == (0, 2)
    assert (await do(office, one, "undo"))["undone"]["removed"] == 0
    assert len((await office.api.get(f"{API}/blacklist")).json()["items"]) == 2


async def test_what_is_missing_in_the_file_can_be_taken_off_and_comes_back(office: Office) -> None:
    await office.add_blacklisted(lines=[office.company.line_id])
    await office.add_blacklisted("+33899", match="prefix", treatment="busy")
    before = await exported(office)
    one = await previewed(office, f"{OTHERS[0]}\n", remove_missing=True)
    assert (one["missing"], one["remove_missing"]) == (2, True)
    assert (await do(office, one, "apply"))["removed"] == 2
    assert [row["number"] for row in (await office.api.get(f"{API}/blacklist")).json()["items"]] == [OTHERS[0]]
    explained = await office.api.post(f"{API}/explain", json={"from": "+33899123456", "to": cast.LINE})
    assert explained.json()["reason"]["code"] != "blacklisted"
    assert (await do(office, one, "undo"))["undone"] == {"removed": 1, "restored": 2, "kept": 0, "left": []}
    assert await exported(office) == before
    explained = await office.api.post(f"{API}/explain", json={"from": "+33899123456", "to": cast.LINE})
    assert explained.json()["reason"]["code"] == "blacklisted"
    bad = await office.api.post(IMPORTS, content=f"{OTHERS[0]}\nabc\n", params={"remove_missing": "true"})
    assert fault(bad) == (422, "unprocessable", "remove_missing")


async def test_columns_and_country_can_be_said(office: Office) -> None:
    unread = await office.api.post(IMPORTS, content="Uma,4692576503\nPia,2566445079\n")
    assert fault(unread) == (422, "unprocessable", "file")
    one = await previewed(office, "Uma,4692576503\nPia,2566445079\n", columns="label,number", country="US")
    assert one["counts"]["add"] == 2
    assert [row["number"] for row in await lines(office, one, "add")] == ["+14692576503", "+12566445079"]
    patched = await office.api.patch(f"{IMPORTS}/{one['id']}", json={"columns": [None, "number"], "country": "GB"})
    assert patched.json()["columns"] == [{"name": "", "field": None}, {"name": "", "field": "number"}]
    assert patched.json()["country"] == "GB"
    wrong = await office.api.patch(f"{IMPORTS}/{one['id']}", json={"columns": ["colour"]})
    assert fault(wrong) == (422, "unprocessable", "columns")


def workbook(rows: list[list[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Feuil1")
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(place, column, cell)
    return out.getvalue()


async def test_a_sheet_comes_as_a_form_and_says_which_it_was(office: Office) -> None:
    content = workbook([["Téléphone", "Nom"], [33639980150, "as a number"], [OTHERS[1], "as text"], ["x", ""]])
    answer = await office.api.post(IMPORTS, files={"file": ("clients-nov.xlsx", content)})
    assert answer.status_code == 201, answer.text
    one = answer.json()
    assert (one["counts"]["add"], one["counts"]["error"], one["sheet"]) == (2, 1, "Feuil1")
    assert (one["file_name"], [row["line"] for row in await lines(office, one, "error")]) == ("clients-nov.xlsx", [4])
    assert (await do(office, one, "apply"))["counts"] == one["counts"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no file"), (b" \n ", "no file"), (b"PK\x03\x04 is no sheet", "no sheet"), (bytes(range(256)) * 9, "not text"),
        (b'[{"number": 1, ', "not text"), (b"[[[[", "not text"), (b"\xd0\xcf\x11\xe0" + b"x" * 600, "no sheet"),
        (b"\xd0\xcf\x11\xe0" + b"E\0n\0c\0r\0y\0p\0t\0e\0d" * 60, "password"),
    ],
)  # fmt: skip
async def test_a_file_that_is_not_what_it_says_gets_a_sentence(office: Office, content: bytes, words: str) -> None:
    answer = await office.api.post(IMPORTS, content=content)
    assert fault(answer) == (422, "unprocessable", "file")
    assert words in answer.json()["detail"]
    assert (await office.api.get(IMPORTS)).json()["items"] == []


async def test_a_file_that_is_too_large_is_refused_early(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "IMPORT_BYTES", 200_000)
    answer = await office.api.post(IMPORTS, files={"file": ("a.csv", b"0639980001\n" * 40_000)})
    assert fault(answer)[:2] == (413, "too-large")


async def test_who_may_import(office: Office) -> None:
    async with client(office) as stranger:
        for sent in ({"content": OTHERS[0]}, {"files": {"file": ("a.csv", OTHERS[0].encode())}}):
            assert (await stranger.post(IMPORTS, **sent)).status_code == 401
    reader = await key_with(office, Scope.READ)
    async with client(office, Authorization=f"Bearer {reader}") as api:
        assert (await api.post(IMPORTS, content=OTHERS[0])).status_code == 403
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await olga.get(IMPORTS)).status_code == 403
        assert (await olga.post(IMPORTS, content=OTHERS[0])).status_code == 403
    one = await previewed(office, OTHERS[0])
    async with neighbour(office) as (nina, _):
        for path in ("", "/rows", "/errors.csv"):
            assert (await nina.get(f"{IMPORTS}/{one['id']}{path}")).status_code == 404
        for act in ("apply", "undo"):
            assert (await nina.post(f"{IMPORTS}/{one['id']}/{act}")).status_code == 404
        assert (await nina.get(IMPORTS)).json()["items"] == []
    assert (await office.api.get(f"{API}/vip/imports/{one['id']}")).status_code == 404


async def test_an_import_is_applied_once_and_undone_for_thirty_days(office: Office) -> None:
    one = await previewed(office, OTHERS[0])
    assert fault(await office.api.post(f"{IMPORTS}/{one['id']}/undo"))[:2] == (409, "conflict")
    await do(office, one, "apply")
    for refused in (
        await office.api.post(f"{IMPORTS}/{one['id']}/apply"),
        await office.api.patch(f"{IMPORTS}/{one['id']}", json={"country": "GB"}),
        await office.api.delete(f"{IMPORTS}/{one['id']}"),
    ):
        assert fault(refused)[:2] == (409, "conflict")
    await office.clock.sleep(timedelta(days=31).total_seconds())
    assert fault(await office.api.post(f"{IMPORTS}/{one['id']}/undo"))[:2] == (409, "conflict")


async def test_a_preview_is_dropped_by_hand_or_the_next_day(office: Office) -> None:
    one, other = await previewed(office, OTHERS[0]), await previewed(office, OTHERS[1])
    assert (await office.api.delete(f"{IMPORTS}/{one['id']}")).status_code == 204
    await office.clock.sleep(timedelta(days=2).total_seconds())
    newest = await previewed(office, OTHERS[2])
    assert [row["id"] for row in (await office.api.get(IMPORTS)).json()["items"]] == [newest["id"]]
    assert (await office.api.get(f"{IMPORTS}/{other['id']}/rows")).status_code == 404


async def test_pages_of_lines_follow_one_another(office: Office) -> None:
    one = await previewed(office, "\n".join(OTHERS))
    seen: list[int] = []
    query: dict[str, Any] = {"kind": "add", "limit": 15}
    while True:
        page = (await office.api.get(f"{IMPORTS}/{one['id']}/rows", params=query)).json()
        seen += [row["line"] for row in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == list(range(1, len(OTHERS) + 1))
    for cursor in ("WyI5OTk5OTk5OTk5OTkiXQ", "WyJhIl0"):  # ["999999999999"], ["a"]
        answer = await office.api.get(f"{IMPORTS}/{one['id']}/rows", params={"cursor": cursor})
        assert fault(answer) == (422, "unprocessable", "cursor")


async def test_a_long_file_is_worked_on_in_a_process_of_its_own(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_imports, "_BESIDE_BYTES", 10)
    one = await previewed(office, "\n".join(OTHERS))
    assert one["counts"]["add"] == len(OTHERS)
    assert (await do(office, one, "apply"))["state"] == "applied"
    explained = await office.api.post(f"{API}/explain", json={"from": OTHERS[3], "to": cast.LINE})
    assert explained.json()["reason"]["code"] == "blacklisted"
    monkeypatch.setattr(stored_imports, "_PATIENCE_SECONDS", 0.0)
    answer = await office.api.post(f"{IMPORTS}/{one['id']}/undo")
    assert answer.status_code in {200, 202}
    for task in list(stored_imports._under_way):
        await task
    assert (await office.api.get(f"{IMPORTS}/{one['id']}")).json()["state"] == "undone"


@pytest.mark.parametrize("mark", [b"\0", b"\xff"], ids=["a zero", "a broken byte"])
async def test_what_cannot_be_stored_may_stand_in_a_header(office: Office, mark: bytes) -> None:
    wide = "é" * 9 + " " * 5000
    one = await previewed(office, f"number,label,{wide}".encode() + mark + f"\n{OTHERS[0]},Zoé\n".encode())
    assert (one["counts"]["add"], one["columns"][1]["field"]) == (1, "label")


async def test_two_who_apply_at_once_apply_it_once(office: Office) -> None:
    one = await previewed(office, "\n".join(OTHERS))
    answers: list[httpx.Response] = await asyncio.gather(
        *(office.api.post(f"{IMPORTS}/{one['id']}/apply") for _ in range(2))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    async with office.board.sessions() as session:
        count = await session.scalar(select(func.count()).select_from(BlacklistEntry))
    assert count == len(OTHERS)


@pytest.mark.parametrize(("method", "act"), [("POST", "/apply"), ("PATCH", "")])
async def test_what_somebody_deletes_meanwhile_is_not_found(
    office: Office, monkeypatch: pytest.MonkeyPatch, method: str, act: str
) -> None:
    one = await previewed(office, OTHERS[0])
    found_idle = stored_imports._found_idle

    async def deleted_just_then(*about: Any) -> stored_imports.SeenImport:
        seen = await found_idle(*about)
        assert (await office.api.delete(f"{IMPORTS}/{one['id']}")).status_code == 204
        return seen

    monkeypatch.setattr(stored_imports, "_found_idle", deleted_just_then)
    answer = await office.api.request(method, f"{IMPORTS}/{one['id']}{act}", json={})
    assert fault(answer)[:2] == (404, "not-found")


async def test_what_somebody_is_applying_cannot_be_deleted(office: Office) -> None:
    one = await previewed(office, OTHERS[0])
    async with office.board.sessions() as session:
        await session.execute(
            select(StoredImport.id).where(StoredImport.id == one["id"]).with_for_update(key_share=True)
        )
        refused = await asyncio.wait_for(office.api.delete(f"{IMPORTS}/{one['id']}"), 3)
    assert fault(refused)[:2] == (409, "conflict")
    assert (await office.api.delete(f"{IMPORTS}/{one['id']}")).status_code == 204


async def test_json_is_read_as_it_is_exported(office: Office) -> None:
    rows = [{"number": OTHERS[0], "match": "exact", "label": "'=1", "lines": [cast.LINE], "reason": "two\nlines"}]
    one = await previewed(office, json.dumps(rows))
    await do(office, one, "apply")
    (entry,) = (await office.api.get(f"{API}/blacklist")).json()["items"]
    assert (entry["label"], entry["reason"], entry["lines"]) == ("'=1", "two\nlines", [office.company.line_id])


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (
            "First Name,Last Name,Business Phone,Mobile Phone\nAnn,Lee,,{0}\nBob,Ray,{1},{2}\n",
            [("Ann Lee", 0, 2), ("Bob Ray", 1, 3), ("Bob Ray", 2, 3)],
        ),  # Outlook
        (
            "First Name,Last Name,Phone 1 - Label,Phone 1 - Value,Phone 2 - Value\nAnn,,Mobile,{0} ::: {1},{0}\n",
            [("Ann", 0, 2), ("Ann", 1, 2)],
        ),  # Google
        ("Prénom;Nom;Tél\nAnn;Lee;{0}\n", [("Ann Lee", 0, 2)]),
        ("number,callerid\n{0},Ann\n", [("", 0, 2)]),
    ],
)  # fmt: skip
async def test_everybody_in_an_address_book_is_read_with_all_their_numbers(
    office: Office, content: str, found: list[tuple[str, int, int]]
) -> None:
    one = await previewed(office, content.format(*OTHERS))
    assert one["counts"] == {"add": len(found), "change": 0, "same": 0, "twice": 0, "error": 0}
    read = [(row["label"], OTHERS.index(row["number"]), row["line"]) for row in await lines(office, one, "add")]
    assert read == found
    await do(office, one, "apply")
    again = await previewed(office, content.format(*OTHERS))
    assert again["counts"]["same"] == len(found)


async def test_a_wrong_number_of_somebody_leaves_their_others_in(office: Office) -> None:
    content = f"Name,Phone 1 - Value,Phone 2 - Value\nPia,12,{OTHERS[0]}\nBob,{OTHERS[0]},{OTHERS[1]}\n"
    one = await previewed(office, content)
    assert one["counts"] == {"add": 2, "change": 0, "same": 0, "twice": 1, "error": 1}
    told = [(row["line"], row["number"]) for kind in ("error", "twice") for row in await lines(office, one, kind)]
    assert told == [(2, "12"), (3, OTHERS[0])]
    (twice,) = await lines(office, one, "twice")
    assert twice["detail"] == "The same as line 2, which counts."
    rejected = (await office.api.get(f"{IMPORTS}/{one['id']}/errors.csv")).text
    assert len(list(csv.reader(io.StringIO(rejected)))) == 2
    assert "Pia" in rejected


async def test_what_is_switched_off_elsewhere_is_left_out_and_taken_off(office: Office) -> None:
    """It says that it does not count, which is no reason not to know what is missing in the file."""
    await office.add_blacklisted(OTHERS[0])
    content = f"number,enabled\n{OTHERS[0]},no\n{OTHERS[1]},yes\n{OTHERS[2]},\n"
    one = await previewed(office, content, remove_missing="true")
    assert (one["counts"]["add"], one["counts"]["error"], one["missing"]) == (2, 1, 1)
    (row,) = await lines(office, one, "error")
    assert (row["number"], row["field"], row["detail"]) == (
        OTHERS[0], "number", "This is switched off where the file comes from, and is left out.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "query", "numbers"),
    [
        ("pattern\n4692576503\n2566445079\n", {"country": "US"}, ["+14692576503", "+12566445079"]),  # the FTC's
        ("number,description\n0639980150,robocall\n", {}, ["+33639980150"]),  # FreePBX
        (
            "call_block_uuid,call_block_direction,call_block_name,call_block_country_code,call_block_number,"
            "call_block_enabled,call_block_description\n1f,inbound,Spam,1,4692576503,true,why\n"
            "2f,inbound,Off,1,4692576504,false,why\n3f,outbound,Out,1,4692576505,true,why\n", {}, ["+14692576503"],
        ),  # FusionPBX
        (
            "Name,Type,Number\nSpam,inbound,0639980150\nOut,outbound,0639980151\nAll,both,0639980152\n",
            {}, ["+33639980150", "+33639980152"],
        ),  # Yeastar
        ("First Name,Phone 1 - Label,Phone 1 - Value\nPia,Mobile,+33639980150\n", {}, ["+33639980150"]),  # Google
        ("Title,First Name,Mobile Phone,Notes\n,Pia,+33639980150,\n", {}, ["+33639980150"]),  # Outlook
        ("Номер телефона\tИмя\tПричина\n+33639980150\tПиа\tспам\n", {}, ["+33639980150"]),
        ("Teléfono móvil;Nombre completo\n+33639980150;Pia\n", {"columns": "number,label"}, ["+33639980150"]),
    ],
)  # fmt: skip
async def test_exports_of_others_are_read_as_they_are(
    office: Office, content: str, query: dict[str, str], numbers: list[str]
) -> None:
    one = await previewed(office, content, **query)
    assert [row["number"] for row in await lines(office, one, "add")] == numbers
