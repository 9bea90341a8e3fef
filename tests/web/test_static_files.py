"""What browsers load: vendored unchanged, kept by its content, nothing from elsewhere."""

import hashlib
import json
from pathlib import Path

import pytest

from app.web.drawing import STATIC, static_url
from tests.office import Office

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("folder", [STATIC / "vendor", ROOT / "tests" / "vendor"])
def test_vendored_files_are_what_their_list_says(folder: Path) -> None:
    listed = json.loads((folder / "VENDORED.json").read_text())
    for one in listed:
        assert hashlib.sha256((folder / one["file"]).read_bytes()).hexdigest() == one["sha256"], one["name"]
        assert (folder / one["licence_file"]).read_text().strip()
    named = {"VENDORED.json"} | {one[key] for one in listed for key in ("file", "licence_file")}
    assert {path.name for path in folder.iterdir()} == named


async def test_files_are_kept_by_their_content_and_pages_are_not(office: Office) -> None:
    kept = await office.api.get(static_url("panel.css"))
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await office.api.get("/static/panel.css")).headers["cache-control"] == "no-cache"
    page = await office.api.get("/sign-in")
    assert page.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert (await office.api.get("/static/../panel.py")).status_code == 404


async def test_what_is_no_document_goes_without_the_headers_of_documents(office: Office) -> None:
    for name in ("panel.css", "frame.js"):
        sent = (await office.api.get(static_url(name))).headers
        assert sent["X-Content-Type-Options"] == "nosniff", "it can be taken for nothing else"
        assert "Content-Security-Policy" not in sent, name
    picture = (await office.api.get(static_url("icon.svg"))).headers
    assert "script-src 'self'" in picture["Content-Security-Policy"], "opened by itself it is a document"


def test_no_template_marks_anything_as_safe_or_brings_its_own_script_or_style() -> None:
    for path in (STATIC.parent / "templates").rglob("*.html"):
        text = path.read_text()
        for word in ("|safe", "| safe", "autoescape", "style=", "onclick", "hx-on", "http://", "https://", "<style"):
            assert word not in text, f"{word} in {path.name}"
    assert "http" not in (STATIC / "panel.css").read_text()
