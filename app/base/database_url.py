"""DATABASE_URL, in libpq's words, read once for every connection.

SQLAlchemy and asyncpg each read a URL in a way of their own: ``sslmode=require``, which managed services print, is unknown
to the one, ``ssl=require`` to the other, and whatever asyncpg does not know it sends to the server as a setting. So they
are read here, and a connection is always made by :func:`app.base.connect.connect`.
https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
"""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlencode

from app.base.problems.database import DatabaseFault, FileOfUrlNotRead, UnknownWord, WordNotValid
from app.base.problems.settings import SettingRefused

_SCHEMES: Final = ("postgresql", "postgres", "postgresql+asyncpg")
_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "sslnegotiation": ("postgres", "direct"),
    # Calls are stored and lists are edited: a server that only reads is of no use.
    "target_session_attrs": ("any", "read-write", "primary"),
    "gssencmode": ("disable", "prefer"),
    "channel_binding": ("disable", "prefer"),
    "client_encoding": ("utf8", "utf-8", "auto"),
}
_FILES: Final = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile")
_READ_BY_DRIVER: Final = (
    "host", "port", "dbname", "user", "password", "passfile", "service", "sslmode", "sslnegotiation", "sslrootcert",
    "sslcert", "sslkey", "sslpassword", "sslcrl", "ssl_min_protocol_version", "ssl_max_protocol_version",
    "target_session_attrs", "krbsrvname",
)  # fmt: skip
_SENT_TO_SERVER: Final = ("application_name", "options")
_READ_HERE: Final = ("connect_timeout", "gssencmode", "channel_binding", "client_encoding")
WORDS: Final = tuple(sorted({*_READ_BY_DRIVER, *_SENT_TO_SERVER, *_READ_HERE}))
_SYSTEM: Final = "system"
"""``sslrootcert=system``: the operating system's certificates."""


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """``dsn`` is what asyncpg reads as libpq would: ``postgresql://…`` with the words that it knows. ``connect_seconds`` is
    the URL's own limit for making a connection, ``session`` holds what it wants sent to the server. ``system_tls``: the
    server's certificate is verified with the operating system's."""

    dsn: str
    connect_seconds: float | None
    session: Mapping[str, str]
    system_tls: bool

    def tls(self) -> ssl.SSLContext | None:
        """What to verify the server with, where asyncpg cannot be told by the URL alone."""
        return ssl.create_default_context() if self.system_tls else None


@cache
def read_database_url(url: str) -> DatabaseUrl:
    """Read ``url``. Raises :class:`SettingRefused`."""
    scheme, _, rest = url.partition("://")
    if scheme not in _SCHEMES:
        raise SettingRefused(DatabaseFault.NOT_POSTGRESQL)
    address, _, query = rest.partition("?")
    if not (address or query):
        raise SettingRefused(DatabaseFault.NOT_POSTGRESQL)
    words = _words(query)
    connect_seconds = _seconds(words.pop("connect_timeout", "0"))
    for word in _READ_HERE:
        words.pop(word, None)
    session: dict[str, str] = {word: words.pop(word) for word in _SENT_TO_SERVER if word in words}
    system_tls = words.get("sslrootcert") == _SYSTEM
    if system_tls:
        del words["sslrootcert"]
        if words.setdefault("sslmode", "verify-full") != "verify-full":
            # libpq too: what anybody's certificate authority signed proves nothing without the name.
            raise SettingRefused(WordNotValid("sslmode", words["sslmode"], ("verify-full",)))
        del words["sslmode"]
    _check_ports(address, words)
    # libpq takes a # in a password as it is, urllib for the end of the address.
    dsn = f"postgresql://{address.replace('#', '%23')}" + (f"?{urlencode(words, quote_via=quote)}" if words else "")
    return DatabaseUrl(dsn, connect_seconds, session, system_tls)


def _words(query: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        word, equals, value = pair.partition("=")
        word, value = unquote(word), unquote(value)  # not `parse_qsl`: in libpq a + is a +
        if word == "ssl" and value == "true":
            word, value = "sslmode", "require"  # as libpq reads it, for URLs that were written for JDBC
        if word not in WORDS or not equals:
            raise SettingRefused(UnknownWord(word[:60], WORDS))
        if word == "channel_binding" and value == "require":
            raise SettingRefused(DatabaseFault.CHANNEL_BINDING)
        if word in _VALUES and value.lower() not in _VALUES[word]:
            raise SettingRefused(WordNotValid(word, value[:60], _VALUES[word]))
        if word in _FILES and not (word == "sslrootcert" and value == _SYSTEM):
            _check_readable(word, value)
        words[word] = value
    return words


def _check_readable(word: str, path: str) -> None:
    # At the first connection it would look like a server that does not answer, which the service waits for.
    try:
        os.close(os.open(Path(path), os.O_RDONLY))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SettingRefused(FileOfUrlNotRead(word, path[:200], reason or "")) from error


def _seconds(text: str) -> float | None:
    try:
        seconds = int(text)
    except ValueError:
        raise SettingRefused(WordNotValid("connect_timeout", text[:60], ("10",))) from None
    return float(seconds) if seconds > 0 else None


def _check_ports(address: str, words: Mapping[str, str]) -> None:
    hosts = address.rpartition("@")[2].partition("/")[0].split(",") if address else []
    named = [unquote(host.rpartition("]")[2].rpartition(":")[2]) for host in hosts if ":" in host.rpartition("]")[2]]
    for port in [*named, *filter(None, words.get("port", "").split(","))]:
        if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
            raise SettingRefused(DatabaseFault.ADDRESS_UNREADABLE)
