"""Cells that a spreadsheet would carry out, made harmless and read back (CWE-1236, OWASP ASVS 1.2.10).

A spreadsheet takes a cell for a formula when it begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break, also in
full width. One ``'`` before it makes it text; numbers in E.164 begin with ``+`` and are written so too. What begins with
``'`` and then such a character gets one more, so that taking exactly one away gives back what was there.
"""

import re
from typing import Final

_GUARDED: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_TO_GUARD: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """``text`` as a cell that no spreadsheet carries out."""
    return f"'{text}" if _TO_GUARD.match(text) else text


def unguarded(cell: str) -> str:
    """What :func:`guarded` was given: exactly one ``'`` is taken away, and only where it guards something."""
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell
