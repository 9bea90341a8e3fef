"""A soft electric piano for the telephone: a few decaying sines, none of them outside what a telephone carries."""

import math
from functools import cache

RATE = 8000
"""Samples a second, as in all of fixed telephony."""

LOWEST_HZ, HIGHEST_HZ = 300.0, 3400.0
"""The telephone band (ITU-T G.712). A partial outside is not played, so nothing has to be filtered away; the
ear supplies a bass whose fundamental is missing from its overtones."""

_NAMES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_PARTIALS = ((1, 1.0, 1.0), (2, 0.34, 1.5), (3, 0.17, 2.1), (4, 0.09, 2.8), (5, 0.05, 3.6), (6, 0.03, 4.5))
"""Number, loudness at the start, and how many times faster than the first it dies away: the higher, the sooner."""

_ATTACK = RATE * 14 // 1000
_RELEASE = RATE * 180 // 1000


def frequency(name: str) -> float:
    """Hertz of a note such as ``A4`` (440) or ``Bb3``, in equal temperament."""
    semitones = _NAMES[name[0]] + (-1 if name[1] == "b" else 0) + 12 * int(name[-1])
    return 440.0 * math.pow(2.0, (semitones - 57) / 12)


@cache
def note(name: str, length: int, half_life: float) -> tuple[float, ...]:
    """``length`` samples of one struck note, about 1 at its loudest; ``half_life`` in seconds is its first partial's."""
    mixed = [0.0] * length
    for number, loudness, haste in _PARTIALS:
        hertz = number * frequency(name)
        if LOWEST_HZ <= hertz <= HIGHEST_HZ:
            partial = _decaying_sine(hertz, half_life / haste, length)
            mixed = [so_far + loudness * sample for so_far, sample in zip(mixed, partial, strict=True)]
    return tuple(sample * level for sample, level in zip(mixed, _envelope(length), strict=True))


def _decaying_sine(hertz: float, half_life: float, length: int) -> list[float]:
    """By the recurrence y[n] = 2r·cos(w)·y[n-1] - r²·y[n-2], which is the same on every machine and fast."""
    angle = 2.0 * math.pi * hertz / RATE
    shrink = 0.5 ** (1.0 / (half_life * RATE))
    forward, back = 2.0 * shrink * math.cos(angle), shrink * shrink
    now, before = 0.0, -math.sin(angle) / shrink
    samples = []
    for _ in range(length):
        samples.append(now)
        now, before = forward * now - back * before, now
    return samples


def _envelope(length: int) -> list[float]:
    """Rises and falls along half a cosine, so neither end clicks."""
    levels = [1.0] * length
    for step in range(_ATTACK):
        levels[step] = 0.5 - 0.5 * math.cos(math.pi * step / _ATTACK)
    for step in range(_RELEASE):
        levels[length - 1 - step] *= 0.5 - 0.5 * math.cos(math.pi * step / _RELEASE)
    return levels
