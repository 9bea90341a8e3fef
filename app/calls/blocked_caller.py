"""Who blocked a caller and why, as long as the block lasts: said wherever the caller is shown, so that a mistake is seen and
taken back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.calls.on_the_lists import Standing, standing_of, standing_of_number
from app.plan.tenant_rows import TenantRows
from models import BlacklistEntry, CallRecord


@dataclass(frozen=True, slots=True)
class Block:
    """``entry_id`` is the entry of the blacklist, or the client whose status it is (``is_clients``). ``by`` is the actor who
    made the entry, empty where nobody wrote that down; ``is_own``: the entry is of that very number, so that taking it
    back lets nobody else through; ``see`` is the page where it is changed."""

    number: str
    entry_id: str
    by: str
    reason: str
    is_own: bool
    is_clients: bool
    see: str

    def is_told(self, *, judges: bool) -> bool:
        """Whether somebody is told of it: those who judge of every block, operators of what a person has done to this one
        caller. What wider entries, imports and the status of clients say stays with those who judge."""
        return judges or (self.is_own and self.by.startswith("user:"))


async def block_of(session: AsyncSession, call: CallRecord, tenant: TenantRows, now: datetime) -> Block | None:
    """The block under which the call's caller is now."""
    return (await blocks_of(session, [call], tenant, now)).get(call.call_id)


async def blocks_of(
    session: AsyncSession, calls: Sequence[CallRecord], tenant: TenantRows, now: datetime
) -> dict[str, Block]:
    """The blocks of these calls' callers, by call. The database is asked once, and only if somebody is blocked."""
    return await _read(session, {call.call_id: standing_of(call, tenant, now) for call in calls}, tenant)


async def blocks_of_numbers(
    session: AsyncSession, numbers: Collection[str], tenant: TenantRows, now: datetime
) -> dict[str, Block]:
    """The blocks of ``numbers`` on any line, by number."""
    return await _read(session, {one: standing_of_number(one, "", tenant, now) for one in numbers}, tenant)


async def _read(session: AsyncSession, standings: dict[str, Standing], tenant: TenantRows) -> dict[str, Block]:
    blocked = {key: one for key, one in standings.items() if one.is_blocked and one.listed is not None}
    if not blocked:
        return {}
    wanted = {one.listed.entry_id for one in blocked.values() if one.listed is not None and not one.is_clients}
    entries = await session.execute(
        select(BlacklistEntry.id, BlacklistEntry.created_by).where(
            BlacklistEntry.tenant_id == tenant.tenant_id, BlacklistEntry.id.in_(wanted)
        )
    )
    authors: dict[str, str] = {row.id: row.created_by for row in entries}
    return {
        key: Block(
            one.number or "", one.listed.entry_id, authors.get(one.listed.entry_id, ""),
            one.listed.label if one.is_of_others else one.listed.reason, one.is_own,
            one.is_clients, one.see,
        )
        for key, one in blocked.items()
        if one.listed is not None
    }  # fmt: skip
