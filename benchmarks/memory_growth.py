"""Does a worker's memory grow while calls come and go? ``python -m benchmarks.memory_growth``, half an hour: ten million
blacklisted numbers, four workers, ten seconds of full load and then 100 calls a second with two status callbacks each.

What is counted is the memory that a worker has for itself (RssAnon in /proc, so Linux only); the numbers are in a file that
all of them share.
"""

import argparse
import asyncio
import os
import statistics
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.company import antichambre, database, open_company, wait_until_shipped
from benchmarks.hot_path import next_calls, put_under_load
from benchmarks.load import Job

WORKERS = 4
_RATE = 300


@dataclass(slots=True)
class Growth:
    """Megabytes that each worker had for itself at the end of each minute after the warming up."""

    calls: int = 0
    unanswered: int = 0
    megabytes: dict[int, list[float]] = field(default_factory=dict)

    @property
    def in_ten_minutes(self) -> list[float]:
        """By how many megabytes each worker grows in ten minutes: the slope of the straight line through its minutes."""
        return [10 * statistics.linear_regression(range(len(one)), one).slope for one in self.megabytes.values()]


def measure(entries: int, warming_up: int, minutes: int) -> Growth:
    """``warming_up`` and then ``minutes`` minutes of calls."""
    growth = Growth()
    with database() as (database_url, folder):
        asyncio.run(open_company(database_url, entries))
        with antichambre(database_url, folder, WORKERS) as url:
            # What a worker once needed it keeps, and caches fill: let both happen at the beginning.
            put_under_load(Job(f"{url}/twilio/voice", 10, first=next_calls(), callbacks=2))
            wait_until_shipped(url)
            for minute in range(warming_up + minutes):
                job = Job(f"{url}/twilio/voice", 59, rate=_RATE, first=next_calls(), callbacks=2)
                figures = put_under_load(job)
                growth.calls += figures.answered // 3
                growth.unanswered += figures.refused
                held = {worker: own_megabytes(worker) for worker in workers_of(int(url.rpartition(":")[2]))}
                print(f"minute {minute + 1}:", *(f"{one:.1f}" for one in held.values()), "MB", flush=True)
                for worker, one in held.items() if minute >= warming_up else ():
                    growth.megabytes.setdefault(worker, []).append(one)
    return growth


def workers_of(port: int) -> list[int]:
    """The processes of the service on ``port`` that hold the memory of a whole application."""
    processes = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    serving = [pid for pid in processes if f"--port\0{port}\0".encode() in _read(pid, "cmdline")]
    children = [int(child) for pid in serving for child in _read(pid, f"task/{pid}/children").split()]
    return [pid for pid in children if own_megabytes(pid) > 40]


def own_megabytes(pid: int) -> float:
    """What the process has for itself."""
    for line in _read(pid, "status").decode().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:  # it has just ended
        return b""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory_growth", description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000_000)
    parser.add_argument("--warming-up", type=int, default=5, help="minutes before the first that counts")
    parser.add_argument("--minutes", type=int, default=20)
    asked = parser.parse_args()
    growth = measure(asked.entries, asked.warming_up, asked.minutes)
    print(f"{growth.calls:,} calls, {growth.unanswered} requests without an answer")
    for worker, slope in zip(growth.megabytes.values(), growth.in_ten_minutes, strict=True):
        print(f"a worker: {worker[0]:.1f} MB, then {worker[-1]:.1f} MB, {slope:+.2f} MB in ten minutes")


if __name__ == "__main__":
    main()
