"""Imports into a running office, by the same steps as the command."""

import io

from sqlalchemy.ext.asyncio import AsyncSession

from app.base.database import create_engine
from app.edits.edit import Edit
from app.lists.files.decoded_file import decoded_file
from app.lists.files.report import Report
from app.lists.import_file import ListImport
from models.list_name import ListName
from tests.office import Office


async def imported(
    office: Office, name: ListName, content: str, *, preview: bool = False, tenant: str | None = None
) -> Report:
    """Import ``content``; every worker of the office serves it afterwards."""
    engine = create_engine(office.database_url, command_timeout=None)
    try:
        with decoded_file(io.BytesIO(content.encode())) as file:
            async with AsyncSession(engine) as session, session.begin():
                edit = Edit(session, tenant or office.company.tenant, "test")
                work = ListImport(edit, name, file, office.board.settings.data_dir, office.clock.now(), lambda *_: None)
                report = await (work.preview() if preview else work.apply())
                report.version = edit.version
    finally:
        await engine.dispose()
    await office.board.live_plan.catch_up()
    return report
