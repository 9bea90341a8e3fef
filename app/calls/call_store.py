"""Facts become rows here: the event log, and the call's record folded from it.

One transaction a batch. Batches of all workers are stored one after the other under an advisory lock, so that the
positions of the event log grow in the order in which they become visible: a reader that has seen position 11 has seen
10. (Reading below the oldest running transaction would do it too, but then one long import would hold every card up.)
"""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg

from app.calls.patch import CallPatch, patch_of
from app.calls.records import CallFact, FactKind

EVENT_CHANNEL: Final = "antichambre_events"
_FEED_LOCK: Final = 0x616E7469
_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")

_INSERT_EVENTS: Final = """
    INSERT INTO call_event (event_id, tenant_id, call_id, kind, at, payload)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::jsonb[])
    ON CONFLICT (event_id) DO NOTHING RETURNING event_id
"""

_INSERT_CALLS: Final = """
    INSERT INTO call (tenant_id, call_id, provider, state, caller_kind, caller_number, caller_name, line_id, line_number,
        client_id, action, reason_code, decision, started_at, last_seen_at)
    SELECT t, c, p, 'ringing', k, n, coalesce(m, ''), l, ln, cl, a, r, d, s, s FROM unnest(
        $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
        $10::text[], $11::text[], $12::jsonb[], $13::timestamptz[]) AS u(t, c, p, k, n, m, l, ln, cl, a, r, d, s)
    ON CONFLICT DO NOTHING RETURNING call_id
"""

_EARLIER_FACTS: Final = """
    SELECT event_id, tenant_id, call_id, kind, at, payload FROM call_event
    WHERE call_id = ANY($1::text[]) AND kind <> 'call.incoming' ORDER BY position
"""

_REDECIDE: Final = """
    UPDATE call SET action = $3, reason_code = $4, decision = $5 WHERE tenant_id = $1 AND call_id = $2
"""

_RANK: Final = "array_position(ARRAY['ringing', 'answered', 'ended'], {})"
# S608: the only thing formatted in is the expression above.
_PATCH_CALLS: Final = f"""
    UPDATE call SET
        state = CASE WHEN {_RANK.format("u.state")} > {_RANK.format("call.state")} THEN u.state ELSE call.state END,
        outcome = coalesce(call.outcome, u.outcome),
        answered_by = coalesce(call.answered_by, u.answered_by),
        answered_at = coalesce(call.answered_at, u.answered_at),
        ended_at = coalesce(call.ended_at, u.ended_at),
        menu_choice = coalesce(u.menu_choice, call.menu_choice),
        queue_id = coalesce(u.queue_id, call.queue_id),
        last_seen_at = greatest(call.last_seen_at, u.seen)
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
        $8::text[], $9::text[], $10::timestamptz[])
        AS u(tenant_id, call_id, state, outcome, answered_by, answered_at, ended_at, menu_choice, queue_id, seen)
    WHERE call.tenant_id = u.tenant_id AND call.call_id = u.call_id
"""  # noqa: S608


async def store(connection: asyncpg.Connection, facts: Sequence[CallFact]) -> int:
    """Store ``facts`` and tell the readers; facts that are there already change nothing. Returns how many were new."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _FEED_LOCK)
        columns = [
            (fact.event_id, fact.tenant_id, fact.call_id, fact.kind.value, fact.at, _json(fact.payload))
            for fact in facts
        ]
        rows = await connection.fetch(_INSERT_EVENTS, *map(list, zip(*columns, strict=True)))
        inserted = {row["event_id"] for row in rows}
        if not inserted:
            return 0
        # A fact that comes twice in one batch is inserted once; it is applied once too.
        new = list({fact.event_id: fact for fact in facts if fact.event_id in inserted}.values())
        await _apply(connection, new)
        await connection.execute(f"NOTIFY {EVENT_CHANNEL}")
        return len(new)


async def _apply(connection: asyncpg.Connection, new: list[CallFact]) -> None:
    incoming = [fact for fact in new if fact.kind is FactKind.INCOMING]
    later = [fact for fact in new if fact.kind is not FactKind.INCOMING]
    if incoming:
        begun = await connection.fetch(_INSERT_CALLS, *map(list, zip(*map(_call_columns, incoming), strict=True)))
        # What was reported before the call itself was stored (another worker was faster) counts from now on.
        known = {fact.event_id for fact in later}
        earlier = await connection.fetch(_EARLIER_FACTS, [row["call_id"] for row in begun])
        later += [_fact_of(row) for row in earlier if row["event_id"] not in known]
    for fact in new:
        if fact.kind is FactKind.REDECIDED:
            await connection.execute(_REDECIDE, *_redecided_columns(fact))
    patches = _merged(later)
    if patches:
        await connection.execute(_PATCH_CALLS, *map(list, zip(*(patch.columns() for patch in patches), strict=True)))


def _merged(facts: Iterable[CallFact]) -> list[CallPatch]:
    merged: dict[tuple[str, str], CallPatch] = {}
    for fact in facts:
        key, patch = (fact.tenant_id, fact.call_id), patch_of(fact)
        merged[key] = merged[key].merged_with(patch) if key in merged else patch
    return list(merged.values())


def _call_columns(fact: CallFact) -> tuple[Any, ...]:
    call, decision = fact.payload["call"], fact.payload["decision"]
    caller, line = call["caller"], call["line"]
    return (
        fact.tenant_id, fact.call_id, call["provider"], caller["kind"], caller["number"], caller["name"],
        line["id"], line["number"], fact.payload["client_id"], decision["action"], decision["reason"]["code"],
        _json(decision), fact.at,
    )  # fmt: skip


def _redecided_columns(fact: CallFact) -> tuple[Any, ...]:
    decision = fact.payload["decision"]
    return fact.tenant_id, fact.call_id, decision["action"], decision["reason"]["code"], _json(decision)


def _fact_of(row: Any) -> CallFact:
    at: datetime = row["at"]
    return CallFact(
        row["event_id"], row["tenant_id"], row["call_id"], FactKind(row["kind"]), at, json.loads(row["payload"])
    )


def _json(value: dict[str, Any]) -> str:
    # PostgreSQL's jsonb takes every character but NUL. An escaped NUL has an odd number of backslashes before its "u".
    return _NUL.sub(r"\1", json.dumps(value))
