"""The file in a request: a field of a form, or the body itself."""

import re
from urllib.parse import unquote

from fastapi import Request
from starlette.datastructures import UploadFile

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.files import FileFault
from app.lists.imports.stored_imports import Upload


async def uploaded(request: Request, file_name: str = "", *, is_form: bool = False) -> Upload:
    """What somebody sent; ``is_form``: from a page, whatever the request says of itself. Raises :class:`Unprocessable`."""
    kind = request.headers.get("Content-Type", "").lower()
    if not is_form and not kind.startswith("multipart/form-data"):
        return Upload(await request.body(), file_name or _name_told(request.headers.get("Content-Disposition", "")))
    # The body as a whole is bounded in front of the framework.
    async with request.form(max_files=2, max_fields=1000, max_part_size=limits.IMPORT_BYTES) as form:
        file, lines = form.get("file"), form.get("lines")
        if isinstance(file, UploadFile) and (file.filename or file.size):
            return Upload(await file.read(), file_name or file.filename or "")
        for text in (file, lines):
            if isinstance(text, str) and text.strip():
                return Upload(text.encode("utf-8", "replace"), file_name)
    raise Unprocessable(FileFault.NOTHING_UPLOADED, field="file")


def _name_told(disposition: str) -> str:
    if (encoded := re.search(r"filename\*=UTF-8''([^;\s]+)", disposition, re.IGNORECASE)) is not None:
        return unquote(encoded[1], errors="replace")[: limits.NAME]
    plain = re.search(r'filename="?([^";]+)"?', disposition, re.IGNORECASE)
    return plain[1][: limits.NAME] if plain else ""
