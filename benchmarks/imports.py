"""A million rows onto the blacklist while calls come in: ``python -m benchmarks.imports``."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.company import SECRET_KEY, antichambre, database, open_company
from benchmarks.hot_path import next_calls, put_under_load
from benchmarks.load import Figures, Job
from benchmarks.signed_calls import BLACKLISTED_FROM


@dataclass(frozen=True, slots=True)
class Import:
    """``seconds`` from the command to its last word, and the calls that were answered meanwhile."""

    rows: int
    seconds: float
    calls: Figures


def measure(rows: int = 1_000_000, calls_a_second: int = 100) -> Import:
    """Import ``rows`` numbers while calls and their status callbacks go on."""
    with database() as (database_url, folder):
        asyncio.run(open_company(database_url, 0))
        file = folder.parent / "numbers.csv"
        file.write_text("number\n" + "".join(f"+{BLACKLISTED_FROM + 2 * at}\n" for at in range(rows)))
        with antichambre(database_url, folder) as url:
            job = Job(f"{url}/twilio/voice", 20, rate=3 * calls_a_second, first=next_calls(), callbacks=2)
            found: list[Figures] = []
            caller = threading.Thread(target=lambda: found.append(put_under_load(job)))
            caller.start()
            time.sleep(3)  # until the calls come
            seconds = _run_import(database_url, folder, file, rows)
            caller.join()
    return Import(rows, seconds, found[0])


def _run_import(database_url: str, folder: Path, file: Path, rows: int) -> float:
    settings = {"DATABASE_URL": database_url, "ANTICHAMBRE_DATA_DIR": str(folder), "ANTICHAMBRE_SECRET_KEY": SECRET_KEY}
    command = [sys.executable, "-m", "app", "import", "blacklist", str(file), "--json"]
    begun = time.monotonic()
    done = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=True, timeout=300)
    seconds = time.monotonic() - begun
    if json.loads(done.stdout)["added"] != rows:
        raise RuntimeError(done.stdout)
    return seconds


def main() -> None:
    """The command."""
    found = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    print(f"{found.rows:,} rows in {found.seconds:.1f} s; calls meanwhile: p99 {found.calls.p99:.1f} ms, "
          f"longest {found.calls.longest:.1f} ms, {found.calls.refused} without an answer")  # fmt: skip


if __name__ == "__main__":
    main()
