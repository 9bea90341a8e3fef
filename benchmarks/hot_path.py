"""The incoming call against a static document and against the usual way, interleaved: ``python -m benchmarks.hot_path``.

One worker each, on the same machine in the same minutes; of each round the ratios are taken, and of those the median.
"""

import asyncio
import contextlib
import itertools
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from benchmarks.company import antichambre, database, free_port, open_company, served, wait_until_shipped
from benchmarks.load import Figures, Job

_numbers = itertools.count(1)


@dataclass(slots=True)
class HotPath:
    """Figures of each contender, round by round."""

    rounds: dict[str, list[Figures]] = field(default_factory=dict)
    steady: Figures = field(default_factory=Figures)

    def ratios(self, one: str, other: str) -> list[float]:
        """The throughput of ``one`` as a multiple of ``other``'s, for each round."""
        return [a.per_second / b.per_second for a, b in zip(self.rounds[one], self.rounds[other], strict=True)]

    def p99_ratios(self, one: str, other: str) -> list[float]:
        """The same for the 99th percentile of the answering time."""
        return [a.p99 / b.p99 for a, b in zip(self.rounds[one], self.rounds[other], strict=True)]


def put_under_load(job: Job) -> Figures:
    """Carry the job out in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=json.dumps(asdict(job)), capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return Figures(**json.loads(done.stdout))


def next_calls() -> int:
    """The number of a first call that no job before has come near to."""
    return next(_numbers) * 10_000_000


@contextlib.contextmanager
def contenders(database_url: str, url: str) -> Iterator[dict[str, tuple[str, bool]]]:
    """The three of them, serving: address, and whether calls have to be signed."""
    static, conventional = free_port(), free_port()
    options = ("--no-access-log", "--log-level", "warning", "--port")
    conventional_url = f"http://127.0.0.1:{conventional}"
    with (
        served("uvicorn", "benchmarks.static_document:app", *options, str(static), port=static, path="/alive"),
        served(
            "uvicorn", "benchmarks.conventional:app", *options, str(conventional), port=conventional, path="/alive",
            DATABASE_URL=database_url, BASE_URL=conventional_url,
        ),
    ):  # fmt: skip
        yield {
            "static document": (f"http://127.0.0.1:{static}/twilio/voice", False),
            "incoming call": (f"{url}/twilio/voice", True),
            "usual way": (f"{conventional_url}/twilio/voice", True),
        }


def measure(blacklisted: int, rounds: int, seconds: float) -> HotPath:
    """The steady load of a busy company on ours alone; then all under full load in turn, ``rounds`` times."""
    result = HotPath()
    with database() as (database_url, folder):
        asyncio.run(open_company(database_url, blacklisted))
        with antichambre(database_url, folder) as url, contenders(database_url, url) as all_of_them:
            steady = Job(f"{url}/twilio/voice", 10 * seconds, rate=300, first=next_calls(), callbacks=2)
            result.steady = put_under_load(steady)
            for _ in range(rounds):
                for name, (address, signed) in all_of_them.items():
                    wait_until_shipped(url)  # the records on their way are not to burden the next
                    job = Job(address, seconds, first=next_calls(), signed=signed)
                    result.rounds.setdefault(name, []).append(put_under_load(job))
    return result


def _spread(values: list[float], unit: str) -> str:
    digits = 2 if max(values) < 100 else 0
    return f"{statistics.median(values):,.{digits}f} {unit} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def main() -> None:
    """The command."""
    result = measure(blacklisted=int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, rounds=9, seconds=2)
    for name, figures in result.rounds.items():
        speed, p99 = [one.per_second for one in figures], [one.p99 for one in figures]
        print(f"{name:>16}: {_spread(speed, '/s')}, p99 {_spread(p99, 'ms')}")
        assert not any(one.refused for one in figures), "an answer was missing"  # noqa: S101
    for other in ("static document", "usual way"):
        print(f"of the {other}: {_spread(result.ratios('incoming call', other), 'times')}")
    print(f"p99 of the static document's: {_spread(result.p99_ratios('incoming call', 'static document'), 'times')}")
    print(f"steady: p50 {result.steady.p50:.2f} p99 {result.steady.p99:.2f} longest {result.steady.longest:.1f} ms")


if __name__ == "__main__":
    main()
