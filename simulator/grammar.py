"""The TwiML the simulator knows: elements, their attributes, what may stand inside, and the error numbers.

Derived from Twilio's reference pages of each verb and from the error dictionary; the pages are named in
`telephony.md` A6 of the specifications. An attribute with no number of its own fails with 12200 (schema).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.errors import SCHEMA
from simulator.values import (
    Check,
    anything,
    digits,
    keys,
    language,
    method,
    one_of,
    sid,
    some_of,
    text,
    true_or_false,
    url,
    url_or_empty,
    voice,
    whole,
)

Attribute = tuple[Check, int]


@dataclass(frozen=True)
class Element:
    """The grammar of one element. `nesting_code` is the number for a child that may not stand in it."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    text: bool = False
    nesting_code: int = SCHEMA


def _plain(check: Check, code: int = SCHEMA) -> Attribute:
    return (check, code)


_CALLBACKS = {
    "statusCallback": _plain(url),
    "statusCallbackEvent": _plain(some_of("initiated", "ringing", "answered", "completed")),
    "statusCallbackMethod": _plain(method),
}
_MACHINE_DETECTION = {
    "machineDetection": _plain(one_of("Enable", "DetectMessageEnd")),
    "machineDetectionTimeout": _plain(whole(3, 60)),
    "machineDetectionSpeechThreshold": _plain(whole(1000, 6000)),
    "machineDetectionSpeechEndThreshold": _plain(whole(500, 5000)),
    "machineDetectionSilenceTimeout": _plain(whole(2000, 10000)),
    "amdStatusCallback": _plain(url),
    "amdStatusCallbackMethod": _plain(method),
}
_RECORDING_CALLBACKS = {
    "recordingStatusCallback": _plain(url),
    "recordingStatusCallbackMethod": _plain(method),
    "recordingStatusCallbackEvent": _plain(some_of("in-progress", "completed", "absent")),
    "trim": _plain(one_of("trim-silence", "do-not-trim")),
}

VERBS = frozenset(
    ["Say", "Play", "Pause", "Gather", "Dial", "Enqueue", "Leave", "Redirect", "Reject", "Hangup", "Record"]
)
SPEECH_MARKUP = frozenset(["break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"])
_RECORD = one_of(
    *("do-not-record", "record-from-answer", "record-from-ringing", "true", "false"),
    *("record-from-answer-dual", "record-from-ringing-dual"),
)

GRAMMAR: Mapping[str, Element] = {
    "Response": Element(children=VERBS),
    "Say": Element(
        {
            "voice": _plain(voice, 13511),
            "language": _plain(language),
            "loop": _plain(whole(0, 1000), 13510),
        },
        SPEECH_MARKUP,
        text=True,
    ),
    "Play": Element({"loop": _plain(whole(0, 1000), 13410), "digits": _plain(digits)}, text=True),
    "Pause": Element({"length": _plain(whole(1, 14400), 13910)}),
    "Gather": Element(
        {
            "input": _plain(one_of("dtmf", "speech", "dtmf speech", "speech dtmf")),
            "action": _plain(url),
            "method": _plain(method, 13312),
            "timeout": _plain(whole(1, 3600), 13313),
            "numDigits": _plain(whole(1, 1000), 13314),
            "finishOnKey": _plain(keys, 13310),
            "actionOnEmptyResult": _plain(true_or_false),
            "speechTimeout": _plain(lambda value: value == "auto" or whole(1, 600)(value)),
            "maxSpeechTime": _plain(whole(1, 600)),
            "speechModel": _plain(anything),
            "profanityFilter": _plain(true_or_false),
            "enhanced": _plain(true_or_false),
            "bargeIn": _plain(true_or_false),
            "debug": _plain(true_or_false),
            "hints": _plain(lambda value: all(len(h) <= 100 for h in value.split(",")) and value.count(",") < 500),
            "language": _plain(language),
            "partialResultCallback": _plain(url),
            "partialResultCallbackMethod": _plain(method),
        },
        frozenset(["Say", "Play", "Pause"]),
        nesting_code=13320,
    ),
    "Dial": Element(
        {
            "action": _plain(url),
            "method": _plain(method, 13210),
            "timeout": _plain(whole(1, 600), 13212),
            "hangupOnStar": _plain(true_or_false, 13213),
            "timeLimit": _plain(whole(1, 86400), 13216),
            "callerId": _plain(anything, 13214),
            "record": _plain(_RECORD, 13217),
            "sequential": _plain(true_or_false, 13218),
            "answerOnBridge": _plain(true_or_false),
            "ringTone": _plain(lambda value: len(value) == 2 and value.isalpha() and value.islower()),
            "recordingTrack": _plain(one_of("both", "inbound", "outbound")),
            "referUrl": _plain(url),
            "referMethod": _plain(method),
            **_RECORDING_CALLBACKS,
        },
        frozenset(["Number", "Client", "Sip", "Queue"]),
        text=True,
        nesting_code=13215,
    ),
    "Number": Element(
        {
            "url": _plain(url),
            "method": _plain(method, 13221),
            "sendDigits": _plain(digits, 13222),
            "byoc": _plain(sid),
            **_CALLBACKS,
            **_MACHINE_DETECTION,
        },
        text=True,
    ),
    "Client": Element(
        {"url": _plain(url), "method": _plain(method), **_CALLBACKS},
        frozenset(["Identity", "Parameter"]),
        text=True,
    ),
    "Identity": Element(text=True),
    "Parameter": Element({"name": _plain(text(256)), "value": _plain(lambda value: len(value) <= 4096)}),
    "Sip": Element(
        {
            "url": _plain(url),
            "method": _plain(method, 13241),
            "username": _plain(text(256), 13249),
            "password": _plain(text(256), 13249),
            **_CALLBACKS,
            **_MACHINE_DETECTION,
        },
        text=True,
    ),
    "Queue": Element(
        {
            "url": _plain(url, 14211),
            "method": _plain(method, 14210),
            "reservationSid": _plain(sid, 14215),
            "postWorkActivitySid": _plain(sid, 14216),
        },
        text=True,
    ),
    "Enqueue": Element(
        {
            "action": _plain(url, 14203),
            "method": _plain(method, 14201),
            "maxQueueSize": _plain(whole(1, 5000)),
            "waitUrl": _plain(url_or_empty, 14202),
            "waitUrlMethod": _plain(method, 14206),
            "workflowSid": _plain(sid, 14220),
        },
        text=True,
    ),
    "Leave": Element(),
    "Redirect": Element({"method": _plain(method, 13710)}, text=True),
    "Reject": Element({"reason": _plain(one_of("rejected", "busy"))}, frozenset(["Parameter"])),
    "Hangup": Element(children=frozenset(["Parameter"])),
    "Record": Element(
        {
            "action": _plain(url),
            "method": _plain(method, 13610),
            "timeout": _plain(whole(1, 3600), 13611),
            "maxLength": _plain(whole(1, 14400), 13612),
            "finishOnKey": _plain(lambda value: value == "" or all(k in "0123456789*#" for k in value), 13613),
            "playBeep": _plain(true_or_false, 13616),
            "transcribe": _plain(true_or_false, 13614),
            "transcribeCallback": _plain(url),
            **_RECORDING_CALLBACKS,
        }
    ),
}

NOT_SIMULATED = frozenset(
    [
        "Connect",
        "Start",
        "Stop",
        "Refer",
        "Pay",
        "Sms",
        "Echo",
        "Prompt",
        "Conference",
        "Application",
        "Sim",
        "WhatsApp",
        "Task",
        "Siprec",
        "Stream",
    ]
)
"""TwiML that Twilio has and this simulator has not."""
