"""The text of a file that somebody exported somewhere: UTF-8 with or without a byte order mark, UTF-16, UTF-32, or the
Windows-1252 or Windows-1251 of older programs; of a sheet, of JSON or of vCards, the same as CSV."""

import codecs
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final

from charset_normalizer import from_bytes

from app.base.errors import Unprocessable
from app.base.problems.files import FileFault, FileKind, FileNotOpened, NoList
from app.lists.files.beginning import text_beginning, wide_encoding

_CHUNK: Final = 1 << 20
_BROKEN: Final = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII: Final = re.compile(b"[\x80-\xff]")
_TWO_BEYOND_ASCII: Final = re.compile(b"[\x80-\xff]{2}")
_WIDE: Final = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")
_OFFICE_FILE: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_CARD: Final = b"BEGIN:VCARD"
_FIRST_BYTES: Final[tuple[tuple[bytes, FileKind], ...]] = (
    (b"%PDF-", FileKind.PDF),
    *((one, FileKind.PICTURE) for one in (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")),
    *((one, FileKind.SOUND) for one in (b"ID3\x02", b"ID3\x03", b"ID3\x04", b"OggS\0", b"fLaC\0", b"\x1aE\xdf\xa3")),
    *(
        (one, FileKind.ARCHIVE)
        for one in (b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")
    ),
    *((one, FileKind.PROGRAM) for one in (b"\x7fELF", b"MZ\x90\0", b"SQLite format 3\0")),
)
"""How files begin that are no list, by the specifications of their formats; none of them is a beginning of text."""
_CONTAINERS: Final = {b"WEBP": FileKind.PICTURE, b"WAVE": FileKind.SOUND, b"AVI ": FileKind.SOUND}
_WEB_PAGE: Final = re.compile(
    rb"(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)[\s>]", re.IGNORECASE | re.DOTALL
)
_TELLS_NOTHING: Final = b"\x81\x8d\x8f\x90\x9d" + bytes({*range(32), 127} - {9, 10, 13})
"""What is undefined in Windows-1252, and letters of Serbian and Macedonian in Windows-1251; and control characters. Nobody
needs them to tell the two apart, and they lead astray."""
_GUESSED_FROM: Final = 16_384
"""Bytes around the first letter outside of ASCII, by which an older encoding is told."""


class FileUnreadable(Unprocessable):
    """The file as a whole cannot be read."""


@dataclass(frozen=True, slots=True)
class DecodedFile:
    """``lines`` keep their ends. ``encoding`` is Python's name of it, ``size`` is in bytes and ``position`` tells how
    many of them have been read. ``sheet`` is the name of the sheet that it was, empty for text."""

    lines: IO[str]
    encoding: str
    size: int
    raw: BinaryIO
    sheet: str = ""

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
            with opened, _kept(opened) as kept, text_of(kept) as (text, sheet):
                yield _decoded(text, sheet)
            return
        with opened, text_of(opened) as (text, sheet):
            yield _decoded(text, sheet)
    else:
        with _kept(source) as kept, text_of(kept) as (text, sheet):
            yield _decoded(text, sheet)


def packed_file(content: bytes) -> tuple[bytes, str]:
    """``content`` as it is stored, packed and with a sheet as CSV, and the name of the sheet. Raises
    :class:`FileUnreadable`."""
    with _kept(io.BytesIO(content)) as kept, text_of(kept) as (text, sheet):
        _encoding(text)
        text.seek(0)
        return zlib.compress(text.read(), 1), sheet


@contextmanager
def unpacked_file(packed: bytes, sheet: str) -> Iterator[DecodedFile]:
    """What :func:`packed_file` has packed."""
    with tempfile.TemporaryFile() as text:
        unpacking = zlib.decompressobj()
        for start in range(0, len(packed), _CHUNK):
            text.write(unpacking.decompress(packed[start : start + _CHUNK]))
        text.write(unpacking.flush())
        yield _decoded(text, sheet)


@contextmanager
def text_of(raw: BinaryIO) -> Iterator[tuple[BinaryIO, str]]:
    """The file itself where it is text; of a sheet, JSON or vCards, the CSV that says the same, and the name of the sheet.
    Raises :class:`FileUnreadable`."""
    raw.seek(0)
    start = raw.read(4096)
    if (kind := _kind_of(start, start.removeprefix(codecs.BOM_UTF8).lstrip())) is not None:
        raise FileUnreadable(NoList(kind))
    text_begins = text_beginning(start)
    is_cards = text_begins[: len(_CARD)].upper() == _CARD
    if not start.startswith(_OFFICE_FILE) and text_begins[:1] != b"[" and not is_cards:
        yield raw, ""
        return
    raw.seek(0)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent.parent.parent)}
    with tempfile.TemporaryFile() as content, tempfile.TemporaryFile() as text:
        shutil.copyfileobj(raw, content, _CHUNK)
        content.seek(0)
        done = subprocess.run(
            [sys.executable, "-m", "app.lists.files.sheet_process"], stdin=content, stdout=text,
            stderr=subprocess.PIPE, env=environment, check=False,
        )  # fmt: skip
        said = _last_words(done.stderr)
        if said is None:
            raise FileUnreadable(FileFault.SHEET_TOO_LARGE)  # it ran out of memory or time, and ended in the middle
        if "fault" in said:
            raise FileUnreadable(FileFault[said["fault"]])
        yield text, said.get("sheet", "")


def _kind_of(start: bytes, text: bytes) -> FileKind | None:
    """What kind of file begins with ``start``, if it cannot be a list. ``text`` is the same without a byte order mark and
    leading blanks."""
    if start[:4] == b"RIFF":
        return _CONTAINERS.get(start[8:12])
    if start[:1] == b"\0" and start[4:8] == b"ftyp":  # MP4, and the pictures of telephones
        return FileKind.PICTURE if start[8:11] in (b"hei", b"mif", b"avi") else FileKind.SOUND
    found = (kind for begin, kind in _FIRST_BYTES if start.startswith(begin) or text.startswith(begin))
    return next(found, FileKind.WEB_PAGE if _WEB_PAGE.match(text) else None)


def _last_words(complaints: bytes) -> dict[str, str] | None:
    try:
        said = json.loads(complaints.decode("utf-8", "replace").strip().rpartition("\n")[2])
    except ValueError:
        return None
    return {str(key): str(value) for key, value in said.items()} if isinstance(said, dict) else None


@contextmanager
def _kept(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The stream's content in a file without a name, which is gone with this process however it ends."""
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(stream, kept, _CHUNK)
        yield kept


def _decoded(raw: BinaryIO, sheet: str) -> DecodedFile:
    raw.seek(0, io.SEEK_END)
    size = raw.tell()
    encoding, errors = _encoding(raw)
    raw.seek(0)
    lines = io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline="")
    return DecodedFile(lines, encoding, size, raw, sheet)


def _encoding(raw: BinaryIO) -> tuple[str, str]:
    """The encoding, and what is done about bytes that it does not know."""
    raw.seek(0)
    start = raw.read(4096)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", "surrogateescape"
    try:
        encoding = wide_encoding(start)
    except ValueError as error:
        raise FileUnreadable(FileFault.NOT_TEXT) from error
    if encoding:
        return encoding, "replace"
    broken, wide = _what_utf_8_makes_of(raw)
    # A few broken bytes among proper UTF-8 spoil their own lines only; in Windows-1252 hardly a letter is UTF-8 by chance.
    if broken == 0 or wide > broken:
        return "utf-8", "surrogateescape"
    return _older_encoding(raw), "latin-where-undefined"


def _older_encoding(raw: BinaryIO) -> str:
    """Windows-1251, which writes Cyrillic, or Windows-1252."""
    raw.seek(0)
    while chunk := raw.read(_CHUNK):
        if (first := _BEYOND_ASCII.search(chunk)) is not None:
            sample = chunk[max(0, first.start() - 200) : first.start() + _GUESSED_FROM]
            sample = sample.translate(None, _TELLS_NOTHING)
            if _TWO_BEYOND_ASCII.search(sample) is None:  # Cyrillic comes in words, accents alone
                return "cp1252"
            best = from_bytes(sample, cp_isolation=["cp1251", "cp1252"]).best()
            return best.encoding if best is not None and best.encoding == "cp1251" else "cp1252"
    return "cp1252"


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
