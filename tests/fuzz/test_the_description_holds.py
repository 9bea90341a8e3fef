"""Schemathesis sends what ``openapi.json`` allows and what it forbids, one request at a time and in sequences that use what
earlier answers made: no fault of the server, no answer that is not described, nothing taken that is not allowed.

Some seconds with a fixed seed in ``make test``; with all phases and for as long as one likes in ``make fuzz``.
"""

import os
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest

from tests.office import Office
from tests.served import ServedOffice, serve

pytestmark = [pytest.mark.anyio, pytest.mark.fuzz]

HERE = Path(__file__).parent
MINUTES = float(os.environ.get("ANTICHAMBRE_FUZZ_MINUTES", "0"))
SECONDS = 6
CALLERS = ["vip", "blacklist", "clients", "calls", "explain", "audit", "api-keys", "users"]
# With its own key revoked, every further request would be 401. tests/people deletes keys.
NOT_ITS_OWN_KEY = ("--exclude-operation-id", "deleteApiKey")


async def fuzz(served: ServedOffice, folder: Path, *options: str) -> None:
    """Run Schemathesis; it must find nothing."""
    (folder / "openapi.json").write_bytes((await served.program.get("/openapi.json", timeout=60)).content)
    process = await create_subprocess_exec(
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run",
        "openapi.json", "--url", served.url, "--header", f"Authorization: Bearer {served.office.company.api_key}",
        "--no-color", "--generation-database", "none", "--request-timeout", "30",
        "--continue-on-failure", "--suppress-health-check", "all", *NOT_ITS_OWN_KEY, *options,
        cwd=folder, stdout=None if MINUTES else PIPE, stderr=None if MINUTES else STDOUT,
    )  # fmt: skip
    output = (await process.communicate())[0]
    assert process.returncode == 0, (output or b"").decode()


def each_tag(option: str) -> list[str]:
    return [word for tag in CALLERS for word in (option, tag)]


SINGLE = ["--phases", "examples,fuzzing"]
PARTS = {
    "requests about callers": [*SINGLE, *each_tag("--include-tag")],
    "requests about the company": [*SINGLE, *each_tag("--exclude-tag")],
    "sequences of requests": ["--phases", "stateful"],
}


@pytest.mark.skipif(MINUTES > 0, reason="make fuzz runs all of it")
@pytest.mark.parametrize("part", PARTS)
async def test_requests_are_answered_as_described(office: Office, tmp_path: Path, part: str) -> None:
    bounds = ["--seed", "1", "--max-time", str(SECONDS), "--max-examples", "8", "--no-shrink"]
    async with serve(office) as served:
        await fuzz(served, tmp_path, *bounds, *PARTS[part])


@pytest.mark.skipif(not MINUTES, reason="it takes minutes: make fuzz")
async def test_everything_is_answered_as_described(office: Office, tmp_path: Path) -> None:
    async with serve(office) as served:
        await fuzz(served, tmp_path, "--max-time", str(round(60 * MINUTES)))
