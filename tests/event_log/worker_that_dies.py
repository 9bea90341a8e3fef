"""A worker for tests: records one fact after another and prints the id of each that the journal has acknowledged, until
it is killed. Started as ``python -m tests.event_log.worker_that_dies FOLDER FIRST_CALL``."""

import asyncio
import itertools
import sys
from pathlib import Path

from app.event_log.journal import Journal
from tests.event_log import facts

WRITERS = 5


async def record_for_ever(journal: Journal, first_call: int) -> None:
    """One caller after the other, each recorded before the next."""
    for number in itertools.count(first_call, WRITERS):
        fact = facts.incoming(facts.call_id(number), number)
        if await journal.append(fact):
            print(fact.event_id, flush=True)  # noqa: T201  the test reads it


async def main(folder: Path, first_call: int) -> None:
    """Run until killed."""
    journal = Journal(folder, 30.0, lambda: None)
    journal.open()
    await asyncio.gather(*(record_for_ever(journal, first_call + writer) for writer in range(WRITERS)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
