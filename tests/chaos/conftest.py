"""What every case begins with, and the table of figures that a run of this folder ends with."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.own_database import OwnDatabase, own_database
from tests.chaos.scale import LONG
from tests.office import open_office


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Everything in this folder is marked."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.chaos)


@dataclass(frozen=True, slots=True)
class Company:
    """A company in the database ``url``, with Vera, Boris and people who answer. The service is not running yet."""

    url: str
    api_key: str


async def company_in(url: str) -> Company:
    """Set one up."""
    with tempfile.TemporaryDirectory(prefix="antichambre-company-") as folder:
        async with open_office(url, Path(folder)) as office:
            await office.add_operator()
            await office.add_manager()
            await office.add_vip()
            await office.add_blacklisted()
            return Company(url, office.company.api_key)


@pytest.fixture
async def company(database_url: str) -> Company:
    """A company in a database of the run's cluster."""
    return await company_in(database_url)


@pytest.fixture
async def database() -> AsyncIterator[OwnDatabase]:
    """A database of the test's own, with the company, that may be stopped and killed."""
    with tempfile.TemporaryDirectory(prefix="antichambre-chaos-") as folder:
        Path(folder).chmod(0o711)
        async with own_database(Path(folder)) as running:
            await company_in(running.url)
            yield running


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of all cases; as a Markdown table in the file that ``ANTICHAMBRE_CHAOS_TABLE`` names."""
    rows: list[dict[str, Any]] = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == "chaos"
    ]
    if not rows:
        return
    titles = list(dict.fromkeys(title for row in rows for title in row))
    lines = ["| " + " | ".join(titles) + " |", "|---" * len(titles) + "|"]
    lines += ["| " + " | ".join(f"{row.get(title, '')}" for title in titles) + " |" for row in rows]
    terminalreporter.section(f"chaos, {'long' if LONG else 'short'} form")
    terminalreporter.write_line("\n".join(lines))
    if table := os.environ.get("ANTICHAMBRE_CHAOS_TABLE"):
        Path(table).write_text("\n".join(lines) + "\n")
