"""``antichambre export``."""

import asyncio
import io
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.clock import system_clock
from app.base.database import create_engine, session_maker
from app.base.language import gettext as _
from app.base.settings import Settings
from app.calls.export_calls import CALL_FIELDS, call_entries
from app.calls.log_query import days_between
from app.cli.command import COMMAND_LINE, CommandFailed
from app.cli.company import chosen_company
from app.cli.database import running_database
from app.clients.imports.client_file import ClientFile
from app.company.fallback_exports import export_fallback
from app.lists.files.list_file import Entry, FileFormat, fields_of, list_entries, write_csv, write_json, write_sheet
from models.list_name import ListName


class What(StrEnum):
    """What can be exported."""

    VIP = "vip"
    BLACKLIST = "blacklist"
    CLIENTS = "clients"
    CALLS = "calls"
    FALLBACK = "fallback"


def export(
    what: Annotated[
        What,
        typer.Argument(
            metavar="vip|blacklist|clients|calls|fallback",
            help="A list, the clients, the call log, or the document for the provider's console.",
        ),
    ],
    form: Annotated[FileFormat, typer.Option("--format", help="Of all but the document.")] = FileFormat.CSV,
    company: Annotated[str | None, typer.Option(help="Its id or name, where there are several.")] = None,
    line: Annotated[str | None, typer.Option(help="The fallback document's line, where there are several.")] = None,
    since: Annotated[str, typer.Option(help="Calls from this day on, like 2026-11-01.")] = "",
    until: Annotated[str, typer.Option(help="Calls up to this day and on it, like 2026-11-30.")] = "",
) -> None:
    """Write a list, the clients, calls, or the static fallback document, to standard output."""
    if (since or until) and what is not What.CALLS:
        raise CommandFailed(_("Only calls have days; leave --since and --until out."))
    if line is not None and what is not What.FALLBACK:
        raise CommandFailed(_("Only the fallback document is one line's; leave --line out."))
    with running_database(Settings()) as settings:
        out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=False)
        try:
            asyncio.run(_export(settings, what, form, company, line, (since, until), out))
            out.flush()
        except BrokenPipeError:  # whoever reads has had enough, as `head` has
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        finally:
            out.detach()


async def _export(
    settings: Settings, what: What, form: FileFormat, company: str | None, line: str | None, days: tuple[str, str],
    out: io.TextIOWrapper,
) -> None:  # fmt: skip
    engine = create_engine(settings.database_url or "", command_timeout=None)
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            tenant = await chosen_company(session, company)
            if what is What.FALLBACK:
                export = await export_fallback(session, tenant, line, COMMAND_LINE, system_clock())
                out.write(export.document + "\n")
                return
        sessions = session_maker(engine)
        match what:
            case What.CLIENTS:
                file = await ClientFile.of(sessions, tenant.id)
                await _write(file.entries(), file.fields, what, form, out)
            case What.CALLS:
                period = days_between(*days, ZoneInfo(tenant.time_zone))
                await _write(call_entries(sessions, tenant.id, period), CALL_FIELDS, what, form, out)
            case _:
                name = ListName(what.value)
                async with engine.connect() as connection:
                    await _write(list_entries(connection, tenant.id, name), fields_of(name), what, form, out)
    finally:
        await engine.dispose()


async def _write(
    entries: AsyncIterator[Entry], fields: tuple[str, ...], what: What, form: FileFormat, out: io.TextIOWrapper
) -> None:
    match form:
        case FileFormat.CSV:
            await write_csv(entries, out, fields)
        case FileFormat.JSON:
            await write_json(entries, out)
        case FileFormat.XLSX:
            with tempfile.TemporaryFile() as sheet:  # it is written by jumping about, which a pipe does not allow
                await write_sheet(entries, sheet, fields, what.value)
                sheet.seek(0)
                shutil.copyfileobj(sheet, out.buffer)
