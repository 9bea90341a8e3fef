"""What is wrong with a file that is imported, and with a line of it, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.language import ngettext
from app.base.problems.files import (
    BadLinesAndMissing,
    CellTooLong,
    ControlCharacter,
    FileFault,
    FileKind,
    FileNotOpened,
    FileProblem,
    FileTooLarge,
    ImportFault,
    LineFault,
    LineProblem,
    LineTooLong,
    NoList,
    OtherNumberOfCells,
    SaleFault,
    TooManyLines,
    TooManySales,
    UnknownColumn,
    UnknownTreatment,
)
from app.base.problems.numbers import NumberNotRead, PatternNotRead
from app.words.problems.numbers import number_words


def file_words(cause: FileProblem) -> str:
    """One sentence."""
    match cause:
        case FileFault.EMPTY:
            return _("The file is empty.")
        case FileFault.NOT_TEXT:
            return _("This is not text; save the list as CSV (UTF-8) and import that.")
        case FileFault.ENCRYPTED:
            return _("This file is protected by a password; save it without one and import that.")
        case FileFault.SHEET_UNREADABLE:
            return _("This is no sheet that can be read; save the sheet as CSV (UTF-8) and import that.")
        case FileFault.SHEET_TOO_LARGE:
            return _("This sheet is too large to be opened; save it as CSV (UTF-8) and import that.")
        case FileFault.NOTHING_UPLOADED:
            return _("There is no file here; choose one, or paste lines.")
        case FileFault.NO_COLUMN_OF_NUMBERS:
            return _(
                "The first line names no column of numbers; begin the file with a line such as number,label,reason, or "
                "give one number a line."
            )
        case FileFault.NO_CLIENT_COLUMNS:
            return _(
                "The first line names no column of numbers; begin the file with a line such as name,company,number,category."
            )
        case FileFault.NO_SALES_COLUMNS:
            return _(
                "The first line names no columns of clients, days and amounts; begin the file with a line such as "
                "client,date,amount,product."
            )
        case TooManySales(limit):
            return _("A file of sales has at most %(limit)s lines; split it.", limit=limit)
        case TooManyLines(limit):
            return _("A file of clients has at most %(limit)s lines; split it.", limit=limit)
        case FileFault.NO_LINE_READABLE:
            return _("No line of the file could be read.")
        case ImportFault():
            return _import_words(cause)
        case FileTooLarge(megabytes):
            return _(
                "A file has at most %(megabytes)s MB; split it, or import it on the server with `antichambre import`.",
                megabytes=megabytes,
            )
        case UnknownColumn(name, known):
            return _(
                "A column cannot be “%(name)s”; it is one of %(known)s, or empty.", name=name, known=", ".join(known)
            )
        case BadLinesAndMissing(count):
            return ngettext(
                "%(num)s line cannot be read, so nobody knows what is missing in the file. Mend it, or import without "
                "taking entries off.",
                "%(num)s lines cannot be read, so nobody knows what is missing in the file. Mend them, or import without "
                "taking entries off.",
                count,
            )
        case NoList(kind):
            return _no_list_words(kind)
        case FileNotOpened(path, reason):
            return _("%(path)s cannot be read (%(reason)s); is the path right?", path=path, reason=reason)
        case _:
            assert_never(cause)


def _no_list_words(kind: FileKind) -> str:
    match kind:
        case FileKind.PDF:
            return _(
                "This is a PDF, whatever its name says. Open the list where it comes from, save it as CSV (UTF-8) and "
                "import that."
            )
        case FileKind.PICTURE:
            return _("This is a picture, whatever its name says. Save the list as CSV (UTF-8) and import that.")
        case FileKind.SOUND:
            return _("This is a sound or a film, whatever its name says. Save the list as CSV (UTF-8) and import that.")
        case FileKind.ARCHIVE:
            return _("This is an archive, whatever its name says. Unpack it, and import the list that is in it.")
        case FileKind.PROGRAM:
            return _("This is a program or a database, not a list. Save the list as CSV (UTF-8) and import that.")
        case FileKind.WEB_PAGE:
            return _(
                "This is a web page, whatever its name says: maybe one that asks you to sign in. Download the list itself "
                "and import that."
            )
        case _:
            assert_never(kind)


def _import_words(fault: ImportFault) -> str:
    match fault:
        case ImportFault.TOO_MANY_COLUMNS:
            return _("These are more columns than a file can have.")
        case ImportFault.OUTCOME_DIFFERS:
            return _(
                "What is there has changed since the preview, and the import would do something else now. Look at the new "
                "counts, then apply it again."
            )
        case ImportFault.UNDER_WAY:
            return _("This import is being applied or undone; wait until that is done.")
        case ImportFault.APPLIED_ALREADY:
            return _("This import has been applied already; upload the file again to import it once more.")
        case ImportFault.NOT_APPLIED:
            return _("This import has not been applied, so there is nothing to undo.")
        case ImportFault.NOT_THERE:
            return _("Somebody has deleted this import meanwhile.")
        case ImportFault.UNDONE_ALREADY:
            return _("This import has been undone already.")
        case ImportFault.TOO_LATE_TO_UNDO:
            return _("An import can be undone for 30 days; these are over.")
        case ImportFault.UNDO_NEEDS_SUPERVISOR:
            return _("This import has changed clients who are VIPs or blacklisted. Ask a supervisor to undo it.")
        case ImportFault.NO_CLIENT_TAKEN_OFF:
            return _("An import never deletes clients; leave this out.")
        case ImportFault.NO_SALE_TAKEN_OFF:
            return _("An import of sales takes none away; leave this out, or undo an earlier import.")
        case ImportFault.COLUMNS_WANTED:
            return _("Say first which column has the numbers.")
        case _:
            assert_never(fault)


def line_words(cause: LineProblem) -> str:
    """One sentence about a line of a file."""
    match cause:
        case LineFault():
            return _fault_words(cause)
        case SaleFault():
            return _sale_words(cause)
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
            return _("The kind of match is exact, prefix, range or country; leave it empty for exact.")
        case LineFault.UNKNOWN_LINE:
            return _("One of these is not a line of yours; give line numbers, with spaces between them.")
        case LineFault.UNKNOWN_COUNTRY:
            return _("This is not a country; write a code such as DE, a name, or a calling code such as +49.")
        case LineFault.REVIEW_UNREADABLE:
            return _("This review date cannot be read. Write it like 2026-12-31.")
        case LineFault.REVIEW_TOO_FAR_AWAY:
            return _("This review is too far away. Choose an earlier day, or none.")
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
        case LineFault.SWITCHED_OFF:
            return _("This is switched off where the file comes from, and is left out.")
        case LineFault.OUTGOING_ONLY:
            return _("This is about calls that go out, not about those that come in, and is left out.")
        case LineFault.TOO_MANY_NUMBERS:
            return _("There are too many numbers on this line; spread them over several.")
        case _:
            assert_never(fault)


def _sale_words(fault: SaleFault) -> str:
    match fault:
        case SaleFault.CLIENT_MISSING:
            return _("There is no client here; give a number, a card number, or the client's id.")
        case SaleFault.CLIENT_UNKNOWN:
            return _("None of your clients has this number, card number or id; add the client first.")
        case SaleFault.SEVERAL_CLIENTS:
            return _("Several clients have this number; give the client's id.")
        case SaleFault.SEVERAL_WITH_CARD:
            return _("Several clients have this card number; give the client's id, or mend their cards.")
        case SaleFault.DATE_MISSING:
            return _("There is no day here; write it like 2026-07-24.")
        case SaleFault.DATE_UNREADABLE:
            return _("This is no day; write it like 2026-07-24.")
        case SaleFault.DATE_TOO_FAR_AWAY:
            return _("A sale is between 1970 and today; mend the day.")
        case SaleFault.AMOUNT_MISSING:
            return _("There is no amount here; write it like 1234.56, and a return like -1234.56.")
        case SaleFault.AMOUNT_UNREADABLE:
            return _("This is no amount; write it like 1234.56, and a return like -1234.56.")
        case SaleFault.AMOUNT_TOO_SMALL:
            return _("This amount is less than a cent; mend it, or leave the line out.")
        case SaleFault.CURRENCY_UNKNOWN:
            return _("This is no currency; write its three letters, like EUR.")
        case SaleFault.TWO_CURRENCIES:
            return _("The amount names another currency than the column; give one.")
        case SaleFault.TOO_MANY_PRODUCTS:
            return _("A company has at most 1000 products; give several one name.")
        case _:
            assert_never(fault)
