"""What can be wrong with the set-up of a company: lines, hours, holidays, menus, operators, accounts, texts."""

from dataclasses import dataclass
from enum import Enum, auto

from app.base.problems.members import WithMembers
from routing.hours import IntervalFault, IntervalUnreadable


class CompanyFault(Enum):
    """Nothing more is to be said than which it is."""

    NO_PLAN = auto()
    NO_LINE_YET = auto()
    UNKNOWN_LINE = auto()
    PHRASE_NOT_FOUND = auto()
    LINE_WITHOUT_ACCOUNT = auto()
    MENU_WITHOUT_PROMPT = auto()
    MENU_WITHOUT_KEYS = auto()
    KEY_TWICE = auto()
    KEY_LEADS_NOWHERE = auto()
    SCRIPT_EMPTY = auto()
    MENU_REPEATS_FOR_EVER = auto()
    MESSAGE_EMPTY = auto()
    INTERVALS_OVERLAP = auto()
    HOLIDAY_COUNTRY_OR_DAY = auto()
    HOLIDAY_INTERVALS_NEED_A_DAY = auto()
    HOLIDAY_THERE = auto()
    HOLIDAYS_OF_COUNTRY_THERE = auto()
    SUBDIVISION_WITHOUT_COUNTRY = auto()
    NO_HOLIDAYS_KNOWN = auto()
    ADDRESS_NOT_VALID = auto()
    ADDRESS_IS_SATELLITE = auto()
    ADDRESS_IS_NO_ORDINARY_NUMBER = auto()
    ADDRESS_IS_OWN_LINE = auto()
    ADDRESS_IS_PRIVATE = auto()
    COUNTRY_NOT_DIALLED = auto()
    MENU_RINGS_MANAGEMENT = auto()
    UNKNOWN_QUEUE = auto()
    PRESENCE_ENDS_IN_THE_PAST = auto()
    ENDS_IN_THE_PAST = auto()
    END_WITHOUT_A_STATE = auto()
    WHOLE_NUMBER_WANTED = auto()
    AMOUNT_WANTED = auto()
    NOT_A_WHOLE_NUMBER = auto()
    NOT_A_NUMBER = auto()
    RULE_MEANS_EVERYBODY = auto()
    TOO_MANY_RULES = auto()
    NAME_NOT_VISIBLE = auto()


@dataclass(frozen=True, slots=True)
class UnknownProvider:
    """There is no provider of this name."""

    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountNotValid:
    """No account at the ``provider`` (its name) looks like that."""

    provider: str


@dataclass(frozen=True, slots=True)
class KeyNotValid:
    """No key that signs the requests of the ``provider`` (its name) looks like that."""

    provider: str


@dataclass(frozen=True, slots=True)
class CountryNotChosen:
    """``address`` rings a number of a country that the company has not chosen; it has ``chosen`` these (ISO codes)."""

    address: str
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineExists:
    """``number`` is a line already."""

    number: str


@dataclass(frozen=True, slots=True)
class LineRingsOperator:
    """``number`` rings the ``operator``: as a line too, calls to it would go round in a loop."""

    number: str
    operator: str


@dataclass(frozen=True, slots=True)
class TargetHasNoId:
    """A menu's target of this ``kind`` names nothing."""

    kind: str


@dataclass(frozen=True, slots=True)
class UnknownTarget:
    """There is no menu, queue, operator or other row (``kind``) of the id."""

    kind: str


@dataclass(frozen=True, slots=True)
class RungByKeys:
    """Keys of the ``menus`` (by name) ring whoever is to be management."""

    menus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleNeeds:
    """A rule's ``action`` (its code) is nothing without the ``field``."""

    action: str
    field: str


@dataclass(frozen=True, slots=True)
class RuleTakesNo:
    """A rule's ``action`` (its code) makes nothing of the ``field``."""

    action: str
    field: str


@dataclass(frozen=True, slots=True)
class MenuLoop(WithMembers):
    """Whoever presses nothing goes round through the menus ``path`` (ids), called ``names``."""

    path: tuple[str, ...]
    names: tuple[str, ...]

    def members(self) -> dict[str, object]:
        """``path``."""
        return {"path": list(self.path)}


@dataclass(frozen=True, slots=True)
class QueueLoop(WithMembers):
    """Callers who are sent elsewhere go round through the queues ``path`` (ids), called ``names``."""

    path: tuple[str, ...]
    names: tuple[str, ...]

    def members(self) -> dict[str, object]:
        """``path``."""
        return {"path": list(self.path)}


@dataclass(frozen=True, slots=True)
class UnknownDay:
    """The days of a week are called ``days``."""

    days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IntervalNotRead:
    """``text`` is no time span of a day: what :mod:`routing.hours` found wrong."""

    fault: IntervalFault
    text: str

    @classmethod
    def of(cls, error: IntervalUnreadable) -> "IntervalNotRead":
        """What ``error`` says."""
        return cls(error.fault, error.text)


@dataclass(frozen=True, slots=True)
class UnknownSubdivision:
    """Holidays of ``country`` are known for the parts ``known`` (ISO 3166-2, without the country)."""

    country: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownPlaceholder:
    """Nothing is said in the place of ``written``; of the placeholders that this text may hold, ``known``, it is none."""

    written: str
    known: tuple[str, ...]


CompanyProblem = (
    CompanyFault
    | UnknownProvider
    | AccountNotValid
    | KeyNotValid
    | CountryNotChosen
    | LineExists
    | LineRingsOperator
    | TargetHasNoId
    | UnknownTarget
    | RungByKeys
    | RuleNeeds
    | RuleTakesNo
    | MenuLoop
    | QueueLoop
    | UnknownDay
    | IntervalNotRead
    | UnknownSubdivision
    | UnknownPlaceholder
)
