"""The cXML that SignalWire understands, as far as it is simulated: developer.signalwire.com/compatibility-api/cxml/voice.

An attribute that its pages do not name is an error 12100, "incorrect attribute" in its list of errors.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from simulator.grammar import SPEECH_MARKUP, VERBS, Element, Grammar, Problem, plain
from simulator.values import (
    absolute_url,
    digits,
    keys,
    language,
    method,
    one_of,
    some_of,
    text,
    true_or_false,
    url,
    whole,
)

_NOT_A_PARTY = 13215
_INCORRECT_ATTRIBUTE = 12100


def _ring_tone(value: str) -> bool:
    return re.fullmatch(r"[a-z]{2}|us-old", value) is not None


def _voice(value: str) -> bool:
    """As Twilio's, but for Google's voices, which are called gcloud."""
    return re.fullmatch(r"man|woman|alice|Polly\.[A-Za-z]+(-Neural)?|gcloud\.[A-Za-z0-9-]+", value) is not None


def _sip_alone(element: ET.Element) -> Problem:
    """cxml/voice/sip: no other nouns in a <Dial> that holds a <Sip>."""
    kinds = {child.tag for child in element}
    return (_NOT_A_PARTY, "no other noun may stand beside a <Sip>") if "Sip" in kinds and len(kinds) > 1 else None


_CALLBACKS = {
    "statusCallback": plain(url),
    "statusCallbackEvent": plain(some_of("initiated", "ringing", "answered", "completed")),
    "statusCallbackMethod": plain(method),
}
_RECORDING_CALLBACKS = {
    "recordingStatusCallback": plain(url),
    "recordingStatusCallbackMethod": plain(method),
    "recordingStatusCallbackEvent": plain(some_of("in-progress", "completed", "absent"), 13621),
    "trim": plain(one_of("trim-silence", "do-not-trim"), 13699),
}

_ELEMENTS = {
    "Response": Element(children=VERBS),
    "Say": Element(
        {"voice": plain(_voice, 13511), "language": plain(language), "loop": plain(whole(0, 1000), 13510)},
        SPEECH_MARKUP,
        text=True,
    ),
    "Play": Element({"loop": plain(whole(0, 1000), 13410), "digits": plain(digits)}, text=True),
    "Pause": Element({"length": plain(whole(1, 14400), 13910)}),
    "Gather": Element(
        {
            "input": plain(one_of("dtmf", "speech", "dtmf speech", "speech dtmf")),
            "action": plain(absolute_url),
            "method": plain(method, 13312),
            "timeout": plain(whole(1, 3600), 13313),
            "numDigits": plain(whole(1, 1000), 13314),
            "finishOnKey": plain(keys, 13310),
            "actionOnEmptyResult": plain(true_or_false),
            "speechTimeout": plain(lambda value: value == "auto" or whole(1, 600)(value)),
            "speechModel": plain(one_of("phone_call", "video", "default")),
            "profanityFilter": plain(true_or_false),
            "enhanced": plain(true_or_false),
            "hints": plain(lambda value: all(len(hint) <= 100 for hint in value.split(","))),
            "language": plain(language),
            "partialResultCallback": plain(url),
            "partialResultCallbackMethod": plain(method),
        },
        frozenset(["Say", "Play", "Pause"]),
        nesting_code=13320,
    ),
    "Dial": Element(
        {
            "action": plain(absolute_url),
            "method": plain(method, 13210),
            "timeout": plain(whole(5, 600), 13212),
            "hangupOnStar": plain(true_or_false, 13213),
            "timeLimit": plain(whole(1, 86400), 13216),
            "callerId": plain(text(256), 13214),
            "callerName": plain(text(70)),
            "record": plain(
                one_of(
                    *("do-not-record", "record-from-answer", "record-from-ringing"),
                    *("record-from-answer-dual", "record-from-ringing-dual"),
                ),
                13217,
            ),
            "answerOnBridge": plain(true_or_false),
            "ringTone": plain(_ring_tone),
            "recordingTrack": plain(one_of("both", "inbound", "outbound")),
            "recordingStorageUrl": plain(absolute_url),
            "recordingStorageUrlMethod": plain(one_of("POST", "PUT")),
            **_RECORDING_CALLBACKS,
        },
        frozenset(["Number", "Sip", "Queue"]),
        text=True,
        nesting_code=_NOT_A_PARTY,
        also=_sip_alone,
    ),
    "Number": Element(
        {"url": plain(url), "method": plain(method, 13221), "sendDigits": plain(digits, 13222), **_CALLBACKS},
        text=True,
    ),
    "Sip": Element(
        {
            "url": plain(url),
            "method": plain(method, 13241),
            "username": plain(text(256), 13249),
            "password": plain(text(256), 13249),
            "codecs": plain(lambda value: set(value.split(",")) <= {"PCMU", "PCMA", "G722", "G729", "OPUS"}),
            "sessionTimeout": plain(whole(0, 86400)),
            **_CALLBACKS,
        },
        text=True,
    ),
    "Queue": Element({"url": plain(url, 14211), "method": plain(method, 14210)}, text=True),
    "Enqueue": Element(
        {
            "action": plain(absolute_url, 14203),
            "method": plain(method, 14201),
            "waitUrl": plain(url, 14202),
            "waitUrlMethod": plain(method, 14206),
        },
        text=True,
    ),
    "Leave": Element(),
    "Redirect": Element({"method": plain(method, 13710)}, text=True),
    "Reject": Element({"reason": plain(one_of("rejected", "busy"))}),
    "Hangup": Element(),
    "Record": Element(
        {
            "action": plain(url),
            "method": plain(method, 13610),
            "timeout": plain(whole(1, 3600), 13611),
            "maxLength": plain(whole(0, 14400), 13612),
            "finishOnKey": plain(lambda value: all(key in "0123456789*#" for key in value), 13613),
            "playBeep": plain(true_or_false, 13616),
            "transcribe": plain(true_or_false, 13614),
            "transcribeCallback": plain(url),
            "storageUrl": plain(absolute_url),
            "storageUrlMethod": plain(one_of("POST", "PUT")),
            **_RECORDING_CALLBACKS,
        }
    ),
}

CXML = Grammar(
    _ELEMENTS,
    not_simulated=frozenset(
        ["Connect", "Denoise", "Echo", "Pay", "Sms", "Stream", "Start", "Stop", "Refer", "Conference", "Verto", "Room"]
    ),
    unknown_attribute_code=_INCORRECT_ATTRIBUTE,
)
