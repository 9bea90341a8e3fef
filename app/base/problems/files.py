"""What can be wrong with a file that is imported, and with a line of it."""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Final

from app.base.problems.numbers import NumberProblem


class FileFault(Enum):
    """The file as a whole cannot be read."""

    EMPTY = auto()
    NOT_TEXT = auto()
    ENCRYPTED = auto()
    SHEET_UNREADABLE = auto()
    SHEET_TOO_LARGE = auto()
    NO_COLUMN_OF_NUMBERS = auto()
    NOTHING_UPLOADED = auto()
    NO_LINE_READABLE = auto()
    NO_CLIENT_COLUMNS = auto()
    NO_SALES_COLUMNS = auto()


class FileKind(StrEnum):
    """What a file is that is no list, whatever its name says."""

    PDF = "pdf"
    PICTURE = "picture"
    SOUND = "sound"
    ARCHIVE = "archive"
    PROGRAM = "program"
    WEB_PAGE = "web_page"


@dataclass(frozen=True, slots=True)
class NoList:
    """The file is of another ``kind``."""

    kind: FileKind


@dataclass(frozen=True, slots=True)
class FileNotOpened:
    """The operating system does not open ``path``; ``reason`` is what it says."""

    path: str
    reason: str


class ImportFault(Enum):
    """What stands against an import as a whole."""

    TOO_MANY_COLUMNS = auto()
    OUTCOME_DIFFERS = auto()
    """The list has changed since the preview, and the import would do something else now."""
    UNDER_WAY = auto()
    APPLIED_ALREADY = auto()
    NOT_APPLIED = auto()
    UNDONE_ALREADY = auto()
    TOO_LATE_TO_UNDO = auto()
    COLUMNS_WANTED = auto()
    UNDO_NEEDS_SUPERVISOR = auto()
    NO_CLIENT_TAKEN_OFF = auto()
    NO_SALE_TAKEN_OFF = auto()
    NOT_THERE = auto()
    """Somebody has deleted it meanwhile."""


@dataclass(frozen=True, slots=True)
class FileTooLarge:
    """A file has at most ``megabytes``."""

    megabytes: int


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A column cannot be ``name``; ``known`` are what it can be."""

    name: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadLinesAndMissing:
    """What is missing in a file of which ``count`` lines cannot be read is not known."""

    count: int


@dataclass(frozen=True, slots=True)
class TooManyLines:
    """A file of clients has at most ``limit`` lines."""

    limit: int


@dataclass(frozen=True, slots=True)
class TooManySales:
    """A file of sales has at most ``limit`` lines."""

    limit: int


FileProblem = (
    TooManyLines
    | TooManySales
    | FileFault
    | NoList
    | FileNotOpened
    | ImportFault
    | FileTooLarge
    | UnknownColumn
    | BadLinesAndMissing
)


class LineFault(Enum):
    """A line of the file cannot be imported; nothing more is to be said than why."""

    NUMBER_MISSING = auto()
    UNKNOWN_MATCH = auto()
    UNKNOWN_LINE = auto()
    UNKNOWN_COUNTRY = auto()
    EXPIRY_UNREADABLE = auto()
    EXPIRY_TOO_FAR_AWAY = auto()
    REVIEW_UNREADABLE = auto()
    REVIEW_TOO_FAR_AWAY = auto()
    QUOTATION_MARKS_DO_NOT_MATCH = auto()
    NOT_UTF_8 = auto()
    SWITCHED_OFF = auto()
    OUTGOING_ONLY = auto()
    TOO_MANY_NUMBERS = auto()


DOES_NOT_COUNT: Final = frozenset({LineFault.SWITCHED_OFF, LineFault.OUTGOING_ONLY})
"""Of lines that can be read, and say themselves that they block nobody who calls."""


class SaleFault(Enum):
    """A line of a file of sales cannot be imported; nothing more is to be said than why."""

    CLIENT_MISSING = auto()
    CLIENT_UNKNOWN = auto()
    SEVERAL_CLIENTS = auto()
    SEVERAL_WITH_CARD = auto()
    DATE_MISSING = auto()
    DATE_UNREADABLE = auto()
    DATE_TOO_FAR_AWAY = auto()
    AMOUNT_MISSING = auto()
    AMOUNT_UNREADABLE = auto()
    AMOUNT_TOO_SMALL = auto()
    CURRENCY_UNKNOWN = auto()
    TWO_CURRENCIES = auto()
    TOO_MANY_PRODUCTS = auto()


@dataclass(frozen=True, slots=True)
class OtherNumberOfCells:
    """The line has ``cells`` cells, the header ``header``."""

    cells: int
    header: int


@dataclass(frozen=True, slots=True)
class LineTooLong:
    """A line has at most ``limit`` characters."""

    limit: int


@dataclass(frozen=True, slots=True)
class CellTooLong:
    """A cell has at most ``limit`` characters; this one has ``length``."""

    limit: int
    length: int


@dataclass(frozen=True, slots=True)
class ControlCharacter:
    """The cell holds the control character of this Unicode ``code``."""

    code: int


@dataclass(frozen=True, slots=True)
class UnknownTreatment:
    """The treatments of the list are ``known``."""

    known: tuple[str, ...]


LineProblem = (
    LineFault
    | SaleFault
    | OtherNumberOfCells
    | LineTooLong
    | CellTooLong
    | ControlCharacter
    | UnknownTreatment
    | NumberProblem
)
