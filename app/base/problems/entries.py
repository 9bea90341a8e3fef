"""What stands against an entry of the VIP list or the blacklist."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from app.base.problems.members import WithMembers
from filters.pattern import Pattern
from models.list_name import ListName


class EntryFault(Enum):
    """Nothing more is to be said than which it is."""

    EXPIRY_WITHOUT_ZONE = auto()
    EXPIRY_IN_THE_PAST = auto()
    EXPIRY_TOO_FAR_AWAY = auto()
    REVIEW_TOO_FAR_AWAY = auto()
    OWNER_UNKNOWN = auto()
    EVIDENCE_UNKNOWN = auto()
    UNKNOWN_TREATMENT = auto()
    NOTHING_WRITTEN = auto()
    ALREADY_ON_ITS_LIST = auto()
    PIN_NOT_DIGITS = auto()
    PIN_GUESSED_FIRST = auto()
    OWN_COUNTRY = auto()
    """It would block every caller from the company's own country, and nobody has said that this is meant."""


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """An entry of a list, as far as a conflict names it."""

    id: str
    list: ListName
    pattern: Pattern
    label: str = ""

    def as_json(self) -> dict[str, object]:
        """As the answers of the API have it."""
        return {
            "id": self.id, "list": self.list.value, "number": self.pattern.number, "match": self.pattern.kind.value,
            "to": self.pattern.to, "label": self.label,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class OnTheOtherList(WithMembers):
    """``entry`` stands on the list that says the opposite."""

    entry: ListedEntry

    def members(self) -> dict[str, object]:
        """``entry``."""
        return {"entry": self.entry.as_json()}


@dataclass(frozen=True, slots=True)
class OnThisList(WithMembers):
    """The list has this ``entry`` already; ``expires`` is its last day (UTC), None without an end."""

    entry: ListedEntry
    expires: date | None = None

    def members(self) -> dict[str, object]:
        """``entry``."""
        return {"entry": self.entry.as_json()}


@dataclass(frozen=True, slots=True)
class ClientSaysOtherwise(WithMembers):
    """``number`` is a client's own, and the client's standing is that of the list ``standing``, the opposite one."""

    number: str
    client_id: str
    client_name: str
    standing: ListName

    def members(self) -> dict[str, object]:
        """``client``, and an ``entry`` as if the number stood on the list itself."""
        return {
            "entry": {
                "id": self.client_id, "list": self.standing.value, "number": self.number, "match": "exact",
                "label": self.client_name,
            },
            "client": {"id": self.client_id, "name": self.client_name},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChosenByCompany:
    """Protected because it is on the company's list of protected numbers."""


@dataclass(frozen=True, slots=True)
class OperatorsNumber:
    """Protected because the operator ``name`` is rung there."""

    name: str


@dataclass(frozen=True, slots=True)
class OwnLine:
    """Protected because it is the company's line ``label``."""

    label: str


Protection = ChosenByCompany | OperatorsNumber | OwnLine


@dataclass(frozen=True, slots=True)
class CannotBeBlocked:
    """``number`` is protected, and ``why``."""

    number: str
    why: Protection


EntryProblem = EntryFault | OnTheOtherList | OnThisList | ClientSaysOtherwise | CannotBeBlocked
