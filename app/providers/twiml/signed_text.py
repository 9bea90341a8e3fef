"""The facts of a request whose parameters are signed run together, names and values without separators.

The borders between parameters are not signed: whoever has one signed request can send the same text split in other places.
So no fact is taken from the borders. Each is looked for in the signed text itself, which nobody can change, and a request
that is split anew says what the original says. See ``docs/decisions/0014-facts-come-from-the-signed-text.md``.

What callers choose (their name, headers of their SIP device, parameters of their browser) may read like a parameter, too.
Then a fact has several readings, and each kind of fact says below which of them counts.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from app.answering.booth_ticket import BOOTH_PARAMETER
from app.providers.twiml.verstat import strictness

UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
CALL_ID: Final = rf"CA[0-9a-f]{{32}}|{UUID}"
_HIDDEN: Final = r"(?i:anonymous|private|restricted|blocked|withheld|unknown|unavailable)"
_COUNT: Final = re.compile(r"[0-9]{1,7}+(?![0-9])", re.ASCII)
_WORD: Final = re.compile(r"[a-z][a-z\-]*+", re.ASCII)

# A number ends where its digits end: names that begin with a digit sort before all others, so none can follow.
_VALUES: Final = {
    "CallSid": re.compile(CALL_ID, re.ASCII),
    "CallStatus": _WORD,
    "CallDuration": _COUNT,
    "DialBridged": re.compile(r"true|false", re.ASCII),
    "Digits": re.compile(r"[0-9*#]{1,32}+(?![0-9*#])|hangup", re.ASCII),
    "QueueResult": _WORD,
    "QueueTime": _COUNT,
    "RecordingDuration": _COUNT,
    # An account's own address may stand between the host and the recording.
    "RecordingUrl": re.compile(
        rf"https://[A-Za-z0-9.\-]{{1,100}}/[A-Za-z0-9./\-]{{1,200}}?/Recordings/(?:RE[0-9a-f]{{32}}|{UUID})", re.ASCII
    ),
    "SequenceNumber": _COUNT,
    # After a verdict comes a name that sorts after "StirVerstat": "TN-Validation-Passed-AA" is none.
    "StirVerstat": re.compile(
        r"TN-Validation-(?:Failed|Passed-[ABC](?:-Diverted|-Passthrough)?(?![\x00-R]))|", re.ASCII
    ),
    BOOTH_PARAMETER: re.compile(r"-?[0-9]{1,10}\.[0-9a-f]{32}", re.ASCII),
    "From": re.compile(rf"<?(?:\+?[0-9]{{2}}|sips?:|client:|tel:|{_HIDDEN})", re.ASCII),
    "To": re.compile(r"\+[0-9]{2}|[0-9]{5}|<?sips?:|client:", re.ASCII),
}
"""The facts, and the value that follows each name."""
_LONGER_NAMES: Final = {
    "CallSid": ("Parent", "Dial", "Recording", "Refer", "Original"),
    "CallStatus": ("Dial",),
    "CallDuration": ("Dial",),
    "QueueTime": ("Avg",),
    "From": ("Forwarded",),
}
"""With what in front these are other parameters."""
_NUMBER: Final = re.compile(r"\+?[0-9]+(?![^A-Za-z_])", re.ASCII)
_SIP_HEADER: Final = re.compile(r"SipHeader_[A-Za-z0-9\-]*\Z", re.ASCII)
"""Twilio's names for the headers of a SIP call: what follows directly belongs to a name or value that the caller chose. No
id sorts after it."""
_ACCOUNT: Final = re.compile(rf"AccountSid(AC[0-9a-f]{{32}}|{UUID})", re.ASCII)
_FORWARDED: Final = re.compile(r"ForwardedFrom(\+?[0-9]+(?![^A-Za-z_]))", re.ASCII)
_FROM: Final = re.compile(r"(?<!Forwarded)From(?!City|Country|State|Zip)")
_AFTER_FROM: Final = re.compile(
    r"From(?:City|Country|State|Zip)|ParentCallSid|Queue(?:Sid|Time|Result)|SequenceNumber|SipDomain|SipHeader_|SpeechResult"
    r"|Stir(?:PassportToken|Verstat)|Timestamp|To(?:City|Country|State|Zip|\+[0-9]|sips?:|client:)|\Z",
    re.ASCII,
)
_AFTER_CALLER: Final = re.compile(
    r"Caller(?:City|Country|Name|State|Zip)|Dial(?:Call|Bridged)|Digits|Direction|ForwardedFrom|From|\Z", re.ASCII
)
_AFTER_TO: Final = re.compile(r"To(?:City|Country|State|Zip)|\Z", re.ASCII)

_ONLY_WHEN_SURE: Final = frozenset({
    "CallStatus", "DialCallStatus", "DialBridged", "QueueResult", "QueueTime", "SequenceNumber", "CallDuration", "Digits",
    "RecordingDuration", "RecordingUrl",
    BOOTH_PARAMETER,
})  # fmt: skip
"""Of these several readings are none: nothing is pressed, nobody was reached, nothing is reported."""
_TELLTALES: Final = (
    "RecordingD", "RecordingU",
    "CallS", "CallDur", "Bridged", "Digits", "QueueR", "QueueT", "SequenceN", "Verstat", "From", "To+", "Tos", "To<", "Toc",
    BOOTH_PARAMETER,
)  # fmt: skip
_TO_DIGITS: Final = re.compile(r"To[0-9]", re.ASCII)


Readings = Sequence[tuple[str, int]]
"""A value, or the beginning of one, and where it begins."""


class Facts(NamedTuple):
    """``values`` by the names of parameters. ``callers`` is empty, or all who may have called if the text names several."""

    values: Mapping[str, str]
    callers: tuple[str, ...] = ()


def facts_in(signed: str, received: Mapping[str, str]) -> Facts:
    """What ``signed`` says. ``received`` are the parameters as they were split; they are asked only for what no reading of
    the text gives: ids and called addresses of no known form."""
    found = _readings(signed)
    values = {}
    for name, readings in found.items():
        if name in _ONLY_WHEN_SURE and (len(readings) == 1 or len({value for value, _ in readings}) == 1):
            values[name] = readings[0][0]
    if parents := found.get("ParentCallSid"):
        values["ParentCallSid"] = parents[-1][0]
    if verdicts := found.get("StirVerstat"):
        values["StirVerstat"] = min((value for value, _ in verdicts), key=strictness)
    if forwarded := _FORWARDED.findall(signed):
        values["ForwardedFrom"] = forwarded[-1]
    values["CallSid"] = _call_id(found.get("CallSid", ()), received.get("CallSid", ""))
    called = found.get("To")
    values["To"] = _called(signed, called) if called else received.get("To", "")
    callers = _callers(signed, found.get("From", ()))
    if not callers:  # an identity of no known form
        callers = _callers(signed, [("", match.end()) for match in _FROM.finditer(signed)])
        said = [one for one in callers if one and not one[0].isspace()]  # a name may end in "From"
        callers = [""] if "" in callers else said or callers[:1]
    if len(callers) > 1:  # nobody is trusted to be one of several; whoever answers looks whether one of them is blocked
        return Facts(values | {"From": ""}, tuple(callers))
    return Facts(values | {"From": callers[0] if callers else ""})


def account_in(signed: str, received: str) -> str:
    """The account that the request claims to come from: ``received`` if it has the form of one, else what the text says.
    Which it is decides only whose secret the signature is compared with."""
    if _ACCOUNT.fullmatch("AccountSid" + received):
        return received
    found = _ACCOUNT.search(signed)
    return found[1] if found else received


def may_hold_a_name(value: str) -> bool:
    """Whether a value may hold the beginning of a fact, so that the whole text has to be searched."""
    for telltale in _TELLTALES:  # any() takes twice as long here
        if telltale in value:
            return True
    return "To" in value and _TO_DIGITS.search(value) is not None


def _readings(signed: str) -> dict[str, list[tuple[str, int]]]:
    """What the text says under the names of the facts."""
    found: dict[str, list[tuple[str, int]]] = {}
    for name, form in _VALUES.items():
        at = signed.find(name)
        while at >= 0:
            end = at + len(name)
            if value := form.match(signed, end):
                whole = _whole_name(signed, name, at) if name in _LONGER_NAMES else name
                found.setdefault(whole, []).append((value[0], end))
            at = signed.find(name, end)
    return found


def _whole_name(signed: str, name: str, at: int) -> str:
    """The name that ends in the ``name`` at this place. It is another one when the caller chose it."""
    for longer in _LONGER_NAMES[name]:
        if signed.endswith(longer, 0, at):
            name, at = longer + name, at - len(longer)
            break
    if signed.rfind("SipHeader_", max(0, at - 80), at) >= 0 and name.endswith("CallSid"):
        return "SipHeader_" + name if _SIP_HEADER.search(signed[max(0, at - 80) : at]) else name
    return name


def _call_id(readings: Readings, received: str) -> str:
    """The call's id. Where there are several, or none of a known form, one is made that is no other call's and the same in
    all requests of this one."""
    different = sorted({value for value, _ in readings})
    if len(different) == 1:
        return different[0]
    known = (" ".join(different) or received).encode("utf-8", "surrogatepass")
    return f"unreadable-{hashlib.sha256(known).hexdigest()[:32]}"


def _callers(signed: str, readings: Readings) -> list[str]:
    """Whom the text names as the caller, each once."""
    different = list(dict.fromkeys(_address(signed, at, _AFTER_FROM) for _, at in readings))
    if len(different) == 1 and not _NUMBER.fullmatch(different[0]):
        return [_common_part(signed, different[0])]
    return different


def _called(signed: str, readings: Readings) -> str:
    """The called address. Twilio sends it twice, the second time as "Called": of several, one counts that stands there
    too, and of these the last, because little of Twilio's sorts behind "To"."""
    different = list(dict.fromkeys(_address(signed, at, _AFTER_TO) for _, at in readings))
    return ([one for one in different if f"Called{one}" in signed] or different)[-1]


def _address(signed: str, begin: int, after: re.Pattern[str]) -> str:
    """A number that a name follows is whole; anything else goes on until a name that Twilio sends."""
    if number := _NUMBER.match(signed, begin):
        return number[0]
    end = after.search(signed, begin)
    return signed[begin : end.start() if end else len(signed)]


def _common_part(signed: str, address: str) -> str:
    """``address`` without a parameter of an unknown name that follows it: as far as its twin, "Caller", says the same. The
    user of a SIP address stays whole: that is whom a list names."""
    at = signed.find("Caller" + address[:4]) if address else -1
    if at < 0:
        return address
    other = _address(signed, at + len("Caller"), _AFTER_CALLER)
    alike = next((n for n, (one, two) in enumerate(zip(address, other, strict=False)) if one != two), None)
    common = address[: min(len(address), len(other)) if alike is None else alike]
    return common if ("@" in common) == ("@" in address) else address
