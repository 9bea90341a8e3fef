"""A decided call is answered from memory and one local file, whatever the database does."""

import asyncio
import xml.etree.ElementTree as ET

import asyncpg
import pytest
from sqlalchemy import func, select

from app.event_log.call_store import _FEED_LOCK
from models import CallRecord
from tests import cast
from tests.event_log import facts
from tests.office import Office

pytestmark = pytest.mark.anyio


async def answers(office: Office) -> list[str]:
    """The first element of the answers to one call of everybody."""
    found = []
    for caller in (cast.VERA, cast.BORIS, cast.UMA, "anonymous"):
        answer = await asyncio.wait_for(office.webhook("/twilio/voice", caller), 2)
        assert answer.status_code == 200
        found.append(next(iter(ET.fromstring(answer.text))).tag)
    return found


async def stored(office: Office) -> int:
    async with office.board.sessions() as session:
        return await session.scalar(select(func.count()).select_from(CallRecord)) or 0


async def test_while_the_event_log_is_locked_every_caller_is_answered(office: Office) -> None:
    await office.add_manager()
    await office.add_operator()
    await office.add_vip()
    await office.add_blacklisted()
    blocking = await asyncpg.connect(facts.dsn_of(office.database_url))
    await blocking.execute("SELECT pg_advisory_lock($1)", _FEED_LOCK)
    assert await answers(office) == ["Dial", "Say", "Enqueue", "Enqueue"]
    assert await stored(office) == 0
    await blocking.close()
    await office.settled()
    assert await stored(office) == 4


async def test_while_the_database_is_unreachable_every_caller_is_answered(office: Office) -> None:
    await office.add_manager()
    await office.add_operator()
    await office.add_vip()
    await office.add_blacklisted()
    await office.settled()
    shipper = office.board.shipper
    reachable, shipper.dsn = shipper.dsn, "postgresql://nobody@127.0.0.1:9/none"
    shipper._drop_connection()
    assert await answers(office) == ["Dial", "Say", "Enqueue", "Enqueue"]
    assert await shipper.ship() is False
    assert await stored(office) == 0
    shipper.dsn = reachable
    await office.settled()
    assert await stored(office) == 4


async def test_a_full_disk_and_no_database_at_once_still_answer_and_lose_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.add_operator()
    shipper = office.board.shipper
    reachable, shipper.dsn = shipper.dsn, "postgresql://nobody@127.0.0.1:9/none"
    shipper._drop_connection()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(type(office.board.journal), "_write", refuse)
        assert await answers(office) == ["Enqueue"] * 4
    shipper.dsn = reachable
    await office.settled()
    assert await stored(office) == 4
