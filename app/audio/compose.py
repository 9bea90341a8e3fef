"""The hold music: eight calm bars in F major for a soft electric piano, composed for this project.

``python -m app.audio.compose`` writes ``hold-music.wav`` again, byte for byte the same. The tune is 32 beats
of 7,500 samples, 30 seconds exactly. Everything is mixed on a circle: a note, or its echo, that rings past
the end goes on at the beginning, so the round joins itself without a seam. At the end the level is set;
nothing is random.
"""

import math

from app.audio import HOLD_MUSIC, HOLD_MUSIC_SECONDS
from app.audio.electric_piano import RATE, note
from app.audio.mu_law import wav_file

BEAT = 7500
"""Samples; 64 beats a minute."""
LENGTH = HOLD_MUSIC_SECONDS * RATE
LEVEL_DBFS = -16.0
"""Root mean square below full scale: as loud as a voice on the line, not louder."""

# A bar: the bass, the chord above it, and the melody as (beat, note, beats it lasts).
BARS: tuple[tuple[str, str, tuple[tuple[float, str, float], ...]], ...] = (
    ("F3", "A4 C5 E5", ((0, "A5", 1.5), (1.5, "G5", 0.5), (2, "C6", 1.5), (3.5, "A5", 0.5))),
    ("D3", "F4 A4 C5", ((0, "F5", 2.5), (2.5, "G5", 0.5), (3, "A5", 1))),
    ("Bb3", "F4 A4 D5", ((0, "D6", 1.5), (1.5, "C6", 0.5), (2, "A5", 1), (3, "F5", 1))),
    ("C3", "F4 Bb4 D5", ((0, "G5", 2), (2, "F5", 1), (3, "D5", 1))),
    ("A3", "G4 C5 E5", ((0, "E5", 1), (1, "G5", 1), (2, "C6", 1.5), (3.5, "D6", 0.5))),
    ("D3", "F4 A4 C5", ((0, "A5", 2), (2, "F5", 1), (3, "G5", 1))),
    ("G3", "F4 Bb4 D5", ((0, "Bb5", 1.5), (1.5, "A5", 0.5), (2, "G5", 1), (3, "F5", 1))),
    ("C3", "E4 Bb4 D5", ((0, "G5", 2.5), (2.5, "E5", 0.5), (3, "G5", 1))),
)

BASS, CHORD, ANSWER, MELODY = 0.85, 0.42, 0.24, 0.62
SPREAD = RATE * 35 // 1000
"""A chord's notes are struck one after the other, as a hand does."""
ECHOES = ((BEAT * 3 // 4, 0.20), (BEAT * 3 // 2, 0.08))
TREMOLO_HZ, TREMOLO_DEPTH = 4.0, 0.10
"""A whole number of waves in a round, so that it too joins."""


def compose() -> list[int]:
    """One round as 16-bit samples."""
    dry = [0.0] * LENGTH
    for bar, (bass, chord, melody) in enumerate(BARS):
        start = bar * 4 * BEAT
        _play(dry, start, bass, 4.0, 1.1, BASS)
        for finger, name in enumerate(chord.split()):
            _play(dry, start + finger * SPREAD, name, 2.5, 0.9, CHORD)
            _play(dry, start + 5 * BEAT // 2 + finger * SPREAD, name, 1.5, 0.7, ANSWER)
        for beat, name, beats in melody:
            _play(dry, start + int(beat * BEAT), name, beats + 0.5, 0.8, MELODY)
    return _levelled(_with_tremolo(_with_echoes(dry)))


def _play(round_: list[float], start: int, name: str, beats: float, half_life: float, loudness: float) -> None:
    for offset, sample in enumerate(note(name, int(beats * BEAT), half_life)):
        round_[(start + offset) % LENGTH] += loudness * sample


def _with_echoes(dry: list[float]) -> list[float]:
    wet = list(dry)
    for delay, loudness in ECHOES:
        # A negative index reaches back past the beginning, which on a circle is the end.
        wet = [sample + loudness * dry[place - delay] for place, sample in enumerate(wet)]
    return wet


def _with_tremolo(samples: list[float]) -> list[float]:
    step = 2.0 * math.pi * TREMOLO_HZ / RATE
    return [
        sample * (1.0 - TREMOLO_DEPTH * (0.5 + 0.5 * math.sin(step * place))) for place, sample in enumerate(samples)
    ]


def _levelled(samples: list[float]) -> list[int]:
    loudness = math.sqrt(math.fsum(sample * sample for sample in samples) / len(samples))
    factor = 32768.0 * 10.0 ** (LEVEL_DBFS / 20.0) / loudness
    return [round(sample * factor) for sample in samples]


if __name__ == "__main__":
    HOLD_MUSIC.write_bytes(wav_file(compose(), RATE))
