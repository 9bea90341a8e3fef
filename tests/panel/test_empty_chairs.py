"""Signing out and closing the last tab are presence too."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app.auth.principal import Principal
from app.auth.roles import Role
from app.base.one_of_all import OneOfAll
from app.panel.channel.open_streams import OpenStreams
from app.panel.empty_chairs import GRACE, EmptyChairs
from app.switchboard import Switchboard
from tests.api import API
from tests.office import Office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def chairs(office: Office) -> AsyncIterator[EmptyChairs]:
    """The worker that looks, with no page open anywhere."""
    turn = OneOfAll(office.board.settings.database_url or "", 4711)
    yield EmptyChairs(office.board, OpenStreams(), turn)
    turn.drop()


async def state_of(office: Office, operator_id: str) -> str:
    await office.board.live_plan.catch_up()
    state: str = (await office.api.get(f"{API}/operators/{operator_id}")).json()["presence"]["state"]
    return state


def olga_at(office: Office, operator_id: str) -> Principal:
    return Principal(office.company.tenant, "user:olga", Role.OPERATOR, operator_id=operator_id, session_hash="hash")


async def pass_grace(office: Office) -> None:
    await office.phones.let_pass((GRACE + timedelta(seconds=1)).total_seconds())


async def test_closing_the_last_tab_is_going_offline_after_a_grace_time(office: Office, chairs: EmptyChairs) -> None:
    olga = (await office.add_operator())["id"]
    who = olga_at(office, olga)
    for _ in range(2):
        chairs.streams.take(who)
    await chairs.renew()
    chairs.streams.give_back(who)
    await pass_grace(office)
    await chairs.renew()
    await chairs.judge()
    assert await state_of(office, olga) == "available", "one tab is open still"
    chairs.streams.give_back(who)
    await chairs.renew()
    await chairs.judge()
    assert await state_of(office, olga) == "available", "the grace time"
    await pass_grace(office)
    await chairs.judge()
    assert await state_of(office, olga) == "offline"
    await chairs.judge()
    chairs.streams.take(who)
    await chairs.renew()
    assert await state_of(office, olga) == "available", "the next page brings them back"


async def test_whoever_never_opened_a_page_or_said_they_are_away_stays_as_they_are(
    office: Office, chairs: EmptyChairs
) -> None:
    oscar = (await office.add_operator("client:oscar", name="Oscar"))["id"]
    olga = (await office.add_operator())["id"]
    who = olga_at(office, olga)
    chairs.streams.take(who)
    await chairs.renew()
    await office.api.put(f"{API}/operators/{olga}/presence", json={"state": "break", "reason": "Lunch"})
    chairs.streams.give_back(who)
    await pass_grace(office)
    await chairs.judge()
    assert [await state_of(office, one) for one in (oscar, olga)] == ["available", "break"]
    chairs.streams.take(who)
    await chairs.renew()
    assert await state_of(office, olga) == "break"


async def test_a_page_of_somebody_who_was_deleted_holds_nobody_up(office: Office, chairs: EmptyChairs) -> None:
    olga = (await office.add_operator())["id"]
    chairs.streams.take(olga_at(office, olga))
    deleted = await office.api.delete(f"{API}/operators/{olga}")
    assert deleted.status_code == 204, deleted.text
    await chairs.renew()


async def test_a_break_ends_when_it_was_said_to(office: Office, chairs: EmptyChairs) -> None:
    olga = (await office.add_operator())["id"]
    until = (office.clock.now() + timedelta(minutes=5)).isoformat()
    await office.api.put(f"{API}/operators/{olga}/presence", json={"state": "break", "until": until})
    await chairs.bring_back()
    assert await state_of(office, olga) == "break"
    await office.phones.let_pass(301)
    assert await state_of(office, olga) == "available", "shown at once"
    await chairs.bring_back()
    plan = office.board.live_plan.plan_of(office.company.tenant)
    assert plan is not None
    assert plan.operators[olga].available


async def test_one_of_all_workers_has_the_turn_until_it_is_gone(office: Office) -> None:
    first, second = (OneOfAll(office.board.settings.database_url or "", 4712) for _ in range(2))
    assert [await first.ask(), await second.ask(), await first.ask()] == [True, False, True]
    assert (second.is_taken, second.is_mine) == (True, False)
    first.drop()
    async with asyncio.timeout(5):  # the server sees that the connection is gone
        while not await second.ask():
            await asyncio.sleep(0.05)
    second.drop()
    nobody = OneOfAll("postgresql://nobody@127.0.0.1:9/none", 4712)
    assert not await nobody.ask()
    assert not nobody.is_taken


async def test_a_database_that_was_away_sends_nobody_home(office: Office, chairs: EmptyChairs) -> None:
    """Seats are old then because nobody could renew them."""
    before = chairs.judges_from
    board: Switchboard = office.board
    assert board is chairs.board
    chairs._begin_anew()
    assert chairs.judges_from >= before
