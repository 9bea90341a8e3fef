"""What the VIP list and the blacklist have in common in the API."""

from typing import Any

from fastapi import Response
from pydantic import Field
from sqlalchemy import ColumnElement, select

from app.auth.principal import Principal
from app.edits.confirmed_edit import confirmed_edit
from app.lists.edit_entries import SavedEntry, change_entry, delete_entry
from app.plan.rows import as_row
from app.switchboard import Switchboard
from app.web.number_query import number_asked_for
from app.web.paging import PageWanted, matches
from app.web.resource import all_on_one_page, listed
from app.web.schema import CountryCode, Input, LineReference, Moment, Page, Stored
from app.words.problems.reach import warning_words
from filters.pattern import PatternKind
from models.list_name import ListName


class EntryPatch(Input):
    """The fields of an entry, any of which may be left out."""

    number: str = Field(
        "", max_length=100, examples=["+33639980001"],
        description="A number in any form, a prefix such as `+33899`, the first number of a range, or a country's ISO code.",
    )  # fmt: skip
    match: PatternKind = Field(PatternKind.EXACT, description="What `number` is. The most specific match wins.")
    to: str | None = Field(None, max_length=100, description="The last number of a range.", examples=[None])
    label: str = Field("", max_length=200, description="Who this is, for people.", examples=["Vera"])
    reason: str = Field("", max_length=1000, description="Why the entry is there.")
    expires_at: Moment | None = Field(None, description="When the entry ends; null: never.", examples=[None])
    lines: list[LineReference] = Field([], max_length=1000, description="Only on these lines; empty: on all.")
    country: CountryCode | None = Field(
        None, description="Reads national forms; else the country of the first of `lines`, else the company's."
    )


class EntryOut(Stored):
    """An entry."""

    number: str = Field(description="E.164, or an ISO country code.", examples=["+33639980001"])
    match: PatternKind
    to: str | None
    label: str
    reason: str
    expires_at: Moment | None
    lines: list[str] = Field(description="Ids of lines.")
    created_by: str = Field(examples=["user:adam@example.org"])
    warnings: list[str] = Field([], description="After a change: what the entry covers by the way.")


def shown(saved: SavedEntry) -> dict[str, Any]:
    """The answer to a change."""
    return saved.row | {"warnings": [warning_words(one) for one in saved.warnings]}


async def entries_page(
    board: Switchboard, who: Principal, name: ListName, out: Any, page: PageWanted, q: str, number: str | None
) -> Page[Any]:
    """Every entry that covers ``number``, the most specific first; or, without one, a page of those that ``q`` finds."""
    model = name.model
    if number is None:
        conditions: list[ColumnElement[bool]] = []
        if q:
            conditions.append(matches(q, model.label, model.reason, numbers=[model.number]))
        return await listed(board, who, model, page, out.model_validate, *conditions)
    e164 = number_asked_for(board, who, number)
    lists = board.live_plan.tenant(who.tenant_id).lists
    ids = [entry.id for entry in (lists.vip if name is ListName.VIP else lists.blacklist).naming(e164)]
    async with board.sessions() as session:
        records = await session.scalars(select(model).where(model.tenant_id == who.tenant_id, model.id.in_(ids)))
        rows = {row["id"]: row for row in map(as_row, records)}
    return all_on_one_page([out.model_validate(rows[one]) for one in ids if one in rows])


async def change_in_list(
    board: Switchboard, who: Principal, response: Response, name: ListName, entry_id: str, changes: dict[str, Any]
) -> dict[str, Any]:
    """Change an entry, live when this returns."""
    async with confirmed_edit(board, who, response) as edit:
        saved = await change_entry(edit, name, entry_id, changes, board.clock())
    return shown(saved)


async def take_off_list(board: Switchboard, who: Principal, response: Response, name: ListName, entry_id: str) -> None:
    """Delete an entry, gone for the very next call when this returns."""
    async with confirmed_edit(board, who, response) as edit:
        await delete_entry(edit, name, entry_id)
