"""A file that somebody uploads becomes what telephones carry: in a process of its own, which no call waits for."""

import asyncio
import contextlib
import math
import os
import sys
from typing import Final

from app.audio.convert import LONGEST_SECONDS, RATE, Ending
from app.base.errors import Unavailable, Unprocessable
from app.base.problems.audio import AudioFault, AudioProblem, AudioTooLong

_HEADER: Final = 58
"""Bytes of a converted file before its samples."""
_WITHIN_SECONDS: Final = 60.0
_AT_ONCE: Final = 2
_WAITING: Final = 8
"""Whose files are held in memory meanwhile."""
_ABOUT: Final[dict[int, AudioProblem]] = {
    Ending.NOT_AUDIO: AudioFault.NOT_AUDIO,
    Ending.DAMAGED: AudioFault.DAMAGED,
    Ending.PROTECTED: AudioFault.PROTECTED,
    Ending.SILENT: AudioFault.SILENT,
    Ending.TOO_LONG: AudioTooLong(LONGEST_SECONDS // 60),
}


class Conversion:
    """A worker's conversions: so many at a time, and so many that wait for their turn."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._there = 0

    async def convert(self, content: bytes, *, field: str = "file") -> bytes:
        """A WAV file of 8 kHz, one channel, µ-law. Raises :class:`Unprocessable` naming ``field`` for what is no sound that
        can be used, and :class:`Unavailable` while too many others are being converted."""
        if not content:
            raise Unprocessable(AudioFault.EMPTY, field=field)
        if self._there >= _AT_ONCE + _WAITING:
            raise Unavailable(AudioFault.TOO_BUSY)
        self._there += 1
        try:
            async with self._turn:
                status, sound = await _run(content)
        finally:
            self._there -= 1
        if status != Ending.DONE:
            raise Unprocessable(_ABOUT.get(status, AudioFault.DAMAGED), field=field)
        return sound


def seconds_of(sound: bytes) -> int:
    """How long a converted file lasts, in whole seconds; at least one."""
    return max(1, math.ceil((len(sound) - _HEADER) / RATE))


async def _run(content: bytes) -> tuple[int, bytes]:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-m", "app.audio.convert", stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env={"PATH": os.defpath, "LANG": "C.UTF-8"},
    )  # fmt: skip
    try:
        async with asyncio.timeout(_WITHIN_SECONDS):
            sound, _ = await program.communicate(content)
    except TimeoutError:
        return Ending.DAMAGED, b""
    finally:
        with contextlib.suppress(ProcessLookupError):
            program.kill()
        await program.wait()
    return program.returncode or 0, sound
