"""Somebody to try things out with: a VIP, a blacklisted caller and a client, all marked, and gone in one click. Their
numbers are from the ranges that ARCEP keeps for fiction (decision 2018-0881), so nobody real is named, and they are known by
them: what is written on an entry people change, and others may write the same."""

from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.clients.client import ClientIn
from app.clients.edit_client import add_client
from app.clients.edit_client_gone import delete_client
from app.edits.edit import Edit
from app.lists.edit_entries import add_entry, delete_entry
from app.lists.entry import BlacklistIn, VipIn
from models import BlacklistEntry, ClientNumber, VipEntry
from models.list_name import ListName

MARK: Final = "Sample data"
VERA: Final = "+33639980901"
BORIS: Final = "+33639980902"
CLARA: Final = "+33639980903"


async def add_sample_data(edit: Edit) -> None:
    """Add what is not there yet. Raises :class:`app.base.errors.Problem`."""
    there = await _sample(edit.session, edit.tenant_id)
    if not there.vips:
        await add_entry(edit, ListName.VIP, VipIn(number=VERA, label="Vera Fournier", reason=MARK), edit.now)
    if not there.blocked:
        await add_entry(edit, ListName.BLACKLIST, BlacklistIn(number=BORIS, label="Boris", reason=MARK), edit.now)
    if not there.clients:
        await add_client(edit, ClientIn(name="Clara Martin", numbers=[CLARA], about=MARK), edit.now, may_judge=True)


async def remove_sample_data(edit: Edit) -> None:
    """Take it away whatever has been written about it, and nothing else."""
    there = await _sample(edit.session, edit.tenant_id)
    for name, entries in ((ListName.VIP, there.vips), (ListName.BLACKLIST, there.blocked)):
        for entry_id in entries:
            await delete_entry(edit, name, entry_id)
    for client_id in there.clients:
        await delete_client(edit, client_id, edit.now, may_judge=True)


async def has_sample_data(session: AsyncSession, tenant_id: str) -> bool:
    """Whether any of it is there."""
    return any(await _sample(session, tenant_id))


class _Sample(NamedTuple):
    """Ids of what is there."""

    vips: list[str]
    blocked: list[str]
    clients: list[str]


async def _sample(session: AsyncSession, tenant_id: str) -> _Sample:
    vips = await session.scalars(select(VipEntry.id).where(VipEntry.tenant_id == tenant_id, VipEntry.number == VERA))
    blocked = await session.scalars(
        select(BlacklistEntry.id).where(BlacklistEntry.tenant_id == tenant_id, BlacklistEntry.number == BORIS)
    )
    beside = aliased(ClientNumber)
    others = beside.tenant_id == tenant_id, beside.client_id == ClientNumber.client_id, beside.number != CLARA
    # A client who has Clara's number beside another is somebody else.
    clients = await session.scalars(
        select(ClientNumber.client_id)
        .where(ClientNumber.tenant_id == tenant_id, ClientNumber.number == CLARA)
        .where(~select(beside.client_id).where(*others).exists())
    )
    return _Sample([*vips], [*blocked], [*clients])
