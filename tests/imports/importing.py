"""Imports into a running house, by the same steps as the command."""

import io

from sqlalchemy.ext.asyncio import AsyncSession

from app.database import create_engine
from app.imports.decoded_file import decoded_file
from app.imports.report import Report
from app.plan.edit import Edit
from app.plan.edit_list_import import ListImport
from app.plan.edit_list_names import ListName
from tests.house import House


async def imported(
    house: House, name: ListName, content: str, *, preview: bool = False, tenant: str | None = None
) -> Report:
    """Import ``content``; every worker of the house serves it afterwards."""
    engine = create_engine(house.board.settings.database_url or "", command_timeout=None)
    try:
        with decoded_file(io.BytesIO(content.encode())) as file:
            async with AsyncSession(engine) as session, session.begin():
                edit = Edit(session, tenant or house.company.tenant, "test")
                work = ListImport(edit, name, file, house.board.settings.data_dir, house.clock.now(), lambda *_: None)
                report = await (work.preview() if preview else work.apply())
                report.version = edit.version
    finally:
        await engine.dispose()
    await house.board.live_plan.catch_up()
    return report
