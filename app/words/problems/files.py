"""What is wrong with a file that is imported, and with a line of it, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.language import ngettext
from app.base.problems.files import (
    CellTooLong,
    ControlCharacter,
    FileFault,
    FileNotOpened,
    FileProblem,
    LineFault,
    LineProblem,
    LineTooLong,
    OtherNumberOfCells,
    UnknownTreatment,
)
from app.base.problems.numbers import NumberNotRead, PatternNotRead
from app.words.problems.numbers import number_words


def file_words(cause: FileProblem) -> str:
    """One sentence."""
    match cause:
        case FileFault.EMPTY:
            return _("The file is empty.")
        case FileFault.OFFICE_DOCUMENT:
            return _("This is an office document; save the sheet as CSV (UTF-8) and import that.")
        case FileFault.NOT_TEXT:
            return _("This is not text; save the list as CSV (UTF-8) and import that.")
        case FileFault.NO_COLUMN_OF_NUMBERS:
            return _(
                "The first line names no column of numbers; begin the file with a line such as number,label,reason, or "
                "give one number a line."
            )
        case FileFault.NO_LINE_READABLE:
            return _("No line of the file could be read.")
        case FileNotOpened(path, reason):
            return _("%(path)s cannot be read (%(reason)s); is the path right?", path=path, reason=reason)
        case _:
            assert_never(cause)


def line_words(cause: LineProblem) -> str:
    """One sentence about a line of a file."""
    match cause:
        case LineFault():
            return _fault_words(cause)
        case NumberNotRead() | PatternNotRead():
            return number_words(cause)
        case OtherNumberOfCells(cells, header):
            return _(
                "This line has %(cells)s cells, the header %(header)s; put text that contains the separator into "
                "quotation marks.",
                cells=cells,
                header=header,
            )
        case LineTooLong(limit):
            return _("This line has more than %(limit)s characters; shorten it.", limit=limit)
        case CellTooLong(limit, length):
            return _("At most %(limit)s characters; this has %(length)s.", limit=limit, length=length)
        case ControlCharacter(code):
            return _("This contains the control character %(code)s; remove it.", code=f"U+{code:04X}")
        case UnknownTreatment(known):
            return _("A treatment is one of %(treatments)s, or empty.", treatments=", ".join(known))
        case _:
            assert_never(cause)


def rounded_words(count: int) -> str:
    """What a spreadsheet may have done to numbers that end alike."""
    return ngettext(
        "%(num)s number ends in 00000 and comes again: a spreadsheet may have rounded it. Check the file.",
        "%(num)s numbers end in 00000 and come again: a spreadsheet may have rounded them. Check the file.",
        count,
    )


def _fault_words(fault: LineFault) -> str:
    match fault:
        case LineFault.NUMBER_MISSING:
            return _("There is no number here; write one like +33612345678, or remove the line.")
        case LineFault.UNKNOWN_MATCH:
            return _("`match` is exact, prefix, range or country; leave it empty for exact.")
        case LineFault.UNKNOWN_LINE:
            return _("One of these is not a line of yours; give line numbers, with spaces between them.")
        case LineFault.UNKNOWN_COUNTRY:
            return _("This is not a country; write a code such as DE, a name, or a calling code such as +49.")
        case LineFault.EXPIRY_UNREADABLE:
            return _("This is not a date; write it like 2026-12-31 or 2026-12-31T18:00:00Z.")
        case LineFault.EXPIRY_TOO_FAR_AWAY:
            return _("The expiry is too far away; leave it out for an entry without an end.")
        case LineFault.QUOTATION_MARKS_DO_NOT_MATCH:
            return _(
                "The quotation marks do not match; a cell that begins with one ends with one, and inside it they are "
                "doubled."
            )
        case LineFault.NOT_UTF_8:
            return _("This contains bytes that are not UTF-8; save the file as UTF-8.")
        case _:
            assert_never(fault)
