"""Imports into a running office, by the same steps as the command."""

import io

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.base.database import create_engine
from app.edits.edit import Edit
from app.lists.files.decoded_file import decoded_file
from app.lists.files.list_file import csv_parts, fields_of, list_entries
from app.lists.files.report import Report
from app.lists.import_file import ListImport
from app.lists.import_options import ImportOptions
from app.lists.imports.importer import note_applied
from app.lists.imports.list_importer import found_of
from models import StoredImport
from models.list_name import ListName
from tests.office import Office


async def imported(
    office: Office, name: ListName, content: str, *, preview: bool = False, tenant: str | None = None,
    options: ImportOptions | None = None,
) -> Report:  # fmt: skip
    """Import ``content``; every worker of the office serves it afterwards."""
    engine = create_engine(office.database_url, command_timeout=None)
    tenant_id, options = tenant or office.company.tenant, options or ImportOptions()
    try:
        with decoded_file(io.BytesIO(content.encode())) as file:
            async with AsyncSession(engine) as session, session.begin():
                edit = Edit(session, tenant_id, "test", now=office.clock.now())
                data_dir = office.board.settings.data_dir
                work = ListImport(edit, name, file, data_dir, office.clock.now(), lambda *_: None, options)
                if preview:
                    report = await work.preview()
                else:
                    stored = StoredImport(
                        tenant_id=tenant_id, target=name.value, state="previewed", options=options.as_json(),
                        recognised={}, counts={},
                    )  # fmt: skip
                    session.add(stored)
                    await session.flush()
                    report = await work.apply(stored.id, keep=True)
                    note_applied(stored, found_of(work, report), edit)
                report.version = edit.version
    finally:
        await engine.dispose()
    await office.board.live_plan.catch_up()
    return report


async def exported(office: Office, name: ListName = ListName.BLACKLIST) -> str:
    """The list as CSV, and who made each entry under which id, which a file does not say."""
    async with office.board.sessions() as session:
        entries = list_entries(await session.connection(), office.company.tenant, name)
        parts = [part async for part in csv_parts(entries, fields_of(name))]
    async with office.board.sessions() as session:
        model = name.model
        mine = model.tenant_id == office.company.tenant
        rows = await session.execute(
            select(model.id, model.created_by, model.created_at).where(mine).order_by(model.id)
        )
    return "".join(parts) + repr([tuple(row) for row in rows.all()])
