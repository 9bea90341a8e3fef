"""Facts about made-up calls of one company, and the company's row in a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from app.event_log.records import IN_VAIN, CallFact, Ending, FactKind, as_json, fact
from tests import cast

TENANT = "tenant"
BEGIN = datetime(2026, 7, 24, 8, tzinfo=UTC)


def dsn_of(database_url: str) -> str:
    """The address as asyncpg wants it."""
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)


async def connected(database_url: str, *tenants: str) -> asyncpg.Connection:
    """A connection to a database in which the companies exist."""
    connection = await asyncpg.connect(dsn_of(database_url))
    for tenant in tenants or (TENANT,):
        await connection.execute(
            "INSERT INTO company (id, name, country, time_zone, language) VALUES ($1, 'M', 'FR', 'UTC', 'fr')", tenant
        )
    return connection


def call_id(number: int) -> str:
    """The provider's id of a call."""
    return f"CA{number:032x}"


def at(seconds: float) -> datetime:
    """So long after the calls began."""
    return BEGIN + timedelta(seconds=seconds)


def decision(action: str = "queue", code: str = "queue") -> dict[str, Any]:
    """As much of a decision as the store looks at."""
    return {"action": action, "reason": {"code": code, "text": "because"}, "trace": []}


def incoming(call: str, seconds: float = 0, *, tenant: str = TENANT, name: str = "", line: str = cast.LINE) -> CallFact:
    """Uma calls."""
    payload: dict[str, Any] = {
        "call": {
            "id": call, "provider": "twilio", "caller": {"kind": "number", "number": cast.UMA, "name": name},
            "line": {"id": None, "number": line, "label": ""}, "attestation": "none", "at": at(seconds).isoformat(),
        },
        "decision": decision(), "client_id": None, "client_ids": [], "answer": ["hang_up"],
    }  # fmt: skip
    return fact(tenant, call, FactKind.INCOMING, at(seconds), payload)


def stranger(call: str, seconds: float, ending: Ending) -> CallFact:
    """Somebody calls of whom nothing is known, like others before."""
    told = as_json({"call": {"id": call}})[:-1] + b","
    return replace(fact(TENANT, call, FactKind.INCOMING, at(seconds), told), ending=ending)


def ending(said: str = "Hello") -> Ending:
    """How the records of strangers end."""
    return Ending(
        as_json({"decision": decision(), "client_id": None, "client_ids": [], "answer": ["say", [said, "en"]]})[1:]
    )


def redecided(call: str, seconds: float, action: str, code: str) -> CallFact:
    """The lists changed during the call."""
    payload = incoming(call).payload | {"decision": decision(action, code)}
    return fact(TENANT, call, FactKind.REDECIDED, at(seconds), payload, seconds)


def menu(call: str, seconds: float, choice: str) -> CallFact:
    """A key was pressed."""
    return fact(TENANT, call, FactKind.MENU, at(seconds), {"menu": "Main", "choice": choice}, choice)


def queued(call: str, seconds: float, queue_id: str) -> CallFact:
    """The call waits."""
    payload = {"queue_id": queue_id, "priority": 0, "since": BEGIN.isoformat()}
    return fact(TENANT, call, FactKind.QUEUED, at(seconds), payload, queue_id)


def answered(call: str, seconds: float, operator_id: str = "olga", leg: str = "") -> CallFact:
    """Somebody picked up."""
    payload = {"operator_id": operator_id, "leg": leg}
    return fact(TENANT, call, FactKind.ANSWERED, at(seconds), payload, operator_id, leg)


def hung_up(call: str, seconds: float, leg: str) -> CallFact:
    """Whoever picked up has hung up."""
    return fact(TENANT, call, FactKind.SEEN, at(seconds), {"leg_over": leg}, "leg over", leg)


def in_vain(call: str, since: float, until: float) -> CallFact:
    """A ring has led to no talk."""
    return fact(TENANT, call, FactKind.SEEN, at(until), {IN_VAIN: at(since).isoformat()}, IN_VAIN, since)


def status(call: str, seconds: float, reported: str, sequence: int = 0) -> CallFact:
    """The provider reported a status."""
    payload = {"status": reported, "sequence": str(sequence), "duration": None}
    return fact(TENANT, call, FactKind.STATUS, at(seconds), payload, reported, sequence)


def ended(call: str, seconds: float, outcome: str = "completed") -> CallFact:
    """The call is over."""
    return fact(TENANT, call, FactKind.ENDED, at(seconds), {"outcome": outcome})


def seen(call: str, number: int) -> CallFact:
    """A sign of life: the smallest fact there is."""
    return fact(TENANT, call, FactKind.SEEN, at(number), {"number": number}, number)
