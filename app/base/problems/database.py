"""Why a database cannot be used: its address, the way to it, the server, the rights, the schema."""

from dataclasses import dataclass
from enum import Enum, auto


class DatabaseFault(Enum):
    """Nothing more is to be said than which it is."""

    NOT_POSTGRESQL = auto()
    ADDRESS_UNREADABLE = auto()
    CHANNEL_BINDING = auto()
    """``channel_binding=require``: the driver cannot do it, and leaving it out in silence would be less than was asked."""
    NO_TLS = auto()
    POOLER_REFUSES = auto()
    POOLER_SHARES = auto()
    READ_ONLY = auto()
    NO_SCHEMA_TO_USE = auto()
    OTHER_SECRET_KEY = auto()
    """What is encrypted in it was encrypted with another ANTICHAMBRE_SECRET_KEY: no call could be verified."""


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """DATABASE_URL has the parameter ``word``; those that are understood are ``known``."""

    word: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordNotValid:
    """The parameter ``word`` of DATABASE_URL has the ``value``; ``allowed`` are its values, or the form that it has."""

    word: str
    value: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileOfUrlNotRead:
    """The parameter ``word`` of DATABASE_URL names the file ``path``; ``reason`` is what the operating system says."""

    word: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class DatabaseSilent:
    """Nobody answers; ``reason`` is what the driver says."""

    reason: str


@dataclass(frozen=True, slots=True)
class CertificateNotTrusted:
    """The TLS handshake failed; ``reason`` is what OpenSSL says."""

    reason: str


@dataclass(frozen=True, slots=True)
class DatabaseRefuses:
    """The server refuses us (password, database, ``pg_hba.conf``, limits) or a statement; ``reason`` is what it says."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotUtf8:
    """The database is encoded in ``encoding``: the name of a caller in another script could not be stored."""

    database: str
    encoding: str


@dataclass(frozen=True, slots=True)
class ServerTooOld:
    """The server's major ``version`` is below ``needed``."""

    version: int
    needed: int


@dataclass(frozen=True, slots=True)
class NoRightToCreate:
    """The ``role`` may not make tables in ``schema``: since PostgreSQL 15 nobody but the database's owner may in public."""

    role: str
    schema: str


@dataclass(frozen=True, slots=True)
class NoRightToTables:
    """The ``role`` may not read and write ``table`` and ``others`` more."""

    role: str
    table: str
    others: int


@dataclass(frozen=True, slots=True)
class OtherSchema:
    """The database has the schema ``current`` (None: none at all), this version needs ``needed``."""

    current: str | None
    needed: str


@dataclass(frozen=True, slots=True)
class NewerSchema:
    """The schema ``current`` is none that this version knows: a later one made it."""

    current: str


@dataclass(frozen=True, slots=True)
class MigrationFailed:
    """The step to ``revision`` failed and was taken back; ``reason`` is what the server says. ``in_the_way``: somebody
    else held a lock for too long."""

    revision: str
    reason: str
    in_the_way: bool = False


DatabaseProblem = (
    DatabaseFault
    | UnknownWord
    | WordNotValid
    | FileOfUrlNotRead
    | DatabaseSilent
    | CertificateNotTrusted
    | DatabaseRefuses
    | NotUtf8
    | ServerTooOld
    | NoRightToCreate
    | NoRightToTables
    | OtherSchema
    | NewerSchema
    | MigrationFailed
)
