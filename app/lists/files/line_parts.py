"""A line of a file may name several numbers, as that of an address book does. Each is a row of its own, under a key that
still says which line it is of: the database compares, keeps and shows rows by a whole number."""

from typing import Final

_LINES: Final = 1 << 27
"""More than a file can have: it has at most 64 MB."""
PARTS: Final = 15
"""Numbers of one line at most, so that every key is an ``int`` of the database."""


def part_of_line(line: int, part: int) -> int:
    """The key of one number of a ``line``; of the first (``part`` 0) it is the line itself."""
    return line + part * _LINES


def line_of_part(key: int) -> int:
    """The line in the file."""
    return key % _LINES


LINE_IN_SQL: Final = f"% {_LINES}"
"""The same in SQL, behind a key."""
