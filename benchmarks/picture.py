"""A bar chart as SVG, readable on a light and on a dark page."""

from collections.abc import Mapping
from html import escape

_WIDTH, _ROW, _LEFT, _TOP = 720, 34, 170, 52
_STYLE = (
    "text{font:15px system-ui,sans-serif;fill:#1f2937}.title{font-weight:600}.bar{fill:#94a3b8}.ours{fill:#0f766e}"
    "@media(prefers-color-scheme:dark){text{fill:#e5e7eb}.bar{fill:#64748b}.ours{fill:#2dd4bf}}"
)


def bars(title: str, values: Mapping[str, float], ours: str = "incoming call") -> str:
    """``values`` as horizontal bars in their order, with ``ours`` in another colour."""
    longest = max(values.values())
    parts = []
    for row, (name, value) in enumerate(values.items()):
        top, width = _TOP + row * _ROW, max(2, (_WIDTH - _LEFT - 110) * value / longest)
        kind = "bar ours" if name == ours else "bar"
        parts.append(
            f'<text x="{_LEFT - 12}" y="{top + 17}" text-anchor="end">{escape(name)}</text>'
            f'<rect class="{kind}" x="{_LEFT}" y="{top}" width="{width:.0f}" height="24" rx="4"/>'
            f'<text x="{_LEFT + width + 8:.0f}" y="{top + 17}">{value:,.0f}</text>'
        )
    height = _TOP + len(values) * _ROW + 8
    told = "; ".join(f"{name} {value:,.0f}" for name, value in values.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escape(title)}: {escape(told)}"><style>{_STYLE}</style>'
        f'<text class="title" x="16" y="30">{escape(title)}</text>{"".join(parts)}</svg>\n'
    )
