"""A request's parameters become a report here; nothing deeper ever sees a form field name.

A signature over parameters without separators can be split anew, and an attacker chooses the caller's name, so after
the signature every name and every value that we act upon is checked for its form. Providers add parameters without
notice: unknown names are let through.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.answering.booth_ticket import BOOTH_PARAMETER
from app.answering.report import CallReport
from app.base.text import display_text
from app.providers.provider import RequestRefused
from app.providers.twiml.form import DIFFERENT_EVERY_TIME, LONGEST_REMEMBERED
from app.providers.twiml.signature import Parameters
from filters.attestation import Attestation

MAX_PARAMETERS: Final = 100
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{0,63}", re.ASCII)
REQUIRED: Final = ("AccountSid", "CallSid", "CallStatus", "From", "To")
"""What Twilio sends with every request."""
Forms = Mapping[str, re.Pattern[str]]
COMMON_FORMS: Final[dict[str, re.Pattern[str]]] = {
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
"""What values look like, whoever of this dialect sends them; ids are each provider's own affair."""
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

KNOWN: Final = frozenset(COMMON_FORMS) | {
    "AccountSid", "CallSid", "ParentCallSid", "DialCallSid", "QueueSid",
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


@dataclass(frozen=True, slots=True)
class ReportReader:
    """Reads the parameters of one provider. ``forms`` are the forms of values by their name, ``attestation_of`` takes out
    how far the network vouches for the number. ``run_together``: the signature is made over names and values without
    separators. ``name_parameter`` is what holds the caller's name. ``required`` is what no request comes without.

    Parameters that were checked and found right are remembered: our own account and number, the countries and cities come
    with every call.
    """

    provider: str
    forms: Forms
    attestation_of: Callable[[Mapping[str, str]], Attestation]
    name_parameter: str = "CallerName"
    run_together: bool = True
    required: tuple[str, ...] = REQUIRED
    _sound: set[tuple[str, str]] = field(default_factory=set)

    def read(self, parameters: Parameters) -> CallReport:
        """What ``parameters`` report. Raises :class:`app.providers.provider.RequestRefused`."""
        values = self._checked(parameters)
        connected = values.get("DialBridged")
        return CallReport(
            provider=self.provider,
            account=values["AccountSid"],
            call_id=values["CallSid"],
            parent_call_id=values.get("ParentCallSid", ""),
            status=values.get("CallStatus", ""),
            caller=values["From"],
            called=values["To"],
            caller_name=display_text(values.get(self.name_parameter, "")),
            attestation=self.attestation_of(values),
            keys=values.get("Digits", ""),
            ring_result=values.get("DialCallStatus", ""),
            connected=connected == "true" if connected else None,
            queue_result=values.get("QueueResult", ""),
            queue_seconds=int(values.get("QueueTime") or 0),
            sequence=values.get("SequenceNumber", ""),
            duration=int(values["CallDuration"]) if values.get("CallDuration") else None,
            booth=values.get(BOOTH_PARAMETER, ""),
            forwarded_from=values.get("ForwardedFrom", ""),
        )

    def _checked(self, parameters: Parameters) -> Mapping[str, str]:
        if len(parameters) > MAX_PARAMETERS:
            raise RequestRefused("too many parameters")
        values, sound = dict(parameters), self._sound
        if len(values) != len(parameters):
            raise RequestRefused("a parameter comes twice")
        for one in [one for one in parameters if one not in sound]:
            self.check(one)
            if one[0] not in DIFFERENT_EVERY_TIME and len(one[1]) <= LONGEST_REMEMBERED:
                if len(sound) >= _SOUND_AT_MOST:
                    sound.clear()
                sound.add(one)
        if missing := [name for name in self.required if name not in values]:
            raise RequestRefused(f"{missing[0]} is missing")
        return values

    def check(self, parameter: tuple[str, str]) -> None:
        """Raises :class:`app.providers.provider.RequestRefused` unless the name and the value have their form and no other
        parameter hides there."""
        name, value = parameter
        form = self.forms.get(name)
        if name not in KNOWN and not _NAME.fullmatch(name):
            raise RequestRefused("a parameter's name is malformed")
        if form is not None and not form.fullmatch(value):
            raise RequestRefused(f"{name} is malformed")
        if len(value) > _LIMITS.get(name, 8192):
            raise RequestRefused(f"{name} is too long")
        if self.run_together and _was_split_otherwise(name, value):
            raise RequestRefused("a parameter contains another one")


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
