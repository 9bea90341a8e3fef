"""How a file begins, whatever its encoding."""

import codecs
from typing import Final

_MARKS: Final = (
    codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE,
)  # fmt: skip
_LOOKED_AT: Final = 4096
_WIDE: Final = 0.6
"""In UTF-32 three bytes of four are zero where there are Latin letters; in UTF-16 one of two."""


def text_beginning(content: bytes) -> bytes:
    """The first characters, in ASCII: without a byte order mark and the zeros of wide encodings."""
    start = content[:_LOOKED_AT]
    for mark in _MARKS:
        if start.startswith(mark):
            start = start.removeprefix(mark)
            break
    return start.replace(b"\0", b"").lstrip()


def wide_encoding(start: bytes) -> str:
    """UTF-16 or UTF-32, by the byte order mark or by where the zeros are; empty for an encoding of bytes. ``start`` are the
    first bytes. Raises :class:`ValueError` for what is no text."""
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" not in start:
        return ""
    if start.count(0) > len(start) * _WIDE:
        return "utf-32-le" if start[0] else "utf-32-be"
    # Digits, commas and Latin letters have a zero byte in UTF-16: at odd places when the low byte comes first.
    odd, even = start[1::2].count(0), start[::2].count(0)
    if max(odd, even) * 4 < len(start) // 2:
        raise ValueError(start[:20])
    return "utf-16-le" if odd > even else "utf-16-be"
