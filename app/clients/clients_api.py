"""``/clients``: who they are, their numbers, and how they stand with us."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import Query, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Text, cast, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.rights import can_judge
from app.auth.roles import Role
from app.base import limits
from app.clients.client import ClientIn, ClientOut, ClientPatch
from app.clients.contacts import contacts_of
from app.clients.edit_client import add_client, change_client
from app.clients.edit_client_gone import delete_client, undo_delete
from app.clients.edit_client_merge import merge_clients, undo_merge
from app.clients.edit_client_split import SplitIn, split_client
from app.clients.erase_client import Holdings, erase_client, export_client
from app.clients.imports.client_file import ClientFile
from app.clients.own_fields import stored_fields
from app.edits.confirmed_edit import confirmed_edit
from app.edits.edit import Edit
from app.edits.personal_data import Place
from app.lists.export_list import download
from app.lists.exports_api import EXPORT_ANSWER
from app.lists.files.list_file import FileFormat
from app.plan.rows import Row
from app.sales.client_segments import SegmentsOut, segments_of
from app.sales.clients_of_segment import SegmentWanted, of_segment
from app.web.number_query import country_of_company, number_asked_for
from app.web.paging import NumberQuery, Search, match_text
from app.web.posting import Posting
from app.web.resource import ItemId, Wanted, list_rows, read_row, resource
from app.web.schema import Id, Input, Page
from app.words.erasure_words import what_stays
from models import CategoryRule, ClientCard, ClientNumber
from models.segment import LifeCycle

router = resource("clients", "Who they are, their numbers, and how they stand with us.", write=Role.OPERATOR)

UNDO_HEADER: Final = "Antichambre-Undo"
Erase = Annotated[bool, Query(description="Erase the person everywhere, for good. Nothing brings them back.")]


class MergeIn(Input):
    """Whom to put into this client."""

    other_id: Id
    take: list[str] = Field(
        [], max_length=limits.FIELDS_OF_CLIENT, examples=[["name"]],
        description="Fields of which the other's value stays: `name`, `company`, `category_id`, `standing`, `language`, "
        "`pinned_note`, `kind`, `card_number`, `responsible_operator_id`, `consent`, `consented_at`, `keep_until`. Where "
        "this client has none, the other's stays anyway; `fields` are filled up in the same way, and numbers, e-mail "
        "addresses, postal addresses and tags of both stay.",
    )  # fmt: skip


@router.get("")
async def list_clients(
    board: Board, who: Who, page: Wanted, q: Search = "", number: NumberQuery = None,
    abc: Annotated[Literal["A", "B", "C"] | None, Query(description="Their class by revenue.")] = None,
    xyz: Annotated[Literal["X", "Y", "Z"] | None, Query(description="Their steadiness.")] = None,
    life_cycle: Annotated[LifeCycle | None, Query(description="Their stage; without sales they are `potential`.")] = None,
) -> Page[ClientOut]:  # fmt: skip
    """The clients; `number` finds those who use it, exactly."""
    numbers = (ClientNumber.tenant_id == ClientCard.tenant_id) & (ClientNumber.client_id == ClientCard.id)
    conditions = of_segment(who.tenant_id, SegmentWanted(abc or "", xyz or "", life_cycle or ""))
    if number is not None:
        e164 = number_asked_for(board, who, number)
        conditions.append(exists().where(numbers, ClientNumber.number == e164))
    if q:
        conditions.append(
            match_text(
                q, ClientCard.name, ClientCard.company, ClientCard.card_number, _text_of(ClientCard.emails),
                _text_of(ClientCard.tags), numbers=[ClientNumber.number],
                where=lambda condition: exists().where(numbers, condition), country=country_of_company(board, who),
            )
        )  # fmt: skip
    async with board.sessions() as session:
        names = await _names(session, who)
    listed = await list_rows(board, who, ClientCard, page, lambda row: _shown(row, names, SegmentsOut()), *conditions)
    async with board.sessions() as session:
        ids = [one.id for one in listed.items]
        segments = await segments_of(session, who.tenant_id, ids)
        contacts = await contacts_of(session, who.tenant_id, ids)
    for one in listed.items:
        one.segments = segments[one.id]
        one.next_contact_at, one.satisfaction = contacts[one.id].next_at, contacts[one.id].satisfaction
    return listed


@router.post("", status_code=201, response_model=ClientOut, name="create_client")
async def register_client(form: ClientIn, post: Posting) -> Response:
    """Register a client. A standing that contradicts a list or another client is a conflict."""

    async def make(edit: Edit) -> BaseModel:
        row = await add_client(edit, form, post.board.clock(), may_judge=can_judge(post.who.role))
        return await _told(edit.session, post.who, row)

    return await post.once(make)


@router.get("/export", response_class=StreamingResponse, responses=EXPORT_ANSWER, name="export_clients")
async def export_cards(
    board: Board, who: Who, form: Annotated[FileFormat, Query(alias="format")] = FileFormat.CSV
) -> StreamingResponse:
    """All clients as a file that the import reads back: CSV and XLSX that no spreadsheet carries out, or JSON."""
    file = await ClientFile.of(board.sessions, who.tenant_id)
    return download(file.entries(), file.fields, form, "clients")


@router.get("/{item_id}")
async def get_client(board: Board, who: Who, item_id: ItemId) -> ClientOut:
    """One client."""
    row = await read_row(board, who, ClientCard, item_id)
    async with board.sessions() as session:
        return await _told(session, who, row)


@router.patch("/{item_id}", name="update_client")
async def change_card(board: Board, who: Who, response: Response, item_id: ItemId, form: ClientPatch) -> ClientOut:
    """Change the fields that are given; `numbers` replaces all of them."""
    changes = {name: getattr(form, name) for name in form.model_fields_set}
    async with confirmed_edit(board, who, response) as edit:
        row = await change_client(edit, item_id, changes, board.clock(), may_judge=can_judge(who.role))
        return await _told(edit.session, who, row)


@router.put("/{item_id}", name="replace_client")
async def replace_card(board: Board, who: Who, response: Response, item_id: ItemId, form: ClientIn) -> ClientOut:
    """Write the whole card anew."""
    async with confirmed_edit(board, who, response) as edit:
        row = await change_client(
            edit, item_id, dict(form), board.clock(), may_judge=can_judge(who.role), is_whole=True
        )
        return await _told(edit.session, who, row)


class ErasedAt(BaseModel):
    """How many records of one place were erased, or lost what was this person's."""

    place: Place
    count: int


class ErasureOut(BaseModel):
    """What was erased where. It names nobody."""

    client_id: str
    erased: list[ErasedAt]
    kept: str = Field(description="What stays, and why, in words.")


class HeldAt(BaseModel):
    """What one place holds about the client: records as they are stored."""

    place: Place
    records: list[dict[str, object]]


class ClientExport(BaseModel):
    """Everything that is held about one client."""

    client_id: str
    made_at: datetime
    held: list[HeldAt]


@router.delete(
    "/{item_id}", status_code=204, name="delete_client", response_model=None,
    responses={200: {"model": ErasureOut, "description": "With `erase`: what was erased where."}},
)  # fmt: skip
async def delete_card(
    board: Board, who: Who, response: Response, held: Holdings, item_id: ItemId, erase: Erase = False
) -> Response | None:
    """Delete a client. The records of their calls stay. `Antichambre-Undo` names what `restore` brings back for 30 days.
    With `erase` the person goes everywhere and for good, also one who was deleted before: supervisors and admins only, and
    not while one of their calls goes on."""
    if erase:
        report = await erase_client(board, who, item_id, held)
        counts = [ErasedAt(place=place, count=count) for place, count in report.erased.items()]
        body = ErasureOut(client_id=report.client_id, erased=counts, kept=what_stays())
        return JSONResponse(body.model_dump(mode="json"))
    async with confirmed_edit(board, who, response) as edit:
        gone = await delete_client(edit, item_id, board.clock(), may_judge=can_judge(who.role))
        response.headers[UNDO_HEADER] = gone.id
    return None


@router.get("/{item_id}/export", name="export_client")
async def export_one(board: Board, who: Who, held: Holdings, item_id: ItemId) -> ClientExport:
    """Everything that is held about a client, to be handed out: supervisors and admins only."""
    found = await export_client(board, who, item_id, held)
    return ClientExport(
        client_id=item_id, made_at=board.clock(),
        held=[HeldAt(place=place, records=records) for place, records in found.items()],
    )  # fmt: skip


@router.post("/{item_id}/restore", name="restore_client")
async def restore_card(board: Board, who: Who, response: Response, item_id: ItemId) -> ClientOut:
    """Bring a deleted client back; the id is the `Antichambre-Undo` of the deletion."""
    async with confirmed_edit(board, who, response) as edit:
        row = await undo_delete(edit, item_id, board.clock(), may_judge=can_judge(who.role))
        return await _told(edit.session, who, row)


@router.post("/{item_id}/merge", name="merge_clients")
async def merge_cards(board: Board, who: Who, response: Response, item_id: ItemId, form: MergeIn) -> ClientOut:
    """Put another client into this one: all numbers, calls and notes move. `Antichambre-Undo` names what `unmerge` takes
    apart for 30 days."""
    async with confirmed_edit(board, who, response) as edit:
        merged = await merge_clients(
            edit, item_id, form.other_id, form.take, board.clock(), may_judge=can_judge(who.role)
        )
        response.headers[UNDO_HEADER] = merged.gone.id
        return await _told(edit.session, who, merged.row)


@router.post("/{item_id}/split", name="split_client", status_code=201)
async def split_card(board: Board, who: Who, response: Response, item_id: ItemId, form: SplitIn) -> ClientOut:
    """Make a second card out of one on which two people stand: theirs are the numbers, with the calls from them, addresses
    and notes that are named. Both are received as the card was. Answers with the new client; `merge` takes it back."""
    async with confirmed_edit(board, who, response) as edit:
        row = await split_client(edit, item_id, form, may_judge=can_judge(who.role))
        response.headers["Location"] = f"/api/v1/clients/{row['id']}"
        return await _told(edit.session, who, row)


@router.post("/{item_id}/unmerge", name="unmerge_clients")
async def unmerge_cards(board: Board, who: Who, response: Response, item_id: ItemId) -> ClientOut:
    """Take two clients apart; the id is the `Antichambre-Undo` of the merge. Answers with the client who is back."""
    async with confirmed_edit(board, who, response) as edit:
        row = await undo_merge(edit, item_id, board.clock(), may_judge=can_judge(who.role))
        return await _told(edit.session, who, row)


@dataclass(frozen=True, slots=True)
class _Names:
    """What the answer calls by name: categories, and the company's own fields in their order, by id."""

    categories: dict[str, str]
    fields: dict[str, str]


async def _names(session: AsyncSession, who: Principal) -> _Names:
    rows = await session.execute(
        select(CategoryRule.id, CategoryRule.name).where(CategoryRule.tenant_id == who.tenant_id)
    )
    fields = {one.id: one.name for one in await stored_fields(session, who.tenant_id)}
    return _Names({row.id: row.name for row in rows.all()}, fields)


async def _told(session: AsyncSession, who: Principal, row: Row) -> ClientOut:
    segments = await segments_of(session, who.tenant_id, [row["id"]])
    contact = (await contacts_of(session, who.tenant_id, [row["id"]]))[row["id"]]
    shown = _shown(row, await _names(session, who), segments[row["id"]])
    shown.next_contact_at, shown.satisfaction = contact.next_at, contact.satisfaction
    return shown


def _shown(row: Row, names: _Names, segments: SegmentsOut) -> ClientOut:
    values = row.get("fields") or {}
    own = {name: values[field_id] for field_id, name in names.fields.items() if field_id in values}
    category = names.categories.get(row["category_id"] or "")
    return ClientOut.model_validate(row | {"category": category, "fields": own, "segments": segments})


def _text_of(column: InstrumentedAttribute[list[str]]) -> ColumnElement[str]:
    """What stands in a list of texts, without the marks around it."""
    return func.translate(cast(column, Text), '[]"', "")
