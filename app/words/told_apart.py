"""The options of a list that somebody chooses from."""

from collections import Counter
from collections.abc import Iterable

from app.plan.rows import Row
from app.words.number_words import grouped


def told_apart(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """Ids and names, by name. Of two that have one name each has its telephone beside it, as operators, or its number, as
    lines: ``Olga · +33 6 39 98 00 11``."""
    named = [(row, row.get("label") or row["name"]) for row in rows]
    times = Counter(name.strip().casefold() for _, name in named)
    options = [
        (row["id"], _with_address(row, name) if times[name.strip().casefold()] > 1 else name) for row, name in named
    ]
    return sorted(options, key=lambda one: (one[1].casefold(), one[0]))


def _with_address(row: Row, name: str) -> str:
    address = row.get("address") or row.get("number") or ""
    return f"{name} · {grouped(address)}" if address else name
