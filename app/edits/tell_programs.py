"""Tell programs of clients that were added, changed or taken away. The event log carries it, and who it was is read from the
plan when it is told: the log itself names nobody."""

from datetime import datetime

import asyncpg

from app.edits.edit import Edit
from app.event_log.call_store import store
from app.event_log.records import CallFact, FactKind, client_fact, fact
from app.switchboard import Switchboard
from models.base import new_id


async def tell_programs(board: Switchboard, edit: Edit) -> None:
    """Tell of the clients that ``edit`` has changed. Call it when that is committed and live."""
    facts = [_fact(board, edit, one, was, now) for one, (was, now) in edit.client_changes.items() if was or now]
    if facts:
        await board.journal.append(*facts)


async def tell_of_import(board: Switchboard, tenant_id: str, count: int) -> None:
    """Tell that a file has changed ``count`` clients, or that this was taken back: one event, however many they are."""
    if count:
        await board.journal.append(_imported(tenant_id, count, board.clock()))


async def store_import(edit: Edit) -> None:
    """The same for a command, which has no journal: it is stored in the transaction of ``edit``, just before that ends."""
    if not edit.imported:
        return
    raw = await (await edit.session.connection()).get_raw_connection()
    connection = raw.driver_connection
    if not isinstance(connection, asyncpg.Connection):
        raise TypeError(type(connection))
    await store(connection, [_imported(edit.tenant_id, edit.imported, edit.now)])


def _imported(tenant_id: str, count: int, now: datetime) -> CallFact:
    return fact(tenant_id, "clients", FactKind.CLIENTS_IMPORTED, now, {"count": count}, new_id())


def _fact(board: Switchboard, edit: Edit, client_id: str, was_there: bool, is_there: bool) -> CallFact:
    kind, told = FactKind.CLIENT_CHANGED, dict[str, object]()
    if not was_there:
        kind = FactKind.CLIENT_ADDED
    elif not is_there and (into := edit.merged.get(client_id)):
        kind, told = FactKind.CLIENT_MERGED, {"into_id": into}
    elif not is_there:
        kind = FactKind.CLIENT_DELETED
    return client_fact(edit.tenant_id, client_id, kind, board.clock(), told)
