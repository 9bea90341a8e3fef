"""What can be wrong with a client's card, and with merging, deleting and noting."""

from dataclasses import dataclass
from enum import Enum, auto


class ClientFault(Enum):
    """Nothing more is to be said than which it is."""

    NOT_FOUND = auto()
    PERHAPS_DELETED = auto()
    GONE_MEANWHILE = auto()
    NAME_MISSING = auto()
    UNKNOWN_CATEGORY = auto()
    TWO_CATEGORIES = auto()
    CHANGED_MEANWHILE = auto()
    STANDING_NEEDS_SUPERVISOR = auto()
    NUMBERS_NEED_SUPERVISOR = auto()
    DELETING_NEEDS_SUPERVISOR = auto()
    RESTORING_NEEDS_SUPERVISOR = auto()
    MERGING_NEEDS_SUPERVISOR = auto()
    SPLITTING_NEEDS_SUPERVISOR = auto()
    NOTHING_TO_SPLIT = auto()
    ERASING_NEEDS_SUPERVISOR = auto()
    ON_THE_LINE = auto()
    NOTHING_TO_UNDO = auto()
    ALREADY_BACK = auto()
    MERGED_WITH_ITSELF = auto()
    ABOUT_TOO_LONG_TOGETHER = auto()
    NOT_A_MERGE = auto()
    NOTE_EMPTY = auto()
    NOTE_NOT_FOUND = auto()
    NOTE_OF_SOMEBODY_ELSE = auto()
    PAGE_UNREADABLE = auto()
    UNKNOWN_STANDING = auto()
    STANDINGS_CONTRADICT = auto()
    UNKNOWN_OPERATOR = auto()
    UNKNOWN_KIND = auto()
    DAY_UNREADABLE = auto()
    FIELD_NEEDS_CHOICES = auto()
    FIELD_TAKES_NO_CHOICES = auto()


@dataclass(frozen=True, slots=True)
class TooManyNumbers:
    """A client has at most ``limit`` numbers."""

    limit: int


@dataclass(frozen=True, slots=True)
class NumberTwice:
    """``number`` (E.164) is given twice."""

    number: str


@dataclass(frozen=True, slots=True)
class NoteTooLong:
    """A note has at most ``limit`` characters."""

    limit: int


@dataclass(frozen=True, slots=True)
class NotChosenInMerge:
    """``fields`` are not among those that can be chosen when two clients become one."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotOnTheCard:
    """``text`` (a number in E.164, an address) does not stand on the card that is to be split, or it is given twice."""

    text: str


@dataclass(frozen=True, slots=True)
class UnknownCategory:
    """There is no category of this ``name``."""

    name: str


@dataclass(frozen=True, slots=True)
class SeveralClients:
    """What a line of a file says fits several clients, of these ``names``."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberUnderAnotherName:
    """A line of a file has a number of the client whom line ``line`` means under another ``name``."""

    line: int
    name: str


@dataclass(frozen=True, slots=True)
class EmailNotValid:
    """``text`` is no e-mail address."""

    text: str


@dataclass(frozen=True, slots=True)
class TagNotValid:
    """``text`` is no tag: empty, or with a character that stands between tags."""

    text: str


@dataclass(frozen=True, slots=True)
class TooManyOfThese:
    """A client has at most ``limit`` of what the field holds."""

    limit: int


@dataclass(frozen=True, slots=True)
class UnknownField:
    """The company has no field of its own of this ``name``."""

    name: str


@dataclass(frozen=True, slots=True)
class FieldNotRead:
    """What was given for the field ``name`` is none of its ``kind`` (text, number, date, choice); ``choices`` are what it is
    chosen from."""

    name: str
    kind: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldHasValues:
    """``clients`` have values in a field that its new kind, or its new choices, do not take."""

    clients: int


@dataclass(frozen=True, slots=True)
class TooManyFields:
    """A company has at most ``limit`` fields of its own."""

    limit: int


@dataclass(frozen=True, slots=True)
class UnknownResponsible:
    """There is no operator of this ``name``."""

    name: str


ClientProblem = (
    ClientFault | TooManyNumbers | NumberTwice | NoteTooLong | NotChosenInMerge | NotOnTheCard | UnknownCategory
    | SeveralClients | EmailNotValid | TagNotValid | TooManyOfThese | UnknownField | FieldNotRead | FieldHasValues
    | TooManyFields | UnknownResponsible | NumberUnderAnotherName
)  # fmt: skip
