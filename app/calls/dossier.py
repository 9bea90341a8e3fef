"""Everything that is known about a call and its caller, read from the database once for all who look: cards and lines are
drawn from it, for each reader's language and role."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.calls.blocked_caller import Block, block_of
from app.calls.call_notes import memory_of, notes_of
from app.calls.caller_history import CallerHistory, history_of
from app.calls.card_fields import CardField, fields_of, looked_up_about, on_the_card
from app.calls.maybe_who import Maybe, maybe_of
from app.calls.open_matters import open_matters_of
from app.event_log.open_calls import Ringing
from app.plan.clients_calling import clients_of
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.plan.zones import zone_of
from models import Callback, CallerMemory, CallNote, CallRecord, Matter
from models.callback import CallbackState
from routing.lifecycle import CallState
from routing.reasons import ReasonCode


@dataclass(frozen=True, slots=True)
class Dossier:
    """``clients`` use the caller's number now; ``client`` is the one of them who calls, where that is known.
    ``likely_id`` is who it was the last time. ``last_note`` is what was noted about the last call. ``joined`` is whether
    the number was given to the client during this very call, so that it can be taken back. ``ringing`` is what
    is done for the caller now, ``block`` the block under which the caller is. ``is_to_be_called`` is whether a call-back to
    the caller's number is open. ``matters`` are the client's that are not settled, ``fields`` what programs say
    about the call."""

    call: CallRecord
    clients: tuple[Row, ...]
    client: Row | None
    note: CallNote | None = None
    history: CallerHistory = field(default_factory=CallerHistory)
    last_note: CallNote | None = None
    likely_id: str | None = None
    joined: bool = False
    maybes: tuple[Maybe, ...] = ()
    ringing: Ringing = field(default_factory=Ringing)
    block: Block | None = None
    is_to_be_called: bool = False
    matters: Sequence[Matter] = ()
    fields: tuple[CardField, ...] = ()

    @property
    def somebody_else(self) -> bool:
        """Whether somebody has said that it is none of the clients who use the number."""
        return bool(self.clients) and self.note is not None and self.note.somebody_else


async def dossier_of(
    session: AsyncSession, call: CallRecord, tenant: TenantRows, now: datetime, ringing: Ringing
) -> Dossier:
    """The call's dossier with the caller's history."""
    clients = clients_of(call, tenant)
    history = await history_of(session, call, tuple(row["id"] for row in clients), zone_of(call, tenant))
    last = history.last.call_id if history.last else ""
    notes = await notes_of(session, call.tenant_id, {call.call_id, last})
    note = notes.get(call.call_id)
    client = _who_calls(clients, note)
    memory, maybes = list[CallerMemory](), tuple[Maybe, ...]()
    if _is_in_doubt(call, clients, note) and call.caller_number is not None:
        memory = await memory_of(session, call.tenant_id, call.caller_number)
        if not clients:
            refused = frozenset(one.client_id for one in memory if not one.is_caller)
            maybes = await maybe_of(session, tenant, call.caller_number, refused)
    likely = next((one for one in memory if one.is_caller), None)
    joined = (
        client is not None
        and likely is not None
        and (likely.client_id, len(clients)) == (client["id"], 1)
        and likely.decided_at >= call.started_at
    )
    matters = await open_matters_of(session, call.tenant_id, client["id"]) if client is not None else ()
    return Dossier(
        call, clients, client, note, history, notes.get(last), likely.client_id if likely else None, joined, maybes,
        ringing, await block_of(session, call, tenant, now),
        call.state == CallState.ENDED and call.caller_number in await numbers_to_be_called(session, [call]), matters,
        on_the_card(
            await fields_of(session, call.tenant_id, call.call_id), await looked_up_about(session, call)
        ),
    )  # fmt: skip


def short_dossier(
    call: CallRecord, tenant: TenantRows, note: CallNote | None, block: Block | None = None, *,
    is_to_be_called: bool = False,
) -> Dossier:  # fmt: skip
    """What a line of the day needs, without asking the database again."""
    clients = clients_of(call, tenant)
    return Dossier(call, clients, _who_calls(clients, note), note, block=block, is_to_be_called=is_to_be_called)


async def numbers_to_be_called(session: AsyncSession, calls: Sequence[CallRecord]) -> frozenset[str]:
    """Of the numbers of these calls' callers those to which a call-back is open."""
    numbers = {call.caller_number for call in calls if call.caller_number}
    if not numbers:
        return frozenset()
    is_open = (Callback.tenant_id == calls[0].tenant_id, Callback.state == CallbackState.OPEN.value)
    return frozenset(await session.scalars(select(Callback.number).where(*is_open, Callback.number.in_(numbers))))


def _is_in_doubt(call: CallRecord, clients: tuple[Row, ...], note: CallNote | None) -> bool:
    """Whether the number alone does not say who calls, or did not when the call came in."""
    if call.caller_number is None or call.reason_code == ReasonCode.BLACKLISTED:
        return False
    if not clients:
        return call.reason_code not in (ReasonCode.VIP, ReasonCode.VIP_UNCONFIRMED)
    return len(clients) > 1 or (note is not None and note.client_id is not None)


def _who_calls(clients: tuple[Row, ...], note: CallNote | None) -> Row | None:
    """The only one, or the one whom somebody has chosen for this call; nobody if it was somebody else."""
    if note is not None and note.somebody_else:
        return None
    if len(clients) == 1:
        return clients[0]
    return next((row for row in clients if note is not None and row["id"] == note.client_id), None)
