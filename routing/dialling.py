"""Which addresses may be rung. An address is where the company's money goes, and toll fraud needs nothing but one of its
own: so this is asked when an address is saved, and again before it is rung."""

import ipaddress
import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

from filters.number import NumberUnreadable, country_of, read_number

_ORDINARY: Final = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.VOIP,
        PhoneNumberType.UAN,
    }
)
# Inmarsat, global mobile satellite, international networks and international premium rate (ITU-T E.164 annex).
_SATELLITE: Final = ("+870", "+881", "+882", "+883", "+979")
# Kept for films by ARCEP (decision 2018-0881) and Ofcom, so that demos and tests ring nobody; assigned to nobody, hence
# without a type.
_FICTION: Final = ("+3363998", "+447700900")
SIP: Final = ("sip:", "sips:")
"""How the address of a SIP telephone begins."""
_DIGITS: Final = re.compile(r"\+?[0-9.\-]+", re.ASCII)
_EXTENSION_DIGITS: Final = 7
"""Fewer digits than this in front of the @ are an extension of somebody's own exchange."""
_PORT: Final = re.compile(r":[0-9]+$", re.ASCII)
_PRIVATE: Final = frozenset(
    {"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "arpa"}
)
"""Last labels of names that only a network of one's own knows (RFC 6761, RFC 6762, RFC 8375, ICANN's name collisions)."""


class AddressFault(StrEnum):
    """Why an address is not rung."""

    SATELLITE = "satellite"
    NO_ORDINARY_NUMBER = "no_ordinary_number"
    OTHER_COUNTRY = "other_country"
    PRIVATE_HOST = "private_host"


@lru_cache(maxsize=4096)
def fault_of(address: str, countries: frozenset[str]) -> AddressFault | None:
    """What is wrong with ringing ``address`` (E.164, ``sip:user@host``, ``client:identity``) where numbers of ``countries``
    (ISO 3166 alpha-2) may be rung. A number in front of the @ of a SIP address rings that number, through a gateway."""
    if address.startswith("+"):
        return _fault_of_number(address, countries)
    if not address.startswith(SIP):
        return None
    user, _, host = address.partition(":")[2].rpartition("@")
    return _fault_of_user(user, countries) or (None if _is_public(host) else AddressFault.PRIVATE_HOST)


def may_be_rung(address: str, countries: frozenset[str]) -> bool:
    """Whether nothing is wrong with it."""
    return fault_of(address, countries) is None


def telephone_at(address: str) -> str:
    """What is the same for all spellings of an address, by which one telephone is known from another: providers repeat a SIP
    address with a port, with parameters, or as they have resolved it."""
    address = address.lower()
    if not address.startswith(SIP):
        return address
    user, at, host = address.partition(":")[2].partition("?")[0].rpartition("@")
    return f"sip:{user}{at}{_PORT.sub('', host.partition(';')[0])}"


def _fault_of_number(number: str, countries: frozenset[str]) -> AddressFault | None:
    if number.startswith(_SATELLITE):
        return AddressFault.SATELLITE
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return AddressFault.NO_ORDINARY_NUMBER
    if kind not in _ORDINARY and not number.startswith(_FICTION):
        return AddressFault.NO_ORDINARY_NUMBER
    return None if country_of(number) in countries else AddressFault.OTHER_COUNTRY


def _fault_of_user(user: str, countries: frozenset[str]) -> AddressFault | None:
    """Of the part before the @: nothing, unless it is a number in some form."""
    digits = re.sub(r"[^0-9]", "", user)
    if not _DIGITS.fullmatch(user):
        return None
    if user.startswith("+") or digits.startswith("00"):
        return _fault_of_number("+" + digits.removeprefix("00"), countries)
    if len(digits) < _EXTENSION_DIGITS:
        return None
    faults: list[AddressFault | None] = []
    for country in sorted(countries):
        try:
            faults.append(_fault_of_number(read_number(digits, country), countries))
        except NumberUnreadable:
            continue
    if not faults and f"+{digits}".startswith(_SATELLITE):
        return AddressFault.SATELLITE
    # Read as a number of one of the countries it is an ordinary one, or it cannot be read at all and is an extension.
    return faults[0] if faults and None not in faults else None


def _is_public(host: str) -> bool:
    name = host.partition(":")[0].rstrip(".").lower()
    try:
        return ipaddress.ip_address(name).is_global
    except ValueError:
        labels = name.split(".")
        # What ends in digits is an IPv4 address in one of its older spellings: 127.1, 2130706433, 0x7f.1.
        return len(labels) > 1 and all(labels) and not labels[-1][0].isdigit() and labels[-1] not in _PRIVATE
