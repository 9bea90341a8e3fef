"""Sounds of our own making, free under this project's licence; ``compose.py`` is their score."""

from pathlib import Path

HOLD_MUSIC = Path(__file__).with_name("hold-music.wav")
"""8 kHz, one channel, G.711 µ-law in a WAV file: what the telephone network carries, so nothing is converted."""

HOLD_MUSIC_SECONDS = 30
"""Length of one round; its end joins its beginning, so it may be repeated without a gap."""
