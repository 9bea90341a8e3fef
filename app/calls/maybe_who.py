"""Who an unknown number may belong to. A guess, said as one: it is never used to route a call."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, String, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from models import CallNote, CallRecord, ClientCard, ClientNumber

MOST: Final = 2
TAIL: Final = 9
"""Numbers of two countries may agree in so many last digits (the same subscriber written wrongly, or by chance)."""
EXTENSION: Final = 3
"""The last digits by which the extensions of one company differ: a thousand numbers in a row."""
_SHORTEST: Final = 11
"""Shorter numbers (with the plus) have no extensions."""


class SeenIn(StrEnum):
    """Where the number was found."""

    NUMBER = "number"
    CARD = "card"
    NOTE = "note"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Maybe:
    """A client who may be calling. ``number`` is the similar one, where it was that."""

    client: Row
    seen_in: SeenIn
    number: str = ""


async def maybe_of(
    session: AsyncSession, tenant: TenantRows, caller_number: str, refused: frozenset[str]
) -> tuple[Maybe, ...]:
    """Clients who have a number with the same last digits, or whose card or notes of calls mention this one, and companies
    with a number that differs in its extension only; without those of whom somebody has said that it is not them
    (``refused``)."""
    tail = caller_number[-TAIL:]
    # Notes spell numbers in two ways: with the country code, or as dialled in the country, perhaps with a leading zero.
    mentions = f"%{tail}%"
    about = func.concat(ClientCard.about, " ", ClientCard.pinned_note)
    similar = select(
        ClientNumber.client_id.label("id"), literal(SeenIn.NUMBER).label("seen_in"), ClientNumber.number.label("number")
    ).where(ClientNumber.tenant_id == tenant.tenant_id, func.right(ClientNumber.number, TAIL) == tail)
    cards = select(ClientCard.id, literal(SeenIn.CARD), literal("")).where(
        ClientCard.tenant_id == tenant.tenant_id,
        or_(ClientCard.about != "", ClientCard.pinned_note != ""),
        _digits(about).like(mentions),
    )
    notes = (
        select(func.coalesce(CallNote.client_id, CallRecord.client_id), literal(SeenIn.NOTE), literal(""))
        .join(CallRecord, (CallRecord.tenant_id == CallNote.tenant_id) & (CallRecord.call_id == CallNote.call_id))
        .where(CallNote.tenant_id == tenant.tenant_id, CallNote.note != "", _digits(CallNote.note).like(mentions))
    )
    begins = caller_number[:-EXTENSION] if len(caller_number) > _SHORTEST else caller_number
    extensions = (
        select(ClientNumber.client_id, literal(SeenIn.RANGE), ClientNumber.number)
        .join(ClientCard, (ClientCard.tenant_id == ClientNumber.tenant_id) & (ClientCard.id == ClientNumber.client_id))
        .where(
            ClientNumber.tenant_id == tenant.tenant_id, ClientCard.kind == "company",
            ClientNumber.number.between(f"{begins}{'0' * EXTENSION}", f"{begins}{'9' * EXTENSION}"),
            func.char_length(ClientNumber.number) == len(begins) + EXTENSION,
        )
    )  # fmt: skip
    found = await session.execute(union_all(similar, cards, notes, extensions).limit(MOST * 10))
    rows, maybes = tenant.rows[ClientCard.__tablename__], dict[str, Maybe]()
    for client_id, seen_in, number in found:
        if client_id in rows and client_id not in refused:
            maybes.setdefault(client_id, Maybe(rows[client_id], SeenIn(seen_in), number))
    return tuple(maybes.values())[:MOST]


def _digits(text: object) -> ColumnElement[str]:
    return func.translate(text, " .-()/", "", type_=String)
