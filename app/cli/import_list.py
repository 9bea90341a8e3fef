"""``antichambre import``."""

import asyncio
import gc
import json
import os
import signal
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.base.clock import system_clock
from app.base.database import create_engine
from app.base.problems.files import FileFault
from app.base.settings import Settings
from app.cli.command import COMMAND_LINE
from app.cli.company import chosen_company
from app.cli.database import running_database
from app.cli.import_clients import import_clients
from app.cli.import_progress import Bar, progress_bar, wait_for_workers
from app.cli.import_sales import import_sales
from app.cli.import_words import client_import_words, sale_import_words, words
from app.edits.edit import PLAN_CHANNEL, Edit
from app.lists.files.decoded_file import DecodedFile, FileUnreadable, decoded_file
from app.lists.files.report import Report
from app.lists.import_file import ListImport
from app.lists.import_options import ImportOptions, read_options
from app.lists.imports.import_state import ImportState
from app.lists.imports.importer import note_applied
from app.lists.imports.list_importer import found_of
from models import StoredImport
from models.list_name import ListName


class Target(StrEnum):
    """What can be imported into."""

    VIP = "vip"
    BLACKLIST = "blacklist"
    CLIENTS = "clients"
    SALES = "sales"


def import_list(
    target: Annotated[
        Target, typer.Argument(metavar="vip|blacklist|clients|sales", help="The list, the clients, or their sales.")
    ],
    file: Annotated[
        str, typer.Argument(help="CSV, XLSX, ODS, JSON, one number a line, of clients vCard; - for standard input.")
    ],
    company: Annotated[str | None, typer.Option(help="Its id or name, where there are several.")] = None,
    country: Annotated[str | None, typer.Option(help="Of national numbers, like FR; else the company's.")] = None,
    remove_missing: Annotated[
        bool, typer.Option("--remove-missing", help="Take off what is on the list and not in the file.")
    ] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Say what would happen, and change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Put the numbers of a file on a list, or its clients or sales among ours, all at once and while calls go on."""
    os.nice(10)  # calls go first
    gc.freeze()  # millions of rows come and go: what is there now need not be looked through again and again
    gc.set_threshold(20_000, 20, 100)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: an embedded database is stopped
    source: Path | BinaryIO = sys.stdin.buffer if file == "-" else Path(file)
    with decoded_file(source) as decoded, running_database(Settings()) as settings, progress_bar(as_json) as bar:
        options = read_options(None, country, remove_missing=remove_missing)
        if target is Target.CLIENTS:
            done = asyncio.run(
                import_clients(settings, decoded, company, bar, options, Path(file).name, preview=preview)
            )
        elif target is Target.SALES:
            sold = asyncio.run(import_sales(settings, decoded, company, bar, options, Path(file).name, preview=preview))
        else:
            name = ListName(target.value)
            report = asyncio.run(
                _import(settings, name, decoded, company, bar, options, Path(file).name[:200], preview=preview)
            )
    if target is Target.CLIENTS:
        typer.echo(json.dumps(done.as_json(), ensure_ascii=False) if as_json else client_import_words(done))
        return
    if target is Target.SALES:
        typer.echo(json.dumps(sold.as_json(), ensure_ascii=False) if as_json else sale_import_words(sold))
        return
    typer.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else words(report))
    if report.bad and not report.added and not report.skipped:
        raise FileUnreadable(FileFault.NO_LINE_READABLE)


async def _import(
    settings: Settings, name: ListName, file: DecodedFile, company: str | None, bar: Bar, options: ImportOptions,
    file_name: str, *, preview: bool,
) -> Report:  # fmt: skip
    engine = create_engine(settings.database_url or "", command_timeout=None)
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            tenant_id = (await chosen_company(session, company)).id
            await session.rollback()
            edit = Edit(session, tenant_id, COMMAND_LINE)
            work = ListImport(edit, name, file, settings.data_dir, system_clock(), bar.show, options)
            if preview:
                return await work.preview()
            stored = StoredImport(
                tenant_id=tenant_id, target=name.value, state=ImportState.PREVIEWED.value, created_by=COMMAND_LINE,
                file_name=file_name, options=options.as_json(), recognised={}, counts={},
            )  # fmt: skip
            session.add(stored)
            await session.flush()
            report = await work.apply(stored.id, keep=True)
            note_applied(stored, found_of(work, report), edit)
            began = time.perf_counter()
            if edit.version:
                await session.execute(text(f"NOTIFY {PLAN_CHANNEL}"))
                await session.commit()
                report.version = edit.version
                report.seconds["commit"] = time.perf_counter() - began
        if report.version:
            await _confirm(engine, report, bar)
        return report
    finally:
        await engine.dispose()


async def _confirm(engine: AsyncEngine, report: Report, bar: Bar) -> None:
    began = time.perf_counter()
    report.workers, report.behind = await wait_for_workers(engine, report.version, bar)
    report.seconds["workers"] = time.perf_counter() - began
