"""What can be wrong with users, keys, one's own settings and a new company."""

from dataclasses import dataclass
from enum import Enum, auto


class PeopleFault(Enum):
    """Nothing more is to be said than which it is."""

    OWN_NAME_MISSING = auto()
    PASSWORD_WRONG = auto()
    PASSWORDS_DIFFER = auto()
    PASSWORD_EASILY_GUESSED = auto()
    TOO_MANY_GUESSES = auto()
    NO_OPERATOR = auto()
    UNKNOWN_OPERATOR = auto()
    KEY_EXPIRY_IN_THE_PAST = auto()
    EMAIL_NOT_VALID = auto()
    EMAIL_TAKEN = auto()
    LAST_ADMIN = auto()
    COMPANY_NAME_MISSING = auto()
    SET_UP_ALREADY = auto()
    ACCOUNT_TAKEN = auto()
    NOBODY_IS_RUNG = auto()
    KEY_WITHOUT_SCOPE = auto()
    MAY_NOT_BLOCK = auto()
    LINK_NOT_VALID = auto()
    ALREADY_INVITED = auto()
    CODE_WRONG = auto()
    CODES_LOCKED = auto()
    SECOND_FACTOR_ON = auto()
    SECOND_FACTOR_NEEDED = auto()
    NO_SECOND_FACTOR = auto()
    DISABLED = auto()


@dataclass(frozen=True, slots=True)
class PasswordTooShort:
    """A password has at least ``least`` characters."""

    least: int


@dataclass(frozen=True, slots=True)
class ScopeNotOwn:
    """An API key without the ``scope`` cannot hand it out."""

    scope: str


PeopleProblem = PeopleFault | PasswordTooShort | ScopeNotOwn
