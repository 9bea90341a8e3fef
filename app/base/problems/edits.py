"""What can be wrong with a change whatever is changed."""

from dataclasses import dataclass
from enum import Enum, auto

from app.base.problems.members import WithMembers


class EditFault(Enum):
    """Nothing more is to be said than which it is."""

    NAME_TAKEN = auto()
    STILL_IN_USE = auto()
    UNKNOWN_ID = auto()
    CONTRADICTION = auto()
    CHANGED_MEANWHILE = auto()
    NOT_UNDONE = auto()
    LIST_IMPORT_UNDER_WAY = auto()
    COUNTRY_UNKNOWN = auto()
    TIME_ZONE_UNKNOWN = auto()
    NOT_REHEARSED = auto()
    REHEARSAL_UNDER_WAY = auto()
    TOO_MANY_PRODUCTS = auto()
    PRODUCT_SOLD = auto()
    BORDERS_CROSSED = auto()
    RATE_UNREADABLE = auto()
    DECIDED_ALREADY = auto()
    CATEGORY_CHANGED_SINCE = auto()


@dataclass(frozen=True, slots=True)
class LanguageNotSpoken:
    """Callers are addressed in one of ``spoken`` (ISO 639-1)."""

    spoken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class User:
    """A row that refers to another: ``resource`` as in the API, and the row's id and name there."""

    resource: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class StillUsedBy(WithMembers):
    """The first ``users`` of what was to be deleted, and how many ``more`` there are."""

    users: tuple[User, ...]
    more: int

    def members(self) -> dict[str, object]:
        """``used_by``."""
        return {"used_by": [{"resource": one.resource, "id": one.id, "name": one.name} for one in self.users]}


EditProblem = EditFault | LanguageNotSpoken | StillUsedBy
