"""The text of a file that somebody exported somewhere: UTF-8 with or without a byte order mark, UTF-16, or the
Windows-1252 of older programs."""

import codecs
import io
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final

from app.base.errors import Unprocessable
from app.base.problems.files import FileFault, FileNotOpened

_CHUNK: Final = 1 << 20
_BROKEN: Final = re.compile("[\udc80-\udcff]")
_WIDE: Final = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")
_OFFICE_FILE: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class FileUnreadable(Unprocessable):
    """The file as a whole cannot be read."""


@dataclass(frozen=True, slots=True)
class DecodedFile:
    """``lines`` keep their ends. ``encoding`` is Python's name of it, ``size`` is in bytes and ``position`` tells how
    many of them have been read."""

    lines: IO[str]
    encoding: str
    size: int
    raw: BinaryIO

    @property
    def position(self) -> int:
        """Bytes read so far, for a progress bar."""
        return self.raw.tell()


@contextmanager
def decoded_file(source: Path | BinaryIO) -> Iterator[DecodedFile]:
    """The text of ``source``, a file or a stream such as standard input. Raises :class:`FileUnreadable`."""
    if isinstance(source, Path):
        try:
            opened: BinaryIO = source.open("rb")
        except OSError as error:
            raise FileUnreadable(FileNotOpened(str(source), error.strerror or "")) from error
        if not opened.seekable():
            with opened, _kept(opened) as kept:
                yield _decoded(kept)
            return
        with opened:
            yield _decoded(opened)
    else:
        with _kept(source) as kept:
            yield _decoded(kept)


@contextmanager
def _kept(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The stream's content in a file without a name, which is gone with this process however it ends."""
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(stream, kept, _CHUNK)
        yield kept


def _decoded(raw: BinaryIO) -> DecodedFile:
    raw.seek(0, io.SEEK_END)
    size = raw.tell()
    encoding, errors = _encoding(raw)
    raw.seek(0)
    lines = io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline="")
    return DecodedFile(lines, encoding, size, raw)


def _encoding(raw: BinaryIO) -> tuple[str, str]:
    """The encoding, and what is done about bytes that it does not know."""
    raw.seek(0)
    start = raw.read(4096)
    if start.startswith(_OFFICE_FILE):
        raise FileUnreadable(FileFault.OFFICE_DOCUMENT)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", "surrogateescape"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "replace"
    if b"\0" in start:
        # Digits, commas and Latin letters have a zero byte in UTF-16: at odd places when the low byte comes first.
        odd, even = start[1::2].count(0), start[::2].count(0)
        if max(odd, even) * 4 < len(start) // 2:
            raise FileUnreadable(FileFault.NOT_TEXT)
        return ("utf-16-le" if odd > even else "utf-16-be"), "replace"
    broken, wide = _what_utf_8_makes_of(raw)
    # A few broken bytes among proper UTF-8 spoil their own lines only; in Windows-1252 hardly a letter is UTF-8 by chance.
    return ("utf-8", "surrogateescape") if broken == 0 or wide > broken else ("cp1252", "latin-where-undefined")


def _what_utf_8_makes_of(raw: BinaryIO) -> tuple[int, int]:
    """How many bytes are no UTF-8, and how many characters beyond ASCII are."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    broken = wide = 0
    raw.seek(0)
    while chunk := raw.read(_CHUNK):
        if chunk.isascii():
            continue
        text = decoder.decode(chunk)
        broken += len(_BROKEN.findall(text))
        wide += len(_WIDE.findall(text))
    return broken + len(decoder.decode(b"", True)), wide


def _latin_where_undefined(error: UnicodeError) -> tuple[str, int]:
    """Five bytes are undefined in Windows-1252; in Latin-1 they are control characters, which the line's check names."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("latin-where-undefined", _latin_where_undefined)
