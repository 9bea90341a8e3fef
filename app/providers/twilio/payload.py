"""Webhook parameters become typed facts here; nothing deeper ever sees a form field name.

A signature over parameters without separators can be split anew, and an attacker chooses the caller's name, so after
the signature every name and every value that we act upon is checked for its form. Twilio adds parameters without
notice: unknown names are let through.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from app.answering.booth_ticket import BOOTH_PARAMETER
from app.base.xml_text import xml_text
from app.providers.twilio.form import DIFFERENT_EVERY_TIME, LONGEST_REMEMBERED
from app.providers.twilio.signature import Parameters
from filters.attestation import Attestation

MAX_PARAMETERS: Final = 100
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{0,63}", re.ASCII)
_REQUIRED: Final = ("AccountSid", "CallSid", "CallStatus", "From", "To")
_FORMS: Final = {
    "AccountSid": re.compile(r"AC[0-9a-f]{32}", re.ASCII),
    "CallSid": re.compile(r"CA[0-9a-f]{32}", re.ASCII),
    "ParentCallSid": re.compile(r"(CA[0-9a-f]{32})?", re.ASCII),
    "DialCallSid": re.compile(r"(CA[0-9a-f]{32})?", re.ASCII),
    "QueueSid": re.compile(r"(QU[0-9a-f]{32})?", re.ASCII),
    "CallStatus": re.compile(r"[a-z\-]{4,20}", re.ASCII),
    "DialCallStatus": re.compile(r"[a-z\-]{4,20}", re.ASCII),
    "DialBridged": re.compile(r"(true|false)?", re.ASCII),
    "QueueResult": re.compile(r"[a-z\-]{4,30}", re.ASCII),
    "QueueTime": re.compile(r"[0-9]{0,7}", re.ASCII),
    "CallDuration": re.compile(r"[0-9]{0,7}", re.ASCII),
    "SequenceNumber": re.compile(r"[0-9]{0,7}", re.ASCII),
    "ApiVersion": re.compile(r"[0-9.\-]{0,16}", re.ASCII),
    "Direction": re.compile(r"[a-z\-]{0,30}", re.ASCII),
    "Digits": re.compile(r"[0-9*#a-dA-DwW]{0,32}|hangup", re.ASCII),
    "StirVerstat": re.compile(r"[A-Za-z\-]{0,64}", re.ASCII),
    BOOTH_PARAMETER: re.compile(r"[0-9a-f.\-]{0,64}", re.ASCII),
}
# The names that Twilio sends, where ordinary text can hardly hold them: plain words count only before a value of their own.
_BOUNDARY: Final = re.compile(
    r"AccountSid|ParentCallSid|DialCallSid|DialCallStatus|DialBridged|CallSid|CallStatus|CallDuration|CallToken"
    r"|CallerName|ApiVersion|ForwardedFrom|QueueSid|QueueTime|QueueResult|SequenceNumber|StirVerstat|StirPassportToken"
    r"|(?:From|To|Caller|Called)(?:City|State|Zip|Country)|Digits(?=[0-9*#])|Direction(?=inbound|outbound)"
    r"|(?:From|To)(?=\+[0-9]{7}|sips?:|client:)",
    re.ASCII,
)
_NEVER_IN_OTHER_NAMES: Final = ("StirVerstat", "QueueResult", "DialCallStatus", "DialBridged", "ParentCallSid")
_KEY_IN_NAME: Final = re.compile(r"Digits[0-9]")
_LIMITS: Final = {"From": 1024, "To": 1024}

KNOWN: Final = frozenset(_FORMS) | {
    "CallToken", "CallerName", "ForwardedFrom", "StirPassportToken", "DialCallDuration", "Duration", "QueuePosition",
    "AvgQueueTime", "CurrentQueueSize", "Timestamp", "CallbackSource", "FinishedOnKey", "msg",
    *(f"{party}{what}" for party in ("From", "To", "Caller", "Called") for what in ("", "City", "State", "Zip", "Country")),
}  # fmt: skip
"""Names that Twilio sends. None of them is the beginning of another parameter whose rest would not hold a telltale."""
_TELLTALES: Final = (
    "Sid", "CallStatus", "Bridged", "CallDuration", "CallToken", "PassportToken", "Name", "ApiVersion", "From",
    "QueueTime", "QueueResult", "SequenceNumber", "Verstat", "City", "State", "Zip", "Country", "Digits", "Direction",
    "To+", "Tos", "Toc",
)  # fmt: skip
"""One of these stands in whatever ``_BOUNDARY`` finds, and each mixes capitals with what is none."""
_STRICT: Final = frozenset({"AccountSid", "CallSid", "ParentCallSid", "DialCallSid", "QueueSid"})
"""Names whose form leaves no room for another parameter."""

_SOUND_AT_MOST: Final = 8192
_sound: set[tuple[str, str]] = set()
"""Parameters that were checked and found right: our own account and number, the countries and cities come with every
call."""

_VERSTAT: Final = {
    f"TN-Validation-{verdict}-{level}{suffix}": Attestation(level) if verdict == "Passed" else Attestation.FAILED
    for verdict in ("Passed", "Failed")
    for level in "ABC"
    for suffix in ("", "-Diverted", "-Passthrough")
} | {"TN-Validation-Failed": Attestation.FAILED}


class PayloadRefused(ValueError):
    """The parameters cannot come from Twilio in this form, although the signature is right."""


class Webhook(NamedTuple):
    """A webhook's facts. ``caller`` and ``called`` are as received; ``caller_name`` is cleaned for display."""

    account_sid: str
    call_id: str
    parent_call_id: str
    status: str
    caller: str
    called: str
    caller_name: str
    attestation: Attestation
    digits: str
    dial_status: str
    dial_bridged: bool
    queue_result: str
    queue_seconds: int
    sequence: str
    duration: int | None
    booth: str = ""


def read_webhook(parameters: Parameters) -> Webhook:
    """The facts in ``parameters``. Raises :class:`PayloadRefused`."""
    values = _checked(parameters)
    return Webhook(
        account_sid=values["AccountSid"],
        call_id=values["CallSid"],
        parent_call_id=values.get("ParentCallSid", ""),
        status=values["CallStatus"],
        caller=values["From"],
        called=values["To"],
        caller_name=display_text(values.get("CallerName", "")),
        attestation=_VERSTAT.get(values.get("StirVerstat", ""), Attestation.NONE),
        digits=values.get("Digits", ""),
        dial_status=values.get("DialCallStatus", ""),
        # Absent on providers that do not send it: a completed Dial was bridged then.
        dial_bridged=values.get("DialBridged", "true") != "false",
        queue_result=values.get("QueueResult", ""),
        queue_seconds=int(values.get("QueueTime") or 0),
        sequence=values.get("SequenceNumber", ""),
        duration=int(values["CallDuration"]) if values.get("CallDuration") else None,
        booth=values.get(BOOTH_PARAMETER, ""),
    )


def _checked(parameters: Parameters) -> Mapping[str, str]:
    if len(parameters) > MAX_PARAMETERS:
        raise PayloadRefused("too many parameters")
    values = dict(parameters)
    if len(values) != len(parameters):
        raise PayloadRefused("a parameter comes twice")
    for one in [one for one in parameters if one not in _sound]:
        check(one)
        if one[0] not in DIFFERENT_EVERY_TIME and len(one[1]) <= LONGEST_REMEMBERED:
            if len(_sound) >= _SOUND_AT_MOST:
                _sound.clear()
            _sound.add(one)
    if missing := [name for name in _REQUIRED if name not in values]:
        raise PayloadRefused(f"{missing[0]} is missing")
    return values


def check(parameter: tuple[str, str]) -> None:
    """Raises :class:`PayloadRefused` unless the name and the value have their form and no other parameter hides there."""
    name, value = parameter
    form = _FORMS.get(name)
    if name not in KNOWN and not _NAME.fullmatch(name):
        raise PayloadRefused("a parameter's name is malformed")
    if form is not None and not form.fullmatch(value):
        raise PayloadRefused(f"{name} is malformed")
    if len(value) > _LIMITS.get(name, 8192):
        raise PayloadRefused(f"{name} is too long")
    if _was_split_otherwise(name, value):
        raise PayloadRefused("a parameter contains another one")


def _was_split_otherwise(name: str, value: str) -> bool:
    """Whether another parameter hides in this one. What is signed is names and values run together, so that "Bob" +
    "StirVerstatTN-…", or "StirVersta" + "tTN-…", may have been something else when Twilio signed it."""
    return (name not in KNOWN or _is_telling(name, value)) and hides_another(name, value)


def hides_another(name: str, value: str) -> bool:
    """The whole search: whether a parameter that Twilio sends begins in ``name`` or ``value`` and ends in ``value``."""
    if any(found.end() > len(name) for found in _BOUNDARY.finditer(name + value)):
        return True
    return any(other in name and other != name for other in _NEVER_IN_OTHER_NAMES) or bool(_KEY_IN_NAME.search(name))


def _is_telling(name: str, value: str) -> bool:
    """Whether the value of a known name has to be searched: most are in one case, which is quickly seen."""
    if name in _STRICT or value.lower() == value or value.upper() == value:
        return False
    for telltale in _TELLTALES:  # noqa: SIM110  # any() takes twice as long here
        if telltale in value:
            return True
    return False


def is_account_sid(text: str) -> bool:
    """Whether this has the form of an account's id."""
    return bool(_FORMS["AccountSid"].fullmatch(text))


def display_text(text: str) -> str:
    """A caller's name for screens: printable characters only (no controls, no direction overrides), at most 200."""
    if not text.isascii() or not text.isprintable():
        text = xml_text("".join(c for c in text if c.isprintable() or c.isspace()))
    return text[:200].strip()
