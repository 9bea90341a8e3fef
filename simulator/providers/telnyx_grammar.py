"""The TeXML that Telnyx understands, as far as it is simulated: developers.telnyx.com, texml-verbs/….

"The runtime matches attribute names exactly and silently ignores anything it does not recognise"
(github.com/team-telnyx/ai, pull request 318). What it does with an unknown element, or with a value out of range, is
not documented: both are errors here.
"""

from __future__ import annotations

import re

from simulator.grammar import SPEECH_MARKUP, VERBS, Element, Grammar, plain
from simulator.values import (
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

_ANY_SECONDS = whole(0, 999_999_999)


def _ring_tone(value: str) -> bool:
    return re.fullmatch(r"[a-z]{2}|us-old", value) is not None


def _tones(value: str) -> bool:
    return re.fullmatch(r"[0-9*#w]+", value) is not None


def _voice(value: str) -> bool:
    providers = r"(AWS\.)?Polly|Azure|ElevenLabs|Telnyx|Resemble|Minimax|Rime|Inworld"
    return re.fullmatch(rf"man|woman|alice|({providers})\.[A-Za-z0-9._-]+", value) is not None


_PARTY = {
    "url": plain(url),
    "method": plain(method),
    "statusCallback": plain(url),
    "statusCallbackEvent": plain(some_of("initiated", "ringing", "answered", "amd", "dtmf", "deepfake", "completed")),
    "statusCallbackMethod": plain(method),
    "machineDetection": plain(one_of("Enable", "DetectMessageEnd", "Disable")),
    "detectionMode": plain(one_of("Regular", "Premium", "PremiumCallScreening")),
    "machineDetectionTimeout": plain(whole(500, 60000)),
    "machineDetectionPromptEndTimeout": plain(whole(1000, 120000)),
    "machineDetectionBeepProfile": plain(one_of("both", "freq_only")),
    "amdStatusCallback": plain(url),
    "sipRegion": plain(one_of("US", "Europe", "Canada", "Australia", "Middle East")),
}
_RECORDING_CALLBACKS = {
    "recordingStatusCallback": plain(url),
    "recordingStatusCallbackMethod": plain(method),
    "recordingStatusCallbackEvent": plain(some_of("in-progress", "completed", "absent")),
}

_ELEMENTS = {
    "Response": Element(children=VERBS),
    "Say": Element(
        {
            "voice": plain(_voice, 13511),
            "language": plain(language),
            "loop": plain(whole(0, 10), 13510),
            "gender": plain(one_of("Male", "Female")),
            "effect": plain(one_of("eq_telecomhp8k", "eq_car")),
            "voiceSpeed": plain(lambda value: re.fullmatch(r"[01]\.[0-9]|2\.0", value) is not None),
            "api_key_ref": plain(text(256)),
            "region": plain(text(256)),
        },
        SPEECH_MARKUP,
        text=True,
    ),
    "Play": Element(
        {
            "loop": plain(_ANY_SECONDS, 13410),
            "digits": plain(_tones),
            "failoverUrl": plain(url),
            "continueOnError": plain(true_or_false),
        },
        text=True,
    ),
    "Pause": Element({"length": plain(whole(1, 180), 13910)}),
    "Gather": Element(
        {
            "action": plain(url),
            "timeout": plain(whole(1, 120), 13313),
            "input": plain(one_of("dtmf", "speech", "dtmf speech")),
            "numDigits": plain(whole(1, 128), 13314),
            "minDigits": plain(whole(1, 128)),
            "maxDigits": plain(whole(1, 128)),
            "finishOnKey": plain(keys, 13310),
            "validDigits": plain(lambda value: re.fullmatch(r"[0-9*#]+", value) is not None),
            "invalidDigitsAction": plain(url),
            "language": plain(language),
            "speechTimeout": plain(_ANY_SECONDS),
            "partialResultCallback": plain(url),
            "partialResultCallbackMethod": plain(method),
            "profanityFilter": plain(true_or_false),
            "useEnhanced": plain(true_or_false),
            "hints": plain(text(4096)),
            "transcriptionEngine": plain(text(64)),
            "model": plain(text(128)),
        },
        frozenset(["Say", "Play"]),
        nesting_code=13320,
    ),
    "Dial": Element(
        {
            "action": plain(url),
            "method": plain(method, 13210),
            "timeout": plain(whole(5, 120), 13212),
            "timeLimit": plain(whole(60, 14400), 13216),
            "callerId": plain(text(4096), 13214),
            "fromDisplayName": plain(lambda value: re.fullmatch(r"[\w ~!.+-]{1,128}", value) is not None),
            "hangupOnStar": plain(true_or_false, 13213),
            "answerOnBridge": plain(true_or_false),
            "sequential": plain(true_or_false, 13218),
            "ringTone": plain(_ring_tone),
            "audioUrl": plain(url),
            "passDiversionHeader": plain(true_or_false),
            "record": plain(
                one_of(
                    *("do-not-record", "record-from-answer", "record-from-ringing"),
                    *("record-from-answer-dual", "record-from-ringing-dual"),
                ),
                13217,
            ),
            "recordingChannels": plain(one_of("single", "dual")),
            "recordMaxLength": plain(whole(0, 14400)),
            "sendRecordingUrl": plain(true_or_false),
            **_RECORDING_CALLBACKS,
        },
        frozenset(["Number", "Sip", "Queue"]),
        text=True,
        nesting_code=13215,
    ),
    "Number": Element({**_PARTY, "sendDigits": plain(_tones, 13222)}, text=True),
    "Sip": Element({**_PARTY, "username": plain(text(256)), "password": plain(text(256))}, text=True),
    "Queue": Element({"url": plain(url), "method": plain(method)}, text=True),
    "Enqueue": Element(
        {
            "action": plain(url, 14203),
            "method": plain(method, 14201),
            "waitUrl": plain(url, 14202),
            "waitUrlMethod": plain(method, 14206),
            "maxWaitTimeSecs": plain(whole(1, 999_999_999)),
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
            "timeout": plain(_ANY_SECONDS, 13611),
            "maxLength": plain(whole(0, 14400), 13612),
            "finishOnKey": plain(lambda value: re.fullmatch(r"[0-9*#]+", value) is not None, 13613),
            "playBeep": plain(true_or_false, 13616),
            "trim": plain(one_of("trim-silence")),
            "channels": plain(one_of("single", "dual")),
            "format": plain(one_of("mp3", "wav")),
            "transcription": plain(true_or_false),
            "transcriptionCallback": plain(url),
            **_RECORDING_CALLBACKS,
            "recordingStatusCallbackEvent": plain(some_of("in-progress", "completed")),
        }
    ),
}

TEXML = Grammar(
    _ELEMENTS,
    not_simulated=frozenset(
        [
            *(
                "Connect",
                "Start",
                "Stop",
                "Refer",
                "Pay",
                "HttpRequest",
                "AIGather",
                "AIAssistant",
                "Conference",
                "Stream",
            ),
            *("Transcription", "Suppression", "Siprec", "Recording"),
        ]
    ),
    # texml-verbs/dial: the documents that a <Number>, <Sip> or <Queue> names in its url.
    places={
        "callee": frozenset(["Gather", "Hangup"]),
        "queue whisper": frozenset(["Play", "Say", "Gather", "Pause", "Redirect"]),
    },
    ignores_unknown=True,
)
