"""The worker that offers calls, once a second of the telephone company's time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.answering.offer_calls import OfferCalls
from simulator.virtual_clock import inside_the_simulator
from tests.office import Office


@asynccontextmanager
async def offering(office: Office) -> AsyncIterator[OfferCalls]:
    """It has the lock until the block ends."""
    turn = office.board.offers_turn
    turn.is_mine = turn.is_taken = True
    offers = OfferCalls(office.board, turn)

    async def each_second() -> None:
        inside_the_simulator.set(True)  # time moves only while the test itself waits
        while True:
            await office.clock.sleep(1)
            if turn.is_mine:
                with office.clock.busy():
                    offers.round()
                    await offers.settled()

    task = asyncio.create_task(each_second())
    try:
        yield offers
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        turn.is_mine = turn.is_taken = False
