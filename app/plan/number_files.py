"""Number files: the exact entries of one list in a file that every worker of this host maps, so that they are in memory
once a host. A file is written once, under the name of its generation, and never changed."""

import asyncio
import hashlib
import json
import mmap
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

import asyncpg

from filters.list_entry import ListEntry
from filters.number_index import (
    HEADER_BYTES,
    IndexHeader,
    NumberIndex,
    NumberIndexWriter,
    StandsFor,
    read_header,
)
from models import BlacklistEntry, VipEntry

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
_LISTS: Final = (VipEntry, BlacklistEntry)
_DETAILS: Final = {
    model.__tablename__: ", ".join(
        ("lines::text" if name == "lines" else name) if hasattr(model, name) else f"NULL::text AS {name}"
        for name in ListEntry._fields
        if name not in {"id", "pattern"}
    )
    for model in _LISTS
}
"""The tables that are lists, and what of a row is kept beside its number (:data:`filters.number_index.Details`); a list
that does not have a column has NULL there."""
_FETCHED: Final = 5_000

STANDS_FOR: Final = """
    SELECT coalesce(v.version, 0) AS version,
           coalesce((extract(epoch FROM v.made_at) * 1000000)::bigint, 0) AS made_at,
           (SELECT epoch FROM feed_epoch) AS epoch,
           (SELECT oid::bigint FROM pg_database WHERE datname = current_database()) AS oid
    FROM (SELECT 1) AS always LEFT JOIN (SELECT version, made_at FROM plan_change ORDER BY version DESC LIMIT 1) AS v ON true
"""


BY_NAME_ONLY: Final = -1
"""The version of a file that was written by an import before its commit."""


@dataclass(frozen=True, slots=True)
class NumberFile:
    """A mapped number file. It holds every change of its list up to the version ``as_of``, and maybe later ones."""

    generation: str
    index: NumberIndex
    as_of: int


def number_file_path(data_dir: Path, tenant_id: str, subject: str, generation: str) -> Path:
    """Where the number file of the list ``subject`` (a table's name) is. Raises ValueError for names that are no names."""
    if subject not in _DETAILS or not _NAME.fullmatch(tenant_id) or not _NAME.fullmatch(generation):
        raise ValueError("no such list or generation")
    return data_dir / "plan" / "numbers" / f"{tenant_id}.{subject}.{generation}"


def database_identity(epoch: str, oid: int) -> bytes:
    """16 bytes that differ between databases: the epoch is made with the schema, and a copy has another object id."""
    return hashlib.sha256(f"{epoch}:{oid}".encode()).digest()[:16]


async def read_stands_for(connection: asyncpg.Connection) -> StandsFor:
    """The newest version that ``connection`` sees, and the database's identity."""
    return stands_for_row(await connection.fetchrow(STANDS_FOR))


def stands_for_row(row: asyncpg.Record) -> StandsFor:
    """A row of :data:`STANDS_FOR`."""
    return StandsFor(row["version"], row["made_at"], database_identity(row["epoch"], row["oid"]))


async def write_number_file(
    connection: asyncpg.Connection, data_dir: Path, tenant_id: str, subject: str, generation: str
) -> Path:
    """Write the exact entries of the list ``subject`` as the running transaction of ``connection`` sees them; atomically:
    the file is there complete or not at all, readable by its owner only.

    An importer calls it after its changes and before its commit. Until then nobody uses the file: it counts only through a
    committed change that names its generation. Entries whose number is not E.164 name nobody and are left out. Raises
    ValueError for unknown lists and what asyncpg and the disk raise.
    """
    database = (await read_stands_for(connection)).database
    unspecified = StandsFor(BY_NAME_ONLY, 0, database)
    return await _write(connection, data_dir, tenant_id, subject, generation, unspecified)


async def write_committed_numbers(
    connection: asyncpg.Connection, data_dir: Path, tenant_id: str, subject: str, generation: str
) -> Path:
    """The same for a transaction that has changed nothing and sees one snapshot: the file says which version it stands
    for, and may be used by whoever is at that version or later."""
    stands_for = await read_stands_for(connection)
    return await _write(connection, data_dir, tenant_id, subject, generation, stands_for)


async def _write(
    connection: asyncpg.Connection,
    data_dir: Path,
    tenant_id: str,
    subject: str,
    generation: str,
    stands_for: StandsFor,
) -> Path:
    path = number_file_path(data_dir, tenant_id, subject, generation)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Sorting by the number itself, not by its text: the order of texts depends on the database's collation.
    query = f"""
        SELECT number, id, {_DETAILS[subject]}
        FROM {subject}
        WHERE tenant_id = $1 AND match = 'exact' AND number ~ '^\\+[1-9][0-9]+$' AND length(number) BETWEEN 8 AND 16
        ORDER BY number::bigint, id
    """  # noqa: S608  the names are ours
    with _written_atomically(path) as writer:
        await connection.execute("SET LOCAL work_mem = '128MB'")
        cursor = await connection.cursor(query, tenant_id)
        rows = await cursor.fetch(_FETCHED)
        while rows:
            following = asyncio.create_task(cursor.fetch(_FETCHED))  # the server reads on while these are written
            await asyncio.sleep(0)
            try:
                # Unpacked one by one, which is three times as fast as by their places: there are millions.
                writer.add_all(
                    (number, entry_id, (label, why, until, _read_lines(lines), what))
                    for number, entry_id, label, why, until, lines, what in rows
                )
            finally:
                rows = await following
        writer.finish(stands_for)
    return path


def open_number_file(path: Path) -> NumberIndex:
    """Map a number file. Raises :class:`filters.number_index.NumberIndexDamaged` and OSError."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size < HEADER_BYTES:
            read_header(file.read())
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    index = NumberIndex(memoryview(mapped))
    # What was read for the checksum need not stay mapped into this process; the next reading ahead would be in vain.
    mapped.madvise(mmap.MADV_DONTNEED)
    mapped.madvise(mmap.MADV_RANDOM)
    return index


def headers_of(data_dir: Path, tenant_id: str, subject: str) -> list[tuple[str, IndexHeader]]:
    """The generations of a list that are on disk, with what their headers say, newest first. Files that are no number files
    are left out."""
    pattern = number_file_path(data_dir, tenant_id, subject, "x").name[:-1]
    found = []
    for path in number_file_path(data_dir, tenant_id, subject, "x").parent.glob(f"{pattern}*"):
        try:
            with path.open("rb") as file:
                found.append((path.name.removeprefix(pattern), read_header(file.read(HEADER_BYTES))))
        except (OSError, ValueError):
            continue
    return sorted(found, key=lambda one: one[1].stands_for.version, reverse=True)


@contextmanager
def _written_atomically(path: Path) -> Iterator[NumberIndexWriter]:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "r+b") as out, _unnamed(path.parent) as rests, _unnamed(path.parent) as details:
            yield NumberIndexWriter(out, rests, details)
            os.fsync(out.fileno())
        Path(name).replace(path)
        sync_folder(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` survive a power loss."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unnamed(folder: Path) -> BinaryIO:
    return tempfile.TemporaryFile(dir=folder)


@lru_cache(maxsize=1024)
def _read_lines(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))
