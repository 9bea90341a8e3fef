"""The documents fail when they lie."""

import re
from pathlib import Path

from app.base.settings import Settings
from app.main import create_app
from filters.matches import MatchSource
from routing.reasons import ReasonCode

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
SETTINGS = (ROOT / "docs" / "settings.md").read_text()
REST = (ROOT / "docs" / "rest-api.md").read_text()


def test_every_reason_code_is_in_the_readme() -> None:
    assert [code for code in ReasonCode if f"`{code.value}`" not in README] == []
    assert MatchSource.VIP.value in README


def test_every_setting_is_described() -> None:
    names = {
        "DATABASE_URL" if name == "database_url" else f"ANTICHAMBRE_{name.upper()}" for name in Settings.model_fields
    }
    described = set(re.findall(r"^\| `([A-Z_]+)`", SETTINGS, re.M))
    assert described == names


def test_every_resource_is_described() -> None:
    app = create_app(Settings(_env_file=None))
    resources = {"/" + path.split("/")[3] for path in app.openapi()["paths"] if path.startswith("/api/v1/")}
    rows = re.findall(r"^\|([^|]+)\|", REST.split("## Live events")[0], re.MULTILINE)
    assert resources == {name for row in rows for name in re.findall(r"`(/[a-z\-]+)`", row)}


def test_every_link_of_the_documents_leads_somewhere() -> None:
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    links = [(one, target) for one in documents for target in re.findall(r"\]\(([^)#]+)\)", one.read_text())]
    broken = [(one.name, to) for one, to in links if "://" not in to and not (one.parent / to).exists()]
    assert broken == []


def test_every_test_that_a_document_names_exists() -> None:
    text = "".join(one.read_text() for one in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text))
    assert len(named) > 20
    missing = [(file, test) for file, test in named if not re.search(rf"\bdef {test}\(", _source(file))]
    assert missing == []


def test_every_chaos_test_is_in_the_document_about_reliability() -> None:
    document = (ROOT / "docs" / "reliability.md").read_text()
    tests = {
        f"{file.relative_to(ROOT)}::{test}"
        for file in (ROOT / "tests" / "chaos").glob("test_*.py")
        for test in re.findall(r"^(?:async )?def (test_\w+)\(", file.read_text(), re.M)
    }
    assert {test for test in tests if f"`{test}`" not in document} == set()


def _source(file: str) -> str:
    path = ROOT / file
    return path.read_text() if path.exists() else ""


def test_the_readme_names_every_room_and_no_other() -> None:
    tree = README.split("## The rooms")[1].split("```")[1]
    folders = {name for line in re.findall(r"^((?:[a-z]+/ )+)", tree, re.M) for name in line.split()}
    rooms = {name for line in re.findall(r"^  ((?:[a-z_]+/ )+)", tree, re.M) for name in line.split()}
    assert all((ROOT / folder).is_dir() for folder in folders)
    assert rooms == {f"{one.parent.name}/" for one in (ROOT / "app").glob("*/__init__.py")}


def test_every_path_of_the_documents_exists() -> None:
    for document in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        for path in re.findall(
            r"`((?:app|filters|routing|models|simulator|benchmarks)/[\w/.]+)`", document.read_text()
        ):
            assert (ROOT / path).exists(), f"{document.name}: {path}"


def test_every_command_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"make ([a-z]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.M) or target in {"no"}, target
