"""A worker starts with ten million entries: ``python -m benchmarks.start_up``. The first start builds the number file from
the database, the second finds it."""

import asyncio
import sys
import time

from benchmarks.company import antichambre, database, open_company


def measure(entries: int = 10_000_000) -> tuple[float, float]:
    """Seconds from the command until calls are answered: for the first time, and again."""
    with database() as (database_url, folder):
        asyncio.run(open_company(database_url, entries))
        took = []
        for _ in range(2):
            begun = time.monotonic()
            with antichambre(database_url, folder):
                took.append(time.monotonic() - begun)
                time.sleep(5)  # for the plan file
    return took[0], took[1]


def main() -> None:
    """The command."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    first, again = measure(entries)
    print(f"{entries:,} entries: ready after {first:.1f} s for the first time, {again:.1f} s with the files there")


if __name__ == "__main__":
    main()
