"""Somebody to try things out with: a VIP, a blacklisted caller and a client, all marked, and gone in one click. Their
numbers are from the ranges that ARCEP keeps for fiction (decision 2018-0881), so nobody real is named."""

from typing import Final

from app.clients.client import ClientIn
from app.clients.edit_client import add_client
from app.clients.edit_client_gone import delete_client
from app.edits.edit import Edit
from app.lists.edit_entries import add_entry, delete_entry
from app.lists.entry import BlacklistIn, VipIn
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from models import BlacklistEntry, ClientCard, VipEntry
from models.list_name import ListName

MARK: Final = "Sample data"
VERA: Final = "+33639980901"
BORIS: Final = "+33639980902"
CLARA: Final = "+33639980903"


async def add_sample_data(edit: Edit) -> None:
    """Add what is not there yet. Raises :class:`app.base.errors.Problem`."""
    await add_entry(edit, ListName.VIP, VipIn(number=VERA, label="Vera Fournier", reason=MARK), edit.now)
    await add_entry(edit, ListName.BLACKLIST, BlacklistIn(number=BORIS, label="Boris", reason=MARK), edit.now)
    await add_client(edit, ClientIn(name="Clara Martin", numbers=[CLARA], about=MARK), edit.now, may_judge=True)


async def remove_sample_data(edit: Edit, tenant: TenantRows) -> None:
    """Take away what is marked, and nothing else."""
    for name, table in ((ListName.VIP, VipEntry), (ListName.BLACKLIST, BlacklistEntry)):
        for row in _marked(tenant, table.__tablename__, "reason"):
            await delete_entry(edit, name, row["id"])
    for row in _marked(tenant, ClientCard.__tablename__, "about"):
        await delete_client(edit, row["id"], edit.now, may_judge=True)


def has_sample_data(tenant: TenantRows) -> bool:
    """Whether anything marked is there."""
    tables = ((VipEntry, "reason"), (BlacklistEntry, "reason"), (ClientCard, "about"))
    return any(_marked(tenant, table.__tablename__, column) for table, column in tables)


def _marked(tenant: TenantRows, table: str, column: str) -> list[Row]:
    return [row for row in tenant.rows[table].values() if row[column] == MARK]
