"""Sounds of our own making, free under this project's licence; ``compose.py`` is their score."""

from functools import lru_cache
from pathlib import Path
from typing import Final

HOLD_MUSIC = Path(__file__).with_name("hold-music.wav")
"""8 kHz, one channel, G.711 µ-law in a WAV file: what the telephone network carries, so nothing is converted."""

HOLD_MUSIC_SECONDS = 30
"""Length of one round; its end joins its beginning, so it may be repeated without a gap."""

HOLD_MUSIC_PARTS: Final = 3
"""The round can be played in parts of ten seconds, one after the other, for callers whose turn is near: the provider
asks again after each part."""

_SIZES: Final = slice(4, 8)
_DATA: Final = b"data"


@lru_cache(maxsize=HOLD_MUSIC_PARTS)
def hold_music_part(part: int) -> bytes:
    """Part ``part`` (from 0) of the hold music, a WAV file of its own. Raises IndexError."""
    if not 0 <= part < HOLD_MUSIC_PARTS:
        raise IndexError(part)
    whole = HOLD_MUSIC.read_bytes()
    start = whole.index(_DATA) + 8
    length = (len(whole) - start) // HOLD_MUSIC_PARTS
    samples = whole[start + part * length : start + (part + 1) * length]
    header = bytearray(whole[:start])
    header[start - 4 : start] = length.to_bytes(4, "little")
    header[_SIZES] = (len(header) - 8 + length).to_bytes(4, "little")
    if (fact := header.find(b"fact")) >= 0:  # the number of samples, which µ-law files state (RFC 2361)
        header[fact + 8 : fact + 12] = length.to_bytes(4, "little")
    return bytes(header) + samples
