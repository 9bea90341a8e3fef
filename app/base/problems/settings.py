"""What can be wrong with a setting, and with the folder that one names."""

from dataclasses import dataclass
from enum import Enum, auto

from app.base.problems.database import DatabaseProblem


class SettingFault(Enum):
    """Nothing more is to be said than which it is."""

    BASE_URL_MISSING = auto()
    API_URL_UNREADABLE = auto()
    SMTP_URL_UNREADABLE = auto()


@dataclass(frozen=True, slots=True)
class BaseUrlUnreadable:
    """``url`` is no address that a provider could call."""

    url: str


@dataclass(frozen=True, slots=True)
class BaseUrlNotEncrypted:
    """``url`` is reached over plain http, and not on this computer alone."""

    url: str


@dataclass(frozen=True, slots=True)
class BaseUrlHasPath:
    """``url`` goes on after the host with ``path``: pages and steps of calls are found at the root only."""

    url: str
    path: str


@dataclass(frozen=True, slots=True)
class DataFolderNotWritten:
    """Nothing can be written in ``folder``; ``reason`` is what the operating system says."""

    folder: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProxiesUnreadable:
    """ANTICHAMBRE_TRUSTED_PROXIES does not list addresses; ``reason`` is what the standard library says."""

    reason: str


SettingProblem = (
    ProxiesUnreadable | SettingFault | BaseUrlUnreadable | BaseUrlNotEncrypted | BaseUrlHasPath | DataFolderNotWritten
)


class SettingRefused(ValueError):
    """Settings with this value are not accepted; pydantic hands the ``cause`` on."""

    def __init__(self, cause: SettingProblem | DatabaseProblem) -> None:
        super().__init__(str(cause))
        self.cause = cause
