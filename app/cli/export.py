"""``antichambre export``."""

import asyncio
import io
import os
import shutil
import sys
import tempfile
from enum import StrEnum
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.base.clock import system_clock
from app.base.database import create_engine
from app.base.language import gettext as _
from app.base.settings import Settings
from app.cli.command import COMMAND_LINE, CommandFailed
from app.cli.company import chosen_company
from app.cli.database import running_database
from app.company.fallback_exports import export_fallback
from app.lists.files.list_file import FileFormat, fields_of, list_entries, write_csv, write_json, write_sheet
from models.list_name import ListName


class What(StrEnum):
    """What can be exported."""

    VIP = "vip"
    BLACKLIST = "blacklist"
    FALLBACK = "fallback"


def export(
    what: Annotated[
        What,
        typer.Argument(metavar="vip|blacklist|fallback", help="A list, or the document for the provider's console."),
    ],
    form: Annotated[FileFormat, typer.Option("--format", help="Of a list.")] = FileFormat.CSV,
    company: Annotated[str | None, typer.Option(help="Its id or name, where there are several.")] = None,
    line: Annotated[str | None, typer.Option(help="The fallback document's line, where there are several.")] = None,
) -> None:
    """Write a list, or the static fallback document, to standard output."""
    if line is not None and what is not What.FALLBACK:
        raise CommandFailed(_("Only the fallback document is one line's; leave --line out."))
    with running_database(Settings()) as settings:
        out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=False)
        try:
            asyncio.run(_export(settings, what, form, company, line, out))
            out.flush()
        except BrokenPipeError:  # whoever reads has had enough, as `head` has
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        finally:
            out.detach()


async def _export(
    settings: Settings, what: What, form: FileFormat, company: str | None, line: str | None, out: io.TextIOWrapper
) -> None:
    engine = create_engine(settings.database_url or "", command_timeout=None)
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            tenant = await chosen_company(session, company)
            if what is What.FALLBACK:
                export = await export_fallback(session, tenant, line, COMMAND_LINE, system_clock())
                out.write(export.document + "\n")
                return
        await _write_list(engine, tenant.id, ListName(what.value), form, out)
    finally:
        await engine.dispose()


async def _write_list(
    engine: AsyncEngine, tenant_id: str, name: ListName, form: FileFormat, out: io.TextIOWrapper
) -> None:
    async with engine.connect() as connection:
        entries = list_entries(connection, tenant_id, name)
        match form:
            case FileFormat.CSV:
                await write_csv(entries, out, fields_of(name))
            case FileFormat.JSON:
                await write_json(entries, out)
            case FileFormat.XLSX:
                with tempfile.TemporaryFile() as sheet:  # it is written by jumping about, which a pipe does not allow
                    await write_sheet(entries, sheet, fields_of(name), name.value)
                    sheet.seek(0)
                    shutil.copyfileobj(sheet, out.buffer)
