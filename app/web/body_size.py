"""Where files are taken, and how much whoever has a right may send anywhere."""

from typing import Final

from app.base import limits

_FILES: Final = {"/api/v1/audio": limits.AUDIO_BYTES, "/settings/audio": limits.AUDIO_BYTES}
"""By the beginning of the path: the largest file. Nowhere else is a file taken."""
_AROUND: Final = 64 * 1024
"""The rest of the form that a file comes with."""


def takes_files(path: str) -> bool:
    """Whether a form with a file may be sent there."""
    return largest_file(path) > 0


def most_of(path: str) -> int:
    """The bytes of a whole request."""
    largest = largest_file(path)
    return largest + _AROUND if largest else limits.BODY_BYTES


def largest_file(path: str) -> int:
    """The bytes of a file that may be sent there; 0 where none is taken."""
    return next((size for begin, size in _FILES.items() if path == begin or path.startswith(begin + "/")), 0)
