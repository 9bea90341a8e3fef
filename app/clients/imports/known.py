"""The clients that the lines of a file may mean, out of the database."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, TypeVar

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.clients.imports.line import BadClientLine, ClientLine
from app.clients.imports.match import KnownClients
from app.clients.own_fields import stored_fields
from app.plan.rows import Row, as_row
from models import CategoryRule, ClientCard, ClientNumber, OperatorRecord

AT_ONCE: Final = 1000
Item = TypeVar("Item")


async def category_ids(session: AsyncSession, tenant_id: str) -> dict[str, str]:
    """The company's categories, ids by name."""
    rows = await session.execute(
        select(CategoryRule.name, CategoryRule.id).where(CategoryRule.tenant_id == tenant_id).order_by(CategoryRule.id)
    )
    return {row.name: row.id for row in rows}


async def operator_ids(session: AsyncSession, tenant_id: str) -> dict[str, str]:
    """The company's operators, ids by what a file calls them: the name where it is one operator's alone, and the address."""
    mine = select(OperatorRecord.name, OperatorRecord.address, OperatorRecord.id)
    rows = (await session.execute(mine.where(OperatorRecord.tenant_id == tenant_id))).all()
    named = Counter(row.name for row in rows)
    return {row.address: row.id for row in rows} | {row.name: row.id for row in rows if named[row.name] == 1}


async def known_clients(
    session: AsyncSession, tenant_id: str, lines: Sequence[ClientLine | BadClientLine]
) -> KnownClients:
    """Those who have a number or an id that a line names, or none and the name of a line without numbers."""
    good = [one for one in lines if isinstance(one, ClientLine)]
    ids = {one.id for one in good if one.id}
    for numbers in chunks({number for one in good for number in one.numbers}):
        having = select(ClientNumber.client_id).where(
            ClientNumber.tenant_id == tenant_id, ClientNumber.number.in_(numbers)
        )
        ids |= set(await session.scalars(having))
    for names in chunks({one.name for one in good if not one.numbers}):
        without = select(ClientCard.id).where(
            ClientCard.tenant_id == tenant_id, ClientCard.name.in_(names),
            ~exists().where(ClientNumber.tenant_id == tenant_id, ClientNumber.client_id == ClientCard.id),
        )  # fmt: skip
        ids |= set(await session.scalars(without))
    rows: dict[str, Row] = {}
    for some in chunks(ids):
        for card in await cards_of(session, tenant_id, some):
            rows[card.id] = as_row(card)
            session.expunge(card)
    categories = await category_ids(session, tenant_id)
    fields = {one.id: one.name for one in await stored_fields(session, tenant_id)}
    operators = {operator_id: name for name, operator_id in (await operator_ids(session, tenant_id)).items()}
    called = {category_id: name for name, category_id in categories.items()}
    return KnownClients(rows, called, fields=fields, operators=operators)


async def cards_of(session: AsyncSession, tenant_id: str, ids: Sequence[str]) -> Sequence[ClientCard]:
    """The cards of these ids, with their numbers, as they are in the database now."""
    query = select(ClientCard).where(ClientCard.tenant_id == tenant_id, ClientCard.id.in_(ids)).order_by(ClientCard.id)
    query = query.options(selectinload(ClientCard.numbers)).execution_options(populate_existing=True)
    return (await session.scalars(query)).all()


def chunks(items: "Sequence[Item] | set[Item]") -> Iterator[list[Item]]:
    """As many at once as a statement takes."""
    rest = iter(items)
    while some := list(islice(rest, AT_ONCE)):
        yield some
