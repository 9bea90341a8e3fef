"""A whole list, or other rows, as a download, for pages and the API."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import Final

from fastapi.responses import StreamingResponse

from app.auth.principal import Principal
from app.lists.files.list_file import Entry, FileFormat, csv_parts, fields_of, json_parts, list_entries, write_sheet
from app.switchboard import Switchboard
from models.list_name import ListName

_CHUNK: Final = 1 << 18


def list_download(board: Switchboard, who: Principal, name: ListName, form: FileFormat) -> StreamingResponse:
    """The list as a file that the import reads back; sent while it is read, but for a sheet, which has to be whole."""

    async def entries() -> AsyncIterator[Entry]:
        async with board.sessions() as session:
            async for entry in list_entries(await session.connection(), who.tenant_id, name):
                yield entry

    return download(entries(), fields_of(name), form, name.value)


def download(entries: AsyncIterator[Entry], fields: tuple[str, ...], form: FileFormat, name: str) -> StreamingResponse:
    """``entries`` as the file ``name``, sent while they are read, but for a sheet, which has to be whole."""

    async def parts() -> AsyncIterator[bytes]:
        match form:
            case FileFormat.CSV:
                async for part in csv_parts(entries, fields):
                    yield part.encode()
            case FileFormat.JSON:
                async for part in json_parts(entries):
                    yield part.encode()
            case FileFormat.XLSX:
                with tempfile.TemporaryFile() as sheet:
                    await write_sheet(entries, sheet, fields, name)
                    sheet.seek(0)
                    while chunk := await asyncio.to_thread(sheet.read, _CHUNK):
                        yield chunk

    headers = {"Content-Disposition": f'attachment; filename="{name}.{form.value}"'}
    return StreamingResponse(parts(), media_type=form.media_type, headers=headers)
