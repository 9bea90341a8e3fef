"""A sheet (XLSX, XLS, ODS), a JSON array or vCards as CSV, in a process of its own with little memory and little time:
files that swell when they are opened end this process and nothing else.

``python -m app.lists.files.sheet_process`` reads the file on standard input and writes CSV on standard output; the last line
on standard error is JSON that says which sheet it was, or what is wrong.
"""

import csv
import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Final, TextIO

from app.lists.files.beginning import text_beginning
from app.lists.files.card_rows import write_cards
from app.lists.files.formula_guard import guarded

MEMORY_BYTES: Final = 1536 * 1024 * 1024
CPU_SECONDS: Final = 60
MOST_CHARACTERS: Final = 256 * 1024 * 1024
"""Of CSV."""


class _Unfit(Exception):
    """The argument is the name of a :class:`app.base.problems.files.FileFault`."""


class _Bounded(io.TextIOBase):
    """A text file that takes no more than :data:`MOST_CHARACTERS`."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._left = out, MOST_CHARACTERS

    def write(self, text: str) -> int:
        """As a file's."""
        self._left -= len(text)
        if self._left < 0:
            raise _Unfit("SHEET_TOO_LARGE")
        return self._out.write(text)


def main() -> None:
    """One file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    said: dict[str, str] = {}
    with io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="") as out:
        try:
            content = sys.stdin.buffer.read()
            if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
                said["sheet"] = _write_sheet(content, _Bounded(out))
            elif text_beginning(content)[:1] == b"[":
                _write_json(content, _Bounded(out))
            else:
                write_cards(content, _Bounded(out))
        except _Unfit as unfit:
            said["fault"] = str(unfit)
        except MemoryError:
            said["fault"] = "SHEET_TOO_LARGE"
    sys.stderr.write("\n" + json.dumps(said) + "\n")


def _write_sheet(content: bytes, out: _Bounded) -> str:
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        visible = [
            one.name for one in book.sheets_metadata
            if one.visible is python_calamine.SheetVisibleEnum.Visible
            and one.typ is python_calamine.SheetTypeEnum.WorkSheet
        ]  # fmt: skip
        for name in visible or book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height:
                writer = csv.writer(out)
                for _ in range(sheet.start[0] if sheet.start else 0):
                    out.write("\r\n")  # so that lines are counted as the sheet counts them
                for row in sheet.iter_rows():
                    writer.writerow([_text(cell) for cell in row])
                return name[:100]
    except python_calamine.PasswordError:
        raise _Unfit("ENCRYPTED") from None
    except python_calamine.CalamineError as error:
        if b"E\0n\0c\0r\0y\0p\0t\0" in content[:1_000_000]:
            raise _Unfit("ENCRYPTED") from error
        raise _Unfit("SHEET_UNREADABLE") from error
    except (ValueError, OSError) as error:
        raise _Unfit("SHEET_UNREADABLE") from error
    raise _Unfit("EMPTY")


def _text(cell: object) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case _:
            return str(cell)


def _write_json(content: bytes, out: _Bounded) -> None:
    try:
        rows = json.loads(content)
    except (ValueError, RecursionError):
        raise _Unfit("NOT_TEXT") from None
    if not isinstance(rows, list) or not all(isinstance(one, dict | str) for one in rows):
        raise _Unfit("NOT_TEXT")
    rows = [one if isinstance(one, dict) else {"number": one} for one in rows]
    names = list(dict.fromkeys(name for row in rows for name in row))
    if not names:
        raise _Unfit("EMPTY")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(names)
    for row in rows:
        writer.writerow([guarded(_json_text(row.get(name))) for name in names])


def _json_text(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case list() if all(isinstance(one, str) for one in value):
            return " ".join(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main()
