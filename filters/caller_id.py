"""What the caller ID of a call says: a number, an address, or that there is none. The one reader of caller identities.

A caller who is on the blacklist must not come off it by another spelling, and nobody may become a VIP by one. So whatever
can be taken for a number is read as that number, and only what networks write for it themselves counts as ``plain``.
"""

import re
from enum import StrEnum
from typing import Final, NamedTuple
from urllib.parse import unquote

import phonenumbers

from filters.no_caller import NoCaller, no_caller_in, no_caller_in_digits
from filters.number import (
    NumberFault,
    NumberUnreadable,
    ShortCode,
    is_canonical,
    read_number,
)
from filters.repaired_number import repaired_number
from filters.visible_text import visible


class CallerKind(StrEnum):
    """The closed set of things a caller ID can be."""

    NUMBER = "number"
    SIP = "sip"
    CLIENT = "client"
    SHORT_CODE = "short_code"
    WITHHELD = "withheld"
    UNAVAILABLE = "unavailable"
    UNREADABLE = "unreadable"


class CallerId(NamedTuple):
    """Who the network says is calling.

    ``value`` is the E.164 number (or what networks send with more digits), ``user@host`` of a SIP address, the identity of
    a browser client, the digits of a short code or those that are no number; it is empty for callers without an identity.
    ``names`` is the number that a SIP address has for its user. ``plain`` is whether the network wrote the number as one
    writes it: other spellings are good for the blacklist, and never make a VIP.
    """

    kind: CallerKind
    value: str = ""
    names: str = ""
    plain: bool = True

    @property
    def number(self) -> str | None:
        """The number that the lists, the clients and the protected numbers are asked for; None when there is none."""
        return self.value if self.kind is CallerKind.NUMBER else self.names or None

    @property
    def digits(self) -> str | None:
        """What was dialled from, where that is no number of any country; an entry can name it only as it is."""
        return self.value or None if self.kind in (CallerKind.SHORT_CODE, CallerKind.UNREADABLE) else None

    @property
    def is_hidden(self) -> bool:
        """Whether the caller has no identity at all, by their own will or the network's failing."""
        return self.kind in (CallerKind.WITHHELD, CallerKind.UNAVAILABLE)


_KIND_OF: Final = {
    NoCaller.WITHHELD: CallerId(CallerKind.WITHHELD),
    NoCaller.UNAVAILABLE: CallerId(CallerKind.UNAVAILABLE),
}
_UNREADABLE: Final = CallerId(CallerKind.UNREADABLE)
_PLAIN: Final = re.compile(r"(?:tel:)?(?:\+[1-9]|(?!000))(?:[ .\-()/]{0,2}[0-9])+", re.ASCII | re.IGNORECASE)
"""E.164, dialled with 00 or as within the country, with separators: what carriers send. Anything else was tampered with or
mistaken somewhere."""
_ADDRESS: Final = re.compile(r"(sips?|client|whatsapp|tel):(.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_IN_BRACKETS: Final = re.compile(r"<([^<>]+)>")
_TOLD_AS_DIGITS: Final = re.compile(r"\+?[0-9*#]{1,40}", re.ASCII)
_NO_IDENTITY_HOST: Final = "anonymous.invalid"
_USERS_OF_NOBODY: Final = frozenset(
    {
        "anonymous", "anonyme", "anonym", "anonimo", "private", "privat", "prive", "restricted", "blocked", "withheld",
        "unknown", "unavailable", "asterisk", "invalid",
    }
)  # fmt: skip
"""Only the whole words, for ``blockwart`` and ``privalova`` have addresses too."""
_MAX_ADDRESS: Final = 200
_LONGEST: Final = 10_000


def read_caller_id(raw: str, country: str) -> CallerId:
    """Classify the ``From`` of a call to a line in ``country`` (ISO alpha-2). All text is hostile: this never raises."""
    if is_canonical(raw):
        return CallerId(CallerKind.NUMBER, raw)
    text = visible(raw[:_LONGEST]).strip(" \"'")
    if (bracketed := _IN_BRACKETS.search(text)) is not None:
        text = bracketed[1].strip()
    if (match := _ADDRESS.match(text)) is not None:
        scheme, rest = match[1].lower(), match[2].strip()
        match scheme:
            case "client":
                return _browser_client(rest)
            case "sip" | "sips":
                return _sip(rest, country)
            case "whatsapp":
                return _number(raw, rest, country)._replace(plain=False)
            case _:
                return _number(raw, *_of_tel_uri(rest, country))
    if "@" in text:
        return _sip(text, country)
    return _number(raw, text, country)


def _number(raw: str, text: str, country: str) -> CallerId:
    """A caller ID that is no address."""
    if hidden := no_caller_in(text):
        return _KIND_OF[hidden]
    try:
        return CallerId(CallerKind.NUMBER, read_number(text, country), plain=_PLAIN.fullmatch(raw.strip()) is not None)
    except ShortCode:
        return CallerId(CallerKind.SHORT_CODE, text)
    except NumberUnreadable as error:
        if error.fault is NumberFault.NO_CALLER:
            return _KIND_OF[no_caller_in_digits(text) or NoCaller.UNAVAILABLE]
    if (repaired := repaired_number(text, country)) is not None:
        return CallerId(CallerKind.NUMBER, repaired, plain=False)
    digits = re.sub(r"[ .\-()/]", "", text)
    return CallerId(CallerKind.UNREADABLE, digits) if _TOLD_AS_DIGITS.fullmatch(digits) else _UNREADABLE


def _of_tel_uri(rest: str, country: str) -> tuple[str, str]:
    """The number of a ``tel:`` URI, and the country that it is dialled in (RFC 3966, ``phone-context``)."""
    number, _, parameters = rest.removeprefix("//").partition(";")
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "phone-context" and value.strip().startswith("+"):
            code = re.sub(r"[^0-9]", "", value)
            for length in (3, 2, 1):
                if regions := phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code[:length] or 0)):
                    return number, regions[0]
    return number, country


def _browser_client(rest: str) -> CallerId:
    return CallerId(CallerKind.CLIENT, rest) if rest and _printable(rest) else _UNREADABLE


def _sip(rest: str, country: str) -> CallerId:
    """A SIP address (RFC 3261 section 19.1): ``user:password@host;parameters?headers``; the user may be a number with
    parameters of its own, as in a ``tel:`` URI."""
    userinfo, at, host_and_more = rest.partition("@")
    if not at:
        userinfo, host_and_more = rest, ""
    host = re.split(r"[;?>]", host_and_more, maxsplit=1)[0].strip().lower()
    user, dialled_in = _of_tel_uri(unquote(userinfo.strip()).partition(":")[0], country)
    user = user.strip().lower()
    if not any(one.isalpha() for one in user):
        user = user.replace(" ", "")
    if host.partition(":")[0].endswith(_NO_IDENTITY_HOST):
        return _KIND_OF[NoCaller.WITHHELD]
    if hidden := _nobody(user):
        return _KIND_OF[hidden]
    address = f"{user}@{host}" if at else user
    if (at and not host) or "@" in host or not _printable(address):
        return _UNREADABLE
    number = _number_of_user(user, dialled_in)
    return CallerId(CallerKind.SIP, address, number, plain=not number)


def _nobody(user: str) -> NoCaller | None:
    """Whether the user of an address is nobody: by one of the words, or in digits that stand for one."""
    if not user:
        return NoCaller.UNAVAILABLE
    if user in _USERS_OF_NOBODY:
        return no_caller_in(user)
    return no_caller_in_digits(user) if any(one.isdigit() for one in user) else None


def _number_of_user(user: str, country: str) -> str:
    """The number that a SIP user is; empty for extensions and names."""
    if any(one.isalpha() for one in user):
        return ""
    try:
        return read_number(user, country)
    except ShortCode:
        return ""
    except NumberUnreadable:
        return repaired_number(user, country) or ""


def _printable(text: str) -> bool:
    return len(text) <= _MAX_ADDRESS and text.isprintable() and " " not in text
