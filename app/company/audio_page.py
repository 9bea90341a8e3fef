"""``/settings/audio``: recordings that callers hear in the place of a text, each to be heard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from app.auth.require import Board, Who
from app.auth.tenant import tenant_of
from app.base.errors import NotFound, Problem
from app.base.language import LANGUAGES
from app.company.audio import AUDIO, fields_of, read_upload
from app.edits.confirmed_edit import confirmed_edit
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from app.web.resource_pages import ItemId, ResourcePages, Shown, only_company
from app.web.typed_form import TypedForm, read_form
from models import AudioRecord

_TEXTS = ("name", "language", "text")


@dataclass(frozen=True, slots=True)
class RecordingSeen:
    """A recording in the list; ``length`` is like ``0:42``."""

    id: str
    name: str
    language: str
    text: str
    length: str


class RecordingPages(ResourcePages[AudioRecord]):
    """Their form has a file, which an existing recording keeps when none is chosen."""

    folder: ClassVar[str] = "settings_audio"
    is_rehearsed: ClassVar[bool] = False  # it decides no call

    def listed(self, board: Switchboard, tenant: TenantRows) -> Sequence[RecordingSeen]:
        """By name."""
        return [
            RecordingSeen(
                row["id"], row["name"], LANGUAGES[row["language"]], row["text"],
                f"{row['seconds'] // 60}:{row['seconds'] % 60:02}",
            )
            for row in sorted(tenant.rows[self.table].values(), key=lambda one: str(one["name"]).casefold())
        ]  # fmt: skip

    def read(self, form: TypedForm, tenant: TenantRows, row: Row | None) -> Mapping[str, object]:
        """What the form has besides its file."""
        return {name: form.text(name) for name in _TEXTS}

    def shown(self, tenant: TenantRows, row: Row | None) -> Shown:
        """The form's fields; a new recording is in the company's language. ``sound`` is no field, but tells whether somebody
        has replaced it."""
        if row is None:
            return {"language": only_company(tenant)["language"]}
        return {name: row[name] for name in _TEXTS} | {"sound": row["file"]}

    def choices(self, board: Switchboard, tenant: TenantRows, row: Row | None) -> list[tuple[str, str]]:
        """The languages."""
        return list(LANGUAGES.items())

    async def _add(self, request: Request, board: Board, who: Who) -> Response:
        """Add a recording; it can be chosen when this answers."""
        try:
            upload = await read_upload(request)
            fields = fields_of(upload)
            sound = await board.conversion.convert(upload.chosen())
            async with confirmed_edit(board, who) as edit:
                row = await AUDIO.add(edit, board, fields, sound)
        except Problem as problem:
            typed = await read_form(request)
            return await self.draw_form(request, board, who, None, problem.status, problem=problem, typed=typed)
        return RedirectResponse(f"{self.path}/{row['id']}?saved=1", 303)

    async def _change(self, request: Request, board: Board, who: Who, item_id: ItemId) -> Response:
        """Change a recording, and its sound if another was chosen; heard from the next call on."""
        row = await self.row_or_404(board, who, item_id)
        try:
            upload = await read_upload(request)
            fields = fields_of(upload)
            sound = await board.conversion.convert(upload.content) if upload.content or upload.file_name else None
            tenant, form = await tenant_of(board, who), TypedForm(upload.fields)
            async with confirmed_edit(board, who) as edit:
                await self.refuse_if_row_changed(edit, form, tenant, item_id)
                await AUDIO.save(edit, fields, item_id)
                if sound is not None:
                    await AUDIO.replace_sound(edit, board, item_id, sound)
        except NotFound:
            raise
        except Problem as problem:
            typed = await read_form(request)
            return await self.draw_form(request, board, who, row, problem.status, problem=problem, typed=typed)
        return RedirectResponse(f"{self.path}/{item_id}?saved=1", 303)


PAGES = RecordingPages(AUDIO)
