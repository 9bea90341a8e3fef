"""``/vip``: callers who walk straight in. ``/blacklist``: callers who wait for ever, or whatever else is thought right for
them."""

from collections.abc import Callable
from typing import Annotated, Final, Literal, TypeVar

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import select

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.rights import JUDGES, READS_LISTS
from app.edits.edit import Edit
from app.lists.edit_entries import SavedEntry, add_entry, change_entry, delete_entry
from app.lists.entry import BlacklistIn, BlacklistOut, VipIn, VipOut, entry_form
from app.lists.vip_pins import NewPin, new_pin
from app.plan.rows import Row, as_row
from app.switchboard import Switchboard
from app.web.number_query import number_asked_for
from app.web.paging import NumberQuery, PageWanted, Search
from app.web.resource import Resource, Wanted, put_on_one_page
from app.words.problems.reach import warning_words
from models import BlacklistEntry, VipEntry
from models.list_name import ListName

Entry = TypeVar("Entry", VipEntry, BlacklistEntry)
Review = Annotated[
    Literal["due"] | None, Query(description="`due`: only entries whose `review_at` has come.", examples=[None])
]


class Entries(Resource[Entry]):
    """Nothing is on both lists, and nothing protected on the blacklist. A change answers with ``warnings`` about what the
    entry covers by the way."""

    def _add_list(self, description: str, *, numbers: bool) -> None:
        async def list_entries(
            board: Board, who: Who, page: Wanted, q: Search = "", number: NumberQuery = None, review: Review = None
        ) -> BaseModel:
            if number is not None:
                return await self.page_of_number(board, who, page, q, number)
            conditions = self._that_hold(board, who, q)
            if review is not None:
                conditions.append(self.model.review_at <= board.clock())
            return await self._page(board, who, page, conditions)

        self._route("", "GET", list_entries, f"list_{self.many}", description, self._page_out)

    @property
    def name(self) -> ListName:
        """Which list."""
        return ListName(self.model.resource)

    async def prepare(self, board: Switchboard, fields: Row) -> Row:
        """A VIP's PIN is sealed. Raises :class:`Unprocessable`."""
        return fields | {"pin": new_pin(fields["pin"], board.pin_key)} if "pin" in fields else fields

    async def see_now(self, board: Switchboard, who: Principal) -> Callable[[Row], Row]:
        """With whether a VIP has a PIN, and whether it is asked for."""
        plan, attempts, now = board.live_plan.plan_of(who.tenant_id), board.open_calls.pin_attempts, board.clock()
        pins = plan.pins if plan is not None and self.name is ListName.VIP else {}

        def with_pin(row: Row) -> Row:
            locked = attempts.locked_until(who.tenant_id, row["id"], now) if row["id"] in pins else None
            return row | {"has_pin": row["id"] in pins, "pin_locked_until": locked}

        return with_pin

    async def save(self, edit: Edit, fields: Row, row_id: str | None = None) -> Row:
        """Add an entry, or change one."""
        pin: NewPin | None = fields.pop("pin", None)
        if row_id is None:
            return shown(await add_entry(edit, self.name, entry_form(self.name, **fields), edit.now, pin=pin))
        return shown(await change_entry(edit, self.name, row_id, fields, edit.now, pin))

    async def delete(self, edit: Edit, row_id: str) -> None:
        """Take an entry off its list."""
        await delete_entry(edit, self.name, row_id)

    async def page_of_number(
        self, board: Switchboard, who: Principal, page: PageWanted, q: str, number: str
    ) -> BaseModel:
        """Every entry that covers ``number``, the most specific first."""
        e164 = number_asked_for(board, who, number)
        lists = board.live_plan.tenant(who.tenant_id).lists
        ids = [entry.id for entry in (lists.vip if self.name is ListName.VIP else lists.blacklist).naming(e164)]
        model = self.model
        async with board.sessions() as session:
            records = await session.scalars(select(model).where(model.tenant_id == who.tenant_id, model.id.in_(ids)))
            see_now = await self.see_now(board, who)
            rows = {row["id"]: see_now(row) for row in map(as_row, records)}
        return put_on_one_page([self.out.model_validate(rows[one]) for one in ids if one in rows])


def shown(saved: SavedEntry) -> Row:
    """The answer to a change."""
    return saved.row | {"has_pin": saved.has_pin, "warnings": [warning_words(one) for one in saved.warnings]}


_LISTS: Final = "The list; with `number`, every entry that covers it, the most specific first."
ABOUT: Final = {
    ListName.VIP: "Callers who walk straight in.",
    ListName.BLACKLIST: "Callers who wait for ever, or whatever else is thought right for them.",
}
"""What the API's description says of the lists."""

VIPS = Entries(
    VipEntry, VipIn, "vip", "vip", out=VipOut, read=READS_LISTS, write=JUDGES, finds=[VipEntry.label, VipEntry.reason],
    finds_number=VipEntry.number, numbers=True, about=ABOUT[ListName.VIP], lists=_LISTS, reads="One entry.",
    adds="Put a number, a prefix, a range or a country on the list.", replaces="Write the whole entry anew.",
    deletes="Take the entry off the list.",
)  # fmt: skip
BLACKLIST = Entries(
    BlacklistEntry, BlacklistIn, "blacklist", "blacklist", out=BlacklistOut, read=READS_LISTS, write=JUDGES,
    finds=[BlacklistEntry.label, BlacklistEntry.reason], finds_number=BlacklistEntry.number, numbers=True,
    about=ABOUT[ListName.BLACKLIST], lists=_LISTS,
    reads="One entry.", adds="Put a number, a prefix, a range or a country on the list. Protected numbers stay reachable.",
    replaces="Write the whole entry anew.", deletes="Take the entry off the list.",
)  # fmt: skip
