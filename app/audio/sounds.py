"""The sounds of recordings that this host has at hand, as files below the data folder. The database has all of them; what
is here is played without it."""

import asyncio
import contextlib
import re
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from app.base.whole_file import write_whole

FOLDER: Final = "audio"
_NAME: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Sounds:
    """By their names, of which nobody guesses one. A worker asks the disk once for each: what is there stays there."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER
        self._here: set[str] = set()

    def __contains__(self, file: object) -> bool:
        if file in self._here:
            return True
        if not isinstance(file, str) or not self.path(file).is_file():
            return False
        self._here.add(file)
        return True

    def __len__(self) -> int:
        """How many this worker knows to be here: what was written when it was another number may have become stale."""
        return len(self._here)

    def path(self, file: str) -> Path:
        """Where a sound is or would be. Raises ValueError for what is no name of one."""
        if not _NAME.fullmatch(file):
            raise ValueError("not the name of a sound")
        return self._folder / f"{file}.wav"

    async def keep(self, file: str, content: bytes) -> None:
        """Write a sound: the whole of it or nothing. Raises OSError."""
        await asyncio.to_thread(write_whole, self.path(file), content)
        self._here.add(file)

    def forget(self, file: str) -> None:
        """It is not here any more, whatever was known."""
        self._here.discard(file)

    async def delete_others(self, wanted: Collection[str], older_than: float) -> None:
        """Delete what is older than so many seconds and not among the ``wanted``. Raises OSError."""
        for file in await asyncio.to_thread(lambda: list(self._old(time.time() - older_than))):
            if file not in wanted:
                self.forget(file)
                await asyncio.to_thread(self.path(file).unlink, missing_ok=True)

    def _old(self, before: float) -> Iterator[str]:
        for path in self._folder.glob("*.wav"):
            with contextlib.suppress(OSError):
                if _NAME.fullmatch(path.stem) and path.stat().st_mtime < before:
                    yield path.stem
