"""A backup: one ZIP file with every table, the secret key and recorded audio.

Tables are copied in PostgreSQL's text format (COPY), not by ``pg_dump``: the same file goes into the embedded database and
any server of version 15 or later, also one older than it came from, and needs no program that may be missing. The tables
themselves are made by our own migrations, as they were when the backup was made, and then brought up to date.
"""

import json
import os
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

import asyncpg

from app.base.language import gettext as _
from app.cli.command import CommandFailed
from models import Base

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SECRET: Final = "secret.key"  # noqa: S105 (a name)
OF_THE_RUN: Final = frozenset({"worker", "feed_epoch", "sign_in_attempt"})
"""What tells of running workers, of the numbering of live events and of attempts to sign in: a restored database begins
anew with them."""
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """``tables`` has the columns of each table, in an order in which what is referred to comes first; ``rows`` how many rows
    each has. ``revision`` is the schema."""

    format: int
    made_by: str
    made_at: str
    revision: str
    tables: dict[str, list[str]]
    rows: dict[str, int]


@contextmanager
def new_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive that is whole at ``path`` or not there at all; for its owner's eyes only. Never over another file."""
    if path.exists():
        raise CommandFailed(_("%(path)s is there already; choose another name, or remove it.", path=path))
    unfinished = path.with_name(f".{path.name}.unfinished-{os.getpid()}")
    try:
        with open(unfinished, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise CommandFailed(_("%(path)s cannot be written (%(why)s).", path=path, why=why)) from error
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def opened_archive(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """A backup that is whole: every byte of it is read first. Raises :class:`CommandFailed`."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.testzip() is not None:
                raise CommandFailed(_("%(path)s is damaged; take another backup.", path=path))
            yield archive, _manifest(archive)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise CommandFailed(_("%(path)s is no backup of Antichambre, or not a whole one.", path=path)) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise CommandFailed(_("%(path)s cannot be read (%(why)s); is the path right?", path=path, why=why)) from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    told = json.loads(archive.read(MANIFEST))
    if told["format"] != FORMAT:
        raise CommandFailed(
            _(
                "The backup was made by Antichambre %(version)s; use that version or a later one.",
                version=told["made_by"],
            )
        )
    return Manifest(**told)


async def copy_tables(
    connection: asyncpg.Connection, archive: zipfile.ZipFile
) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Put every table into ``archive``, all as of one moment. Returns columns and numbers of rows."""
    tables, rows = {}, {}
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        for table in Base.metadata.sorted_tables:
            if table.name in OF_THE_RUN:
                continue
            tables[table.name] = [column.name for column in table.columns if column.computed is None]
            with archive.open(_member(table.name), "w", force_zip64=True) as file:

                async def write(piece: bytes, file: IO[bytes] = file) -> None:
                    file.write(piece)

                done = await connection.copy_from_table(table.name, columns=tables[table.name], output=write)
            rows[table.name] = int(done.split()[-1])
    return tables, rows


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """The last thing to be written."""
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))


async def fill_tables(connection: asyncpg.Connection, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Fill the empty tables of the manifest's schema from ``archive``, in one transaction."""
    async with connection.transaction():
        for name in reversed(manifest.tables):
            await connection.execute(f"DELETE FROM {_quoted(name)}")  # noqa: S608 (what migrations put in)
        for name, columns in manifest.tables.items():
            with archive.open(_member(name)) as file:
                done = await connection.copy_to_table(name, columns=columns, source=_pieces(file))
            if int(done.split()[-1]) != manifest.rows[name]:
                raise CommandFailed(_("The table %(table)s of the backup is not whole.", table=name))
        for name in manifest.tables:
            await _count_on(connection, name)


async def _count_on(connection: asyncpg.Connection, table: str) -> None:
    """What the server numbers by itself goes on after the last number that came with the backup."""
    numbered = await connection.fetch(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::text::regclass AND attidentity <> ''",
        _quoted(table),
    )
    for (column,) in numbered:
        await connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{_quoted(table)}', '{column}'), "  # noqa: S608 (names of ours)
            f"coalesce(max({_quoted(column)}), 1), max({_quoted(column)}) IS NOT NULL) FROM {_quoted(table)}"
        )


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _member(table: str) -> str:
    return f"tables/{table}.copy"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
