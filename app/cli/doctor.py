"""``antichambre doctor``."""

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from app.base.errors import NotReadyToStart
from app.base.language import gettext as _
from app.base.problems.database import (
    DatabaseFault,
    DatabaseProblem,
    NewerSchema,
    NoRightToCreate,
    NoRightToTables,
    NotUtf8,
    OtherSchema,
    ServerTooOld,
)
from app.base.settings import Settings
from app.cli.condition import Condition, Level
from app.cli.machine_checks import check_machine
from app.cli.provider_checks import check_providers
from app.cli.proxy_checks import check_addresses
from app.embedded_database import DataFolderInUse, embedded_database
from app.embedded_database.errors import EmbeddedDatabaseError
from app.startup_checks import Look, look_at_database
from app.words.problems import cause_words

_COLOURS = {Level.OK: typer.colors.GREEN, Level.WARN: typer.colors.YELLOW, Level.FAIL: typer.colors.RED}


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Say what is wrong with this installation, and how to mend it."""
    conditions = list(_conditions(Settings()))
    well = all(one.level is not Level.FAIL for one in conditions)
    if as_json:
        typer.echo(json.dumps({"ok": well, "checks": [asdict(one) for one in conditions]}))
    else:
        for one in conditions:
            typer.echo(f"{typer.style(f'{one.level:4}', fg=_COLOURS[one.level])}  {one.part:12} {one.found}")
    sys.exit(0 if well else 1)


def _conditions(settings: Settings) -> Iterator[Condition]:
    look: Look | None = None
    try:
        look, providers = _look(settings)
    except NotReadyToStart as problem:
        yield Condition("database", Level.FAIL, cause_words(problem.cause))
    except EmbeddedDatabaseError as error:
        yield Condition("database", Level.FAIL, cause_words(error.cause))
    else:
        yield from _of_database(settings, look)
        yield from providers
    yield from check_addresses(settings)
    yield from check_machine(settings, 0.0 if look is None else look.clock_aside)


def _look(settings: Settings) -> tuple[Look, list[Condition]]:
    """At the database and, while it is there, at the providers of the accounts in it."""
    if settings.database_url is not None:
        return asyncio.run(_look_at(settings, settings.database_url))
    try:
        with embedded_database(settings.data_dir) as url:
            return asyncio.run(_look_at(settings, url))
    except DataFolderInUse as error:
        if error.url is None:
            raise
        return asyncio.run(_look_at(settings, error.url))


async def _look_at(settings: Settings, url: str) -> tuple[Look, list[Condition]]:
    return await look_at_database(url), await check_providers(settings, url)


def _of_database(settings: Settings, look: Look) -> Iterator[Condition]:
    # The embedded one is migrated by whatever starts it next.
    faults = {
        _part_of(fault): fault for fault in reversed(look.faults(settings, to_migrate=settings.database_url is None))
    }
    well = {
        "database": _("embedded") if settings.database_url is None else _("answers, with no pooler in between"),
        "version": f"PostgreSQL {look.server.version}",
        "encoding": look.server.encoding,
        "rights": look.server.role,
        "schema": look.revision or _("none"),
    }
    for part, found in well.items():
        fault = faults.get(part)
        yield Condition(part, Level.OK, found) if fault is None else Condition(part, Level.FAIL, cause_words(fault))


def _part_of(fault: DatabaseProblem) -> str:
    match fault:
        case ServerTooOld():
            return "version"
        case NotUtf8():
            return "encoding"
        case NoRightToCreate() | NoRightToTables() | DatabaseFault.NO_SCHEMA_TO_USE:
            return "rights"
        case OtherSchema() | NewerSchema():
            return "schema"
        case _:
            return "database"
