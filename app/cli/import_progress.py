"""How far an import has come, on a terminal's standard error."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from sqlalchemy.ext.asyncio import AsyncEngine

from app.plan.workers_behind import living_workers, workers_behind

_PHASES: Final = {
    "read": "Reading",
    "sort": "Sorting",
    "wait": "Waiting for another edit",
    "check": "Comparing with what is there",
    "merge": "Adding",
    "number file": "Writing the number file",
    "workers": "Waiting for the workers",
}


CONFIRM_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.5


class Bar:
    """A line for each phase; or nothing at all where nobody looks."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress, self._phase = progress, ""
        self._task: TaskID | None = None

    def show(self, phase: str, done: int, total: int | None) -> None:
        """``done`` of ``total`` in ``phase``; a phase that was shown before is complete."""
        if self._progress is None:
            return
        if phase != self._phase or self._task is None:
            self.finish()
            self._phase, self._task = phase, self._progress.add_task(_PHASES.get(phase, phase), total=None)
        self._progress.update(self._task, completed=done, total=total)

    def finish(self) -> None:
        """The phase that is shown is complete."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=1, total=1)
            self._task = None


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Bar]:
    """A bar on standard error while the block runs, if that is a terminal and it is not ``quiet``."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield Bar(None)
        return
    columns = (
        TextColumn("{task.description:30}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console) as progress:
        bar = Bar(progress)
        yield bar
        bar.finish()


async def wait_for_workers(engine: AsyncEngine, version: int, bar: Bar) -> tuple[int, list[str]]:
    """Wait until the workers that are running decide by ``version``; how many they are, and which are behind after half a
    minute."""
    began = time.perf_counter()
    workers, behind = await living_workers(engine), list[str]()
    while workers and time.perf_counter() - began < CONFIRM_SECONDS:
        behind = await workers_behind(engine, version, _LOOK_SECONDS)
        bar.show("workers", workers - len(behind), workers)
        if not behind:
            break
    return workers, behind
