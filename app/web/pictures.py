"""The pictures of a report: where each bar stands, for a template to draw as SVG. Each has its table behind it, so the
picture only repeats what is written there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 1000
HEIGHT: Final = 260
_BOTTOM: Final = 34
_TOP: Final = 12
_LEFT: Final = 48
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
        told = f"{name}: {sum(size for _, size in parts):g}{unit}"
        middle = _LEFT + place * each + each / 2
        columns.append(Column(tuple(bars), middle, name if place % every == 0 else "", told))
    marks = [
        Mark(HEIGHT - _BOTTOM - value / top * room, f"{value:g}{unit}")
        for value in (step * one for one in range(int(top // step) + 1))
    ]
    return Picture(tuple(columns), tuple(marks))


def _step(most: float) -> float:
    """A round distance of the scale's marks, of which there are two to five."""
    size = 1.0
    while most / size > 5:
        size *= 2.5 if str(size)[0] == "2" else 2
    return size
