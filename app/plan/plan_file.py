"""The plan file: everything that a worker serves, but for the number files, which it names. A worker that starts reads it
instead of the database, and goes on with the changes made since.

It is JSON lines: a header, for each tenant its number files and its rows in pieces, and the checksum of all that. Secrets
are in it as they are in the database, encrypted; only the owner can read it.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import orjson
from sqlalchemy import inspect

from app.plan.number_files import NumberFile, number_file_path, open_number_file, sync_folder
from app.plan.rows import SUBJECTS, Row
from app.plan.tenant_rows import TenantRows
from filters.number_index import StandsFor

FORMAT: Final = 1
_ROWS_AT_ONCE: Final = 100

_Piece = dict[str, Any]
"""A line of the file, read."""


class PlanFileUnusable(ValueError):
    """The plan file is damaged or of another version; the message says which."""


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """What the file holds. ``fresh_at`` is when it was last known to be the newest plan."""

    stands_for: StandsFor
    tenants: dict[str, TenantRows]
    fresh_at: datetime


@dataclass(frozen=True, slots=True)
class PlanHeader:
    """The first line. ``numbers`` are the names of the number files that belong to the plan."""

    stands_for: StandsFor
    numbers: frozenset[str]


def plan_path(data_dir: Path) -> Path:
    """Where the plan file is."""
    return data_dir / "plan" / "plan.jsonl"


def shape_of_rows() -> str:
    """Changes with every change of the tables that plans are made of: rows of another shape are not read."""
    columns = [(name, sorted(inspect(model).column_attrs.keys())) for name, model in sorted(SUBJECTS.items())]
    return hashlib.sha256(json.dumps(columns).encode()).hexdigest()[:16]


def header_of(data_dir: Path, stands_for: StandsFor, tenants: Iterable[TenantRows]) -> PlanHeader:
    """The header of the file that these tenants would be saved in."""
    return PlanHeader(
        stands_for,
        frozenset(
            number_file_path(data_dir, tenant.tenant_id, subject, file.generation).name
            for tenant in tenants
            for subject, file in tenant.numbers.items()
        ),
    )


def read_plan_header(data_dir: Path) -> PlanHeader | None:
    """What the file on disk says about itself; None when there is none that could be used."""
    try:
        with plan_path(data_dir).open("rb") as file:
            return _header(orjson.loads(file.readline()))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_plan_file(data_dir: Path) -> SavedPlan:
    """Read the plan file and map its number files. The plans are not built.

    Raises FileNotFoundError when there is none, OSError, and ValueError (:class:`PlanFileUnusable`,
    :class:`filters.number_index.NumberIndexDamaged`) when it cannot be used.
    """
    path = plan_path(data_dir)
    fresh_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    tenants: dict[str, TenantRows] = {}
    with path.open("rb") as file:
        lines = _checked(file)
        try:
            header = _header(orjson.loads(next(lines)))
            for line in lines:
                read_piece(data_dir, orjson.loads(line), tenants)
            for tenant in tenants.values():
                tenant.index_lists()
        except (KeyError, TypeError, AttributeError, StopIteration) as error:
            raise PlanFileUnusable(f"It holds something else than a plan ({type(error).__name__}).") from error
    return SavedPlan(header.stands_for, tenants, fresh_at)


async def write_plan_file(
    data_dir: Path, header: PlanHeader, tenants: Iterable[TenantRows], fresh_at: datetime
) -> bool:
    """Write the plan file, atomically, without holding other tasks up for longer than it takes to write some rows.

    ``tenants`` must not change meanwhile (see :func:`copied`). Does nothing when there is one that is as new; False when
    another worker of this host is writing one. Raises OSError.
    """
    path = plan_path(data_dir)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(path.parent / "plan.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not _is_as_new(read_plan_header(data_dir), header):
            await _write(path, header, tenants, fresh_at)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def copied(tenants: Iterable[TenantRows]) -> list[TenantRows]:
    """The tenants as they are at this moment; the rows themselves are never changed, only replaced."""
    return [
        TenantRows(
            tenant.tenant_id,
            tenant.loaded,
            rows={subject: dict(rows) for subject, rows in tenant.rows.items()},
            numbers=dict(tenant.numbers),
            changed={subject: dict(changed) for subject, changed in tenant.changed.items()},
        )
        for tenant in tenants
    ]


def touch_plan_file(data_dir: Path, fresh_at: datetime) -> None:
    """Note that the plan file is still the newest plan. Raises OSError."""
    os.utime(plan_path(data_dir), (fresh_at.timestamp(), fresh_at.timestamp()))


def _is_as_new(on_disk: PlanHeader | None, ours: PlanHeader) -> bool:
    if on_disk is None or on_disk.stands_for.database != ours.stands_for.database:
        return False
    if on_disk.stands_for == ours.stands_for:
        return on_disk.numbers == ours.numbers
    # A file of the same database may be ahead of us, or of a future that a restored backup has taken back: what is
    # newer then is what was made later.
    return on_disk.stands_for.version > ours.stands_for.version and on_disk.stands_for.made_at > ours.stands_for.made_at


async def _write(path: Path, header: PlanHeader, tenants: Iterable[TenantRows], fresh_at: datetime) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    checksum = 0
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in _pieces(header, tenants):
                line = orjson.dumps(piece, option=orjson.OPT_APPEND_NEWLINE)
                checksum = zlib.crc32(line, checksum)
                file.write(line)
                await asyncio.sleep(0)
            file.write(orjson.dumps({"checksum": checksum}, option=orjson.OPT_APPEND_NEWLINE))
            file.flush()
            await asyncio.to_thread(_put_in_place, name, path, fresh_at)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def _put_in_place(name: str, path: Path, fresh_at: datetime) -> None:
    with open(name, "rb") as file:
        os.fsync(file.fileno())
    os.utime(name, (fresh_at.timestamp(), fresh_at.timestamp()))
    Path(name).replace(path)
    sync_folder(path.parent)


def _pieces(header: PlanHeader, tenants: Iterable[TenantRows]) -> Iterator[_Piece]:
    yield {
        "format": FORMAT,
        "rows": shape_of_rows(),
        "version": header.stands_for.version,
        "made_at": header.stands_for.made_at,
        "database": header.stands_for.database.hex(),
        "numbers": sorted(header.numbers),
    }
    for tenant in tenants:
        yield from pieces_of(tenant)


def pieces_of(tenant: TenantRows) -> Iterator[_Piece]:
    """A tenant's number files and rows, in pieces that are quickly written."""
    numbers = {
        subject: {"generation": file.generation, "as_of": file.as_of} for subject, file in tenant.numbers.items()
    }
    yield {
        "tenant": tenant.tenant_id, "loaded": tenant.loaded, "numbers": numbers, "changed": dict(tenant.changed)
    }  # fmt: skip
    for subject, rows in tenant.rows.items():
        left: Iterator[Row] = iter(rows.values())
        while piece := list(islice(left, _ROWS_AT_ONCE)):
            yield {"tenant": tenant.tenant_id, "subject": subject, "rows": piece}


def read_piece(data_dir: Path, piece: _Piece, tenants: dict[str, TenantRows]) -> None:
    """Put what :func:`pieces_of` has made back among ``tenants``, by id; the lists are not indexed. Raises OSError and
    :class:`filters.number_index.NumberIndexDamaged`."""
    tenant_id = piece["tenant"]
    tenant = tenants.setdefault(tenant_id, TenantRows(tenant_id))
    if "subject" in piece:
        tenant.rows[piece["subject"]].update((row["id"], row) for row in piece["rows"])
        return
    tenant.loaded = piece["loaded"]
    tenant.changed.update(piece["changed"])
    for subject, saved in piece["numbers"].items():
        path = number_file_path(data_dir, tenant_id, subject, saved["generation"])
        tenant.numbers[subject] = NumberFile(saved["generation"], open_number_file(path), saved["as_of"])


def _checked(file: IO[bytes]) -> Iterator[bytes]:
    """The lines before the checksum, once they have all been found to be whole."""
    lines, checksum, last = 0, 0, b""
    for line in file:
        checksum, before, lines, last = zlib.crc32(line, checksum), checksum, lines + 1, line
    try:
        whole = lines > 1 and orjson.loads(last)["checksum"] == before
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise PlanFileUnusable("It is damaged or not complete.")
    file.seek(0)
    return islice(file, lines - 1)


def _header(line: _Piece) -> PlanHeader:
    if line["format"] != FORMAT or line["rows"] != shape_of_rows():
        raise PlanFileUnusable("It was written by another version.")
    stands_for = StandsFor(line["version"], line["made_at"], bytes.fromhex(line["database"]))
    return PlanHeader(stands_for, frozenset(line["numbers"]))
