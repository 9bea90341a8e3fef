"""Asking a real embedded PostgreSQL, and holding one in another process."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.embedded_database import EmbeddedDatabaseError, embedded_database
from app.words.problems import cause_words

ROOT = Path(__file__).parents[2]
FAST: Mapping[str, str] = {"fsync": "off", "shared_buffers": "8MB", "max_connections": "20"}
HOLDER = """
import signal, sys
from pathlib import Path
from app.embedded_database import embedded_database
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by what a shell runs in the background
with embedded_database(Path(sys.argv[1]), settings=eval(sys.argv[2])) as url:
    print(url, flush=True)
    sys.stdin.read()
print("stopped", flush=True)
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def ask(url: str, *statements: str) -> Any:
    """Run the statements over asyncpg; the first value of the last one's answer."""

    async def over_asyncpg() -> Any:
        engine = create_async_engine(url)
        try:
            async with engine.begin() as connection:
                for statement in statements:
                    result = await connection.execute(text(statement))
                return result.scalar() if result.returns_rows else None
        finally:
            await engine.dispose()

    return asyncio.run(over_asyncpg())


@contextmanager
def holder_of(folder: Path, settings: Mapping[str, str] = FAST) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process that holds the database until its standard input closes; with the URL it printed."""
    arguments = [sys.executable, "-c", HOLDER, str(folder), repr(dict(settings))]
    with subprocess.Popen(
        arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.stdin.close()
            process.wait(timeout=20)
            for left_behind in servers_on(folder):
                os.kill(left_behind, signal.SIGINT)


@contextmanager
def refused(kind: type[EmbeddedDatabaseError], words: str) -> Iterator[pytest.ExceptionInfo[Any]]:
    """The block ends with an error of this kind, whose sentence matches ``words``."""
    with pytest.raises(kind) as raised:
        yield raised
    assert re.search(words, cause_words(raised.value.cause)), cause_words(raised.value.cause)


def start_in_vain(folder: Path, settings: Mapping[str, str] = FAST, database: str = "antichambre") -> None:
    with embedded_database(folder, database=database, settings=settings):
        pytest.fail("this must not start")


def servers_on(folder: Path) -> list[int]:
    """Every process that names the folder in its arguments and is a PostgreSQL server."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = entry.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if "/postgres\0" in arguments and f"={folder}/postgres\0" in arguments:
            found.append(int(entry.parent.name))
    return found
