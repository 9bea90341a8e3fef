"""The import of a list on its page: without a script, and in a browser in every look."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import expect

from app.auth.roles import Role
from app.clients.imports.client_importer import CLIENT_IMPORTER
from app.lists.imports import import_page, stored_imports
from app.lists.imports.importer import Importer
from app.lists.imports.list_importer import LIST_IMPORTER
from app.sales.imports.sale_importer import SALE_IMPORTER
from app.words.import_row_words import column_words
from tests import cast
from tests.api import API, signed_in
from tests.lists.importing import exported
from tests.lists.test_imports_api import OTHERS, workbook
from tests.looking import Looking
from tests.office import Office
from tests.web.test_everybody_can_use_it import fits, screens, violations

pytestmark = pytest.mark.anyio
PAGE = "/lists/blacklist/import"
HTML = {"Accept": "text/html"}


async def test_upload_columns_preview_apply_undo_without_a_script(office: Office) -> None:
    await office.add_blacklisted()
    before = await exported(office)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        assert f'href="{PAGE}"' in (await sofia.get("/lists/blacklist")).text
        assert "Nothing was imported" in (await sofia.get(PAGE)).text
        content = f"Uma <b>,{OTHERS[0]}\nBoris K.,{cast.BORIS}\nPia,12\n".encode()
        sent = await sofia.post(PAGE, files={"file": ("list.csv", content, "text/csv")})
        assert sent.status_code == 303, sent.text
        here = sent.headers["Location"]
        asked = await sofia.get(here)
        assert "Apply" not in asked.text
        assert "<bdi>Uma &lt;b&gt;</bdi>" in asked.text
        chosen = await sofia.post(f"{here}/columns", data={"column": ["label", "number"], "country": ""})
        assert chosen.status_code == 303, chosen.text
        preview = (await sofia.get(here)).text
        assert re.findall(r"<strong>(\d+)</strong>", preview) == ["1", "1", "0", "0", "1"]
        assert "Apply 2 changes" in preview
        assert f"/api/v1/blacklist/imports/{here.rpartition('/')[2]}/errors.csv" in preview
        changes = (await sofia.get(here, params={"kind": "change"})).text
        assert "<del><bdi>Boris</bdi></del>" in changes
        assert await exported(office) == before
        assert (await sofia.post(f"{here}/apply")).status_code == 303
        applied = (await sofia.get(here)).text
        assert "Undo the import" in applied
        assert len((await office.api.get(f"{API}/blacklist")).json()["items"]) == 2
        assert (await sofia.post(f"{here}/apply", headers=HTML)).status_code == 409
        assert (await sofia.post(f"{here}/undo")).status_code == 303
        assert "1 taken off, 1 as before" in (await sofia.get(here)).text
        assert "list.csv" in (await sofia.get(PAGE)).text
    assert await exported(office) == before


async def test_a_wrong_cell_is_not_shown_as_the_number(office: Office) -> None:
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        sent = await sofia.post(
            PAGE, data={"lines": f"number,match\n{OTHERS[0]},like\n12,\n"}, files={"file": ("", b"")}
        )
        shown = re.findall(r"</small> (.*?)</bdi>", (await sofia.get(sent.headers["Location"])).text)
        assert shown == ['Match: <bdi class="names digits">like', '<bdi class="names digits">12']


async def test_pasted_lines_and_files_that_are_none(office: Office) -> None:
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        pasted = await sofia.post(PAGE, data={"lines": "\n".join(OTHERS[:3])}, files={"file": ("", b"")})
        assert "Apply 3 changes" in (await sofia.get(pasted.headers["Location"])).text
        assert (await sofia.post(f"{pasted.headers['Location']}/drop")).status_code == 303
        assert (await sofia.get(pasted.headers["Location"])).status_code == 404
        for content, words in ((b"", "is empty"), (b"PK\x03\x04no", "no sheet"), (bytes(range(256)), "not text")):
            refused = await sofia.post(PAGE, files={"file": ("a.xlsx", content)})
            assert refused.status_code == 422
            assert words in refused.text
        wrong = await sofia.post(PAGE, data={"lines": OTHERS[0], "country": "XX"}, files={"file": ("", b"")})
        assert wrong.status_code == 422
    async with signed_in(office, Role.OPERATOR) as olga:
        assert (await olga.get(PAGE)).status_code == 403
        assert (await olga.post(PAGE, data={"lines": OTHERS[0]})).status_code == 403


async def test_what_takes_long_is_watched(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_imports, "_BESIDE_BYTES", 1)
    monkeypatch.setattr(import_page, "_PATIENCE_SECONDS", 0.0)
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        sent = await sofia.post(PAGE, files={"file": ("list.csv", "\n".join(OTHERS).encode())})
        here = sent.headers["Location"]
        await sofia.get(here)
        for task in list(stored_imports._under_way):
            await task
        assert "Apply 40 changes" in (await sofia.get(here)).text


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
async def test_a_list_is_downloaded_in_every_form_and_comes_back(office: Office, form: str) -> None:
    await office.add_blacklisted(
        label="=1+1", reason="'=2\nand, more;", treatment="busy", lines=[office.company.line_id]
    )
    await office.add_blacklisted("+33899", match="prefix", label="'")
    await office.add_blacklisted("+33639980150", match="range", to="+33639980180")
    async with signed_in(office, Role.SUPERVISOR) as sofia:
        page = await sofia.get(f"/lists/blacklist/file.{form}")
    file = await office.api.get(f"{API}/blacklist/export", params={"format": form})
    assert file.headers["Content-Type"] == page.headers["Content-Type"]
    assert form == "xlsx" or file.content == page.content, "a sheet says when it was made"
    same = await office.api.post(f"{API}/blacklist/imports", content=file.content)
    assert same.json()["counts"] == {"add": 0, "change": 0, "same": 3, "twice": 0, "error": 0}
    before = json.loads((await office.api.get(f"{API}/blacklist/export", params={"format": "json"})).text)
    for entry in (await office.api.get(f"{API}/blacklist")).json()["items"]:
        await office.api.delete(f"{API}/blacklist/{entry['id']}")
    again = (await office.api.post(f"{API}/blacklist/imports", content=file.content)).json()
    assert (await office.api.post(f"{API}/blacklist/imports/{again['id']}/apply")).json()["counts"]["add"] == 3
    after = json.loads((await office.api.get(f"{API}/blacklist/export", params={"format": "json"})).text)
    assert sorted(before, key=str) == sorted(after, key=str)


@screens
async def test_the_pages_have_no_violation(looking: Looking, screen: dict[str, Any]) -> None:
    office = looking.served.office
    await office.add_operator()
    await office.add_vip(label="Vera Fournier")
    await office.add_blacklisted(reason="Threats")
    page = await looking.panel(**screen)
    await page.goto(PAGE)
    assert await violations(page) == []
    assert await fits(page)
    rows: list[list[object]] = [
        ["Téléphone", "Nom", "Motif", "Remarque interne"],
        [cast.BORIS, "Boris K.", "Shouts", "x"],
    ]
    rows += [[number, f"Caller {place}", "robocall", ""] for place, number in enumerate(OTHERS[:12])]
    rows += [[cast.VERA, "", "", ""], [cast.OLGA, "", "", ""], ["12", "", "", ""], [OTHERS[0], "", "", ""]]
    await page.get_by_label("File", exact=True).set_input_files(
        {"name": "blocked-nov.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(rows)}
    )
    await page.get_by_role("button", name="Preview").click()
    await expect(page.get_by_role("button", name="Apply 13 changes")).to_be_visible()
    assert await violations(page) == []
    assert await fits(page)
    await page.locator("details.add > summary").click()
    assert await violations(page) == []
    assert await fits(page)
    await page.get_by_role("button", name="Apply 13 changes").click()
    await expect(page.get_by_role("button", name="Undo the import")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Undo the import").click()
    await expect(page.get_by_text("12 taken off, 1 as before")).to_be_visible()
    assert await violations(page) == []
    assert await fits(page)


@pytest.mark.parametrize("importer", [LIST_IMPORTER, CLIENT_IMPORTER, SALE_IMPORTER], ids=["lists", "clients", "sales"])
async def test_every_column_that_is_read_has_words_of_its_own(office: Office, importer: Importer) -> None:
    choices = importer.choices(office.board.live_plan.tenant(office.company.tenant))
    words = [column_words(choice) for choice in ("", *choices)]
    assert len(set(words)) == len(words), sorted(words)
