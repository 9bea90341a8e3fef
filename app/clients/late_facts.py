"""Facts of somebody who was erased before they came: a worker had them in its journal, on a host that was cut off perhaps.
They are stored like any, since they are counted, and lose the person in the same transaction."""

import hashlib
import hmac
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg
import msgspec

from app.base.secrets_at_rest import derive
from app.edits.without_person import Traces, without_client
from app.event_log.records import CallFact, FactKind, as_json
from filters.caller_id import CallerKind

_DECIDED: Final = frozenset({FactKind.INCOMING, FactKind.REDECIDED})
_ERASED: Final = """
    SELECT tenant_id, client_id, digests, erased_at FROM erasure
    WHERE erased_at >= $1 AND tenant_id = ANY ($2::text[])
"""
_EVENTS: Final = "SELECT position, payload FROM call_event WHERE tenant_id = $1 AND call_id = $2"
_CALL: Final = """
    UPDATE call SET caller_kind = $3, caller_number = NULL, caller_name = '', caller_address = '', forwarded_from = '',
        client_id = NULL, decision = $4::jsonb WHERE tenant_id = $1 AND call_id = $2
"""
_EVENT: Final = "UPDATE call_event SET payload = $2::jsonb WHERE position = $1"
_DECISION: Final = "SELECT decision FROM call WHERE tenant_id = $1 AND call_id = $2"
_NAMELESS: Final = """
    UPDATE call SET decision = $3::jsonb, client_id = CASE WHEN client_id = ANY ($4::text[]) THEN NULL ELSE client_id END
    WHERE tenant_id = $1 AND call_id = $2
"""
_NOT_FORWARDED: Final = (
    "UPDATE call SET forwarded_from = '' WHERE tenant_id = $1 AND call_id = $2",
    """UPDATE call_event SET payload = jsonb_set(payload, '{call,forwarded_from}', '""')
    WHERE tenant_id = $1 AND call_id = $2 AND payload -> 'call' ? 'forwarded_from'""",
)
_E164: Final = re.compile(r"\+[0-9]{7,15}")
_OTHERS: Final = (
    "UPDATE fake_queue_stay SET caller_number = NULL WHERE tenant_id = $1 AND caller_number = $2",
    "DELETE FROM callback WHERE tenant_id = $1 AND number = $2",
)


class _Caller(msgspec.Struct):
    value: str = ""
    names: str = ""


class _Decision(msgspec.Struct):
    caller: _Caller


class _Call(msgspec.Struct):
    forwarded_from: str = ""


class _Decided(msgspec.Struct):
    decision: _Decision
    call: _Call = msgspec.field(default_factory=_Call)


@dataclass(frozen=True, slots=True)
class ErasedNumbers:
    """Keeps and recognises numbers of which nobody can tell what they are."""

    key: bytes

    @classmethod
    def of(cls, secret: bytes) -> "ErasedNumbers":
        """By the installation's secret."""
        return cls(derive(secret, "erased numbers"))

    def digest(self, tenant_id: str, number: str) -> str:
        """What is kept of a number (E.164)."""
        return hmac.digest(self.key, f"{tenant_id}\n{number}".encode(), hashlib.sha256).hex()

    async def forget(self, connection: asyncpg.Connection, new: Sequence[CallFact]) -> None:
        """Take those out of ``new``, which is just stored, who were erased after it had happened. Most of the time that is
        one question for a whole batch."""
        decided = [one for one in new if one.kind in _DECIDED]
        if not decided:
            return
        tenants = sorted({one.tenant_id for one in decided})
        rows = await connection.fetch(_ERASED, min(one.at for one in decided), tenants)
        erased_at = {
            (row["tenant_id"], digest): row["erased_at"]
            for row in rows
            for digest in msgspec.json.decode(row["digests"], type=list[str])
        }

        def is_erased(one: CallFact, number: str) -> bool:
            at = erased_at.get((one.tenant_id, self.digest(one.tenant_id, number)))
            return at is not None and one.at <= at

        for one in decided if rows else ():
            clients = {row["client_id"] for row in rows if row["tenant_id"] == one.tenant_id}
            if named := {client_id for client_id in clients if client_id.encode() in one.payload_json}:
                await _name_nobody(connection, one, named)
            if (said := _said_in(one)) is None:
                continue
            for number in {said.decision.caller.value, said.decision.caller.names} - {""}:
                if is_erased(one, number):
                    await _take_out(connection, one, number)
            if any(is_erased(one, number) for number in _E164.findall(said.call.forwarded_from)):
                for statement in _NOT_FORWARDED:
                    await connection.execute(statement, one.tenant_id, one.call_id)


def _said_in(one: CallFact) -> _Decided | None:
    try:
        return msgspec.json.decode(one.payload_json, type=_Decided)
    except msgspec.DecodeError:
        return None


async def _name_nobody(connection: asyncpg.Connection, one: CallFact, client_ids: Collection[str]) -> None:
    """The call may be another's, who uses the number too."""
    of_call, nothing_else = (one.tenant_id, one.call_id), Traces.of((), (), ())
    for row in await connection.fetch(_EVENTS, *of_call):
        payload = without_client(msgspec.json.decode(row["payload"]), client_ids, nothing_else)
        await connection.execute(_EVENT, row["position"], _text(payload))
    decision = await connection.fetchval(_DECISION, *of_call)
    if decision is not None:
        erased = without_client(msgspec.json.decode(decision), client_ids, nothing_else)
        await connection.execute(_NAMELESS, *of_call, _text(erased), sorted(client_ids))


async def _take_out(connection: asyncpg.Connection, one: CallFact, number: str) -> None:
    traces = Traces.of([number], (), ())
    of_call = (one.tenant_id, one.call_id)
    for row in await connection.fetch(_EVENTS, *of_call):
        payload = traces.erased(msgspec.json.decode(row["payload"]))
        await connection.execute(_EVENT, row["position"], _text(payload))
    decision = await connection.fetchval(_DECISION, *of_call)
    if decision is not None:
        erased = traces.erased(msgspec.json.decode(decision))
        await connection.execute(_CALL, *of_call, CallerKind.UNAVAILABLE.value, _text(erased))
    for statement in _OTHERS:
        await connection.execute(statement, one.tenant_id, number)


def _text(value: object) -> str:
    return as_json(value if isinstance(value, dict) else {}).decode()
