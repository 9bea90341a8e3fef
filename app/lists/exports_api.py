"""``/vip/export`` and ``/blacklist/export``: a whole list as a file."""

from typing import Annotated, Final

from fastapi import Query
from fastapi.responses import StreamingResponse

from app.auth.require import Board, Who
from app.auth.rights import JUDGES, READS_LISTS
from app.lists.entries_api import ABOUT
from app.lists.export_list import list_download
from app.lists.files.list_file import FileFormat
from app.web.described_problems import Json
from app.web.resource import resource
from models.list_name import ListName

_IN_FILE: Final[dict[FileFormat, Json]] = {
    FileFormat.CSV: {"type": "string"},
    FileFormat.XLSX: {"type": "string", "format": "binary"},
    FileFormat.JSON: {"type": "array", "items": {"type": "object"}},
}
EXPORT_ANSWER: Final[dict[int | str, Json]] = {
    200: {
        "description": "The file.",
        "content": {form.media_type.partition(";")[0]: {"schema": _IN_FILE[form]} for form in FileFormat},
    }
}


class ExportApi:
    """The route of one list."""

    def __init__(self, name: ListName, about: str) -> None:
        self._name = name
        self.router = resource(name.value, about, read=READS_LISTS, write=JUDGES)
        self.router.add_api_route(
            "/export", self._export, methods=["GET"], name=f"export_{name.value}", response_class=StreamingResponse,
            responses=EXPORT_ANSWER,
        )  # fmt: skip

    async def _export(
        self, board: Board, who: Who, form: Annotated[FileFormat, Query(alias="format")] = FileFormat.CSV
    ) -> StreamingResponse:
        """The whole list as a file that the import reads back: CSV and XLSX that no spreadsheet carries out, or JSON."""
        return list_download(board, who, self._name, form)


VIP_EXPORT: Final = ExportApi(ListName.VIP, ABOUT[ListName.VIP])
BLACKLIST_EXPORT: Final = ExportApi(ListName.BLACKLIST, ABOUT[ListName.BLACKLIST])
