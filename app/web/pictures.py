"""The pictures of reports: where each bar stands, for a template to draw as SVG. Each has its table behind it, so the
picture only repeats what is written there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 1000
HEIGHT: Final = 260
_BOTTOM: Final = 34
_TOP: Final = 12
_LEFT: Final = 80
_MOST_LABELS: Final = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; ``kind`` is its class."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """The bars of one group, and its name where there is room for it."""

    bars: tuple[Bar, ...]
    middle: float
    label: str
    told: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the scale."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Stacked columns with a scale."""

    columns: tuple[Column, ...]
    marks: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    bottom: int = HEIGHT - _BOTTOM


def stacked(groups: Sequence[tuple[str, Sequence[tuple[str, float]]]], unit: str = "") -> Picture:
    """Columns for ``groups``: each a name and the parts of which it consists, from below, each with its kind."""
    most = max((sum(size for _, size in parts) for _, parts in groups), default=0)
    step = _step(most)
    top = max(step * -(-most // step), step)
    room, each = HEIGHT - _BOTTOM - _TOP, (WIDTH - _LEFT) / max(len(groups), 1)
    every = -(-len(groups) // _MOST_LABELS)
    columns = []
    for place, (name, parts) in enumerate(groups):
        bars, y = [], float(HEIGHT - _BOTTOM)
        for kind, size in parts:
            height = size / top * room
            y -= height
            if size:
                bars.append(Bar(kind, _LEFT + place * each + each * 0.12, y, each * 0.76, height))
        told = f"{name}: {sum(size for _, size in parts):.0f}{unit}"
        middle = _LEFT + place * each + each / 2
        columns.append(Column(tuple(bars), middle, name if place % every == 0 else "", told))
    marks = [
        Mark(HEIGHT - _BOTTOM - value / top * room, f"{_short(value)}{unit}")
        for value in (step * one for one in range(int(top // step) + 1))
    ]
    return Picture(tuple(columns), tuple(marks))


def _short(value: float) -> str:
    """A mark's number, which has little room: 20k for 20000."""
    for size, letter, begins in ((1e9, "G", 1e9), (1e6, "M", 1e6), (1e3, "k", 1e4)):
        if value >= begins:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def _step(most: float) -> float:
    """A round distance of the scale's marks, of which there are two to five."""
    size = 1.0
    while most / size > 5:
        size *= 2.5 if str(size)[0] == "2" else 2
    return size


@dataclass(frozen=True, slots=True)
class Curve:
    """A line from the lower left to the right, over a scale of percents, with ``borders``: lines that have a name. ``path``
    is what SVG draws, ``area`` the same with what lies below."""

    path: str
    area: str
    marks: tuple[Mark, ...]
    borders: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    bottom: int = HEIGHT - _BOTTOM


def curve(points: Sequence[tuple[float, float]], borders: Sequence[tuple[str, float]]) -> Curve:
    """The curve through ``points``, percents across and up, in their order; each border has a name and stands at a
    percent."""
    room, wide = HEIGHT - _BOTTOM - _TOP, WIDTH - _LEFT

    def y_of(percent: float) -> float:
        return HEIGHT - _BOTTOM - min(max(percent, 0), 100) / 100 * room

    line = " ".join(f"L{_LEFT + min(max(x, 0), 100) / 100 * wide:.1f} {y_of(y):.1f}" for x, y in points)
    path = f"M{_LEFT} {y_of(0):.1f} {line}"
    marks = tuple(Mark(y_of(value), f"{value} %") for value in (0, 25, 50, 75, 100))
    lines = tuple(Mark(y_of(value), name) for name, value in borders)
    return Curve(path, f"{path} L{WIDTH} {y_of(0):.1f} Z", marks, lines)
