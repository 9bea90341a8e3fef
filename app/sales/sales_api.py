"""``/sales/export``: what was imported, as a file."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import StreamingResponse

from app.auth.require import Board, Who
from app.auth.roles import Role
from app.lists.export_list import download
from app.lists.exports_api import EXPORT_ANSWER
from app.lists.files.list_file import FileFormat
from app.sales.sale_file import SALE_FIELDS, sale_entries
from app.web.resource import resource

router = resource("sales", "What clients have bought.", read=Role.SUPERVISOR, write=Role.SUPERVISOR)


@router.get("/export", response_class=StreamingResponse, responses=EXPORT_ANSWER, name="export_sales")
async def export_sales(
    board: Board, who: Who, form: Annotated[FileFormat, Query(alias="format")] = FileFormat.CSV
) -> StreamingResponse:
    """All sales as a file that the import reads back: CSV and XLSX that no spreadsheet carries out, or JSON."""
    return download(sale_entries(board.sessions, who.tenant_id), SALE_FIELDS, form, "sales")
