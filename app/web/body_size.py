"""Where files are taken, and how much whoever has a right may send anywhere."""

import re
from typing import Final

from app.base import limits

_LISTS: Final = re.compile(
    r"/api/v1/(vip|blacklist|clients|sales)/imports/?|/lists/(vip|blacklist)/import/?|/(clients|sales)/import/?"
)
_LISTS_OF_OTHERS: Final = re.compile(r"(/api/v1|/settings)/subscriptions/[^/]+/file/?")
_SOUNDS: Final = re.compile(r"/api/v1/audio(/.*)?|/settings/audio/.+")
_AROUND: Final = 64 * 1024
"""The rest of the form that a sound comes with."""


def takes_files(path: str) -> bool:
    """Whether a form with a file may be sent there: a list to be imported, or a sound to be played to callers."""
    return _is_list(path) or takes_sounds(path)


def _is_list(path: str) -> bool:
    return _LISTS.fullmatch(path) is not None or _LISTS_OF_OTHERS.fullmatch(path) is not None


def takes_sounds(path: str) -> bool:
    """Whether it is a sound."""
    return _SOUNDS.fullmatch(path) is not None


def most_of(path: str) -> int:
    """The bytes of a whole request."""
    if _is_list(path):
        return limits.IMPORT_BYTES
    return limits.AUDIO_BYTES + _AROUND if takes_sounds(path) else limits.BODY_BYTES
