"""A sound over HTTP, whole or the bytes that ``Range`` asks for (RFC 9110, 14.2)."""

import re
from typing import Final

from fastapi.responses import FileResponse

from app.base.errors import RangeNotSatisfiable
from app.base.problems.audio import AudioEndsBefore

_SPEC: Final = re.compile(r"(\d{1,18})-(\d{0,18})|-(\d{1,18})", re.ASCII)
_WAV: Final = {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}
SOUND_ANSWERS: Final[dict[int | str, dict[str, object]]] = {
    200: {"description": "WAV.", "content": _WAV},
    206: {"description": "The bytes that `Range` asks for.", "content": _WAV},
    416: {},
}
"""What the API's description says of a sound."""


class SoundResponse(FileResponse):
    """A file of sound. A ``Range`` that cannot be read is ignored, as the RFC asks, where Starlette answers 400 in plain
    text. One of which no byte is there is a problem like any other: :class:`RangeNotSatisfiable`."""

    @classmethod
    def _parse_range_header(cls, http_range: str, file_size: int) -> list[tuple[int, int]]:
        wanted = ranges_of(http_range)
        if not wanted:
            return []
        there = [one for one in wanted if _is_there(one, file_size)]
        if not there:
            raise RangeNotSatisfiable(AudioEndsBefore(file_size))
        return super()._parse_range_header("bytes=" + ",".join(there), file_size)


def ranges_of(http_range: str) -> list[str]:
    """What is asked for, each as ``first-last``, ``first-`` or ``-many``; nothing where any of it cannot be read."""
    unit, _, specs = http_range.partition("=")
    wanted = [one.strip(" \t") for one in specs.split(",")]
    ranges = [one for one in wanted if one]
    is_read = unit.strip(" \t").lower() == "bytes" and all(_is_range(one) for one in ranges)
    return ranges if is_read else []


def _is_range(spec: str) -> bool:
    read = _SPEC.fullmatch(spec)
    return read is not None and not (read[2] and int(read[1]) > int(read[2]))


def _is_there(spec: str, size: int) -> bool:
    first, _, many = spec.partition("-")
    return int(first) < size if first else int(many) > 0 and size > 0
