"""Call-backs follow from what happened to calls: whoever was missed is to be called, until they are answered.

This runs inside the transaction in which facts are stored, so each fact counts once, and the result is the same in whatever
order they come and however often: a caller is open who was missed, and has neither been answered since nor been dealt with.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import asyncpg
from sqlalchemy import ColumnElement
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import aliased

from app.calls.missed_calls import hidden, missed
from app.event_log.records import BOOTH, CallFact, FactKind, callback_fact, fact
from models import CallRecord
from models.base import new_id
from models.callback import CLOSED_BY_A_CALL, CallbackReason
from routing.reasons import ReasonCode

DUE_AFTER: Final = timedelta(hours=4)
"""By when a missed caller is to be called, or one who was promised it without a date."""
VIP_DUE_AFTER: Final = timedelta(minutes=15)

_TELLS: Final = frozenset({FactKind.INCOMING, FactKind.REDECIDED, FactKind.ANSWERED, FactKind.STATUS, FactKind.ENDED})
"""After these a call may be missed or answered that was not before."""


def _as_text(condition: ColumnElement[bool]) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return str(condition.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


_MISSED: Final = _as_text(missed())
_OTHER_MISSED: Final = _as_text(missed(aliased(CallRecord, name="other")))
_HIDDEN: Final = _as_text(hidden())
# S608: the only things formatted in are the names of our own enumerations, and the condition made of them.
_TO_BE_CALLED: Final = f"""
    SELECT call.tenant_id, call.call_id, call.caller_number, call.client_id, call.line_id, call.queue_id, call.reason_code,
        call.ended_at,
        NOT EXISTS (
            SELECT FROM callback WHERE callback.tenant_id = call.tenant_id AND callback.number = call.caller_number
                AND (callback.call_id = call.call_id
                    OR callback.state <> 'open' AND callback.closed_at >= call.ended_at)
        ) AND NOT EXISTS (
            SELECT FROM call AS later WHERE later.tenant_id = call.tenant_id AND later.provider <> '{BOOTH}'
                AND (later.caller_number = call.caller_number OR later.client_id = call.client_id)
                AND later.answered_at > call.ended_at
        ) AS is_open
    FROM call JOIN unnest($1::text[], $2::text[]) AS touched(tenant_id, call_id) USING (tenant_id, call_id)
    WHERE call.caller_number IS NOT NULL AND call.ended_at IS NOT NULL AND call.provider <> '{BOOTH}' AND ({_MISSED})
        AND NOT EXISTS (
            SELECT FROM call_note WHERE call_note.tenant_id = call.tenant_id AND call_note.call_id = call.call_id
                AND (call_note.outcome IS NOT NULL OR call_note.called_back_at IS NOT NULL)
        )
    ORDER BY call.started_at, call.call_id
"""  # noqa: S608
_ASKED_INSTEAD: Final = "callback.reason = 'missed' AND excluded.reason = 'queue'"
"""Whoever was missed has asked for it since, and keeps a place."""
_OPEN: Final = f"""
    INSERT INTO callback (tenant_id, id, number, client_id, call_id, line_id, queue_id, reason, due_at, opened_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (tenant_id, number) WHERE state = 'open' DO UPDATE SET
        reason = CASE WHEN excluded.reason = 'missed_vip' OR callback.reason = 'missed' THEN excluded.reason
            ELSE callback.reason END,
        call_id = CASE WHEN {_ASKED_INSTEAD} THEN excluded.call_id ELSE callback.call_id END,
        line_id = CASE WHEN {_ASKED_INSTEAD} THEN excluded.line_id ELSE callback.line_id END,
        queue_id = CASE WHEN {_ASKED_INSTEAD} THEN excluded.queue_id ELSE callback.queue_id END,
        due_at = least(callback.due_at, excluded.due_at)
    RETURNING id, xmax = 0 AS is_new
"""  # noqa: S608
# One search by number and one by client, each in an index: with "or" between them, every answered call is compared with
# every open call-back. Nor is "open" asked for here: before the table has been counted, the database would take the index
# by state for as good. The last condition is a value and not a join for the same reason: it is for the few that are left.
_ANSWERED: Final = f"""
    WITH answered AS MATERIALIZED (
        SELECT call.tenant_id, call.caller_number, call.client_id, call.answered_at
        FROM call JOIN unnest($1::text[], $2::text[]) AS touched(tenant_id, call_id) USING (tenant_id, call_id)
        WHERE call.answered_at IS NOT NULL AND call.provider <> '{BOOTH}'
    ), meant AS MATERIALIZED (
        SELECT callback.tenant_id, callback.id, answered.answered_at FROM answered
        JOIN callback ON callback.tenant_id = answered.tenant_id AND callback.number = answered.caller_number
        UNION
        SELECT callback.tenant_id, callback.id, answered.answered_at FROM answered
        JOIN callback ON callback.tenant_id = answered.tenant_id AND callback.client_id = answered.client_id
    )
    UPDATE callback SET state = 'done', closed_at = meant.answered_at, closed_by = '{CLOSED_BY_A_CALL}'
    FROM meant
    WHERE callback.tenant_id = meant.tenant_id AND callback.id = meant.id AND callback.state = 'open'
        AND (callback.reason IN ('missed', 'missed_vip') OR callback.opened_at < meant.answered_at)
        AND (
            SELECT count(*) FROM call AS other
            WHERE other.tenant_id = callback.tenant_id AND other.caller_number = callback.number
                AND other.provider <> '{BOOTH}' AND other.ended_at > meant.answered_at AND ({_OTHER_MISSED})
        ) = 0
    RETURNING callback.tenant_id, callback.id, callback.call_id, callback.closed_at
"""  # noqa: S608
_BLOCKED: Final = f"""
    UPDATE callback SET state = 'cancelled', closed_at = call.last_seen_at, closed_by = '{CLOSED_BY_A_CALL}'
    FROM call JOIN unnest($1::text[], $2::text[]) AS touched(tenant_id, call_id) USING (tenant_id, call_id)
    WHERE callback.tenant_id = call.tenant_id AND callback.state = 'open' AND callback.call_id = call.call_id AND ({_HIDDEN})
    RETURNING callback.tenant_id, callback.id, callback.call_id, callback.closed_at
"""  # noqa: S608
_REACHED: Final = f"""
    UPDATE callback SET state = 'done', closed_at = reached.at, closed_by = '{CLOSED_BY_A_CALL}'
    FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS reached(tenant_id, id, at)
    WHERE callback.tenant_id = reached.tenant_id AND callback.id = reached.id AND callback.state = 'open'
"""  # noqa: S608
_ATTEMPTED: Final = """
    UPDATE callback SET attempts = attempts + tried.times
    FROM (
        SELECT t AS tenant_id, i AS id, count(*) AS times FROM unnest($1::text[], $2::text[]) AS u(t, i) GROUP BY t, i
    ) AS tried
    WHERE callback.tenant_id = tried.tenant_id AND callback.id = tried.id
"""
_ASKED_FOR: Final = """
    SELECT tenant_id, call_id, caller_number, client_id, line_id, coalesce($3, queue_id) AS queue_id
    FROM call WHERE tenant_id = $1 AND call_id = $2 AND caller_number IS NOT NULL
"""


async def derive_callbacks(connection: asyncpg.Connection, new: Sequence[CallFact]) -> list[CallFact]:
    """Open and close what follows from facts that were stored just now, in their transaction. Returns the facts that this
    makes, which are to be stored too."""
    told = await _ask_for(connection, [one for one in new if one.kind is FactKind.CALLBACK_OPENED])
    await _reach(connection, [one for one in new if one.kind is FactKind.CALLBACK_DONE])
    await _count_attempts(connection, [one for one in new if one.kind is FactKind.CALLBACK_CHANGED])
    touched = {(one.tenant_id, one.call_id) for one in new if one.kind in _TELLS}
    if not touched:
        return told
    keys = [tenant_id for tenant_id, _ in touched], [call_id for _, call_id in touched]
    for row in await connection.fetch(_TO_BE_CALLED, *keys):
        is_vip = row["reason_code"] == ReasonCode.VIP.value
        at: datetime = row["ended_at"]
        if is_vip:
            told.append(fact(row["tenant_id"], row["call_id"], FactKind.VIP_MISSED, at, {}))
        if row["is_open"]:
            reason = CallbackReason.MISSED_VIP if is_vip else CallbackReason.MISSED
            due = at + (VIP_DUE_AFTER if is_vip else DUE_AFTER)
            told.append(await _open(connection, row, reason, due, at))
    for row in [*await connection.fetch(_ANSWERED, *keys), *await connection.fetch(_BLOCKED, *keys)]:
        told.append(about(FactKind.CALLBACK_DONE, row["tenant_id"], row["id"], row["call_id"], row["closed_at"]))
    return told


def about(
    kind: FactKind, tenant_id: str, callback_id: str, call_id: str | None, at: datetime, *identity: object,
    taken: bool = False,
) -> CallFact:  # fmt: skip
    """Something has become of a call-back, ``at`` then. ``taken``: somebody has taken it on, and nobody else is rung for
    it."""
    told = {"taken": True} if taken else {}
    return callback_fact(tenant_id, callback_id, call_id, kind, at, told, at.isoformat(), *identity)


async def _ask_for(connection: asyncpg.Connection, asked: Iterable[CallFact]) -> list[CallFact]:
    """Callers who have asked for it themselves, while they waited: such a fact has no ``callback_id`` yet."""
    told = []
    for one in asked:
        if "callback_id" in one.payload:
            continue
        row = await connection.fetchrow(_ASKED_FOR, one.tenant_id, one.call_id, one.payload.get("queue_id"))
        if row is None and await _is_recorded(connection, one):
            continue  # a call from the phone booth, or one without a number
        if row is None and one.payload.get("number"):  # its own record is still on the way
            row = {
                "tenant_id": one.tenant_id, "caller_number": one.payload["number"], "client_id": None,
                "call_id": one.call_id, "line_id": None, "queue_id": one.payload.get("queue_id"),
            }  # fmt: skip
        if row is not None:
            opened = await _open(connection, row, CallbackReason.QUEUE, one.at + DUE_AFTER, one.at)
            told.append(
                about(FactKind.CALLBACK_CHANGED, one.tenant_id, opened.payload["callback_id"], one.call_id, one.at)
            )
    return told


async def _is_recorded(connection: asyncpg.Connection, one: CallFact) -> bool:
    there = "SELECT EXISTS (SELECT FROM call WHERE tenant_id = $1 AND call_id = $2)"
    return bool(await connection.fetchval(there, one.tenant_id, one.call_id))


async def _open(
    connection: asyncpg.Connection, row: Mapping[str, Any], reason: CallbackReason, due: datetime, at: datetime
) -> CallFact:
    opened = await connection.fetchrow(
        _OPEN, row["tenant_id"], new_id(), row["caller_number"], row["client_id"], row["call_id"], row["line_id"],
        row["queue_id"], reason.value, due, at,
    )  # fmt: skip
    kind = FactKind.CALLBACK_OPENED if opened["is_new"] else FactKind.CALLBACK_CHANGED
    return about(kind, row["tenant_id"], opened["id"], row["call_id"], at)


async def _count_attempts(connection: asyncpg.Connection, changed: Iterable[CallFact]) -> None:
    """Whose number was rung because it was their turn; whoever rings by hand counts it with the rest."""
    rows = [(one.tenant_id, one.payload["callback_id"]) for one in changed if one.payload.get("turn")]
    if rows:
        await connection.execute(_ATTEMPTED, *map(list, zip(*rows, strict=True)))


async def _reach(connection: asyncpg.Connection, reached: Iterable[CallFact]) -> None:
    """Whoever was rung from here and has answered."""
    rows = [(one.tenant_id, one.payload["callback_id"], one.at) for one in reached if one.payload.get("reached")]
    if rows:
        await connection.execute(_REACHED, *map(list, zip(*rows, strict=True)))
