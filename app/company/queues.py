"""``/queues``: where callers wait for operators, how these are rung, and what becomes of callers who wait in vain."""

from typing import Annotated, Final

from pydantic import BaseModel, Field
from sqlalchemy import select

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.company import CompanyFault, QueueLoop
from app.company.operators import countries_of_company, read_address, refuse_own_line
from app.company.queue_waiting import WaitingList, list_waiting
from app.edits.edit import Edit
from app.plan import build_plan
from app.plan.build_plan import StoredOverflow
from app.plan.rows import Row, as_row
from app.web.resource import Resource
from app.web.schema import VISIBLE, Id, Input, Language, Spoken, Stored
from models import Company, QueueRecord
from routing.call_queue import RingStrategy
from routing.overflow import Way
from routing.plan import WaitingQueue

_LONGEST: Final = 4 * 3600
_ANNOUNCEMENT: Final[list[dict[str, str]]] = [{"fr": "Un instant, nous arrivons."}]


class Otherwise(Input):
    """Where callers go whom the queue cannot serve: the wait is too long, the queue is full, the line has closed meanwhile,
    or nobody serves it."""

    do: Way = Field(
        Way.MESSAGE,
        description="`callback` tells callers that they will be called back, as everybody is who was missed; it is a "
        "message for whoever has no number that may be rung, as `voicemail` is where the provider records nothing.",
    )
    id: Id | None = Field(None, description="The queue, for `queue`.")
    number: str | None = Field(
        None, max_length=limits.ADDRESS, examples=["+33639980011"], description="Whom to ring, for `number`."
    )
    text: dict[Language, Spoken] = Field(
        {}, description="Said in place of the standard sentence; with `queue` before the music. Not said with `number`."
    )


class QueueIn(Input):
    """A queue."""

    name: Annotated[str, VISIBLE] = Field(
        min_length=1, max_length=limits.QUEUE_NAME, pattern=r"\S", examples=["Orders"]
    )
    announcement: Spoken | dict[Language, Spoken] = Field(
        "", examples=_ANNOUNCEMENT,
        description="Said now and then to those who wait, by language; a text alone is in the company's. Empty: the "
        "standard sentence.",
    )  # fmt: skip
    announcements: dict[Language, Spoken] = Field(
        {}, description="With a text as `announcement`: the same in other languages than the company's."
    )
    ring: RingStrategy = Field(RingStrategy.ALL, description="Everybody who is free, or one after the other.")
    ring_seconds: int | None = Field(
        None,
        ge=5,
        le=120,
        description="How long an operator is rung, at most; null: as long as their own setting says.",
    )
    wrap_up_seconds: int = Field(0, ge=0, le=3600, description="How long an operator is left alone after a talk.")
    max_wait_seconds: int | None = Field(
        None, ge=10, le=_LONGEST, description="Longer nobody waits here; null: `longest_wait_seconds` of the company."
    )
    max_waiting: int | None = Field(
        None, ge=1, le=5000, description="More callers are sent elsewhere at once, except VIPs; null: no limit."
    )
    offer_callback_after_seconds: int | None = Field(
        None, ge=0, le=_LONGEST,
        description="After this wait a caller may press 1 to be called back in turn; null: it is not offered.",
    )  # fmt: skip
    asks_satisfaction: bool = Field(
        False,
        description="When the operator has hung up, callers who stay are asked to press 1 to 5; VIPs are not.",
    )
    otherwise: Otherwise | None = Field(None, description="Null: the standard sentence.")


class OtherwiseOut(BaseModel):
    """Where callers go whom the queue cannot serve."""

    do: Way = Way.MESSAGE
    id: str | None = None
    number: str | None = None
    text: dict[str, str] = {}


class QueueOut(Stored):
    """A queue as stored. ``announcement`` is a text, or texts by language, as it was given."""

    name: str
    announcement: str | dict[str, str]
    announcements: dict[str, str]
    ring: RingStrategy
    ring_seconds: int | None
    wrap_up_seconds: int
    max_wait_seconds: int | None
    max_waiting: int | None
    offer_callback_after_seconds: int | None
    asks_satisfaction: bool
    otherwise: OtherwiseOut


class Queues(Resource[QueueRecord]):
    """Whoever is sent from one queue to another comes to an end, and only numbers at the price of a call are rung."""

    async def check(self, edit: Edit, fields: Row, record: QueueRecord | None) -> None:
        """Raises :class:`Unprocessable` naming the field."""
        if isinstance(texts := fields.get("announcement"), dict):
            fields |= {"announcement": "", "announcements": texts}
        if "otherwise" in fields:
            fields["otherwise"] = await _read_otherwise(edit, Otherwise.model_validate(fields["otherwise"] or {}))

    async def check_saved(self, edit: Edit, row: Row) -> None:
        """Raises :class:`Unprocessable` naming the queues through which callers would be sent in a circle."""
        records = (await edit.session.scalars(select(QueueRecord).where(QueueRecord.tenant_id == edit.tenant_id))).all()
        queues = {record.id: build_plan.queue(as_row(record), "en") for record in records}
        if loop := _loop_from(queues, row["id"]):
            raise Unprocessable(QueueLoop(tuple(loop), tuple(queues[one].name for one in loop)), field="otherwise.id")

    def shown(self, row: Row) -> Row:
        """The announcement as it was given."""
        return row | {"announcement": row["announcement"] or row["announcements"] or ""}


QUEUES = Queues(
    QueueRecord, QueueIn, "queue", out=QueueOut, finds=[QueueRecord.name],
    about="Where callers wait for operators.", lists="All queues.", reads="One queue.",
    adds="Add a queue; operators, lines, categories and menus refer to it.",
    changes="Change the fields that are given; `otherwise` is replaced as a whole.",
    deletes="Delete a queue that nothing refers to.",
)  # fmt: skip

QUEUES.router.add_api_route(
    "/{item_id}/waiting", list_waiting, methods=["GET"], name="list_waiting_calls", response_model=WaitingList,
    description="Who waits in the queue now, or is being offered to operators, in the order in which they are served.",
)  # fmt: skip


async def _read_otherwise(edit: Edit, given: Otherwise) -> StoredOverflow:
    stored: StoredOverflow = {"do": given.do.value}
    match given.do:
        case Way.QUEUE:
            there = select(QueueRecord.id).where(QueueRecord.tenant_id == edit.tenant_id, QueueRecord.id == given.id)
            if given.id is None or await edit.session.scalar(there) is None:
                raise Unprocessable(CompanyFault.UNKNOWN_QUEUE, field="otherwise.id")
            stored["id"] = given.id
        case Way.NUMBER:
            company = await edit.session.get_one(Company, edit.tenant_id)
            countries = await countries_of_company(edit, company)
            address = read_address(given.number or "", company.country, countries, field="otherwise.number")
            await refuse_own_line(edit, address, field="otherwise.number")
            stored["number"] = address
        case Way.MESSAGE | Way.CALLBACK | Way.VOICEMAIL:
            pass
    stored["text"] = {code: text for code, text in given.text.items() if text.strip()}
    return stored


def _loop_from(queues: dict[str, WaitingQueue], start: str) -> list[str]:
    """The ids along a circle that begins at ``start`` or is come to from there; empty when there is none."""
    path, current = list[str](), start
    while current in queues:
        if current in path:
            return [*path[path.index(current) :], current]
        path.append(current)
        over = queues[current].otherwise
        current = over.queue_id if over.way is Way.QUEUE else ""
    return []
