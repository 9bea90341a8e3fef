"""``/vip/imports``, ``/blacklist/imports`` and, for whoever brings another importer, further ones: upload, look, apply,
undo."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy import select

from app.auth.require import Board, Who
from app.auth.rights import JUDGES, READS_LISTS
from app.auth.roles import Role
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.problems.import_lines import RowKind
from app.lists.files.problem_json import file_problem_of_json
from app.lists.import_options import ImportOptions, read_options
from app.lists.imports.import_state import ImportState, can_be_undone
from app.lists.imports.importer import Importer
from app.lists.imports.list_importer import LIST_IMPORTER
from app.lists.imports.rows import lines_of, rejected_lines
from app.lists.imports.stored_imports import (
    UNDO_DAYS,
    SeenImport,
    apply_import,
    as_seen,
    change_options,
    drop_import,
    find_import,
    new_import,
    see_import,
    undo_import,
)
from app.lists.imports.upload import uploaded
from app.web.described_problems import Json
from app.web.paging import Part, read_page
from app.web.resource import ItemId, Wanted, resource
from app.web.schema import CountryCode, Input, Output, Page
from app.words.problems.files import file_words
from models import StoredImport


def upload_body(takes: str) -> Json:
    """The body of an upload; ``takes`` says what a file may be."""
    form = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
    return {
        "requestBody": {
            "required": True,
            "description": f"The file: {takes}.",
            "content": {
                "multipart/form-data": {"schema": form},
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            },
        }
    }


_CSV_ANSWER: Final[dict[int | str, Json]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "CSV."}
}


class Counts(BaseModel):
    """How many lines become what; together they are all lines."""

    add: int = 0
    change: int = 0
    same: int = Field(0, description="On the list already, just so.")
    twice: int = Field(0, description="Repeat another line of the file.")
    error: int = 0


class ColumnOut(BaseModel):
    """A column of the file: its name in the header, and what it is taken for."""

    name: str
    field: str | None = Field(description="null: not read.", examples=["number"])


class ProgressOut(BaseModel):
    """How far somebody has come."""

    phase: str
    done: int
    total: int | None


class LeftOut(BaseModel):
    """What could not be undone."""

    number: str
    why: str = Field(
        description="`edited`: somebody changed it since. `conflict`: something contradicts it by now. `written_about`: "
        "there is a note, a matter, a call-back, a sale or the like of the client. `merged`: the client "
        "is another one by now. `later_import`: undo that one first, then this one again. `gone`: it named a line, a "
        "category or the like that is not there any more."
    )


class UndoneOut(BaseModel):
    """What an undo has done: `left` names the first thousand of those that were `kept`."""

    removed: int
    restored: int
    kept: int
    left: list[LeftOut]


class ImportOut(Output):
    """An import."""

    id: str
    created_at: datetime
    state: ImportState
    file_name: str
    created_by: str
    counts: Counts
    rows: int
    missing: int = Field(description="Entries of the list that are not in the file.")
    remove_missing: bool = Field(description="Whether these are taken off.")
    removed: int
    columns: list[ColumnOut]
    encoding: str
    sheet: str
    country: str = Field(description="Reads national forms.")
    applied_at: datetime | None
    applied_by: str
    undo_until: datetime | None
    undone_at: datetime | None
    undone: UndoneOut | None
    refused: str | None = Field(description="Why the last attempt to apply it came to nothing.")
    progress: ProgressOut | None


class RowOut(Output):
    """One line of the file, by its number, from 1."""

    line: int
    kind: RowKind
    number: str = Field(description="Of an error: what stands in the cell that is wrong, which `field` names.")
    match: str = Field(description="Empty for a client.")
    to: str | None
    label: str = Field(description="Of a client: the name.")
    reason: str = Field(description="Of a client: the company.")
    field: str = Field(description="Which cell is wrong.")
    why: str = Field(description="A code: `bad`, `twice`, `listed`, `expired`, `protected`, `opposite`, `client`.")
    detail: str = Field(description="The same as a sentence.")
    before: Mapping[str, str] | None = Field(description="Of a change: the texts that are replaced.")
    after: Mapping[str, str] | None = Field(
        description="Of a change: the texts in their place. Of a client who is added: the card."
    )


class ImportPatch(Input):
    """What a file is read by; what is left out stays as it is."""

    columns: list[str | None] | None = Field(
        None, max_length=limits.LINES, examples=[["number", None, "label"]],
        description="What each column is, in the order of the file; null for those that are not read.",
    )  # fmt: skip
    country: CountryCode | None = Field(None, description="Reads national forms; else the company's does.")
    remove_missing: bool = Field(False, description="Take off what is on the list and not in the file.")


class ApplyIn(Input):
    """`confirmed`: also if it comes to something else than the preview said."""

    confirmed: bool = Field(False, examples=[False])


class ImportsApi:
    """The routes of the imports of one ``target``, whose lines ``importer`` understands."""

    def __init__(
        self, target: str, importer: Importer, *, read: Role = READS_LISTS, write: Role = JUDGES, takes: str = ""
    ) -> None:
        self._target, self._importer = target, importer
        self.router = resource(
            f"{target}/imports", f"Imports into /{target}: nothing is written before one is applied.", read=read,
            write=write,
        )  # fmt: skip
        self.router.max_body_size = limits.IMPORT_BYTES
        one = f"{target.removesuffix('s')}_import"
        add = self.router.add_api_route
        add("", self._list, methods=["GET"], name=f"list_{one}s", response_model=Page[ImportOut])
        add(
            "", self._create, methods=["POST"], name=f"create_{one}", status_code=201, response_model=ImportOut,
            openapi_extra=upload_body(takes or "CSV, TSV, XLSX, XLS, ODS, JSON, or one number a line"),
        )  # fmt: skip
        add("/{item_id}", self._get, methods=["GET"], name=f"get_{one}", response_model=ImportOut)
        add("/{item_id}", self._change, methods=["PATCH"], name=f"update_{one}", response_model=ImportOut)
        add("/{item_id}", self._drop, methods=["DELETE"], name=f"delete_{one}", status_code=204)
        add("/{item_id}/rows", self._rows, methods=["GET"], name=f"list_{one}_rows", response_model=Page[RowOut])
        add(
            "/{item_id}/errors.csv", self._errors, methods=["GET"], name=f"get_{one}_errors",
            response_class=StreamingResponse, responses=_CSV_ANSWER,
        )  # fmt: skip
        add("/{item_id}/apply", self._apply, methods=["POST"], name=f"apply_{one}", response_model=ImportOut)
        add("/{item_id}/undo", self._undo, methods=["POST"], name=f"undo_{one}", response_model=ImportOut)

    async def _list(self, board: Board, who: Who, page: Wanted) -> Page[ImportOut]:
        """The imports, the newest first; previews for a day, applied ones for 30."""
        query = select(StoredImport).where(
            StoredImport.tenant_id == who.tenant_id, StoredImport.target == self._target
        )  # fmt: skip
        async with board.sessions() as session:
            found = await read_page(session, page, Part(query, (StoredImport.id,)))
            seen = await as_seen(session, [row[0] for row in found.items])
        return Page(items=[import_out(one) for one in seen], next_cursor=found.after)

    async def _create(
        self, request: Request, board: Board, who: Who, columns: Annotated[
            str | None,
            Query(max_length=2000, description="What each column is, with commas: `number,,label`; else the header tells."),
        ] = None,
        country: CountryCode | None = None, remove_missing: bool = False,
        file_name: Annotated[str, Query(max_length=limits.NAME)] = "",
    ) -> Response:  # fmt: skip
        """Upload a file, as the field `file` of a form or as the body itself, and learn what would become of each line."""
        fields = [one.strip() for one in columns.split(",")] if columns is not None else None
        options = await self._options(board, who, fields, country, remove_missing)
        upload = await uploaded(request, file_name)
        import_id = await new_import(board, who, self._target, self._importer, upload, options)
        seen = await see_import(board, who, self._target, import_id)
        return JSONResponse(
            import_out(seen).model_dump(mode="json"), 201,
            {"Location": f"/api/v1/{self._target}/imports/{import_id}"},
        )  # fmt: skip

    async def _get(self, board: Board, who: Who, item_id: ItemId) -> ImportOut:
        """One import, and how far it has come."""
        return import_out(await see_import(board, who, self._target, item_id))

    async def _change(self, board: Board, who: Who, item_id: ItemId, form: ImportPatch) -> ImportOut:
        """Read the file in another way; the preview is made anew."""
        seen = await see_import(board, who, self._target, item_id)
        old = ImportOptions.of_json(seen.stored.options)
        given = form.model_fields_set
        options = await self._options(
            board,
            who,
            form.columns if "columns" in given else list(old.columns) if old.columns is not None else None,
            form.country if "country" in given else old.country,
            form.remove_missing if "remove_missing" in given else old.remove_missing,
        )
        await change_options(board, who, self._target, self._importer, item_id, options)
        return import_out(await see_import(board, who, self._target, item_id))

    async def _drop(self, board: Board, who: Who, item_id: ItemId) -> None:
        """Forget an import that was not applied."""
        await drop_import(board, who, self._target, item_id)

    async def _rows(
        self, board: Board, who: Who, item_id: ItemId, page: Wanted, kind: Annotated[RowKind | None, Query()] = None
    ) -> Page[RowOut]:
        """What becomes of the lines, in the order of the file."""
        async with board.sessions() as session:
            stored = await find_import(session, who.tenant_id, self._target, item_id)
            lines, after = await lines_of(session, stored, self._importer, kind, page)
        return Page(items=[RowOut.model_validate(one, from_attributes=True) for one in lines], next_cursor=after)

    async def _errors(self, board: Board, who: Who, item_id: ItemId) -> StreamingResponse:
        """The lines that cannot be imported, as CSV: as they stand in the file, with what is wrong; to be mended and
        uploaded."""
        async with board.sessions() as session:
            await find_import(session, who.tenant_id, self._target, item_id)

        async def parts() -> AsyncIterator[bytes]:
            async with board.sessions() as session:
                stored = await find_import(session, who.tenant_id, self._target, item_id)
                async for part in rejected_lines(session, stored, self._importer):
                    yield part

        headers = {"Content-Disposition": f'attachment; filename="{self._target}-errors.csv"'}
        return StreamingResponse(parts(), media_type="text/csv; charset=utf-8", headers=headers)

    async def _apply(
        self, board: Board, who: Who, response: Response, item_id: ItemId, form: ApplyIn | None = None
    ) -> ImportOut:
        """Do what the preview says. A long import answers 202 and goes on; the import itself tells how far it has come."""
        confirmed = form is not None and form.confirmed
        await apply_import(board, who, self._target, self._importer, item_id, confirmed=confirmed)
        return await self._seen(board, who, response, item_id)

    async def _undo(self, board: Board, who: Who, response: Response, item_id: ItemId) -> ImportOut:
        """Take it back, for 30 days. What somebody has edited since stays as it is, and is named; once nothing is in the
        way, a further undo takes that back too."""
        await undo_import(board, who, self._target, self._importer, item_id)
        return await self._seen(board, who, response, item_id)

    async def _seen(self, board: Board, who: Who, response: Response, import_id: str) -> ImportOut:
        seen = await see_import(board, who, self._target, import_id)
        response.status_code = 202 if seen.progress is not None else 200
        return import_out(seen)

    async def _options(
        self, board: Board, who: Who, columns: list[str] | list[str | None] | None, country: str | None, remove: bool
    ) -> ImportOptions:
        fields: list[str | None] | None = list(columns) if columns is not None else None
        choices = self._importer.choices(await tenant_of(board, who))
        return read_options(fields, country, remove_missing=remove, choices=choices)


def import_out(seen: SeenImport) -> ImportOut:
    """The import as programs get it."""
    stored, counts = seen.stored, seen.stored.counts
    applied_at = stored.applied_at
    return ImportOut(
        id=stored.id, created_at=stored.created_at, state=seen.state, file_name=stored.file_name,
        created_by=stored.created_by, counts=Counts.model_validate(counts), rows=counts.get("rows", 0),
        missing=counts.get("missing", 0), remove_missing=stored.options["remove_missing"],
        removed=counts.get("removed", 0), columns=stored.recognised.get("columns", []),
        encoding=stored.recognised.get("encoding", ""), sheet=stored.recognised.get("sheet", ""),
        country=stored.recognised.get("country", ""), applied_at=applied_at, applied_by=stored.applied_by,
        undo_until=applied_at + timedelta(days=UNDO_DAYS) if applied_at and can_be_undone(stored) else None,
        undone_at=stored.undone_at, undone=UndoneOut.model_validate(stored.undone) if stored.undone else None,
        refused=file_words(file_problem_of_json(stored.refused)) if stored.refused else None,
        progress=ProgressOut(phase=seen.progress.phase, done=seen.progress.done, total=seen.progress.total)
        if seen.progress else None,
    )  # fmt: skip


VIP_IMPORTS: Final = ImportsApi("vip", LIST_IMPORTER)
BLACKLIST_IMPORTS: Final = ImportsApi("blacklist", LIST_IMPORTER)
