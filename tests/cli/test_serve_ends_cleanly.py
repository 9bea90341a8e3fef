"""A service that is told to stop takes its embedded database with it, however many workers it has."""

from pathlib import Path

import pytest

from tests.service import running_service

pytestmark = pytest.mark.anyio


def servers_on(folder: Path) -> list[str]:
    """The ids of processes whose command line names ``folder``."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "cmdline").read_bytes():
                found.append(process.name)
        except OSError:
            continue  # it has ended meanwhile
    return found


@pytest.mark.parametrize("workers", [1, 2])
async def test_the_embedded_database_ends_with_the_service(data_dir: Path, workers: int) -> None:
    async with running_service(data_dir, None, workers=workers) as service:
        assert servers_on(data_dir)
        assert await service.stop() < 10
        assert service.process is not None
        assert service.process.returncode == 0
        assert servers_on(data_dir) == []
