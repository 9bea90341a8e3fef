"""What can be wrong when a call is looked for, judged, noted or asked about again."""

from dataclasses import dataclass
from enum import Enum, auto

from app.base.problems.telephone import Fault
from routing.dialling import AddressFault
from routing.move import MoveFault


class CallFault(Enum):
    """Nothing more is to be said than which it is."""

    SOMEBODY_ELSE_LISTED = auto()
    NOT_ON_THE_BLACKLIST_ITSELF = auto()
    NO_NUMBER_TO_LIST = auto()
    REASON_NEEDED = auto()
    NO_NUMBER_TO_CALL_BACK = auto()
    NEXT_CONTACT_IS_PAST = auto()
    NO_NUMBER_FOR_A_CLIENT = auto()
    UNKNOWN_REASON = auto()
    UNKNOWN_OUTCOME = auto()
    UNKNOWN_ATTESTATION = auto()
    TIME_UNREADABLE = auto()
    STILL_GOES_ON = auto()
    OUTCOME_OF_SOMEBODY_ELSE = auto()
    NUMBER_NOT_OF_THIS_CLIENT = auto()
    CLIENT_UNKNOWN = auto()
    UNKNOWN_CALL = auto()
    DRAFTS_ARE_FOR_PEOPLE = auto()
    CALLBACK_CLOSED = auto()
    CALLBACK_OPEN_ALREADY = auto()
    CALLBACK_WITHOUT_TELEPHONE = auto()
    CALLBACK_OF_BLOCKED = auto()
    CALLBACK_OWNER_TALKS = auto()
    CALLBACK_RINGS_ALREADY = auto()
    DATE_TOO_FAR = auto()
    UNKNOWN_OPERATOR = auto()
    NO_PROVIDER_API = auto()
    PROVIDER_REFUSES = auto()
    PROVIDER_AWAY = auto()
    NOT_IN_FAKE_QUEUE = auto()
    CALL_IS_OVER = auto()
    CALLER_IS_BLOCKED = auto()
    NOT_YOUR_CALL = auto()
    YOU_TAKE_NO_CALLS = auto()
    YOURS_ALREADY = auto()
    NOBODY_TALKS = auto()
    NOBODY_IS_ASKED = auto()
    ONE_DESTINATION = auto()
    QUEUES_ARE_NOT_ASKED = auto()
    NO_REST_KEY = auto()
    OPERATOR_IS_BUSY = auto()
    YOU_ARE_BUSY = auto()
    SOMEBODY_IS_ASKED = auto()
    SOUND_NOT_FETCHED = auto()
    NOTHING_TO_SEE = auto()
    NO_WEB_ADDRESS = auto()


@dataclass(frozen=True, slots=True)
class CallerTooLong:
    """No provider sends more than ``limit`` characters of a caller."""

    limit: int


@dataclass(frozen=True, slots=True)
class SavedMeanwhile:
    """The number has been saved as the client ``name``."""

    name: str


@dataclass(frozen=True, slots=True)
class NumberNotRung:
    """``number`` is not one that may be rung at the company's expense."""

    number: str
    fault: AddressFault


@dataclass(frozen=True, slots=True)
class NotDone:
    """The provider has not done it."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class NotMovedThere:
    """Nobody can be sent there."""

    fault: MoveFault


CallProblem = CallFault | CallerTooLong | SavedMeanwhile | NumberNotRung | NotDone | NotMovedThere
