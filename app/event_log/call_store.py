"""Facts become rows here: the event log, and the call's record folded from it.

One transaction a batch. Batches of all workers are stored one after the other under an advisory lock, so that the
positions of the event log grow in the order in which they become visible: a reader that has seen position 11 has seen
10. (Reading below the oldest running transaction would do it too, but then one long import would hold every card up.)
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import asyncpg
import msgspec
import structlog
from msgspec import Struct

from app.event_log.patch import CallPatch, patch_of
from app.event_log.records import ABOUT_NO_RUNNING_CALL, BOOTH, IN_VAIN, CallFact, FactKind
from filters.list_entry import Idle
from models.subscription import shadow_hits_of
from routing.actions import FakeQueue
from routing.findings import Found
from routing.lifecycle import OUTCOME_RANK, RANK
from routing.reasons import ReasonCode

log = structlog.get_logger(__name__)
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
        client_id, action, reason_code, decision, started_at, last_seen_at, caller_address, attestation, forwarded_from)
    SELECT t, c, p, 'ringing', k, n, coalesce(m, ''), l, ln, cl, a, r, d, s, s, ca, att, ff FROM unnest(
        $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
        $10::text[], $11::text[], $12::jsonb[], $13::timestamptz[], $14::text[], $15::text[], $16::text[])
        AS u(t, c, p, k, n, m, l, ln, cl, a, r, d, s, ca, att, ff)
    ON CONFLICT (tenant_id, call_id) DO UPDATE SET
        caller_kind = excluded.caller_kind, caller_number = excluded.caller_number, caller_name = excluded.caller_name,
        client_id = CASE WHEN EXISTS (
            SELECT FROM call_note AS said WHERE said.tenant_id = call.tenant_id AND said.call_id = call.call_id
                AND (said.client_id IS NOT NULL OR said.somebody_else)
        ) THEN call.client_id ELSE excluded.client_id END,
        action = excluded.action, reason_code = excluded.reason_code,
        decision = excluded.decision, attestation = excluded.attestation, forwarded_from = excluded.forwarded_from,
        caller_address = excluded.caller_address, line_id = excluded.line_id
        WHERE call.reason_code = 'not_recorded' AND excluded.reason_code <> 'not_recorded'
    RETURNING tenant_id, call_id
"""
"""A call that was filled in from the provider's list (:mod:`app.answering.fill_gaps`) gives way to its own record;
whose it is by the word of somebody, it stays."""

_COUNT_HITS: Final = """
    INSERT INTO list_hit (tenant_id, entry_id, hits, last_hit_at)
    SELECT t, e, count(*), max(s) FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS u(t, e, s) GROUP BY t, e
    ON CONFLICT (entry_id, tenant_id) DO UPDATE SET
        hits = list_hit.hits + excluded.hits, last_hit_at = greatest(list_hit.last_hit_at, excluded.last_hit_at)
"""
_BY_A_LIST: Final = frozenset({ReasonCode.VIP, ReasonCode.VIP_UNCONFIRMED, ReasonCode.BLACKLISTED})
"""Reason codes of calls that an entry of a list has decided."""

_CHANGES_NO_CALL: Final = ABOUT_NO_RUNNING_CALL | {FactKind.INCOMING}
_OF_NO_USE: Final = ", ".join(f"'{kind}'" for kind in sorted(_CHANGES_NO_CALL))
# S608: the only things formatted in are the names of our own enumeration.
_EARLIER_FACTS: Final = f"""
    SELECT event_id, tenant_id, call_id, kind, at, payload
    FROM call_event JOIN unnest($1::text[], $2::text[]) AS begun(tenant_id, call_id) USING (tenant_id, call_id)
    WHERE kind NOT IN ({_OF_NO_USE}) ORDER BY position
"""  # noqa: S608

_LATEST_COUNTS: Final = frozenset({FactKind.MENU, FactKind.QUEUED, FactKind.REDECIDED})
_TAKE_LATEST: Final = """
    WITH latest AS (
        SELECT DISTINCT ON (tenant_id, call_id, kind) tenant_id, call_id, kind, payload
        FROM call_event JOIN unnest($1::text[], $2::text[]) AS touched(tenant_id, call_id) USING (tenant_id, call_id)
        WHERE kind IN ('call.menu', 'call.queued', 'call.redecided')
        ORDER BY tenant_id, call_id, kind, at DESC, event_id DESC
    ), folded AS (
        SELECT tenant_id, call_id,
            max(payload ->> 'choice') FILTER (WHERE kind = 'call.menu') AS choice,
            max(payload ->> 'queue_id') FILTER (WHERE kind = 'call.queued') AS queue_id,
            (array_agg(payload -> 'decision') FILTER (WHERE kind = 'call.redecided'))[1] AS decision
        FROM latest GROUP BY tenant_id, call_id
    )
    UPDATE call SET
        menu_choice = coalesce(folded.choice, call.menu_choice),
        queue_id = coalesce(folded.queue_id, call.queue_id),
        action = coalesce(folded.decision ->> 'action', call.action),
        reason_code = coalesce(folded.decision -> 'reason' ->> 'code', call.reason_code),
        decision = coalesce(folded.decision, call.decision)
    FROM folded WHERE call.tenant_id = folded.tenant_id AND call.call_id = folded.call_id
"""

_HAVE_STAYS: Final = """
    SELECT DISTINCT tenant_id, call_id
    FROM fake_queue_stay JOIN unnest($1::text[], $2::text[]) AS touched(tenant_id, call_id) USING (tenant_id, call_id)
"""
# A stay begins with a decision for the fake queue and ends with the next decision, or with the call. The deciding match is
# the entry; without one it is the rule. A call whose end was never reported counts until it was last heard of. Of two
# decisions of one moment the later
# counts.
_FOLD_STAYS: Final = """
    WITH touched AS (SELECT * FROM unnest($1::text[], $2::text[]) AS touched(tenant_id, call_id)),
    decided AS (
        SELECT tenant_id, call_id, at, position, payload,
            lead(at) OVER (PARTITION BY tenant_id, call_id ORDER BY at, position) AS next
        FROM call_event JOIN touched USING (tenant_id, call_id) WHERE kind IN ('call.incoming', 'call.redecided')
    ), over AS (
        SELECT tenant_id, call_id, coalesce(
            min(at) FILTER (WHERE kind = 'call.ended' AND payload ->> 'outcome' <> 'lost'),
            CASE WHEN bool_or(kind = 'call.ended') THEN max(at) FILTER (WHERE kind <> 'call.ended') END) AS at
        FROM call_event JOIN touched USING (tenant_id, call_id) WHERE kind <> 'call.noted' GROUP BY 1, 2
    )
    INSERT INTO fake_queue_stay
        (tenant_id, call_id, began_at, ended_at, line_number, line_id, caller_number, entry_id)
    SELECT DISTINCT ON (tenant_id, call_id, decided.at) tenant_id, call_id, decided.at,
        CASE WHEN least(next, over.at) < decided.at THEN decided.at ELSE least(next, over.at) END,
        coalesce(payload #>> '{call,line,number}', ''), payload #>> '{call,line,id}', payload #>> '{call,caller,number}',
        coalesce(jsonb_path_query_first(payload, '$.decision.matches[*] ? (@.deciding == true).entry') #>> '{}',
            payload #>> '{decision,detail,rule_id}', '')
    FROM decided LEFT JOIN over USING (tenant_id, call_id)
    WHERE payload #>> '{decision,action}' = 'fake_queue' AND payload #>> '{call,provider}' <> 'booth'
    ORDER BY tenant_id, call_id, decided.at, decided.position DESC
    ON CONFLICT (tenant_id, call_id, began_at) DO UPDATE SET ended_at = excluded.ended_at
"""
# S608: the only thing formatted in is the name of a member.
_TAKE_BACK: Final = f"""
    WITH told AS (
        SELECT tenant_id, call_id, kind, at, payload
        FROM call_event JOIN unnest($1::text[], $2::text[]) AS touched(tenant_id, call_id) USING (tenant_id, call_id)
        WHERE kind IN ('call.answered', 'call.seen')
    ), doubted AS (
        SELECT DISTINCT tenant_id, call_id FROM told WHERE kind = 'call.seen' AND payload ?| ARRAY['{IN_VAIN}', 'leg_over']
    ), talks AS (
        SELECT DISTINCT ON (tenant_id, call_id) tenant_id, call_id, at, payload ->> 'operator_id' AS operator_id
        FROM told AS one WHERE kind = 'call.answered' AND NOT EXISTS (
            SELECT FROM told AS vain WHERE (vain.tenant_id, vain.call_id) = (one.tenant_id, one.call_id)
                AND vain.kind = 'call.seen' AND vain.payload ? '{IN_VAIN}'
                AND one.at >= (vain.payload ->> '{IN_VAIN}')::timestamptz AND one.at < vain.at
        ) AND NOT EXISTS (
            SELECT FROM told AS late JOIN told AS other USING (tenant_id, call_id)
            WHERE (late.tenant_id, late.call_id) = (one.tenant_id, one.call_id)
                AND late.kind = 'call.seen' AND late.payload ->> 'leg_over' = one.payload ->> 'leg'
                AND other.kind = 'call.answered' AND other.payload ->> 'leg' <> one.payload ->> 'leg'
                AND other.at <= late.at AND NOT other.payload ? 'moved_here'
                AND NOT EXISTS (
                    SELECT FROM told AS sooner WHERE (sooner.tenant_id, sooner.call_id) = (one.tenant_id, one.call_id)
                        AND sooner.kind = 'call.seen' AND sooner.at <= late.at
                        AND (sooner.payload ->> 'leg_over' = other.payload ->> 'leg' OR sooner.payload ? 'moved')
                )
        ) ORDER BY tenant_id, call_id, at, payload ->> 'operator_id'
    )
    UPDATE call SET answered_by = talks.operator_id, answered_at = talks.at,
        state = CASE WHEN talks.at IS NULL AND call.state = 'answered' THEN 'ringing' ELSE call.state END
    FROM doubted LEFT JOIN talks USING (tenant_id, call_id)
    WHERE call.tenant_id = doubted.tenant_id AND call.call_id = doubted.call_id
"""  # noqa: S608
"""Whoever picked up in a ring that was in vain has not talked to the caller; nor has, of two who picked up, the one who hung
up while the other was there."""
_TAKE_OVER: Final = """
    UPDATE call SET answered_by = coalesce((
        SELECT later.payload ->> 'operator_id' FROM call_event AS later
        WHERE later.tenant_id = call.tenant_id AND later.call_id = call.call_id AND later.kind = 'call.answered'
            AND (later.payload ->> 'moved_here')::boolean
        ORDER BY later.at DESC, later.event_id DESC LIMIT 1), call.answered_by)
    FROM unnest($1::text[], $2::text[]) AS touched(tenant_id, call_id)
    WHERE call.tenant_id = touched.tenant_id AND call.call_id = touched.call_id
"""
"""After a transfer the last to answer has the call; before one, the first."""

_STATES: Final = ", ".join(f"'{state}'" for state in sorted(RANK, key=RANK.__getitem__))
_OUTCOMES: Final = ", ".join(f"'{outcome}'" for outcome in sorted(OUTCOME_RANK, key=OUTCOME_RANK.__getitem__))
# S608: the only things formatted in are the ranks of our own enumerations.
_PATCH_CALLS: Final = f"""
    UPDATE call SET
        state = (ARRAY[{_STATES}])[greatest(
            array_position(ARRAY[{_STATES}], call.state), array_position(ARRAY[{_STATES}], u.state))],
        outcome = (ARRAY[{_OUTCOMES}])[greatest(
            array_position(ARRAY[{_OUTCOMES}], call.outcome), array_position(ARRAY[{_OUTCOMES}], u.outcome))],
        answered_by = CASE WHEN u.answered_at IS NULL OR (call.answered_at, call.answered_by) <=
            (u.answered_at, u.answered_by) THEN call.answered_by ELSE u.answered_by END,
        answered_at = least(call.answered_at, u.answered_at),
        ended_at = least(call.ended_at, u.ended_at),
        last_seen_at = greatest(call.last_seen_at, u.seen)
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
        $8::timestamptz[])
        AS u(tenant_id, call_id, state, outcome, answered_by, answered_at, ended_at, seen)
    WHERE call.tenant_id = u.tenant_id AND call.call_id = u.call_id
"""  # noqa: S608


Derive = Callable[[asyncpg.Connection, Sequence[CallFact]], Awaitable[list[CallFact]]]
"""What follows from new facts, once the calls' records say what they say: rows of other tables, and further facts."""


async def derive_nothing(connection: asyncpg.Connection, new: Sequence[CallFact]) -> list[CallFact]:
    """For whoever stores facts and no more."""
    return []


async def store(connection: asyncpg.Connection, facts: Sequence[CallFact], derive: Derive = derive_nothing) -> int:
    """Store ``facts`` with what follows from them and tell the readers; facts that are there already change nothing. Returns
    how many were new."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _FEED_LOCK)
        inserted = await _insert(connection, facts)
        if not inserted:
            return 0
        # A fact that comes twice in one batch is inserted once; it is applied once too.
        new = list({fact.event_id: fact for fact in facts if fact.event_id in inserted}.values())
        await _apply(connection, new)
        await _store_what_follows(connection, new, derive)
        await connection.execute(f"NOTIFY {EVENT_CHANNEL}")
        return len(new)


async def _store_what_follows(connection: asyncpg.Connection, new: Sequence[CallFact], derive: Derive) -> None:
    """Facts are never held up by what is made of them: should that fail, they are stored without it."""
    try:
        async with connection.transaction():
            if following := await derive(connection, new):
                await _insert(connection, following)
    except Exception:
        if connection.is_closed():
            raise
        log.exception("store.nothing_derived", facts=len(new))


async def _insert(connection: asyncpg.Connection, facts: Sequence[CallFact]) -> set[str]:
    """The ids of those that are new."""
    columns = [
        (fact.event_id, fact.tenant_id, fact.call_id, fact.kind.value, fact.at, _jsonb(fact.payload_json))
        for fact in facts
    ]
    rows = await connection.fetch(_INSERT_EVENTS, *map(list, zip(*columns, strict=True)))
    return {row["event_id"] for row in rows}


async def _apply(connection: asyncpg.Connection, new: list[CallFact]) -> None:
    incoming = [_Incoming.of(fact) for fact in new if fact.kind is FactKind.INCOMING]
    later = [fact for fact in new if fact.kind not in _CHANGES_NO_CALL]
    if incoming:
        begun = await connection.fetch(_INSERT_CALLS, *map(list, zip(*map(_call_columns, incoming), strict=True)))
        # What was reported before the call itself was stored (another worker was faster) counts from now on.
        known = {fact.event_id for fact in later}
        keys = [row["tenant_id"] for row in begun], [row["call_id"] for row in begun]
        if hits := _hits(incoming, set(zip(*keys, strict=True))):
            await connection.execute(_COUNT_HITS, *map(list, zip(*hits, strict=True)))
        earlier = await connection.fetch(_EARLIER_FACTS, *keys)
        later += [_fact_of(row) for row in earlier if row["event_id"] not in known]
    patches = _merged(later)
    if patches:
        await connection.execute(_PATCH_CALLS, *map(list, zip(*(patch.columns() for patch in patches), strict=True)))
    if picked_up := {(fact.tenant_id, fact.call_id) for fact in later if _tells_who_talked(fact)}:
        await connection.execute(_TAKE_BACK, *map(list, zip(*picked_up, strict=True)))
    if taken_over := picked_up | {(fact.tenant_id, fact.call_id) for fact in later if _takes_over(fact)}:
        await connection.execute(_TAKE_OVER, *map(list, zip(*taken_over, strict=True)))
    if touched := {(fact.tenant_id, fact.call_id) for fact in later if fact.kind in _LATEST_COUNTS}:
        await connection.execute(_TAKE_LATEST, *map(list, zip(*touched, strict=True)))
    await _fold_stays(connection, incoming, later)


async def _fold_stays(connection: asyncpg.Connection, incoming: list["_Incoming"], later: list[CallFact]) -> None:
    """Bring the stays in the fake queue up to date: of calls that come into it, are decided again, or end while they have
    stays. Most batches have none of these."""
    held = {(one.fact.tenant_id, one.fact.call_id) for one in incoming if one.decided.action == FakeQueue.name}
    held |= {(fact.tenant_id, fact.call_id) for fact in later if fact.kind is FactKind.REDECIDED}
    if ended := {(fact.tenant_id, fact.call_id) for fact in later if fact.kind is FactKind.ENDED} - held:
        rows = await connection.fetch(_HAVE_STAYS, *map(list, zip(*ended, strict=True)))
        held |= {(row["tenant_id"], row["call_id"]) for row in rows}
    if held:
        await connection.execute(_FOLD_STAYS, *map(list, zip(*held, strict=True)))


def _tells_who_talked(fact: CallFact) -> bool:
    if fact.kind is FactKind.SEEN:
        return IN_VAIN in fact.payload or "leg_over" in fact.payload
    return fact.kind is FactKind.ANSWERED


def _takes_over(fact: CallFact) -> bool:
    return fact.kind is FactKind.ANSWERED and bool(fact.payload.get("moved_here"))


class _Reason(Struct):
    code: str


class _Match(Struct):
    entry: str
    deciding: bool = False
    idle: str | None = None


class _Noted(Struct):
    found: str = ""
    entry: str = ""


class _Decided(Struct):
    action: str
    reason: _Reason
    matches: tuple[_Match, ...] = ()
    trace: msgspec.Raw = msgspec.Raw(b"[]")


class _Caller(Struct):
    kind: str
    number: str | None
    name: str | None
    address: str = ""


class _Line(Struct):
    id: str | None
    number: str


class _Call(Struct):
    provider: str
    caller: _Caller
    line: _Line
    attestation: str = "none"
    forwarded_from: str = ""


class _CameIn(Struct):
    """Of the record of a call that came in, what becomes columns; the decision as it was written."""

    call: _Call
    decision: msgspec.Raw
    client_id: str | None


_CAME_IN: Final = msgspec.json.Decoder(_CameIn)
_DECIDED: Final = msgspec.json.Decoder(_Decided)
_TRACE: Final = msgspec.json.Decoder(tuple[str | _Noted, ...])


class _Incoming(NamedTuple):
    fact: CallFact
    came_in: _CameIn
    decided: _Decided

    @classmethod
    def of(cls, fact: CallFact) -> "_Incoming":
        came_in = _CAME_IN.decode(fact.payload_json)
        return cls(fact, came_in, _DECIDED.decode(came_in.decision))


def _hits(incoming: Iterable[_Incoming], begun: set[tuple[str, str]]) -> list[tuple[str, str, datetime]]:
    """The entries that have decided the real calls which are stored for the first time: tenant, entry and moment."""
    return [
        (fact.tenant_id, match.entry, fact.at)
        for fact, came_in, decided in incoming
        if decided.reason.code in _BY_A_LIST and came_in.call.provider != BOOTH
        if (fact.tenant_id, fact.call_id) in begun
        for match in decided.matches
        if match.deciding
    ] + _shadow_hits(incoming, begun)


def _shadow_hits(incoming: Iterable[_Incoming], begun: set[tuple[str, str]]) -> list[tuple[str, str, datetime]]:
    """The same for the lists of others that are only watched and would have blocked the call."""
    return [
        (fact.tenant_id, shadow_hits_of(noted.entry), fact.at)
        for fact, came_in, decided in incoming
        if any(match.idle == Idle.SHADOW for match in decided.matches) and came_in.call.provider != BOOTH
        if (fact.tenant_id, fact.call_id) in begun
        for noted in _TRACE.decode(decided.trace)
        if isinstance(noted, _Noted) and noted.found == Found.WOULD_BE_BLACKLISTED
    ]


def _merged(facts: Iterable[CallFact]) -> list[CallPatch]:
    merged: dict[tuple[str, str], CallPatch] = {}
    for fact in facts:
        key, patch = (fact.tenant_id, fact.call_id), patch_of(fact)
        merged[key] = merged[key].merged_with(patch) if key in merged else patch
    return list(merged.values())


def _call_columns(incoming: _Incoming) -> tuple[str | datetime | None, ...]:
    fact, came_in, decided = incoming
    call, caller, line = came_in.call, came_in.call.caller, came_in.call.line
    return (
        fact.tenant_id, fact.call_id, call.provider, caller.kind, caller.number, _text(caller.name or ""), line.id,
        _text(line.number), came_in.client_id, decided.action, decided.reason.code, _jsonb(bytes(came_in.decision)),
        fact.at, _text(caller.address or caller.number or ""), call.attestation, _text(call.forwarded_from),
    )  # fmt: skip


def _fact_of(row: asyncpg.Record) -> CallFact:
    at: datetime = row["at"]
    told = row["payload"].encode()
    return CallFact(row["event_id"], row["tenant_id"], row["call_id"], FactKind(row["kind"]), at, told)


def _jsonb(data: bytes) -> str:
    # PostgreSQL's jsonb takes every character but NUL. An escaped one has an odd number of backslashes before its "u".
    text = data.decode()
    return _NUL.sub(r"\1", text) if "\\u0000" in text else text


def _text(value: str) -> str:
    """``value`` as PostgreSQL takes it: one character that it refuses would hold up every fact behind it."""
    return value.replace("\x00", "").encode("utf-8", "replace").decode()
