"""Files come in the encodings of their programs."""

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.problems.files import FileKind, NoList
from app.lists.files.decoded_file import FileUnreadable, decoded_file, packed_file
from app.lists.files.problem_json import file_problem_as_json, file_problem_of_json
from app.words.problems.files import file_words

TEXT = "Numéro;Nom\r\n0639980001;Véra Fournier\r\n"


def read(content: bytes) -> tuple[str, str]:
    with decoded_file(io.BytesIO(content)) as file:
        return file.lines.read(), file.encoding


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp1252", "latin-1"],
)
def test_the_text_is_the_same_whatever_wrote_it(encoding: str) -> None:
    assert read(TEXT.encode(encoding))[0] == TEXT


def test_cyrillic_in_utf_16_without_a_mark_is_read() -> None:
    text = "номер,имя\n+33639980001,Вера\n"
    assert read(text.encode("utf-16-le"))[0] == text


def test_a_broken_byte_spoils_its_own_line_and_not_the_accents_of_all_others() -> None:
    content = "label\nVéra\nZoé\n".encode() + b"Bo\xffris\n"
    text, encoding = read(content)
    assert encoding == "utf-8"
    assert "Véra\nZoé\n" in text
    assert "\udcff" in text


def test_the_five_undefined_bytes_of_windows_1252_do_not_end_the_reading() -> None:
    assert read(b"caf\xe9 \x81\x8d\x8f\x90\x9d\n")[0].startswith("café ")


@pytest.mark.parametrize("content", [b"PK\x03\x04rest of a workbook", b"\xd0\xcf\x11\xe0old workbook"])
def test_an_office_document_that_is_no_sheet_is_named_with_the_remedy(content: bytes) -> None:
    with pytest.raises(FileUnreadable, match="SHEET_UNREADABLE"):
        read(content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n1 0 obj\n", FileKind.PDF),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", FileKind.PICTURE),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", FileKind.PICTURE),
        (b"RIFF\x24\0\0\0WEBPVP8 ", FileKind.PICTURE),
        (b"RIFF\x24\0\0\0WAVEfmt ", FileKind.SOUND),
        (b"\0\0\0\x18ftypheic\0\0", FileKind.PICTURE),
        (b"\0\0\0\x20ftypisom\0\0", FileKind.SOUND),
        (gzip.compress(b"number\n+33639980001\n", mtime=0), FileKind.ARCHIVE),
        (b"SQLite format 3\0", FileKind.PROGRAM),
        (b"\xef\xbb\xbf\n <!DOCTYPE html>\n<html><title>Sign in</title>", FileKind.WEB_PAGE),
        (b"<!-- saved from x -->\n<HTML lang=fr>", FileKind.WEB_PAGE),
    ],
)
def test_what_is_no_list_is_named_as_what_it_is(content: bytes, kind: FileKind) -> None:
    for read_it in (read, packed_file):
        with pytest.raises(FileUnreadable) as refused:
            read_it(content)
        assert refused.value.cause == NoList(kind)
    assert file_problem_of_json(file_problem_as_json(NoList(kind))) == NoList(kind)
    assert file_words(NoList(kind))


@pytest.mark.parametrize(
    "text", ["MZ,number\n", "GIF,+33639980001\n", "head,number\n", "<html,number\n", "RIFFnumber\n", "typeftypisom\n"]
)
def test_text_that_begins_like_something_else_is_text(text: str) -> None:
    assert read(text.encode())[0] == text


def test_a_program_is_no_list() -> None:
    with pytest.raises(FileUnreadable, match="NOT_TEXT"):
        read(bytes(range(1, 200)) + b"\0" + bytes(range(1, 200)))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"FileNotOpened.*numbers\.csv"), decoded_file(tmp_path / "numbers.csv"):
        pass


@given(st.binary(max_size=300))
def test_no_content_whatsoever_is_a_surprise(content: bytes) -> None:
    try:
        text, _ = read(content)
    except FileUnreadable:
        return
    assert isinstance(text, str)
