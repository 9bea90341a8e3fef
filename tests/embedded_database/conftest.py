"""Folders with a database in them, stopped."""

import os
import shutil
from pathlib import Path

import pytest

from app.embedded_database import (
    embedded_database,
)
from tests.embedded_database.real_server import FAST


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stopped server's folder, so that most tests start from a copy instead of running initdb."""
    folder = tmp_path_factory.mktemp("made-once") / "data"
    with embedded_database(folder, settings=FAST):
        pass
    return folder


@pytest.fixture
def folder(made_once: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(made_once, copy)
    if os.geteuid() == 0:
        owner = (made_once / "postgres").stat()
        for path in (copy / "postgres", *(copy / "postgres").rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
    return copy
