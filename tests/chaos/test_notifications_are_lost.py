"""Notifications are a hint: without any, lists and cards are at most two seconds behind."""

import asyncio
import random

import asyncpg
import pytest

from app.edits.edit import editing
from app.event_log.call_store import store
from models import BlacklistEntry
from tests import cast
from tests.chaos.load import first_verb
from tests.event_log import facts
from tests.office import Office

pytestmark = pytest.mark.anyio
LATE_SECONDS = 2.0
LISTENING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"


def end_notifications() -> None:
    """Nobody listens any more, for good."""
    (listening,) = (task for task in asyncio.all_tasks() if task.get_name() == "notifications")
    listening.cancel()


async def test_without_notifications_an_edit_and_a_card_are_two_seconds_late_at_most(office: Office) -> None:
    end_notifications()
    connection = await asyncpg.connect(facts.dsn_of(office.database_url))
    async with editing(office.board.sessions, office.company.tenant, "another worker") as edit:
        await edit.record_added(BlacklistEntry(tenant_id=edit.tenant_id, match="exact", number=cast.UMA, label="Uma"))
    before = office.board.feed.position
    await store(connection, [facts.incoming(facts.call_id(1), tenant=office.company.tenant)])
    await connection.close()
    async with asyncio.timeout(LATE_SECONDS):
        await office.board.feed.wait_for_news(before, LATE_SECONDS)
        while await verb_of_a_call(office) != "Say":
            await asyncio.sleep(0.05)
    assert office.board.feed.position > before


async def verb_of_a_call(office: Office) -> str | None:
    """What Uma's next call is answered with; it ends at once, since nobody has more than three at a time."""
    call_id = facts.call_id(random.randrange(1000, 1_000_000))
    answer = await office.webhook("/twilio/voice", cast.UMA, CallSid=call_id)
    await office.webhook("/twilio/status", cast.UMA, CallSid=call_id, CallStatus="completed")
    return first_verb(answer.content)


async def test_whoever_listens_listens_again_soon_after_a_cut(office: Office) -> None:
    connection = await asyncpg.connect(facts.dsn_of(office.database_url))

    async def listeners() -> set[int]:
        return {row["pid"] for row in await connection.fetch(LISTENING)}

    async with asyncio.timeout(10):
        while not (before := await listeners()):
            await asyncio.sleep(0.05)
        for pid in before:
            await connection.execute("SELECT pg_terminate_backend($1)", pid)
        while not await listeners() - before:
            await asyncio.sleep(0.05)
    await connection.close()
