"""Templates are compiled once, and not by every worker that starts."""

import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from app.web.drawing import CompiledTemplates


def drawn(folder: Path, source: str, *, may_compile: bool = True) -> str:
    environment = Environment(loader=DictLoader({"a.html": source}), bytecode_cache=CompiledTemplates(folder))  # noqa: S701
    if not may_compile:
        environment.compile = None  # type: ignore[assignment, method-assign]
    return environment.get_template("a.html").render(name="Vera")


@pytest.fixture(autouse=True)
def _may_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def test_what_one_worker_has_compiled_another_reads(tmp_path: Path) -> None:
    folder = tmp_path / "__pycache__"
    assert drawn(folder, "Hello {{ name }}") == "Hello Vera"
    assert drawn(folder, "Hello {{ name }}", may_compile=False) == "Hello Vera"


def test_a_template_that_has_changed_is_compiled_anew(tmp_path: Path) -> None:
    drawn(tmp_path, "Hello {{ name }}")
    assert drawn(tmp_path, "Goodbye {{ name }}") == "Goodbye Vera"


def test_a_kept_template_that_is_broken_is_compiled_anew(tmp_path: Path) -> None:
    drawn(tmp_path, "Hello {{ name }}")
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-20])
    assert drawn(tmp_path, "Hello {{ name }}") == "Hello Vera"


def test_where_nothing_can_be_kept_pages_are_drawn_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    assert drawn(tmp_path / "file" / "folder", "Hello {{ name }}") == "Hello Vera"
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert drawn(tmp_path / "read-only", "Hello {{ name }}") == "Hello Vera"
    assert [*(tmp_path / "read-only").iterdir()] == []
